import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { batch, rate } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/**
 * Stochastic gradient descent: state ← retract(state − rate · g), g the Riemannian gradient of the energy as written with its sum over
 * examples replaced by that over a mini-batch, times examples / batch: an unbiased estimate. An epoch visits every example once, in
 * ceil(P / batch) steps of which the last may be shorter, in an order that is drawn anew for each epoch (Fisher-Yates on the uniform
 * numbers (epoch, position) of the stream). A schedule of the rate runs over all steps.
 */
export const sgd: Dynamics & { readonly implemented: true } = {
  implemented: true,
  name: "sgd",
  doc: "Stochastic gradient descent over mini-batches: the energy's sum or mean over examples is taken over a batch, all other terms whole.",
  parameters: [rate, batch],
  needs: ["gradient", "miniBatches"],
  domains: ["real"],
  units: ["epochs", "steps"],
  stationary: false,
  create: (model, state, options) => {
    const { miniBatches } = model;
    if (!miniBatches) throw new Error(`internal: ${model.name} was compiled without mini-batches`);
    const { examples } = miniBatches;
    const size = Math.min(options.arguments["batch"] as number, examples);
    const stepsPerEpoch = Math.ceil(examples / size);
    const total = options.unit === "steps" ? options.amount : options.amount * stepsPerEpoch;
    const order = new Int32Array(examples);
    const uniforms = new Float64Array(examples);
    const gradient = new Float64Array(model.dimension);
    const now = { done: 0 };

    /** A uniformly random order of all examples. */
    const shuffle = (epoch: number): void => {
      options.stream.uniforms(uniforms, 0, epoch);
      for (let k = 0; k < examples; k++) order[k] = k;
      for (let k = examples - 1; k > 0; k--) {
        const other = Math.floor(uniforms[k] * (k + 1));
        [order[k], order[other]] = [order[other], order[k]];
      }
    };
    const step = (): boolean => {
      const within = now.done % stepsPerEpoch;
      if (within === 0) shuffle(now.done / stepsPerEpoch);
      const first = within * size;
      const energy = miniBatches.energyAndGradient(state, gradient, order, first, Math.min(size, examples - first));
      if (!Number.isFinite(energy)) return false;
      projectGradient(model.spheres, state, gradient, gradient);
      const length = scheduleValue(options.arguments["rate"], now.done, total);
      for (let i = 0; i < state.length; i++) if (!Number.isFinite(gradient[i])) return false;
      for (let i = 0; i < state.length; i++) state[i] -= length * gradient[i];
      retract(model.spheres, state);
      now.done++;
      return true;
    };
    return {
      step: options.unit === "steps" ? step : () => {
        for (let k = 0; k < stepsPerEpoch; k++) if (!step()) return false;
        return true;
      },
      energy: () => model.energy(state),
      memory: memoryOf(now, [order]),
    };
  },
};
