/** How often intervals of one standard error cover the truth, on synthetic data with disorder, starts and fixed seeds. */
import { expect, test } from "vitest";
import { Stream } from "../../../runtime/random/index.ts";
import { PointEvaluator } from "../../../runtime/results/evaluate.ts";
import { environment, est, o, one, run } from "./build.ts";

const SAMPLES = 40;
const STARTS = 5;
const REPETITIONS = 400;
const BETWEEN = 0.7;
const WITHIN = 1;

function covered(estimator: string, truth: number): number {
  let hits = 0;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const stream = new Stream(["coverage", estimator, repetition]);
    const records = run("R", { samples: SAMPLES, starts: STARTS }, ({ sample, start }) =>
      one({ x: 3 + BETWEEN * stream.normal(0, sample) + WITHIN * stream.normal(1 + sample, start) }));
    const expression = est(estimator, "R", o("R", "x"));
    const { value, error } = new PointEvaluator(environment([records]), [expression], {}).evaluate(expression);
    if (Math.abs(value - truth) <= 2 * error) hits++;
  }
  return hits / REPETITIONS;
}

// Two standard errors with 39 degrees of freedom cover 94.8 per cent for a mean; 400 repetitions know that to a standard deviation of
// 1.1 per cent. The bounds lie 4 of these below and above (the sd and the median are skewed: their coverage is some per cent lower), so a
// fresh seed would fail with probability below 1e-4.
test.each([
  ["mean", 3, 0.904, 0.992],
  ["sd", Math.hypot(BETWEEN, WITHIN), 0.88, 0.992],
  ["variance", WITHIN ** 2, 0.88, 0.992],
  ["median", 3, 0.88, 0.999],
])("%s", (estimator, truth, low, high) => {
  const found = covered(estimator, truth);
  expect(found).toBeGreaterThan(low);
  expect(found).toBeLessThan(high);
});
