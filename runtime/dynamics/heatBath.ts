import { domainValues } from "../moves/domainMoves.ts";
import { localMoves } from "../moves/modelMoves.ts";
import { differenceTo, moveTo } from "../moves/singleMove.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { SWEEPS_BETWEEN_REFRESHES } from "./metropolis.ts";
import { scheduleValue } from "./scheduleValue.ts";
import { temperature } from "./parameters.ts";

/**
 * Heat bath, or Glauber dynamics (R. Glauber, J. Math. Phys. 4, 294 (1963)): the entry at a random site is drawn from its conditional
 * Gibbs distribution given all others. At T = 0 the values of least energy are equally likely, at T = inf all are.
 */
export const heatBath: Dynamics = {
  name: "heat_bath",
  doc: "Each variable is drawn from its conditional Gibbs distribution.",
  parameters: [temperature],
  needs: ["delta"],
  domains: ["spin", "bit", "potts"],
  units: ["sweeps"],
  stationary: true,
  create: (model, state, { arguments: given, amount, stream }) => {
    const moves = localMoves(model);
    const all = moves.arrays.map((array) => {
      const values = domainValues(array.domain);
      if (!values) throw new Error(`internal: heat_bath on ${array.domain.name} variables`);
      return { array, values, sites: new Float64Array(array.length), uniforms: new Float64Array(array.length), weights: new Float64Array(values.length), differences: new Float64Array(values.length) };
    });
    const now = { sweep: 0, energy: model.energy(state) };
    return {
      step: () => {
        const refresh = now.sweep > 0 && now.sweep % SWEEPS_BETWEEN_REFRESHES === 0;
        moves.enter(state, refresh);
        if (refresh) now.energy = model.energy(state);
        for (const { array, values, sites, uniforms, weights, differences } of all) {
          stream.integers(sites, array.offset, array.length, now.sweep);
          stream.uniforms(uniforms, array.offset, now.sweep);
          for (let t = 0; t < array.length; t++) {
            const T = scheduleValue(given["T"]!, now.sweep * array.length + t, amount * array.length);
            const entry = sites[t]!;
            const before = moves.current[array.offset + entry]!;
            for (let k = 0; k < values.length; k++) differences[k] = values[k] === before ? 0 : differenceTo(array, entry, before, values[k]!);
            gibbsWeights(differences, T, weights);
            const chosen = values[choose(weights, uniforms[t]!)]!;
            if (chosen !== before) now.energy += moveTo(array, entry, before, chosen);
          }
        }
        state.set(moves.current);
        now.sweep++;
        return true;
      },
      energy: () => now.energy,
      restart: () => {
        moves.enter(state, true);
        now.energy = model.energy(state);
      },
      memory: memoryOf(now, [], [moves.memory]),
    };
  },
};

/** exp(−ΔH/T), normalised to sum 1; the limits T = 0 and T = inf included. */
export function gibbsWeights(differences: Float64Array, T: number, out: Float64Array): void {
  let least = Infinity;
  for (const d of differences) least = Math.min(least, d);
  let sum = 0;
  for (let k = 0; k < out.length; k++) {
    const above = differences[k]! - least;
    out[k] = above === 0 ? 1 : T === 0 || above === Infinity ? 0 : Math.exp(-above / T);
    sum += out[k]!;
  }
  for (let k = 0; k < out.length; k++) out[k]! /= sum;
}

function choose(weights: Float64Array, u: number): number {
  let rest = u;
  for (let k = 0; k < weights.length - 1; k++) {
    rest -= weights[k]!;
    if (rest < 0) return k;
  }
  return weights.length - 1;
}
