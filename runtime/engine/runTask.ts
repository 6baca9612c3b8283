import type { DescentProgress } from "../dynamics/createStepper.ts";
import { findDynamics } from "../dynamics/index.ts";
import { thermalAddress } from "../random/address.ts";
import { Stream } from "../random/stream.ts";
import type { TaskRecord } from "../results/records.ts";
import type { Pause, StepCheckpoint, TaskCheckpoint } from "./checkpoint.ts";
import type { PlannedStep, RunPlan } from "./plan.ts";
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
 * every sweep, step or epoch, so that whoever drives it can stop, take a checkpoint, or let others run; the result does not depend on it.
 *
 * A task is a function of its address: all its random numbers come from streams of (seed, run, purpose, sample, start, values
 * of the sweep variables), so it may run anywhere, in any order, and again.
 *
 * @param head the first step, as far as it was done together with other starts
 * @param saved a checkpoint of the same task of the same plan and model, from which it goes on
 */
export function* runTask(context: PointContext, sample: number, start: number, head?: TaskHead, saved?: TaskCheckpoint): Generator<Pause, TaskResult> {
  const { plan, point, model } = context;
  context.drawSample(sample);
  const state = saved?.state.slice() ?? head?.state.slice() ?? initialState(context, sample, start);

  const recorder = createRecorder(model, plan.record, (purpose) => taskStream(context, sample, start, `observable:${purpose}`));
  if (saved) recorder.memory.restore(saved.records);
  const steps: StepOutcome[] = [...(saved?.steps ?? [])];
  for (const [number, step] of [...plan.steps.entries()].slice(steps.length)) {
    // Two steps of one run are independent, so the purpose counts them.
    const stream = taskStream(context, sample, start, `${step.kind}:${number}`);
    steps.push(yield* runStep(context, step, state, {
      recorder, stream,
      tuned: tunedBefore(plan, steps, step.dynamics),
      progress: number === 0 ? head : undefined,
      saved: number === saved?.steps.length ? saved : undefined,
      conditionStream: (purpose) => taskStream(context, sample, start, `condition:${number}:${purpose}`),
      checkpoint: (inside) => ({ point, sample, start, steps: [...steps], state: state.slice(), records: recorder.memory.save(), ...inside }),
    }));
  }
  if (!plan.steps.some((step) => step.kind === "measure")) recorder.record(state);

  const weights = recorder.weights();
  const record = { point, sample, start, values: recorder.values, records: recorder.count(), ...(weights ? { weights } : {}), steps };
  return { record, state };
}

/** What the dynamics has tuned last, for a `measure` (or a longer `evolve`) with it. */
const tunedBefore = (plan: RunPlan, steps: readonly StepOutcome[], dynamics: string): StepOutcome["tuned"] =>
  steps.findLast((outcome, number) => plan.steps[number].dynamics === dynamics && outcome.tuned !== undefined)?.tuned;

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
  readonly saved: StepCheckpoint | undefined;
  /** The checkpoint of the task, from that of the step. */
  readonly checkpoint: (inside: StepCheckpoint) => TaskCheckpoint;
}

function* runStep(context: PointContext, step: PlannedStep, state: Float64Array, inputs: StepInputs): Generator<Pause, StepOutcome> {
  const { recorder, stream, conditionStream, tuned, progress, saved, checkpoint } = inputs;
  const { plan, point, model } = context;
  const dynamics = findDynamics(step.dynamics);
  if (dynamics.sum) {
    const T = step.arguments[point]!["T"];
    if (typeof T !== "number") throw new Error(`internal: ${step.dynamics} at no temperature`);
    // An `evolve` changes nothing: a sum leaves no state behind.
    if (step.kind === "measure") {
      const sum = dynamics.sum(model, T, recorder.evaluate, saved?.mover);
      let next = sum.next();
      for (; !next.done; next = sum.next()) {
        const save = next.value;
        yield () => checkpoint({ done: 0, stalled: false, held: false, mover: save() });
      }
      recorder.recordWeighted(next.value.rows, next.value.weights);
    }
    return { done: 1, capped: false };
  }
  const { amount, every } = stepCounts(step, dynamics, point);
  const mover = dynamics.create(model, state, { arguments: { ...tuned, ...step.arguments[point] }, amount, unit: step.unit, stream, tuning: step.kind === "evolve", ...(progress ? { progress } : {}) });
  const parameters = { ...plan.points[point].parameters, ...plan.points[point].sweep };
  const condition = step.until && stopTest(step.until, { model, state, mover, point, parameters, stream: conditionStream });
  if (saved) {
    mover.memory.restore(saved.mover);
    if (saved.condition) condition?.memory.restore(saved.condition);
  }

  let done = saved?.done ?? progress?.steps ?? 0;
  let stalled = saved?.stalled ?? false;
  let held = saved?.held ?? (done > 0 && condition?.holds() === true);
  const pause: Pause = () => checkpoint({ done, stalled, held, mover: mover.memory.save(), ...(condition ? { condition: condition.memory.save() } : {}) });
  while (done < amount && !held && !(stalled && step.kind === "evolve")) {
    if (!stalled) stalled = !mover.step();
    // A state that cannot move any further stays: an `evolve` is over, and a `measure` goes on to record it, as time goes on.
    if (!stalled || step.kind === "measure") {
      done++;
      if (step.kind === "measure" && done % every === 0) recorder.record(state);
    }
    if (condition) held = condition.holds();
    yield pause;
  }
  const missed = condition !== undefined && !held;
  const found = mover.tuned?.();
  return {
    done, capped: missed && !stalled, ...(missed && stalled ? { stalled } : {}),
    ...(found && Object.keys(found).length > 0 ? { tuned: found } : {}), ...(mover.acceptance ? { acceptance: mover.acceptance() } : {}),
  };
}
