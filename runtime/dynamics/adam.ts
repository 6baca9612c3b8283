import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { retract } from "../geometry/retract.ts";
import { diverged } from "./diverged.ts";
import type { Dynamics } from "./dynamics.ts";
import { evaluate } from "./evaluate.ts";
import { memoryOf } from "./memory.ts";
import { positiveParameter } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/** Keeps the quotient finite where a gradient is 0. */
const SMALLEST = 1e-8;

const memory = { text: "a number from 0 to below 1", has: (value: number): boolean => value >= 0 && value < 1 };

/**
 * Adam (Kingma, Ba, ICLR 2015, algorithm 1) on the whole energy: with the running means m of the gradient and v of its squares, freed of
 * their start at 0, x ← retract(x − rate · m / (√v + 1e-8)). On spheres the gradient is the Riemannian one; means are kept entry by entry.
 */
export const adam: Dynamics = {
  name: "adam",
  doc: "Gradient descent with adaptive moments (Kingma, Ba 2015) on the whole energy.",
  parameters: [
    { ...positiveParameter({ name: "rate", doc: "Length of the step in each variable, about.", schedule: true }), range: { text: "a finite number from 0", has: (value) => value >= 0 && value < Infinity } },
    { name: "batch", doc: "Examples in a mini-batch; without it the whole energy.", kind: "integer", optional: true, planned: true },
    { name: "beta1", doc: "Memory of the mean of the gradients.", default: 0.9, range: memory },
    { name: "beta2", doc: "Memory of their squares.", default: 0.999, range: memory },
  ],
  needs: ["gradient"],
  domains: ["real"],
  units: ["steps"],
  stationary: false,
  create: (model, state, { arguments: given, amount }) => {
    const { dimension, spheres } = model;
    const gradient = new Float64Array(dimension);
    const mean = new Float64Array(dimension);
    const square = new Float64Array(dimension);
    const [beta1, beta2] = [given["beta1"] as number, given["beta2"] as number];
    const now = { energy: evaluate(model, state, gradient), done: 0 };
    return {
      step: () => {
        const rate = scheduleValue(given["rate"]!, now.done, amount);
        now.done++;
        const [free1, free2] = [1 - beta1 ** now.done, 1 - beta2 ** now.done];
        for (let i = 0; i < dimension; i++) {
          mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
          square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] * gradient[i];
          state[i] -= (rate * mean[i]) / free1 / (Math.sqrt(square[i] / free2) + SMALLEST);
        }
        retract(spheres, state);
        now.energy = evaluate(model, state, gradient);
        if (!Number.isFinite(now.energy)) throw diverged("adam", now.done - 1, "rate");
        return true;
      },
      energy: () => now.energy,
      memory: memoryOf(now, [gradient, mean, square]),
      gradientNorm: () => euclideanNorm(gradient),
    };
  },
};
