import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import { createBatchOrder } from "./batchOrder.ts";
import { diverged } from "./diverged.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { batch, rate } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/** Examples whose gradients give the unit of the steps. */
const PROBES = 200;

/**
 * Replicated stochastic gradient descent (Baldassi, Borgs, Chayes, Ingrosso, Lucibello, Saglietti, Zecchina, PNAS 113, E7655 (2016)): y copies take their
 * own mini-batches, one copy after the other, and attract each other.
 *
 * Of spins each copy w_a is the sign of real weights u_a, which follow only what is violated, as in the paper's appendix C (eq. (C7), the centre traced out):
 *
 *     u_a ← clip(u_a + rate · (−g_a / 10 + λ (tanh(γ Σ_b w_b) − w_a) / 20))
 *
 * with g_a the gradient at w_a of the mean over the batch of the energy in the form "hinge" (`3-passes/surrogate.ts`), in units of the root mean square
 * entry that it has for single violated examples at the start: so it does not matter how fields are normalised. γ grows by `gamma_step` an epoch, which focuses
 * on dense regions. Weights are kept in [−1, 1]. The state is the majority of the copies, or at the end of an epoch the copy of least energy if that is lower.
 *
 * Real variables: after each step u ← u − rate · g on the constraint a copy moves towards the mean c of all, u ← u + λ (c − u). The state is that mean
 * (elastic averaging; Zhang, Choromanska, LeCun, NIPS 2015).
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
    { name: "lambda", doc: "Strength of the attraction: relative to the rate for spins; for real variables the share of the way to the centre in a step.", default: 0.1, schedule: true, range: { text: "a number from 0 to 1", has: (value) => value >= 0 && value <= 1 } },
    { name: "gamma", doc: "Focusing of spins at the start, from 0 to inf.", default: 0.05, range: { text: "0, a positive number, or inf", has: (value) => value >= 0 } },
    { name: "gamma_step", doc: "By how much it grows in an epoch.", default: 0.01, range: { text: "a finite number from 0", has: (value) => value >= 0 && value < Infinity } },
  ],
  needs: ["hinge", "miniBatches"],
  domains: ["real", "spin"],
  units: ["epochs", "steps"],
  stationary: false,
  create: (model, state, options) => {
    const { miniBatches, dimension, spheres } = model;
    if (!miniBatches) throw new Error(`internal: ${model.name} was compiled without mini-batches`);
    const { arguments: given, stream } = options;
    const y = given["y"] as number;
    const isSpin = Uint8Array.from({ length: dimension }, (_, i) => (model.state.some((a) => a.domain?.name === "spin" && i >= a.offset && i < a.offset + a.length) ? 1 : 0));
    const hasSpins = isSpin.includes(1);
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
    /** Of each copy: signs of spins, real variables as they are. Together their sums. */
    const values = weights.map(() => new Float64Array(dimension));
    const sums = new Float64Array(dimension);
    const gradient = new Float64Array(dimension), trial = new Float64Array(dimension);
    /** Root mean square of the entries of gradients of single examples that are violated at copy 1, where they are not 0. */
    const unitOfGradients = (): number => {
      let [sum, count] = [0, 0];
      const order = Int32Array.from({ length: Math.min(PROBES, miniBatches.examples) }, (_, k) => k);
      for (const example of order) {
        miniBatches.energyAndGradient(values[0]!, gradient, order, example, 1);
        for (let i = 0; i < dimension; i++) if (isSpin[i] && gradient[i] !== 0) { sum += gradient[i] ** 2; count++; }
      }
      return count === 0 ? miniBatches.examples * miniBatches.weight : Math.sqrt(sum / count);
    };
    const now = { done: 0, unit: 1 };

    const read = (r: number): void => {
      const [own, value] = [weights[r]!, values[r]!];
      for (let i = 0; i < dimension; i++) {
        const next = isSpin[i] ? (own[i] >= 0 ? 1 : -1) : own[i];
        sums[i] += next - value[i];
        value[i] = next;
      }
    };
    /** Of real variables sums are made anew, so that rounding errors don't add up. */
    const readAll = (): void => {
      sums.fill(0);
      values.forEach((value, r) => { value.fill(0); read(r); });
    };
    readAll();
    if (hasSpins) now.unit = unitOfGradients();
    const conclude = (): void => {
      for (let i = 0; i < dimension; i++) {
        // A tie of the signs is decided by the real weights.
        const majority = isSpin[i] && sums[i] === 0 ? weights.reduce((sum, w) => sum + w[i], 0) : sums[i];
        state[i] = isSpin[i] ? (majority >= 0 ? 1 : -1) : sums[i] / y;
      }
      retract(spheres, state);
      if (!hasSpins || now.done % stepsPerEpoch !== 0) return;
      let least = model.energy(state);
      for (const value of values) {
        trial.set(value);
        const energy = model.energy(trial);
        if (!(energy < least)) continue;
        least = energy;
        state.set(trial);
      }
    };
    const step = (): boolean => {
      const length = scheduleValue(given["rate"]!, now.done, total);
      const pull = scheduleValue(given["lambda"]!, now.done, total);
      const gamma = (given["gamma"] as number) + (given["gamma_step"] as number) * Math.floor(now.done / stepsPerEpoch);
      weights.forEach((w, r) => {
        const { first, count } = orders[r]!.at(now.done);
        const value = values[r]!;
        const energy = miniBatches.energyAndGradient(value, gradient, orders[r]!.order, first, count);
        if (!Number.isFinite(energy)) throw diverged("replicated_sgd", now.done, "rate");
        projectGradient(spheres, value, gradient, gradient);
        for (let i = 0; i < dimension; i++) {
          w[i] -= (isSpin[i] ? length / (10 * now.unit) : length) * gradient[i];
          if (!isSpin[i]) continue;
          const centre = gamma === Infinity ? Math.sign(sums[i]) : Math.tanh(gamma * sums[i]);
          w[i] = Math.max(-1, Math.min(1, w[i] + (length / 20) * pull * (centre - value[i])));
        }
        if (hasSpins) read(r);
      });
      readAll();
      for (const w of weights) {
        for (let i = 0; i < dimension; i++) if (!isSpin[i]) w[i] += pull * (sums[i] / y - w[i]);
        retract(spheres, w);
      }
      readAll();
      now.done++;
      conclude();
      return true;
    };
    const memory = memoryOf(now, [...weights, ...orders.map((o) => o.order)]);
    return {
      step: options.unit === "steps" ? step : epochOf(step),
      energy: () => model.energy(state),
      memory: {
        save: memory.save,
        restore: (saved) => {
          memory.restore(saved);
          readAll();
        },
      },
    };
  },
};
