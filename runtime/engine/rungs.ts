/**
 * Where the temperatures stand that a ladder has beside those that were asked for (`tempering(…, rungs = n)`), and how counted exchanges
 * move them: so that all neighbours exchange equally often, as far as the temperatures that must be there allow (Syed, Bouchard-Côté, Deligiannidis, Doucet,
 * J. R. Stat. Soc. B 84, 321 (2022), section 5).
 *
 * The shares of refused exchanges, added up along the ladder, measure how far it is from one temperature to another; what is added divides
 * each gap between requested temperatures into parts of equal length, and goes where the parts are longest.
 */

/** The number of turns after which rungs move for the first time; each round after that is twice as long. */
export const FIRST_ROUND = 32;

/** Two neighbouring temperatures of a ladder, the lower first, and how far they are from each other. */
interface Span { readonly low: number; readonly high: number; readonly length: number }

/**
 * Where added rungs stand before anything is known: in parts that are equal in log T.
 *
 * @param requested in increasing order, two at least
 */
export const firstRungs = (requested: readonly number[], added: number): readonly number[] => divide(neighbours(requested).map(([low, high]) => {
  const ratio = Math.log(high / low);
  return [{ low, high, length: Number.isFinite(ratio) ? ratio : 1 }];
}), added);

/**
 * Where they stand after the exchanges of a round.
 *
 * @param ladder all its temperatures, in increasing order
 * @param refused for each but the highest the share of refused exchanges with the next
 */
export function movedRungs(requested: readonly number[], ladder: readonly number[], refused: readonly number[]): readonly number[] {
  const spans = neighbours(ladder).map(([low, high], k): Span => ({ low, high, length: refused[k]! }));
  return divide(neighbours(requested).map(([low, high]) => spans.filter((span) => span.low >= low && span.high <= high)), ladder.length - requested.length);
}

/** The share of refused exchanges as it is estimated from counts: never 0 or 1, so that no distance vanishes by luck. */
export const refusedShare = (tried: number, accepted: number): number => (tried - accepted + 0.5) / (tried + 1);

const neighbours = (values: readonly number[]): (readonly [number, number])[] => values.slice(1).map((high, k) => [values[k]!, high]);

/** Divides the gaps, each given by its spans, by so many rungs in all. */
function divide(gaps: readonly (readonly Span[])[], added: number): readonly number[] {
  const lengths = gaps.map((spans) => spans.reduce((sum, { length }) => sum + length, 0));
  const parts = gaps.map(() => 1);
  for (let k = 0; k < added; k++) {
    const longest = lengths.reduce((best, length, g) => (length / parts[g]! > lengths[best]! / parts[best]! ? g : best), 0);
    parts[longest]!++;
  }
  return gaps.flatMap((spans, g) => Array.from({ length: parts[g]! - 1 }, (_, k) => temperatureAt(spans, (lengths[g]! * (k + 1)) / parts[g]!)));
}

function temperatureAt(spans: readonly Span[], distance: number): number {
  let rest = distance;
  for (const { low, high, length } of spans) {
    if (rest < length) return between(low, high, rest / length);
    rest -= length;
  }
  return spans.at(-1)!.high;
}

/** From the lower temperature at x = 0 to the higher at x = 1: evenly in log T; upwards from T = 0 evenly in T, and up to T = inf in 1/T. */
function between(low: number, high: number, x: number): number {
  if (low > 0 && high < Infinity) return low ** (1 - x) * high ** x;
  if (low > 0) return low / (1 - x);
  return high < Infinity ? x * high : x / (1 - x);
}
