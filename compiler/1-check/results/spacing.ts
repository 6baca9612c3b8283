/** Lists of numbers that are written by their ends: of a sweep, of `for` in a plot. */

export const MOST_VALUES = 1_000_000;

/** The numbers, or why there are none. */
export type Spaced = readonly number[] | { readonly reason: string };

export const isReason = (s: Spaced): s is { readonly reason: string } => "reason" in s;

/** a, a + c, … up to b (to rounding). */
export function stepped(from: number, to: number, step: number): Spaced {
  if (!(step > 0) || !Number.isFinite(from) || !Number.isFinite(to) || !(to >= from)) return { reason: `a range goes up from a to b by a positive step, not from ${from} to ${to} by ${step}` };
  const count = Math.floor((to - from) / step * (1 + 1e-12) + 1e-9) + 1;
  if (count > MOST_VALUES) return { reason: `these are ${count} values, and there are at most ${MOST_VALUES}` };
  // 0.1 + 2 * 0.1 is meant to be 0.3.
  return Array.from({ length: count }, (_, k) => Number((from + k * step).toPrecision(14)));
}

/** n numbers from a to b, both ends exactly: of equal differences, or of equal ratios. */
export function spaced(shape: "linear" | "geometric", from: number, to: number, count: number): Spaced {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return { reason: "the ends must be finite" };
  if (!Number.isInteger(count) || count < 1 || count > MOST_VALUES) return { reason: `the number of values is a whole number from 1, not ${count}` };
  if (count === 1 && from !== to) return { reason: `one value cannot be both ends, ${from} and ${to}` };
  if (shape === "geometric" && !(from * to > 0)) return { reason: `a geometric series needs two ends of one sign, not ${from} and ${to}` };
  return Array.from({ length: count }, (_, k) => {
    if (k === 0) return from;
    if (k === count - 1) return to;
    const share = k / (count - 1);
    return shape === "linear" ? from + (to - from) * share : from * (to / from) ** share;
  });
}
