import type { NumberEstimator } from "./estimator.ts";
import { pooledMoments, unitMoments, varianceDivisor } from "./moments.ts";

/**
 * Within samples: [⟨x²⟩ − ⟨x⟩²], the thermal variance averaged over the disorder. Above a nested estimator there is one number a sample,
 * and `variance` is the one between samples (the caller then sets `separate` to false).
 */
export const variance: NumberEstimator = {
  name: "variance",
  doc: "Unbiased variance (divisor n - 1) within each sample, over its time and starts, averaged over samples; of a nested estimator, the variance from sample to sample.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [],
  result: "number",
  error: "jackknife",
  prepare: ({ units, separate }) => {
    const parts = unitMoments(units);
    if (!separate) {
      return (multiplicity) => {
        const pooled = pooledMoments(parts, multiplicity);
        return pooled.squares / varianceDivisor(pooled);
      };
    }
    // One number a sample, all with the same weight: a mean of means.
    const within = parts.map((part) => ({ count: 1, mean: part.squares / varianceDivisor(part), squares: 0 }));
    return (multiplicity) => pooledMoments(within, multiplicity).mean;
  },
};
