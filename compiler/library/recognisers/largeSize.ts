/** Limits of large size, from values at a ladder of sizes. */

/** Sizes 2^10, 2^12, …, 2^22: each four times the one before, so that powers of 1/√N fall by 2. */
const ladder = Array.from({ length: 7 }, (_, k) => 2 ** (10 + 2 * k));

/**
 * lim f(N) by Richardson extrapolation in powers of N^(-1/2), exact to about 1e-12 for algebraic f; undefined where the last
 * two estimates still differ by more than 1e-9.
 */
export function largeSizeLimit(f: (size: number) => number): number | undefined {
  let row = ladder.map(f);
  let before = row.at(-1)!;
  for (let order = 1; row.length > 1; order++) {
    const gain = 2 ** order;
    before = row.at(-1)!;
    row = row.slice(1).map((value, k) => value + (value - row[k]!) / (gain - 1));
  }
  const limit = row[0]!;
  return Number.isFinite(limit) && Math.abs(limit - before) <= 1e-9 * Math.max(1, Math.abs(limit)) ? limit : undefined;
}

/** The a of f ~ n^a at the largest sizes; −∞ for f = 0. A multiple of 1/12 within 1e-3 is taken to be exact. */
export function growthExponent(f: (size: number) => number, n: (size: number) => number): number {
  const [previous, last] = ladder.slice(-2) as [number, number];
  const [a, b] = [Math.abs(f(previous)), Math.abs(f(last))];
  if (b === 0) return -Infinity;
  const exponent = Math.log(b / a) / Math.log(n(last) / n(previous));
  const whole = Math.round(exponent * 12) / 12;
  return Math.abs(exponent - whole) < 1e-3 ? whole : exponent;
}
