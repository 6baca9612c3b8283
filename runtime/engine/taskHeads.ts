import type { TensorModel } from "../backends/tensorModel.ts";
import { createTensorModel } from "../backends/tensorModel.ts";
import type { TensorProgram } from "../backends/tensorProgram.ts";
import type { TfjsLoad } from "../backends/tfjs.ts";
import type { BatchedDescent } from "../dynamics/batchedDescent.ts";
import { dynamics } from "../dynamics/index.ts";
import { constantsWith } from "../measuredConstants.ts";
import type { TaskOutcome } from "./taskOutcome.ts";
import type { RunPlan } from "./plan.ts";
import { atPoint } from "./plan.ts";
import type { PointContext } from "./pointContext.ts";
import type { TaskHead } from "./runTask.ts";
import { initialState } from "./runTask.ts";

/** Relative rounding error of an energy whose parts were made in float32. */
const FLOAT32_ENERGY_PRECISION = 1e-6;
/** The float32 part of a descent ends when the gradient is below this fraction of what it was: rounding is still far, and the basin is chosen. */
const HEAD_REDUCTION = 1e-4;
/** Or after so many steps in which neither the gradient has a new minimum nor the energy falls by more than its rounding error. */
const PATIENCE = 100;

type Note = Extract<TaskOutcome, { readonly kind: "note" }>;

/**
 * The head of each task of a sample, in the order of starts: the first step of the run in float32, all starts at once, as far as float32
 * carries. The float64 kernels then go on with the same descent, so that what is recorded has their precision. Empty, with one note,
 * where a run or the backend does not allow it. A head is no part of checkpoints: what is stopped in it begins it again, which costs at most the
 * float32 steps of one sample. All starts take part whichever are asked for, so the result depends on nothing but the sample.
 */
export function createHeadRunner(program: TensorProgram, tfjs: TfjsLoad): (context: PointContext, sample: number) => Generator<Note | void, readonly TaskHead[]> {
  /** Of the sweep point at hand; it holds tensors only while a sample is at work. */
  let instance: { readonly context: PointContext; readonly tensors: TensorModel } | undefined;
  let notes = [...tfjs.notes];
  const giveUp = (context: PointContext, reason: string): Note => ({ kind: "note", note: `tfjs: ${context.plan.run} runs on the float64 kernels: ${reason}` });

  return function* (context, sample) {
    for (const note of notes) yield { kind: "note", note };
    notes = [];
    const least = constantsWith(context.plan.constants).tensor_starts;
    const refused = headRefusal(context.plan) ?? (context.plan.starts < least ? `it has ${context.plan.starts} starts a sample, fewer than the ${least} of its settings` : undefined);
    if (refused !== undefined) yield giveUp(context, refused);
    if (refused !== undefined || !tfjs.ok) return [];
    // What the model itself throws is for its tasks to say.
    context.drawSample(sample);
    const { starts } = context.plan;
    const states = new Float64Array(starts * context.model.dimension);
    for (let start = 0; start < starts; start++) states.set(initialState(context, sample, start), start * context.model.dimension);
    try {
      if (instance?.context !== context) {
        instance = { context, tensors: createTensorModel(program, context.model.parameters, context.model.state, starts, tfjs.tf) };
      }
      instance.tensors.upload(context.model.array);
      return yield* descendTogether(context, instance.tensors, states);
    } catch (error) {
      yield giveUp(context, error instanceof Error ? error.message : String(error));
      return [];
    } finally {
      // The next sample brings tensors of its own; a run that is given up leaves none.
      instance?.tensors.dispose();
    }
  };
}

/** Why the first step of a run can't be done in float32 for all starts together. */
function headRefusal(plan: RunPlan): string | undefined {
  const step = plan.steps[0];
  if (!step) return "it has no steps";
  if (plan.ladder) return "its temperatures exchange states";
  if (plan.continues) return "it continues from another run";
  if ((plan.copies ?? []).length > 0) return "it moves several copies";
  const entry = dynamics[step.dynamics];
  if (!entry?.createBatch) return `${step.dynamics} has no batched form`;
  if (step.kind !== "evolve") return "what is measured is measured in float64";
  if (step.until && step.until.kind !== "gradient") return `its condition on ${step.until.kind === "change" ? "change" : "observables"} is tested after every step in float64`;
  return undefined;
}

function* descendTogether({ plan, point, model }: PointContext, tensors: TensorModel, states: Float64Array): Generator<void, readonly TaskHead[]> {
  const { starts: batch } = plan;
  const { dimension, spheres } = model;
  const [step] = plan.steps;
  const entry = dynamics[step.dynamics];
  if (!entry?.createBatch) throw new Error(`internal: ${step.dynamics} has no batched form`);
  const below = step.until?.kind === "gradient" ? atPoint(step.until.below, point) : 0;
  const watches = new Map<number, Watch>();
  const run: BatchedDescent = entry.createBatch({ batch, dimension, spheres, energiesAndGradients: tensors.energiesAndGradients }, states, {
    arguments: step.arguments[point],
    amount: atPoint(step.amount, point),
    energyPrecision: FLOAT32_ENERGY_PRECISION,
    until: (start) => watches.get(start)!.isOver(run.steps[start], run.energy(start), run.gradientNorm(start)),
  });
  for (let start = 0; start < batch; start++) watches.set(start, new Watch(run.energy(start), run.gradientNorm(start), below));
  while (run.advance() > 0) yield;
  return Array.from({ length: batch }, (_, start) => ({
    state: states.slice(start * dimension, (start + 1) * dimension),
    steps: run.steps[start],
    largestGradient: watches.get(start)!.largestGradient,
  }));
}

/** Decides when float32 has done what it can for one start. */
class Watch {
  largestGradient: number;
  private readonly goal: number;
  private smallestGradient: number;
  private lowestEnergy: number;
  private lastProgress = 0;

  constructor(energy: number, gradientNorm: number, below: number) {
    this.goal = Math.max(below, HEAD_REDUCTION * gradientNorm);
    this.largestGradient = gradientNorm;
    this.smallestGradient = gradientNorm;
    this.lowestEnergy = energy;
  }

  isOver(steps: number, energy: number, gradientNorm: number): boolean {
    this.largestGradient = Math.max(this.largestGradient, gradientNorm);
    const falls = energy < this.lowestEnergy - FLOAT32_ENERGY_PRECISION * Math.abs(this.lowestEnergy);
    if (falls || gradientNorm < this.smallestGradient) this.lastProgress = steps;
    if (falls) this.lowestEnergy = energy;
    this.smallestGradient = Math.min(this.smallestGradient, gradientNorm);
    return gradientNorm < this.goal || steps - this.lastProgress >= PATIENCE;
  }
}
