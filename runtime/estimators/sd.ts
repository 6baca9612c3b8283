import type { NumberEstimator } from "./estimator.ts";
import { pooledMoments, unitMoments, varianceDivisor } from "./moments.ts";

export const sd: NumberEstimator = {
  name: "sd",
  doc: "Standard deviation over time, starts and samples together: the square root of the unbiased variance (divisor n - 1).",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [],
  result: "number",
  error: "jackknife",
  prepare: ({ units }) => {
    const parts = unitMoments(units);
    return (multiplicity) => {
      const pooled = pooledMoments(parts, multiplicity);
      return Math.sqrt(pooled.squares / varianceDivisor(pooled));
    };
  },
};
