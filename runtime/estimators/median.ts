import type { NumberEstimator } from "./estimator.ts";
import { orderStatistic } from "./orderStatistic.ts";

export const median: NumberEstimator = {
  name: "median",
  doc: "Median of the records, over time, starts and samples together (the mean of the middle two of an even number). Its error is a bootstrap over samples.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [],
  result: "number",
  error: "bootstrap",
  fold: () => orderStatistic(0.5),
};
