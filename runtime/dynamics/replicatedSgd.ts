import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import { createBatchOrder } from "./batchOrder.ts";
import { diverged } from "./diverged.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { batch, rate } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/**
 * Replicated stochastic gradient descent (Baldassi, Borgs, Chayes, Ingrosso, Lucibello, Saglietti, Zecchina, PNAS 2016): y copies take their own
 * mini-batches and attract each other. After each step u ← u − rate · g a copy moves towards the others, u ← u + λ (c − u): for real variables
 * c is the mean of the copies, for spins, whose copies are the signs of real weights u in [−1, 1], c = tanh(γ Σ_b w_b) as in the paper; γ grows by
 * `gamma_step` an epoch. Gradients of spins are those of `binary_net`: of the mean of the differentiable surrogate, times √N/20. The state is
 * the centre of the copies: their mean on the constraint, or the majority of their signs.
 *
 * Copy 1 begins in the initial state, the others at independent standard Gaussian distances of a tenth of its root mean square (real), or with
 * independent signs (spin).
 */
export const replicatedSgd: Dynamics = {
  name: "replicated_sgd",
  doc: "Stochastic gradient descent of several copies that attract each other (Baldassi et al. 2016).",
  parameters: [
    rate, batch,
    { name: "y", doc: "Number of copies.", kind: "integer", default: 7 },
    { name: "lambda", doc: "Share of the way to the centre that a copy goes in a step.", default: 0.1, schedule: true, range: { text: "a number from 0 to 1", has: (value) => value >= 0 && value <= 1 } },
    { name: "gamma", doc: "Strength of the coupling of spins, from 0 to inf.", default: Infinity, range: { text: "0, a positive number, or inf", has: (value) => value >= 0 } },
    { name: "gamma_step", doc: "By how much it grows in an epoch.", default: 0.01, range: { text: "a finite number from 0", has: (value) => value >= 0 && value < Infinity } },
  ],
  needs: ["surrogate", "miniBatches"],
  domains: ["real", "spin"],
  units: ["epochs", "steps"],
  stationary: false,
  create: (model, state, options) => {
    const { miniBatches, dimension, spheres } = model;
    if (!miniBatches) throw new Error(`internal: ${model.name} was compiled without mini-batches`);
    const { arguments: given, stream } = options;
    const y = given["y"] as number;
    const isSpin = Uint8Array.from({ length: dimension }, (_, i) => (model.state.some((a) => a.domain?.name === "spin" && i >= a.offset && i < a.offset + a.length) ? 1 : 0));
    const factors = Float64Array.from({ length: dimension }, (_, i) => {
      const array = model.state.find((a) => i >= a.offset && i < a.offset + a.length)!;
      return isSpin[i] ? Math.sqrt(array.shape.at(-1) ?? 1) / (20 * miniBatches.weight * miniBatches.examples) : 1;
    });
    // Orders of copy r in the steps r 2^24 + epoch; the stream's Gaussian and uniform kinds of step 2^31 are the first weights.
    const orders = Array.from({ length: y }, (_, r) => createBatchOrder(miniBatches.examples, given["batch"] as number, stream, r * 2 ** 24));
    const [{ stepsPerEpoch, epochOf }] = orders as [ReturnType<typeof createBatchOrder>];
    const total = options.unit === "steps" ? options.amount : options.amount * stepsPerEpoch;
    const size = Math.sqrt(state.reduce((s, x) => s + x * x, 0) / Math.max(1, dimension)) || 1;
    const [normals, uniforms] = [new Float64Array(dimension), new Float64Array(dimension)];
    const weights = orders.map((_, r) => {
      stream.normals(normals, 0, 2 ** 31 + r);
      stream.uniforms(uniforms, 0, 2 ** 31 + r);
      const own = Float64Array.from(state, (x, i) => (isSpin[i] ? uniforms[i] * (r === 0 ? x : Math.sign(normals[i]) || 1) : r === 0 ? x : x + 0.1 * size * normals[i]));
      retract(spheres, own);
      return own;
    });
    const moved = new Float64Array(dimension), gradient = new Float64Array(dimension), centre = new Float64Array(dimension);
    const now = { done: 0 };

    const conclude = (): void => {
      for (let i = 0; i < dimension; i++) {
        let sum = 0;
        for (const w of weights) sum += isSpin[i] ? (w[i] >= 0 ? 1 : -1) : w[i];
        // A tie of the signs is decided by the real weights.
        if (isSpin[i] && sum === 0) for (const w of weights) sum += w[i];
        state[i] = isSpin[i] ? (sum >= 0 ? 1 : -1) : sum / y;
      }
      retract(spheres, state);
    };
    const step = (): boolean => {
      const length = scheduleValue(given["rate"]!, now.done, total);
      const pull = scheduleValue(given["lambda"]!, now.done, total);
      const gamma = (given["gamma"] as number) + (given["gamma_step"] as number) * Math.floor(now.done / stepsPerEpoch);
      weights.forEach((w, r) => {
        const { first, count } = orders[r]!.at(now.done);
        for (let i = 0; i < dimension; i++) moved[i] = isSpin[i] ? (w[i] >= 0 ? 1 : -1) : w[i];
        const energy = miniBatches.energyAndGradient(moved, gradient, orders[r]!.order, first, count);
        if (!Number.isFinite(energy)) throw diverged("replicated_sgd", now.done, "rate");
        projectGradient(spheres, moved, gradient, gradient);
        for (let i = 0; i < dimension; i++) w[i] -= length * factors[i] * gradient[i];
      });
      for (let i = 0; i < dimension; i++) {
        let sum = 0;
        for (const w of weights) sum += isSpin[i] ? (w[i] >= 0 ? 1 : -1) : w[i];
        centre[i] = isSpin[i] ? (gamma === Infinity ? Math.sign(sum) : Math.tanh(gamma * sum)) : sum / y;
      }
      for (const w of weights) {
        for (let i = 0; i < dimension; i++) {
          w[i] += pull * (centre[i] - w[i]);
          if (isSpin[i]) w[i] = Math.max(-1, Math.min(1, w[i]));
        }
        retract(spheres, w);
      }
      now.done++;
      conclude();
      return true;
    };
    return {
      step: options.unit === "steps" ? step : epochOf(step),
      energy: () => model.energy(state),
      memory: memoryOf(now, [...weights, ...orders.map((o) => o.order)]),
    };
  },
};
