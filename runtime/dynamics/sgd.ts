import { allFinite } from "../geometry/allFinite.ts";
import { fold, foldsOf } from "../geometry/fold.ts";
import { moveAgainst } from "../geometry/moveAgainst.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import { createBatchOrder } from "./batchOrder.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { batch, rate } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/**
 * Stochastic gradient descent: state ← retract(state − rate · g), g the Riemannian gradient of the energy as written with its sum over
 * examples replaced by that over a mini-batch, times examples / batch: an unbiased estimate. Mini-batches come in the order of `batchOrder.ts`.
 * A schedule of the rate runs over all steps.
 */
export const sgd: Dynamics = {
  name: "sgd",
  doc: "Stochastic gradient descent over mini-batches: the energy's sum or mean over examples is taken over a batch, all other terms whole.",
  parameters: [rate, batch],
  needs: ["gradient", "miniBatches"],
  domains: ["real", "angle"],
  units: ["epochs", "steps"],
  stationary: false,
  create: (model, state, options) => {
    const { miniBatches } = model;
    if (!miniBatches) throw new Error(`internal: ${model.name} was compiled without mini-batches`);
    const batches = createBatchOrder(miniBatches.examples, options.arguments["batch"] as number, options.stream);
    const total = options.unit === "steps" ? options.amount : options.amount * batches.stepsPerEpoch;
    const folds = foldsOf(model.state);
    const gradient = new Float64Array(model.dimension);
    const now = { done: 0 };

    const step = (): boolean => {
      const { first, count } = batches.at(now.done);
      const energy = miniBatches.energyAndGradient(state, gradient, batches.order, first, count);
      if (!Number.isFinite(energy)) return false;
      projectGradient(model.spheres, state, gradient, gradient);
      const length = scheduleValue(options.arguments["rate"], now.done, total);
      if (!allFinite(gradient)) return false;
      moveAgainst(state, length, gradient);
      retract(model.spheres, state);
      fold(folds, state);
      now.done++;
      return true;
    };
    return {
      step: options.unit === "steps" ? step : batches.epochOf(step),
      energy: () => model.energy(state),
      memory: memoryOf(now, [batches.order]),
    };
  },
};
