import { createBatchOrder } from "./batchOrder.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";

/**
 * Stochastic belief-propagation-inspired learning (Baldassi, Braunstein, Brunel, Zecchina, PNAS 2007). Each spin is the sign of a hidden odd
 * integer h, |h| < states. An epoch presents every factor once, in a new order. With the stability I of a factor, its field less sign(0), in units of the
 * root mean square of its coefficients:
 *
 *     I < 0 or violated:  h_i ← h_i + 2 σ_i for all i, σ_i the sign of the coefficient of spin i;
 *     0 <= I <= threshold:  the same with the probability p, and only where h_i σ_i >= 1: what is barely right becomes firmer.
 *
 * The hidden integers begin at ±1, with the signs of the initial state.
 */
export const sbpi: Dynamics = {
  name: "sbpi",
  doc: "Learning with discrete hidden states by a local stochastic rule inspired by belief propagation (Baldassi et al. 2007).",
  parameters: [
    { name: "states", doc: "Bound of the odd hidden integers; 2.5 times the root of the number of spins if not given.", kind: "integer", optional: true },
    { name: "threshold", doc: "Largest stability at which a satisfied factor still reinforces, in units of the root mean square coefficient.", default: 1, range: { text: "a finite number from 0", has: (value) => value >= 0 && value < Infinity } },
    { name: "p", doc: "Probability with which it does.", default: 0.3, range: { text: "a number from 0 to 1", has: (value) => value >= 0 && value <= 1 } },
  ],
  needs: ["factorGraph", "counts"],
  domains: ["spin"],
  units: ["epochs"],
  stationary: false,
  create: (model, state, { arguments: given, stream }) => {
    const terms = model.factorGraph?.terms ?? [];
    const N = model.dimension;
    /** All factors of all terms: coefficients with the sign that satisfies them where Σ c s + b > 0. */
    const factors = terms.flatMap(({ field, energies, present, run }) => {
      if (!field?.isStep) throw new Error(`internal: ${model.name} does not count fields`);
      const at = (value: number): Float64Array => { field.values.fill(value); run(); return energies.slice(); };
      const below = at(-1), above = at(1);
      return Array.from(energies, (_, a) => {
        const direction = Math.sign(below[a] - above[a]);
        const coefficients = new Float64Array(N);
        field.coefficients.forEach((matrix, k) => {
          const { offset, length } = model.state[k]!;
          for (let i = 0; i < length; i++) coefficients[offset + i] = direction * matrix[a * length + i];
        });
        const unit = Math.sqrt(coefficients.reduce((s, c) => s + c * c, 0) / Math.max(1, coefficients.filter((c) => c !== 0).length));
        return { present: present[a] !== 0 && direction !== 0, coefficients, offset: direction * field.offsets[a], unit: unit || 1 };
      }).filter((f) => f.present);
    });
    const order = createBatchOrder(Math.max(1, factors.length), 1, stream, 0);
    const bound = (given["states"] as number | undefined) ?? Math.max(3, Math.round(2.5 * Math.sqrt(N)));
    const largest = bound - 1 - ((bound - 1) % 2 === 0 ? 1 : 0);
    const hidden = state.slice();
    const chances = new Float64Array(N);
    const now = { done: 0, step: 0 };
    const threshold = given["threshold"] as number, p = given["p"] as number;
    const push = (i: number, sign: number): void => {
      hidden[i] = Math.max(-Math.max(1, largest), Math.min(Math.max(1, largest), hidden[i] + 2 * sign));
      state[i] = hidden[i] > 0 ? 1 : -1;
    };
    return {
      step: () => {
        for (let k = 0; k < factors.length; k++) {
          const { first } = order.at(now.step);
          const { coefficients, offset, unit } = factors[order.order[first]]!;
          let field = offset;
          for (let i = 0; i < N; i++) field += coefficients[i] * state[i];
          if (field <= 0) for (let i = 0; i < N; i++) push(i, Math.sign(coefficients[i]));
          else if (field <= threshold * unit * (1 + 1e-9)) {
            // Steps above those that orders are drawn from.
            stream.uniforms(chances, 0, 2 ** 31 + now.step);
            for (let i = 0; i < N; i++) {
              const sign = Math.sign(coefficients[i]);
              if (chances[i] < p && hidden[i] * sign >= 1) push(i, sign);
            }
          }
          now.step++;
        }
        now.done++;
        return true;
      },
      energy: () => model.energy(state),
      memory: memoryOf(now, [hidden, order.order]),
    };
  },
};
