/** Test statistics that turn into a standard normal deviate under the null hypothesis, so that every test states one bound. */

/**
 * Pearson's chi-square of counts against expected counts, as a standard normal deviate.
 * Source: E. Wilson, M. Hilferty, "The distribution of chi-square", PNAS 17, 684 (1931).
 */
export function chiSquareDeviate(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let chiSquare = 0;
  for (let i = 0; i < counts.length; i++) chiSquare += (counts[i] - expected[i]) ** 2 / expected[i];
  const freedom = counts.length - 1;
  return (Math.cbrt(chiSquare / freedom) - 1 + 2 / (9 * freedom)) / Math.sqrt(2 / (9 * freedom));
}

/** sqrt(n) times the largest distance between the empirical distribution and the identity on (0, 1). P(> x) ≈ 2 exp(−2 x²). */
export function kolmogorovSmirnov(values: Float64Array): number {
  const sorted = values.slice().sort();
  let distance = 0;
  for (let i = 0; i < sorted.length; i++) {
    distance = Math.max(distance, sorted[i] - i / sorted.length, (i + 1) / sorted.length - sorted[i]);
  }
  return distance * Math.sqrt(sorted.length);
}

/** sqrt(n) times the sample correlation of two arrays: standard normal if they are independent. */
export function correlationDeviate(a: Float64Array, b: Float64Array): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return (ab / Math.sqrt(aa * bb)) * Math.sqrt(a.length);
}

/** Mean of value^power. */
export function mean(values: Float64Array, power = 1): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** power;
  return sum / values.length;
}

/** Probability of [a, b] under the standard normal distribution, by Simpson's rule with 64 intervals. */
export function normalProbability(a: number, b: number): number {
  const density = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  const width = (b - a) / 64;
  let sum = density(a) + density(b);
  for (let i = 1; i < 64; i++) sum += (i % 2 === 1 ? 4 : 2) * density(a + i * width);
  return (sum * width) / 3;
}
