import type { NumberEstimator, Unit } from "./estimator.ts";
import { pooledMoments, unitMoments } from "./moments.ts";

/**
 * rho(t) = C(t)/C(0), C(t) the mean over all pairs of records t apart, within one series, of the product of their deviations from the
 * mean of their sample: static differences between samples do not look like memory.
 */
export const autocorrelation: NumberEstimator = {
  name: "autocorrelation",
  doc: "Normalised autocorrelation in time at a lag counted in records: 1 at lag 0. Deviations are from the mean of each sample. In a plot without `lag` it is drawn against the lag.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [{ name: "lag", doc: "distance in records", kind: "integer", minimum: 0, default: 1 }],
  result: "number",
  error: "jackknife",
  prepare: ({ units, separate }, { lag = 1 }) => {
    // An exact sum over states has no time.
    if (units.some((unit) => unit.exact)) return () => NaN;
    const moments = unitMoments(units.map(({ weights: _, ...unit }) => unit));
    return (multiplicity) => {
      const common = separate ? NaN : pooledMoments(moments, multiplicity).mean;
      let product = 0;
      let pairs = 0;
      let squares = 0;
      let count = 0;
      units.forEach((unit, u) => {
        if (multiplicity[u] === 0) return;
        const mean = separate ? moments[u].mean : common;
        const sums = lagged(unit, mean, lag);
        product += multiplicity[u] * sums.product;
        pairs += multiplicity[u] * sums.pairs;
        squares += multiplicity[u] * (moments[u].squares + moments[u].count * (moments[u].mean - mean) ** 2);
        count += multiplicity[u] * moments[u].count;
      });
      return product / pairs / (squares / count);
    };
  },
};

function lagged(unit: Unit, mean: number, lag: number): { product: number; pairs: number } {
  const values = unit.values[0];
  let product = 0;
  let pairs = 0;
  let begin = 0;
  for (const length of unit.lengths) {
    for (let i = begin; i + lag < begin + length; i++) product += (values[i] - mean) * (values[i + lag] - mean);
    pairs += Math.max(0, length - lag);
    begin += length;
  }
  return { product, pairs };
}
