/** Records of exact sums: weighted moments and quantiles, exact for one sample, with errors over samples for several. */
import { expect, test } from "vitest";
import { PointEvaluator } from "../../../runtime/results/evaluate.ts";
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import type { RunRecords } from "../../../runtime/results/records.ts";
import { c, environment, est, lt, mean, o, run, sub } from "./build.ts";

const weights = [0.5, 0.3, 0.2];
const weighted = (name: string, samples: number): RunRecords => {
  const plain = run(name, { samples }, ({ sample }) => ({ records: 3, values: { x: [1 + sample, 2, 4] } }));
  return { ...plain, tasks: plain.tasks.map((t) => ({ ...t, weights })) };
};
const value = (records: RunRecords[], e: ResultExpression) => new PointEvaluator(environment(records), [e], {}).evaluate(e);
const X = o("R", "x");

test("one sample: the moments of the distribution, without error", () => {
  const one = [weighted("R", 1)];
  const average = 0.5 + 0.6 + 0.8;
  const second = 0.5 + 1.2 + 3.2;
  expect(value(one, est("mean", "R", X))).toMatchObject({ value: average, error: 0, reasons: [] });
  expect(value(one, est("variance", "R", X)).value).toBeCloseTo(second - average ** 2, 14);
  expect(value(one, est("sd", "R", X)).value).toBeCloseTo(Math.sqrt(second - average ** 2), 14);
  expect(value(one, est("prob", "R", lt(X, c(3))))).toMatchObject({ value: 0.8, error: 0 });
  expect(value(one, est("median", "R", X)).value).toBe(1);
  expect(value(one, est("quantile", "R", X, { q: 0.9 })).value).toBe(4);
  expect(value(one, est("max", "R", X)).value).toBe(4);
});

test("the correlation is that of the distribution", () => {
  const plain = run("R", { samples: 1 }, () => ({ records: 3, values: { x: [1, 2, 4], y: [3, 1, 2] } }));
  const found = value([{ ...plain, tasks: plain.tasks.map((t) => ({ ...t, weights })) }], est("correlation", "R", [X, o("R", "y")]));
  const [mx, my] = [1.9, 2.2];
  const [xx, yy, xy] = [0.5 + 1.2 + 3.2 - mx * mx, 4.5 + 0.3 + 0.8 - my * my, 1.5 + 0.6 + 1.6 - mx * my];
  expect(found.value).toBeCloseTo(xy / Math.sqrt(xx * yy), 14);
});

test("several samples: errors are over the samples", () => {
  const found = value([weighted("R", 2)], est("mean", "R", X));
  expect(found.value).toBeCloseTo(1.9 + 0.25, 14);
  expect(found.error).toBeCloseTo(0.25, 14);
});

test("records of different weights cannot be read together", () => {
  const other = run("S", {}, () => ({ records: 3, values: { x: [1, 2, 3] } }));
  const both = est("mean", ["R", "S"], sub(X, o("S", "x")));
  expect(value([weighted("R", 1), other], both).reasons.join()).toContain("different weights");
  expect(value([weighted("R", 1), other], mean("R", "x")).error).toBe(0);
});
