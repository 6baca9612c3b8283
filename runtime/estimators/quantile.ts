import type { NumberEstimator } from "./estimator.ts";
import { orderStatistic } from "./orderStatistic.ts";

export const quantile: NumberEstimator = {
  name: "quantile",
  doc: "The value below which a share q of the records lies, over time, starts and samples together: x at position 1 + (n - 1) q of the sorted records, linear in between. Its error is a bootstrap over samples.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [{ name: "q", doc: "the share, from 0 (the minimum) to 1 (the maximum)", kind: "number", minimum: 0, maximum: 1, without: "required" }],
  result: "number",
  error: "bootstrap",
  fold: ({ q }) => orderStatistic(q!),
};
