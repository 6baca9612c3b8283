import { createBatchOrder } from "./batchOrder.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { batch, positiveParameter, rate } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/**
 * BinaryNet (Hubara, Courbariaux, Soudry, El-Yaniv, Bengio 2016; straight-through estimator). Each spin w is the sign of a real weight u in
 * [−1, 1]; a step is u ← clip(u − rate · √N/20 · g), g the gradient with respect to w, at w = sign(u), of the mean over a mini-batch of the energy's
 * differentiable surrogate (`3-passes/surrogate.ts`: `h < k` becomes softplus(−2(h − k))). N is the length of the last axis of the weights: the
 * inputs of a unit, so that a field Σ x w/√N makes steps of the order of the rate.
 *
 * The real weights begin with the signs of the initial state and uniform moduli (step 0 of the stream), so they are uniform on [−1, 1] where
 * it is uniform. The order of epoch k, from 0, is drawn from step k + 1. The state is the last one, not the best.
 */
export const binaryNet: Dynamics = {
  name: "binary_net",
  doc: "Real weights behind binary ones, trained over mini-batches by gradients that pass straight through the sign; comparisons that the energy counts become softplus.",
  parameters: [positiveParameter(rate), batch],
  needs: ["surrogate", "miniBatches"],
  domains: ["spin"],
  units: ["epochs", "steps"],
  stationary: false,
  create: (model, state, options) => {
    const { miniBatches } = model;
    if (!miniBatches) throw new Error(`internal: ${model.name} was compiled without mini-batches`);
    const batches = createBatchOrder(miniBatches.examples, options.arguments["batch"] as number, options.stream, 1);
    const total = options.unit === "steps" ? options.amount : options.amount * batches.stepsPerEpoch;
    const gradient = new Float64Array(model.dimension);
    const weights = new Float64Array(model.dimension);
    options.stream.uniforms(weights, 0, 0);
    for (let i = 0; i < weights.length; i++) weights[i] *= state[i];
    // From the gradient of the energy to that of the mean over examples.
    const scale = 1 / (20 * miniBatches.weight * miniBatches.examples);
    const lengths = model.state.map((array) => ({ ...array, factor: scale * Math.sqrt(array.shape.at(-1) ?? 1) }));
    const now = { done: 0 };

    const step = (): boolean => {
      const { first, count } = batches.at(now.done);
      miniBatches.energyAndGradient(state, gradient, batches.order, first, count);
      const length = scheduleValue(options.arguments["rate"], now.done, total);
      for (const { offset, length: entries, factor } of lengths) {
        for (let i = offset; i < offset + entries; i++) {
          const moved = weights[i] - length * factor * gradient[i];
          // A gradient that is no number moves nothing.
          if (Number.isNaN(moved)) return false;
          weights[i] = Math.max(-1, Math.min(1, moved));
        }
      }
      for (let i = 0; i < state.length; i++) if (weights[i] !== 0) state[i] = weights[i] > 0 ? 1 : -1;
      now.done++;
      return true;
    };
    return {
      step: options.unit === "steps" ? step : batches.epochOf(step),
      energy: () => model.energy(state),
      memory: memoryOf(now, [weights, batches.order]),
    };
  },
};
