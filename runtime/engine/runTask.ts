import type { DescentProgress } from "../dynamics/createStepper.ts";
import { thermalAddress } from "../random/address.ts";
import { Stream } from "../random/stream.ts";
import type { TaskRecord } from "../results/records.ts";
import type { MovedCopy } from "./copies.ts";
import { createCopies } from "./copies.ts";
import type { PointContext } from "./pointContext.ts";
import { createRecorder } from "./recorder.ts";
import { runStep } from "./runStep.ts";
import type { StepOutcome, Tuned } from "./runStep.ts";

export interface TaskResult {
  readonly record: TaskRecord;
  /** The state at the end. */
  readonly state: Float64Array;
  /** Those of the other copies, by name; absent for none. */
  readonly copies?: Readonly<Record<string, Float64Array>>;
}

/** What was done of a task's first step before, together with other starts: its state after that, and how far it is. */
export interface TaskHead extends DescentProgress { readonly state: Float64Array }

/**
 * Runs one task: draws its disorder sample if need be, makes the initial state, moves and measures. A generator that yields after
 * every sweep, step or epoch, so that whoever drives it can stop, or let others run; the result does not depend on it.
 *
 * A task is a function of its address: all its random numbers come from streams of (seed, run, purpose, sample, start, copy, values
 * of the sweep variables), so it may run anywhere, in any order, and again.
 */
export function* runTask(context: PointContext, sample: number, start: number, head?: TaskHead): Generator<void, TaskResult> {
  const { plan, point, model } = context;
  context.drawSample(sample);
  const copies = createCopies(model, plan.copies ?? []);
  for (const copy of copies.moved) {
    if (head && copy.name === "1") copy.state.set(head.state);
    else initialise(context, sample, start, copy);
  }

  const recorder = createRecorder(model, plan.record, (purpose) => taskStream(context, sample, start, 1, `observable:${purpose}`));
  const steps: StepOutcome[] = [];
  // What each dynamics has tuned last, for a `measure` (or a longer `evolve`) with it.
  const tuned = new Map<string, Tuned>();
  for (const [number, step] of plan.steps.entries()) {
    const { outcome, found } = yield* runStep(context, step, {
      copies, recorder, tuned: tuned.get(step.dynamics), progress: number === 0 ? head : undefined,
      // Two steps of one run are independent, so the purpose counts them.
      stream: ({ replica }) => taskStream(context, sample, start, replica, `${step.kind}:${number}`),
      conditionStream: ({ replica }, purpose) => taskStream(context, sample, start, replica, `condition:${number}:${purpose}`),
    });
    if (found) tuned.set(step.dynamics, found);
    steps.push(outcome);
  }
  if (!plan.steps.some((step) => step.kind === "measure")) recorder.record(copies.all);

  const weights = recorder.weights();
  const record = { point, sample, start, values: recorder.values, records: recorder.count(), ...(weights ? { weights } : {}), steps };
  const [first, ...others] = copies.moved;
  return { record, state: first!.state.slice(), ...(others.length > 0 ? { copies: Object.fromEntries(others.map((c) => [c.name, c.state.slice()])) } : {}) };
}

function taskStream({ plan, point }: PointContext, sample: number, start: number, replica: number | string, purpose: string): Stream {
  return new Stream(thermalAddress({ seed: plan.seed, run: plan.run, purpose, sample, start, replica, sweep: plan.points[point].sweep }));
}

function initialise(context: PointContext, sample: number, start: number, copy: MovedCopy): void {
  context.model.initialize(copy.state, (array) => taskStream(context, sample, start, copy.replica, `initial:${array}`));
}

/** The state that copy 1 of a task starts from. Its disorder sample must be drawn. */
export function initialState(context: PointContext, sample: number, start: number): Float64Array {
  const [first] = createCopies(context.model, []).moved;
  initialise(context, sample, start, first!);
  return first!.state;
}
