import type { NumberEstimator } from "./estimator.ts";
import { foldMoments, varianceOf, type Moments } from "./moments.ts";

export const sd: NumberEstimator = {
  name: "sd",
  doc: "Standard deviation over time, starts and samples together: the square root of the unbiased variance (divisor n - 1).",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [],
  result: "number",
  error: "jackknife",
  fold: () => ({ ...foldMoments, finish: (part: Moments) => Math.sqrt(varianceOf(part)) }),
};
