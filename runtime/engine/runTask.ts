import type { DescentProgress } from "../dynamics/createStepper.ts";
import { findDynamics } from "../dynamics/index.ts";
import { thermalAddress } from "../random/address.ts";
import { Stream } from "../random/stream.ts";
import type { TaskRecord } from "../results/records.ts";
import type { PlannedStep } from "./plan.ts";
import type { PointContext } from "./pointContext.ts";
import type { Recorder } from "./recorder.ts";
import { createRecorder } from "./recorder.ts";
import { stepCounts } from "./stepCounts.ts";
import { stopTest } from "./stopTest.ts";

export interface TaskResult {
  readonly record: TaskRecord;
  /** The state at the end. */
  readonly state: Float64Array;
}

/** What was done of a task's first step before, together with other starts: its state after that, and how far it is. */
export interface TaskHead extends DescentProgress { readonly state: Float64Array }

type StepOutcome = TaskRecord["steps"][number];

/**
 * Runs one task: draws its disorder sample if need be, makes the initial state, moves and measures. A generator that yields after
 * every sweep, step or epoch, so that whoever drives it can stop, or let others run; the result does not depend on it.
 *
 * A task is a function of its address: all its random numbers come from streams of (seed, run, purpose, sample, start, values
 * of the sweep variables), so it may run anywhere, in any order, and again.
 */
export function* runTask(context: PointContext, sample: number, start: number, head?: TaskHead): Generator<void, TaskResult> {
  const { plan, point, model } = context;
  context.drawSample(sample);
  const state = head?.state.slice() ?? initialState(context, sample, start);

  const recorder = createRecorder(model, plan.record, (purpose) => taskStream(context, sample, start, `observable:${purpose}`));
  const steps: StepOutcome[] = [];
  // What each dynamics has tuned last, for a `measure` (or a longer `evolve`) with it.
  const tuned = new Map<string, Readonly<Record<string, number>>>();
  for (const [number, step] of plan.steps.entries()) {
    // Two steps of one run are independent, so the purpose counts them.
    const stream = taskStream(context, sample, start, `${step.kind}:${number}`);
    const outcome = yield* runStep(context, step, state, { recorder, stream, tuned: tuned.get(step.dynamics), progress: number === 0 ? head : undefined, conditionStream: (purpose) => taskStream(context, sample, start, `condition:${number}:${purpose}`) });
    if (outcome.tuned) tuned.set(step.dynamics, outcome.tuned);
    steps.push(outcome);
  }
  if (!plan.steps.some((step) => step.kind === "measure")) recorder.record(state);

  const record = { point, sample, start, values: recorder.values, records: recorder.count(), steps };
  return { record, state };
}

function taskStream({ plan, point }: PointContext, sample: number, start: number, purpose: string): Stream {
  return new Stream(thermalAddress({ seed: plan.seed, run: plan.run, purpose, sample, start, replica: 1, sweep: plan.points[point].sweep }));
}

/** The state that a task starts from. Its disorder sample must be drawn. */
export function initialState(context: PointContext, sample: number, start: number): Float64Array {
  const state = new Float64Array(context.model.dimension);
  context.model.initialize(state, (array) => taskStream(context, sample, start, `initial:${array}`));
  return state;
}

interface StepInputs {
  readonly recorder: Recorder;
  readonly stream: Stream;
  /** Random numbers of observables that the condition of the step reads, by purpose. */
  readonly conditionStream: (purpose: string) => Stream;
  /** Arguments that an earlier step with this dynamics has tuned. */
  readonly tuned: Readonly<Record<string, number>> | undefined;
  readonly progress: DescentProgress | undefined;
}

function* runStep(context: PointContext, step: PlannedStep, state: Float64Array, { recorder, stream, conditionStream, tuned, progress }: StepInputs): Generator<void, StepOutcome> {
  const { plan, point, model } = context;
  const dynamics = findDynamics(step.dynamics);
  const { amount, every } = stepCounts(step, dynamics, point);
  const mover = dynamics.create(model, state, { arguments: { ...tuned, ...step.arguments[point] }, amount, unit: step.unit, stream, tuning: step.kind === "evolve", ...(progress ? { progress } : {}) });
  const parameters = { ...plan.points[point].parameters, ...plan.points[point].sweep };
  const reached = step.until && stopTest(step.until, { model, state, mover, point, parameters, stream: conditionStream });

  let done = progress?.steps ?? 0;
  let stalled = false;
  let held = done > 0 && reached?.() === true;
  while (done < amount && !held) {
    if (!stalled) stalled = !mover.step();
    // A state that cannot move any further stays: an `evolve` is over, and a `measure` goes on to record it, as time goes on.
    if (!stalled || step.kind === "measure") {
      done++;
      if (step.kind === "measure" && done % every === 0) recorder.record(state);
    }
    if (reached) held = reached();
    if (stalled && step.kind === "evolve") break;
    yield;
  }
  const missed = reached !== undefined && !held;
  const found = mover.tuned?.();
  return {
    done, capped: missed && !stalled, ...(missed && stalled ? { stalled } : {}),
    ...(found && Object.keys(found).length > 0 ? { tuned: found } : {}), ...(mover.acceptance ? { acceptance: mover.acceptance() } : {}),
  };
}
