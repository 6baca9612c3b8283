import { describe, expect, test } from "vitest";
import { Stream } from "../../../runtime/random/index.ts";
import { PointEvaluator } from "../../../runtime/results/evaluate.ts";
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { pointsOf } from "../../../runtime/results/points.ts";
import { add, at, c, div, environment, est, lt, mean, mul, o, one, pow, run, sub, theory, v } from "./build.ts";

const value = (env: ReturnType<typeof environment>, expression: ResultExpression, point = {}) => new PointEvaluator(env, [expression], point).evaluate(expression);
const average = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
const spread = (x: number[]) => Math.sqrt(x.reduce((s, y) => s + (y - average(x)) ** 2, 0) / (x.length - 1));

/** 12 samples × 3 starts × 5 records of numbers with disorder, start and thermal parts. */
const normals = new Stream(["test results", 1]);
const x = (sample: number, start: number, record: number) => normals.normal(0, sample) + 0.5 * normals.normal(1 + sample, start) + normals.normal(100 + 3 * sample + start, record);
const nested = run("R", { samples: 12, starts: 3 }, ({ sample, start }) => ({ records: 5, values: { x: [0, 1, 2, 3, 4].map((r) => x(sample, start, r)) } }));
const bySample = Array.from({ length: 12 }, (_, k) => [0, 1, 2].flatMap((l) => [0, 1, 2, 3, 4].map((r) => x(k, l, r))));
const pooled = bySample.flat();

describe("estimators and their levels", () => {
  const env = environment([nested]);
  const X = o("R", "x");

  test("mean and sd pool everything; variance acts within samples", () => {
    expect(value(env, est("mean", "R", X)).value).toBeCloseTo(average(pooled), 13);
    expect(value(env, est("sd", "R", X)).value).toBeCloseTo(spread(pooled), 13);
    expect(value(env, est("variance", "R", X)).value).toBeCloseTo(average(bySample.map((s) => spread(s) ** 2)), 13);
  });

  test("nested estimators: the inner one within each sample, the outer over samples", () => {
    expect(value(env, est("mean", "R", est("min", "R", X))).value).toBeCloseTo(average(bySample.map((s) => Math.min(...s))), 13);
    expect(value(env, est("mean", "R", pow(est("mean", "R", X), c(2)))).value).toBeCloseTo(average(bySample.map((s) => average(s) ** 2)), 13);
    expect(value(env, est("variance", "R", est("mean", "R", X))).value).toBeCloseTo(spread(bySample.map(average)) ** 2, 13);
    // Records and a nested estimator in one argument: the thermal variance with its n instead of n - 1.
    const fluctuation = est("mean", "R", pow(sub(X, est("mean", "R", X)), c(2)));
    expect(value(env, fluctuation).value).toBeCloseTo(average(bySample.map((s) => spread(s) ** 2)) * (14 / 15), 13);
  });

  test("the jackknife error of a mean, over samples, is the textbook one; also of a nested minimum", () => {
    const found = value(env, est("mean", "R", X));
    expect(found.error).toBeCloseTo(spread(bySample.map(average)) / Math.sqrt(12), 13);
    expect(found.over.map((level) => level.label)).toEqual(["12 samples"]);
    const minima = value(env, est("mean", "R", est("min", "R", X)));
    expect(minima.error).toBeCloseTo(spread(bySample.map((s) => Math.min(...s))) / Math.sqrt(12), 13);
  });

  test("three levels are refused", () => {
    expect(value(env, est("mean", "R", est("mean", "R", est("mean", "R", X)))).reasons.join()).toMatch(/nested more than two deep/);
  });

  test("one sample: errors over starts, labelled; one start: over blocks in time", () => {
    const starts = environment([run("R", { starts: 3 }, ({ start }) => ({ records: 5, values: { x: [0, 1, 2, 3, 4].map((r) => x(0, start, r)) } }))]);
    const overStarts = value(starts, est("mean", "R", X));
    const means = [0, 1, 2].map((l) => average([0, 1, 2, 3, 4].map((r) => x(0, l, r))));
    expect(overStarts.error).toBeCloseTo(spread(means) / Math.sqrt(3), 13);
    expect(overStarts.over[0].label).toBe("3 starts (conditional on the disorder)");
    // The inner estimator of a nested one is then what is resampled.
    const least = value(starts, est("mean", "R", est("min", "R", X)));
    expect(least.value).toBe(Math.min(...bySample[0]));
    expect(least.error).toBeGreaterThan(0);

    const noise = Array.from({ length: 4096 }, (_, r) => normals.normal(500, r));
    const time = environment([run("R", {}, () => ({ records: 4096, values: { x: noise } }))]);
    const overTime = value(time, est("mean", "R", X));
    expect(overTime.over[0].units).toBe("blocks in time");
    expect(overTime.error / (spread(noise) / 64)).toBeGreaterThan(0.8);
    expect(overTime.error / (spread(noise) / 64)).toBeLessThan(1.2);
    expect(value(environment([run("R", {}, () => one({ x: 3 }))]), est("mean", "R", X))).toMatchObject({ value: 3, error: NaN });
  });

  test("equal values everywhere have no error, for all estimators that have a value", () => {
    const flat = environment([run("R", { samples: 7 }, () => ({ records: 3, values: { x: [0.1, 0.1, 0.1] } }))]);
    for (const name of ["mean", "sd", "variance", "median", "min", "max"]) {
      expect([name, value(flat, est(name, "R", X)).error]).toEqual([name, 0]);
    }
    expect(value(flat, est("max", "R", X)).value).toBe(0.1);
  });

  test("a share has the error of (k + 2)/(n + 4), also inside an expression and when it is 0", () => {
    const outcomes = environment([run("R", { samples: 20 }, ({ sample }) => one({ x: sample }))]);
    const share = est("prob", "R", lt(X, c(5)));
    const p = 7 / 24;
    expect(value(outcomes, share)).toMatchObject({ value: 0.25, reasons: [] });
    expect(value(outcomes, share).error).toBeCloseTo(Math.sqrt((p * (1 - p)) / 24), 13);
    expect(value(outcomes, mul(c(2), share)).error).toBeCloseTo(2 * Math.sqrt((p * (1 - p)) / 24), 13);
    const never = est("prob", "R", lt(X, c(-1)));
    expect(value(outcomes, never).error).toBeCloseTo(Math.sqrt(((2 / 24) * (22 / 24)) / 24), 13);
  });
});

