import type { NumberEstimator } from "./estimator.ts";
import { foldMoments, type Moments } from "./moments.ts";

export const mean: NumberEstimator = {
  name: "mean",
  doc: "Mean over time, starts and samples together; every record has the same weight.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [],
  result: "number",
  error: "jackknife",
  fold: () => ({ ...foldMoments, finish: (part: Moments) => part.mean }),
};
