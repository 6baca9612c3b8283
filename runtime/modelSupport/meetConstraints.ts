import { drawUniformly, movedValue } from "../moves/domainMoves.ts";
import type { StateArray } from "../model.ts";
import type { Stream } from "../random/stream.ts";

/** Draws of the whole initial state before it is repaired: as many as leave it uniform where the constraints are not rare. */
export const MOST_DRAWS = 100;
const MOVES_PER_ENTRY = 10_000;

/**
 * Brings a state to where its constraints hold by random moves of single entries, of which those are made that do not add to the violation.
 *
 * @param violation sum of what the constraints are off by; 0 where they hold
 * @throws RangeError where the moves come to no such state
 */
export function repairByMoves(state: Float64Array, arrays: readonly StateArray[], violation: (state: Float64Array) => number, stream: Stream): void {
  let left = violation(state);
  const uniforms = new Float64Array(3);
  for (let move = 0; left > 0 && move < MOVES_PER_ENTRY * state.length; move++) {
    stream.uniforms(uniforms, 0, move);
    const entry = Math.floor(uniforms[0]! * state.length);
    const array = arrays.find((a) => entry >= a.offset && entry < a.offset + a.length)!;
    const domain = array.domain ?? { name: "real", arguments: [] };
    const before = state[entry]!;
    // Steps of all sizes from a millionth of the entry's own.
    const width = (1 + Math.abs(before)) * 10 ** (-6 * uniforms[1]!);
    state[entry] = movedValue(domain, before, drawUniformly(domain, uniforms[2]!, width));
    const after = violation(state);
    if (after <= left) left = after;
    else state[entry] = before;
  }
  if (left > 0) throw new RangeError("no state that meets the constraints was found from the initial one: give another with `start`, or in the declaration");
}