test("an integral that reads no records is found once, however many resamples there are", () => {
  let calls = 0;
  const counted: ResultExpression = { kind: "apply", operator: "counted", arguments: [v("u")], value: (u: number) => { calls++; return u; } };
  const integral: ResultExpression = { kind: "integral", variable: "u", from: c(0), to: c(2), body: counted };
  value(environment([]), integral);
  const [once, env] = [calls, environment([nested])];
  expect(value(env, sub(mean("R", "x"), integral)).value).toBeCloseTo(average(pooled) - 2, 12);
  expect(calls).toBe(2 * once);
  // One that reads records is another number in each resample.
  const scaled: ResultExpression = { ...integral, body: mul(counted, mean("R", "x")) };
  expect(value(env, scaled).error).toBeCloseTo(2 * value(env, mean("R", "x")).error, 10);
});

describe("joint resampling", () => {
  const pair = (offset: number, name: string) => run(name, { samples: 30 }, ({ sample }) =>
    one({ x: 10 * normals.normal(900, sample) + 0.1 * normals.normal(901 + offset, sample) }));
  const env = environment([pair(0, "A"), pair(1, "B")]);

  test("what runs share through their samples cancels in a difference", () => {
    const a = value(env, mean("A", "x"));
    const b = value(env, mean("B", "x"));
    const difference = value(env, sub(mean("A", "x"), mean("B", "x")));
    expect(a.error).toBeGreaterThan(1);
    expect(difference.error).toBeLessThan(0.1 * Math.hypot(a.error, b.error));
    const direct = Array.from({ length: 30 }, (_, k) => 0.1 * (normals.normal(901, k) - normals.normal(902, k)));
    expect(difference.error).toBeCloseTo(spread(direct) / Math.sqrt(30), 10);
    // The same from one estimator that reads both runs record by record.
    expect(value(env, est("mean", ["A", "B"], sub(o("A", "x"), o("B", "x")))).error).toBeCloseTo(difference.error, 10);
  });

  test("runs of another seed are independent", () => {
    const other = run("C", { samples: 30, seed: 2 }, ({ sample }) => one({ x: 10 * normals.normal(950, sample) }));
    const both = environment([pair(0, "A"), other]);
    const [a, b] = [value(both, mean("A", "x")), value(both, mean("C", "x"))];
    expect(value(both, sub(mean("A", "x"), mean("C", "x"))).error).toBeCloseTo(Math.hypot(a.error, b.error), 10);
  });

  test("unequal numbers of samples: shared ones cancel, the others do not", () => {
    const more = run("D", { samples: 60 }, ({ sample }) => one({ x: 10 * normals.normal(900, sample) }));
    const both = environment([pair(0, "A"), more]);
    const A = Array.from({ length: 30 }, (_, k) => 10 * normals.normal(900, k));
    const variance = spread(A) ** 2 / 30;
    const found = value(both, sub(mean("A", "x"), mean("D", "x"))).error ** 2;
    // var(mean over 30) - var(mean over 60) for nested sets, to the noise of a variance from 60 samples.
    expect(found / (variance / 2)).toBeGreaterThan(0.6);
    expect(found / (variance / 2)).toBeLessThan(1.6);
  });
});

