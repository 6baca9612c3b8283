import type { NumberEstimator } from "./estimator.ts";
import { mean } from "./mean.ts";

export const prob: NumberEstimator = {
  name: "prob",
  doc: "Share of the records, over time, starts and samples together, at which a condition holds. Its error comes from (k + 2)/(n + 4) and is never 0.",
  arguments: [{ name: "condition", doc: "truth value of observables, such as R.E == 0", kind: "truth" }],
  options: [],
  result: "number",
  error: "jackknife",
  fold: mean.fold,
};

/**
 * Squared standard error of a share p that was seen in `outcomes` outcomes, which come in `units` independent units.
 *
 * n independent outcomes, k of them positive: p̃(1 − p̃)/(n + 4) with p̃ = (k + 2)/(n + 4) (A. Agresti, B. Coull, Am. Stat. 52, 119 (1998)).
 * Outcomes of one unit (starts under one disorder, records of one chain) are not independent: n is then the effective number
 * p(1 − p)/J, J the jackknife variance of p, between the number of units and that of outcomes (E. Korn, B. Graubard, Survey Methodology
 * 24, 193 (1998)); where p is 0 or 1 and J says nothing, it is the number of units.
 */
export function probVariance(p: number, outcomes: number, units: number, jackknifeVariance: number): number {
  const spread = p * (1 - p);
  let n = outcomes;
  if (units < outcomes) n = spread === 0 ? units : Math.min(outcomes, Math.max(units, spread / jackknifeVariance));
  const shifted = (p * n + 2) / (n + 4);
  return (shifted * (1 - shifted)) / (n + 4);
}
