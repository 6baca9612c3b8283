import { localMoves } from "../moves/modelMoves.ts";
import { differenceTo, moveTo } from "../moves/singleMove.ts";
import type { CompiledModel } from "../model.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { SWEEPS_BETWEEN_REFRESHES } from "./metropolis.ts";
import { scheduleValue } from "./scheduleValue.ts";
import { temperature } from "./parameters.ts";

/**
 * Exchanges of the values at two random sites of one array (K. Kawasaki, Phys. Rev. 145, 224 (1966)), with Metropolis acceptance: every
 * value keeps its number of sites. The difference of an exchange is that of its two single moves, the second after the first; a
 * rejected exchange takes the first one back.
 */
export const kawasaki: Dynamics = {
  name: "kawasaki",
  doc: "Exchanges of two unequal variables, which conserve the sum, with Metropolis acceptance.",
  parameters: [temperature],
  needs: ["delta"],
  domains: ["spin", "bit", "potts"],
  units: ["sweeps"],
  stationary: true,
  create: (model, state, { arguments: given, amount, stream }) => {
    const moves = localMoves(model);
    const all = moves.arrays.map((array) => ({ array, sites: new Float64Array(2 * array.length), uniforms: new Float64Array(array.length) }));
    const partner = partners(model);
    const now = { sweep: 0, energy: model.energy(state), accepted: 0, attempted: 0 };
    return {
      step: () => {
        const refresh = now.sweep > 0 && now.sweep % SWEEPS_BETWEEN_REFRESHES === 0;
        moves.enter(state, refresh);
        if (refresh) now.energy = model.energy(state);
        for (const { array, sites, uniforms } of all) {
          stream.integers(sites, 2 * array.offset, array.length, now.sweep);
          stream.uniforms(uniforms, array.offset, now.sweep);
          for (let t = 0; t < array.length; t++) {
            const T = scheduleValue(given["T"]!, now.sweep * array.length + t, amount * array.length);
            const i = sites[2 * t]!;
            const j = partner(array, i, sites[2 * t + 1]!);
            const [a, b] = [moves.current[array.offset + i]!, moves.current[array.offset + j]!];
            now.attempted++;
            if (a === b) continue;
            const first = moveTo(array, i, a, b);
            const difference = first + differenceTo(array, j, b, a);
            if (difference <= (T === 0 || T === Infinity ? T : -T * Math.log(uniforms[t]!))) {
              moveTo(array, j, b, a);
              now.energy += difference;
              now.accepted++;
            } else moveTo(array, i, b, a);
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
      acceptance: () => (now.attempted === 0 ? 0 : now.accepted / now.attempted),
    };
  },
};

/** The site that exchanges with site i of an array for a uniform integer below its length: any, or one with which i has a conserved sum. */
function partners(model: CompiledModel): (array: { readonly offset: number; readonly length: number }, i: number, uniform: number) => number {
  return (array, i, uniform) => {
    const set = model.sums?.find((s) => s.offset >= array.offset && s.offset < array.offset + array.length);
    if (!set || set.length === array.length) return uniform;
    // Blocks of sets that lie between each other, as `spheresOf` makes them.
    for (const { offset, count, groupStride, length, elementStride } of model.sums!) {
      for (let group = 0; group < count; group++) {
        const from = array.offset + i - offset - group * groupStride;
        if (from < 0 || from % elementStride !== 0 || from / elementStride >= length) continue;
        return offset - array.offset + group * groupStride + (uniform % length) * elementStride;
      }
    }
    return uniform;
  };
}
