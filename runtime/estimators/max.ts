import type { NumberEstimator } from "./estimator.ts";
import { orderStatistic } from "./orderStatistic.ts";

/**
 * The error is the spread of the bootstrap: the size of the gaps between the last few values. It has the right order, not more: no
 * resampling is consistent for extremes of a continuous distribution (P. Bickel, D. Freedman, Ann. Stat. 9, 1196 (1981)). Where
 * many units share the extreme value, as with ground states, it is 0.
 */
export const max: NumberEstimator = {
  name: "max",
  doc: "Largest record, over time, starts and samples together. Its error is a bootstrap over samples.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [],
  result: "number",
  error: "bootstrap",
  fold: () => orderStatistic(1),
};
