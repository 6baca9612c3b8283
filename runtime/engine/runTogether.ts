import type { Question } from "../dynamics/asking.ts";
import { dynamics } from "../dynamics/index.ts";
import { messageOf } from "../messageOf.ts";
import type { SeveralStates } from "../model.ts";
import { isQuestion, type Turn } from "./checkpoint.ts";
import { createPauses, type Interruptions } from "./pauses.ts";
import type { RunPlan } from "./plan.ts";
import type { AskingContext, PointContext } from "./pointContext.ts";
import type { TaskResult } from "./runTask.ts";
import type { TaskOutcome } from "./taskOutcome.ts";

/**
 * Whether starts of one sample may be evaluated together: all that moves them asks for energies and gradients, and keeps nothing of a task in the
 * arrays of the model, that all tasks at work share.
 */
export const canRunTogether = (plan: RunPlan): boolean =>
  plan.starts > 1 && plan.steps.length > 0 && !plan.ladder && !plan.held && !plan.continues?.given
  && plan.steps.every((step) => step.arguments.every((given) => dynamics[step.dynamics]?.asks?.(given) === true));

interface Running {
  readonly start: number;
  readonly work: Generator<Turn, TaskResult, number>;
  readonly pauses: ReturnType<typeof createPauses>;
  question: Question | undefined;
  energy: number;
}

/** How a task ended: with a result or an exception. */
type End = { readonly kind: "ended"; readonly start: number } & ({ readonly result: TaskResult } | { readonly message: string });

/**
 * Runs starts of one sample, as many at a time as the model evaluates at once: each goes on to its next question, then all are answered. As an answer
 * has the same bits whoever else asks, so has the result. Ends early where one fails: the others are to be run without it.
 */
export function* runTogether(
  context: PointContext,
  { count, energiesAndGradients }: SeveralStates,
  starts: readonly number[],
  begin: (context: AskingContext, start: number) => Running["work"],
  interruptions: Interruptions,
): Generator<TaskOutcome | End | void, void> {
  const asking: AskingContext = { ...context, asks: true };
  const waiting = [...starts];
  let running: readonly Running[] = [];
  const energies = new Float64Array(count);
  for (;;) {
    if (interruptions.stopped()) waiting.length = 0;
    running = [...running, ...waiting.splice(0, count - running.length).map((start): Running => ({ start, work: begin(asking, start), pauses: createPauses(interruptions), question: undefined, energy: NaN }))];
    for (const task of running) {
      try {
        const result = yield* untilQuestion(task);
        if (result) yield { kind: "ended", start: task.start, result };
      } catch (error) {
        yield { kind: "ended", start: task.start, message: messageOf(error) };
        return;
      }
    }
    running = running.filter(({ question }) => question !== undefined);
    if (running.length === 0 && waiting.length === 0) return;
    const questions = running.flatMap(({ question }) => question ?? []);
    energiesAndGradients(questions.map(({ point }) => point), questions.map(({ gradient }) => gradient), energies);
    running.forEach((task, k) => (task.energy = energies[k]!));
  }
}

/** Tells a task the energy that it asked for, and lets it go on to its next question. Without one it is over, or was stopped. */
function* untilQuestion(task: Running): Generator<TaskOutcome | void, TaskResult | undefined> {
  task.question = undefined;
  for (let next = task.work.next(task.energy); ; next = task.work.next(NaN)) {
    if (next.done) return next.value;
    if (isQuestion(next.value)) {
      task.question = next.value;
      return undefined;
    }
    if (yield* task.pauses(next.value)) return undefined;
  }
}
