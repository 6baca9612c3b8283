import type { DescentProgress } from "../dynamics/createStepper.ts";
import { findDynamics } from "../dynamics/index.ts";
import { thermalAddress } from "../random/address.ts";
import { Stream } from "../random/stream.ts";
import type { TaskRecord } from "../results/records.ts";
import type { Pause, TaskCheckpoint, Turn } from "./checkpoint.ts";
import { continueStates, type StartSources } from "./continuation.ts";
import type { Copies, CopyState } from "./copies.ts";
import { createCopies } from "./copies.ts";
import type { RunPlan } from "./plan.ts";
import type { AskingContext, PointContext } from "./pointContext.ts";
import { createRecorder } from "./recorder.ts";
import { runStep } from "./runStep.ts";
import type { Moving, StepOutcome } from "./runStep.ts";

export interface TaskResult {
  readonly record: TaskRecord;
  /** The state at the end. */
  readonly state: Float64Array;
  /** Those of the other copies, by name; absent for none. */
  readonly copies?: Readonly<Record<string, Float64Array>>;
  /** The states that were recorded (`Copies.all`), one after the other, where the context asks for them. */
  readonly recorded?: Float64Array;
}

/** What a ladder of temperatures wants to know of a task of its own, and what it tells it. */
export interface Rung {
  /** Its states are there: copies that do not move are made those of the whole ladder. */
  readonly started: (copies: Copies) => void;
  /** The temperature, where it isn't that of the plan. */
  readonly temperature: () => number | undefined;
  /** A step begins, and this moves in it. */
  readonly begun: (step: number, moving: readonly Moving[]) => void;
  /** Whether a step is over for a copy, by its place among those that move. */
  readonly over: (step: number, copy: number) => boolean;
}

/** What was done of a task's first step before, together with other starts: its state after that, and how far it is. */
export interface TaskHead extends DescentProgress { readonly state: Float64Array }

/**
 * Runs one task: draws its disorder sample if need be, makes the initial state, moves and measures. A generator that yields after
 * every sweep, step or epoch, so that whoever drives it can stop, take a checkpoint, or let others run; the result does not depend on it.
 *
 * A task is a function of its address: all its random numbers come from streams of (seed, run, purpose, sample, start, copy, values
 * of the sweep variables), so it may run anywhere, in any order, and again.
 *
 * @param head the first step, as far as it was done together with other starts
 * @param saved a checkpoint of the same task of the same plan and model, from which it goes on
 * @param sources what its states start from in other runs
 * @param rung its place in a ladder of temperatures
 */
export function runTask(context: AskingContext, sample: number, start: number, head?: TaskHead, saved?: TaskCheckpoint, sources?: StartSources, rung?: Rung): Generator<Turn, TaskResult, number>;
export function runTask(context: PointContext, sample: number, start: number, head?: TaskHead, saved?: TaskCheckpoint, sources?: StartSources, rung?: Rung): Generator<Pause, TaskResult>;
export function* runTask(context: PointContext & Partial<AskingContext>, sample: number, start: number, head?: TaskHead, saved?: TaskCheckpoint, sources?: StartSources, rung?: Rung): Generator<Turn, TaskResult, number> {
  const { plan, point, model } = context;
  context.drawSample(sample, sources);
  const copies = createCopies(model, plan.copies, plan.held);
  if (saved) copies.all.set(saved.states);
  else for (const copy of copies.states) {
    if (head && copy.name === "1") copy.state.set(head.state);
    else {
      const given = continueStates(plan, model.state, copy, sources);
      if (given !== "all") initialise(context, sample, start, copy, given);
    }
  }
  rung?.started(copies);
  // The energy with a bias reads copies that do not move.
  if (plan.held) model.energy(copies.all);

  const recorder = createRecorder(model, plan.record, (purpose) => taskStream(context, sample, start, 1, `observable:${purpose}`), context.keepRecordedStates, quantitiesOf(plan));
  const measures = plan.steps.some((step) => step.kind === "measure");
  if (saved) recorder.memory.restore(saved.records);
  const steps: StepOutcome[] = [...(saved?.steps ?? [])];
  for (const [number, step] of [...plan.steps.entries()].slice(steps.length)) {
    steps.push(yield* runStep(context, step, {
      copies, recorder, recordsEnd: !measures && number === plan.steps.length - 1,
      // Two steps of one run are independent, so the purpose counts them.
      stream: ({ replica }) => taskStream(context, sample, start, replica, `${step.kind}:${number}`),
      conditionStream: ({ replica }, purpose) => taskStream(context, sample, start, replica, `condition:${number}:${purpose}`),
      tuned: ({ name }) => tunedBefore(plan, steps, step.dynamics, name),
      progress: number === 0 ? head : undefined,
      saved: number === saved?.steps.length ? saved : undefined,
      begun: (moving) => rung?.begun(number, moving),
      over: rung && ((copy) => rung.over(number, copy)),
      temperature: rung?.temperature(),
      checkpoint: (inside) => ({ point, sample, start, steps: [...steps], states: copies.all.slice(), records: recorder.memory.save(), ...inside }),
    }));
  }
  if (plan.steps.length === 0) recorder.record(copies.all);

  const weights = recorder.weights();
  const record = { point, sample, start, values: recorder.values, records: recorder.count(), ...(weights ? { weights } : {}), ...(recorder.shapes ? { shapes: recorder.shapes } : {}), steps };
  const [first, ...others] = copies.states;
  const recorded = recorder.states();
  return { record, ...(recorded ? { recorded } : {}), state: first!.state.slice(), ...(others.length > 0 ? { copies: Object.fromEntries(others.map((c) => [c.name, c.state.slice()])) } : {}) };
}

/** Numbers that the dynamics of a run add to what is recorded. */
const quantitiesOf = (plan: RunPlan): readonly string[] => [...new Set(plan.steps.flatMap((step) => findDynamics(step.dynamics).quantities ?? []))];

/** What the dynamics has tuned last on a copy, for a `measure` (or a longer `evolve`) with it. */
function tunedBefore(plan: RunPlan, steps: readonly StepOutcome[], dynamics: string, copy: string): StepOutcome["tuned"] {
  const last = steps.findLast((outcome, number) => plan.steps[number].dynamics === dynamics && outcome.tuned !== undefined);
  return copy === "1" ? last?.tuned : last?.tunedOthers?.[copy];
}

/** The random numbers of a copy in a task for one purpose. */
export function taskStream({ plan, point }: PointContext, sample: number, start: number, replica: number | string, purpose: string): Stream {
  return new Stream(thermalAddress({ seed: plan.seed, run: plan.run, purpose, sample, start, replica, sweep: plan.points[point].sweep }));
}

function initialise(context: PointContext, sample: number, start: number, copy: CopyState, given?: ReadonlySet<string>): void {
  context.model.initialize(copy.state, (array) => taskStream(context, sample, start, copy.replica, `initial:${array}`), copy.name, given);
}

/** The state that copy 1 of a task starts from. Its disorder sample must be drawn. */
export function initialState(context: PointContext, sample: number, start: number): Float64Array {
  const [first] = createCopies(context.model).states;
  initialise(context, sample, start, first!);
  return first!.state;
}
