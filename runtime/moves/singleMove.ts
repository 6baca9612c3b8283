import type { MovedArray } from "./modelMoves.ts";
import { drawFor } from "./domainMoves.ts";

/** The energy difference of taking one entry of a finite domain, whose value is `value`, to `wanted`; nothing moves. */
export function differenceTo(array: MovedArray, entry: number, value: number, wanted: number): number {
  return attempt(array, entry, drawFor(array.domain, value, wanted), -Infinity);
}

/** Takes the entry there. Returns the energy difference. */
export function moveTo(array: MovedArray, entry: number, value: number, wanted: number): number {
  return attempt(array, entry, drawFor(array.domain, value, wanted), Infinity);
}

/** One attempt: its energy difference, and the move itself where that is at most `threshold`. */
export function attempt({ kernel }: MovedArray, entry: number, drawn: number, threshold: number): number {
  kernel.entries[0] = entry;
  kernel.draws[0] = drawn;
  kernel.thresholds[0] = threshold;
  kernel.attempts[0] = 1;
  kernel.run();
  return kernel.differences[0]!;
}
