import { domainValues } from "../moves/domainMoves.ts";
import type { ConservedSum, StateDomain } from "../model.ts";
import type { Stream } from "../random/stream.ts";

/**
 * Brings sums of discrete variables to their values by random moves: random entries of the set go to the neighbouring value that brings the sum
 * nearer, until it is met. Among spins or bits that were uniform, all states with the sum are then equally likely.
 *
 * @param stream uniform numbers (0, 0 …) choose the entries
 * @throws RangeError where no state has the sum
 */
export function repairSums(state: Float64Array, sums: readonly ConservedSum[], domain: StateDomain, name: string, stream: Stream): void {
  const values = domainValues(domain);
  if (!values) throw new Error(`internal: a sum of ${domain.name} variables cannot be repaired by moves`);
  const uniforms = new Float64Array(256);
  let drawn = 0;
  const below = (n: number): number => {
    if (drawn % uniforms.length === 0) stream.uniforms(uniforms, drawn);
    return Math.floor(uniforms[drawn++ % uniforms.length]! * n);
  };
  for (const { offset, count, groupStride, length, elementStride, value } of sums) {
    for (let group = 0; group < count; group++) {
      const entries = Array.from({ length }, (_, e) => offset + group * groupStride + e * elementStride);
      let missing = value - entries.reduce((sum, i) => sum + state[i]!, 0);
      while (missing !== 0) {
        const up = missing > 0;
        const next = (i: number): number | undefined => values[values.indexOf(state[i]!) + (up ? 1 : -1)];
        const movable = entries.filter((i) => { const to = next(i); return to !== undefined && Math.abs(to - state[i]!) <= Math.abs(missing); });
        if (movable.length === 0) throw new RangeError(`no state of ${name} has the sum ${value} over ${length} ${domain.name} variables`);
        const chosen = movable[below(movable.length)]!;
        const to = next(chosen)!;
        missing -= to - state[chosen]!;
        state[chosen] = to;
      }
    }
  }
}
