import type { NumberEstimator } from "./estimator.ts";
import { quantileOf } from "./quantile.ts";

export const median: NumberEstimator = {
  name: "median",
  doc: "Median of the records, over time, starts and samples together (the mean of the middle two of an even number). Its error is a bootstrap over samples.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [],
  result: "number",
  error: "bootstrap",
  prepare: ({ units }) => quantileOf(units, 0.5),
};
