import type { DescentProgress } from "../dynamics/createStepper.ts";
import type { Mover } from "../dynamics/dynamics.ts";
import { findDynamics } from "../dynamics/index.ts";
import type { Stream } from "../random/stream.ts";
import type { TaskRecord } from "../results/records.ts";
import type { Copies, MovedCopy } from "./copies.ts";
import type { PlannedStep } from "./plan.ts";
import type { PointContext } from "./pointContext.ts";
import type { Recorder } from "./recorder.ts";
import { stepCounts } from "./stepCounts.ts";
import { readsOthers, stopTest } from "./stopTest.ts";

export type StepOutcome = TaskRecord["steps"][number];

/** What a dynamics has tuned, by the name of the copy. */
export type Tuned = ReadonlyMap<string, Readonly<Record<string, number>>>;

export interface StepInputs {
  readonly copies: Copies;
  readonly recorder: Recorder;
  /** Random numbers of the moves of a copy. */
  readonly stream: (copy: MovedCopy) => Stream;
  /** Random numbers of observables that the condition of the step reads, by purpose. */
  readonly conditionStream: (copy: MovedCopy, purpose: string) => Stream;
  /** Arguments that an earlier step with this dynamics has tuned. */
  readonly tuned: Tuned | undefined;
  /** How far copy 1 is with it. */
  readonly progress: DescentProgress | undefined;
}

export interface StepResult { readonly outcome: StepOutcome; readonly found?: Tuned }

/** One copy at work. */
interface Work {
  readonly copy: MovedCopy;
  readonly mover: Mover;
  /** Whether the condition of the step holds for this copy. */
  readonly reached: (() => boolean) | undefined;
  done: number;
  stalled: boolean;
  held: boolean;
}

/**
 * One step of a run on all copies, each with its own noise. Copies know nothing of each other: in an `evolve` each ends when the
 * condition holds for it, whatever the others do; a `measure` records them together and ends with copy 1. A condition that names several
 * copies ends the step for all.
 */
export function* runStep(context: PointContext, step: PlannedStep, inputs: StepInputs): Generator<void, StepResult> {
  const { plan, point, model } = context;
  const { copies, recorder } = inputs;
  const dynamics = findDynamics(step.dynamics);
  if (dynamics.sum) {
    const T = step.arguments[point]!["T"];
    if (typeof T !== "number") throw new Error(`internal: ${step.dynamics} at no temperature`);
    // An `evolve` changes nothing: a sum leaves no state behind.
    if (step.kind === "measure") {
      const { rows, weights } = yield* dynamics.sum(model, T, copies, recorder.evaluate);
      recorder.recordWeighted(rows, weights);
    }
    return { outcome: { done: 1, capped: false } };
  }
  const { amount, every } = stepCounts(step, dynamics, point);
  const parameters = { ...plan.points[point].parameters, ...plan.points[point].sweep };
  const { until } = step;
  const joint = until !== undefined && readsOthers(until, model);
  const test = (copy: MovedCopy, mover: Mover, state: Float64Array): (() => boolean) | undefined =>
    until && stopTest(until, { model, state, mover, point, parameters, stream: (purpose) => inputs.conditionStream(copy, purpose) });
  const works = copies.moved.map((copy, k): Work => {
    const progress = k === 0 ? inputs.progress : undefined;
    const mover = dynamics.create(model, copy.state, {
      arguments: { ...inputs.tuned?.get(copy.name), ...step.arguments[point] }, amount, unit: step.unit, stream: inputs.stream(copy), tuning: step.kind === "evolve", ...(progress ? { progress } : {}),
    });
    const reached = joint ? undefined : test(copy, mover, copy.state);
    const done = progress?.steps ?? 0;
    return { copy, mover, reached, done, stalled: false, held: done > 0 && reached?.() === true };
  });
  const [first] = works as [Work, ...Work[]];
  const together = joint ? test(first.copy, first.mover, copies.all) : undefined;

  if (step.kind === "evolve") {
    const moves = (w: Work): boolean => !w.held && !w.stalled && w.done < amount;
    while (works.some(moves)) {
      for (const work of works.filter(moves)) {
        work.stalled = !work.mover.step();
        if (!work.stalled) work.done++;
        if (work.reached) work.held = work.reached();
      }
      if (together?.() === true) for (const work of works) work.held = true;
      yield;
    }
  } else {
    while (first.done < amount && !first.held) {
      for (const work of works) {
        // A state that cannot move any further stays, and is recorded, as time goes on.
        if (!work.stalled) work.stalled = !work.mover.step();
        work.done++;
      }
      if (first.done % every === 0) recorder.record(copies.all);
      if (first.reached) first.held = first.reached();
      if (together?.() === true) first.held = true;
      yield;
    }
  }
  const missed = (step.kind === "measure" ? [first] : works).filter((w) => until !== undefined && !w.held);
  const tuned = works.flatMap(({ copy, mover }) => {
    const values = mover.tuned?.() ?? {};
    return Object.keys(values).length > 0 ? [[copy.name, values] as const] : [];
  });
  return {
    outcome: {
      done: first.done, capped: missed.some((w) => !w.stalled), ...(missed.some((w) => w.stalled) ? { stalled: true } : {}),
      ...(tuned[0] ? { tuned: tuned[0][1] } : {}), ...(first.mover.acceptance ? { acceptance: first.mover.acceptance() } : {}),
    },
    ...(tuned.length > 0 ? { found: new Map(tuned) } : {}),
  };
}
