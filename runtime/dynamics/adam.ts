import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { fold, foldsOf } from "../geometry/fold.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import type { CompiledModel } from "../model.ts";
import { askedFor, stepOf, type Asking } from "./asking.ts";
import { createBatchOrder } from "./batchOrder.ts";
import { diverged } from "./diverged.ts";
import type { Dynamics, DynamicsOptions } from "./dynamics.ts";
import { evaluate } from "./evaluate.ts";
import { memoryOf, type Memory } from "./memory.ts";
import { batch, positiveParameter } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/** Keeps the quotient finite where a gradient is 0. */
const SMALLEST = 1e-8;

const share = { text: "a number from 0 to below 1", has: (value: number): boolean => value >= 0 && value < 1 };

/**
 * Adam (Kingma, Ba, ICLR 2015, algorithm 1) on the whole energy, or on mini-batches as `sgd` takes them: with the running means m of the gradient and v
 * of its squares, freed of their start at 0, x ← retract(x − rate · m / (√v + 1e-8)). On spheres the gradient is the Riemannian one; means
 * are kept entry by entry. An epoch of the whole energy is one step.
 */
export const adam: Dynamics = {
  name: "adam",
  doc: "Gradient descent with adaptive moments (Kingma, Ba 2015) on the whole energy, or over mini-batches.",
  parameters: [
    { ...positiveParameter({ name: "rate", doc: "Length of the step in each variable, about.", schedule: true }), range: { text: "a finite number from 0", has: (value) => value >= 0 && value < Infinity } },
    { ...batch, doc: "Examples in a mini-batch; without it the whole energy.", optional: true, needs: ["miniBatches"] },
    { name: "beta1", doc: "Memory of the mean of the gradients.", default: 0.9, range: share },
    { name: "beta2", doc: "Memory of their squares.", default: 0.999, range: share },
  ],
  needs: ["gradient"],
  asks: (given) => given["batch"] === undefined,
  domains: ["real", "angle"],
  units: ["steps", "epochs"],
  stationary: false,
  deterministic: (given) => given["batch"] === undefined,
  create: (model, state, options) => {
    const { dimension, spheres } = model;
    const given = options.arguments;
    const folds = foldsOf(model.state);
    const gradient = new Float64Array(dimension);
    const mean = new Float64Array(dimension);
    const square = new Float64Array(dimension);
    const [beta1, beta2] = [given["beta1"] as number, given["beta2"] as number];
    const slope = given["batch"] === undefined ? wholeSlope(model, state, gradient) : batchSlope(model, state, gradient, options);
    const total = options.unit === "epochs" ? options.amount * slope.stepsPerEpoch : options.amount;
    const now = { done: 0 };
    function* asking(): Asking<boolean> {
      const rate = scheduleValue(given["rate"]!, now.done, total);
      if (!Number.isFinite(slope.before(now.done))) throw diverged("adam", now.done, "rate");
      now.done++;
      const [free1, free2] = [1 - beta1 ** now.done, 1 - beta2 ** now.done];
      for (let i = 0; i < dimension; i++) {
        mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
        square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] * gradient[i];
        state[i] -= (rate * mean[i]) / free1 / (Math.sqrt(square[i] / free2) + SMALLEST);
      }
      retract(spheres, state);
      fold(folds, state);
      if (!Number.isFinite(yield* slope.after())) throw diverged("adam", now.done - 1, "rate");
      return true;
    }
    const both = stepOf(model, asking);
    return {
      ...(given["batch"] === undefined ? both : { step: options.unit === "epochs" ? slope.epochOf(both.step) : both.step }),
      energy: slope.energy,
      memory: memoryOf(now, [gradient, mean, square], [slope.memory]),
      ...(slope.gradientNorm ? { gradientNorm: slope.gradientNorm } : {}),
    };
  },
};

/** Where the Riemannian gradient of a step comes from: `before` it is made for a step that is to come, `after` one the state has moved. Both return an energy. */
interface Slope {
  readonly before: (step: number) => number;
  readonly after: () => Asking<number>;
  readonly energy: () => number;
  readonly stepsPerEpoch: number;
  readonly epochOf: (step: () => boolean) => () => boolean;
  readonly memory: Memory;
  readonly gradientNorm?: () => number;
}

function wholeSlope(model: CompiledModel, state: Float64Array, gradient: Float64Array): Slope {
  const now = { energy: evaluate(model, state, gradient) };
  return {
    before: () => now.energy,
    *after() {
      return (now.energy = yield* askedFor(model, state, gradient));
    },
    energy: () => now.energy, stepsPerEpoch: 1, epochOf: (step) => step, memory: memoryOf(now), gradientNorm: () => euclideanNorm(gradient),
  };
}

function batchSlope(model: CompiledModel, state: Float64Array, gradient: Float64Array, options: DynamicsOptions): Slope {
  const { miniBatches } = model;
  if (!miniBatches) throw new Error(`internal: ${model.name} was compiled without mini-batches`);
  const batches = createBatchOrder(miniBatches.examples, options.arguments["batch"] as number, options.stream);
  return {
    before: (step) => {
      const { first, count } = batches.at(step);
      const energy = miniBatches.energyAndGradient(state, gradient, batches.order, first, count);
      projectGradient(model.spheres, state, gradient, gradient);
      return energy;
    },
    *after() {
      return 0;
    },
    energy: () => model.energy(state), stepsPerEpoch: batches.stepsPerEpoch, epochOf: batches.epochOf, memory: memoryOf({}, [batches.order]),
  };
}