describe("points", () => {
  const sweep = run("R", { sweep: { N: [25, 50], T: [0.1, 0.2, 0.3] }, samples: 2, parameters: { J: 4 } }, ({ sweep: s, sample }) => one({ e: s["N"] + s["T"] + sample }));
  const other = run("S", { sweep: { T: [0.2, 0.1 + 0.2, 0.4] }, samples: 2 }, ({ sweep: s, sample }) => one({ e: 100 * s["T"] + sample }));
  const env = environment([sweep, other]);

  test("at fixes variables, the others stay free, shared ones are matched", () => {
    expect(pointsOf([mean("R", "e")], env).points).toHaveLength(6);
    expect(pointsOf([at(mean("R", "e"), { N: 25 })], env).points).toEqual([{ T: 0.1 }, { T: 0.2 }, { T: 0.3 }]);
    // 0.1 + 0.2 is 0.3 to a relative 1e-9.
    expect(pointsOf([sub(at(mean("R", "e"), { N: 25 }), mean("S", "e"))], env).points).toEqual([{ T: 0.2 }, { T: 0.3 }]);
    expect(pointsOf([at(mean("R", "e"), { N: 25, T: 0.2 })], env).points).toEqual([{}]);
  });

  test("values are taken at the point, and of bare names", () => {
    expect(value(env, at(mean("R", "e"), { N: 50, T: 0.1 + 0.2 })).value).toBeCloseTo(50.8, 12);
    expect(value(env, div(mean("R", "e"), v("N")), { N: 25, T: 0.2 }).value).toBeCloseTo(25.7 / 25, 12);
    expect(value(env, add(v("J"), mul(c(0), mean("R", "e"))), { N: 25, T: 0.2 }).value).toBe(4);
    const difference = sub(at(mean("R", "e"), { N: 25 }), at(mean("R", "e"), { N: 50 }));
    expect(value(env, difference, { T: 0.1 }).value).toBe(-25);
    const ambiguous = add(v("N"), difference);
    expect(new PointEvaluator(env, [ambiguous], { T: 0.1 }).evaluate(ambiguous).reasons[0]).toMatch(/N has several values/);
  });

  test("a value that is not in the sweep is answered by those that are", () => {
    expect(value(env, at(mean("R", "e"), { N: 30, T: 0.1 })).reasons).toEqual(["N = 30 is not in the sweep of R, which has 25, 50"]);
    expect(value(env, at(mean("S", "e"), { T: 0.4, J: 1 })).reasons).toEqual([]);
    expect(value(env, at(mean("R", "e"), { N: 25, T: 0.1, J: 5 })).reasons[0]).toMatch(/J = 5 is not in the sweep of R, which has J = 4 only/);
  });

  test("a theory gets its call's arguments apart from the point that it is compared with", () => {
    const requests: unknown[] = [];
    const asked = environment([sweep], (request) => {
      requests.push(request);
      return { value: 1, residual: 0, status: "exact", assumptions: [] };
    });
    const claim = sub(at(mean("R", "e"), { N: 50 }), theory("entropy", [c(2)], { alpha: c(0.5) }));
    expect(value(asked, claim, { T: 0.1 }).error).toBeGreaterThan(0);
    expect(requests).toEqual([{ theory: "Theory", quantity: "entropy", arguments: [2], named: { alpha: 0.5 }, context: { N: 50, T: 0.1, J: 4 } }]);
  });
});

describe("root", () => {
  const env = environment([], ({ named }) => ({ value: named["a"] ** 3 - 2, residual: 0, status: "exact", assumptions: [] }));
  const root = (from: number, to: number, body: ResultExpression): ResultExpression => ({ kind: "root", variable: "a", from: c(from), to: c(to), body });
  test("finds a threshold of a theory", () => {
    expect(value(env, root(0, 5, theory("f", [], { a: v("a") }))).value).toBeCloseTo(Math.cbrt(2), 14);
  });
  test("finds two zeros apart from each other only when asked for one, and never a pole", () => {
    const square = sub(mul(v("a"), v("a")), c(1));
    expect(value(env, root(-3, 3.1, square)).reasons[0]).toMatch(/several changes of sign/);
    expect(value(env, root(0, 3, square)).value).toBeCloseTo(1, 14);
    expect(value(env, root(2, 3, square)).reasons[0]).toMatch(/no change of sign between 2 and 3: the function is 3 at one end and 8 at the other/);
    expect(value(env, root(-1, 1.5, div(c(1), v("a")))).reasons[0]).toMatch(/has no zero there/);
  });
  test("carries the error of estimates", () => {
    const data = environment([run("R", { samples: 10 }, ({ sample }) => one({ x: 2 + 0.1 * normals.normal(980, sample) }))]);
    const inverse = value(data, root(0, 10, sub(mul(c(4), v("a")), mean("R", "x"))));
    expect(inverse.error).toBeCloseTo(value(data, mean("R", "x")).error / 4, 10);
  });
});
