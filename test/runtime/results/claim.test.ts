import { describe, expect, test } from "vitest";
import { Stream } from "../../../runtime/random/index.ts";
import { judgeClaim } from "../../../runtime/results/claim.ts";
import { claimLines, formatNumber, formatWithError } from "../../../runtime/results/format.ts";
import { decidingCount, judgeApproximately, judgeComparison, worst } from "../../../runtime/results/verdict.ts";
import type { Comparison } from "../../../runtime/results/verdict.ts";
import { approximately, at, c, compare, environment, est, mean, mul, o, one, run, theory } from "./build.ts";

const normals = new Stream(["test claims", 1]);

describe("the rules", () => {
  test.each([
    // d, s, t
    [0.05, 0.01, 0.1, "holds"], [-0.05, 0.01, 0.1, "holds"], [0.1, 0.05, 0.1, "holds"],
    [0.05, 0.06, 0.1, "undecided"], [0.11, 0.01, 0.1, "undecided"], [0.13, 0.01, 0.1, "undecided"],
    [0.131, 0.01, 0.1, "fails"], [-0.131, 0.01, 0.1, "fails"], [10, 1, 0.1, "fails"],
    [0.1, 0, 0.1, "holds"], [0.1000001, 0, 0.1, "fails"], [0, 0, 0, "holds"],
    [NaN, 0, 0.1, "undecided"], [0, NaN, 0.1, "undecided"], [0, 0, NaN, "undecided"],
  ])("~= with d = %d, s = %d, t = %d: %s", (d, s, t, verdict) => {
    expect(judgeApproximately(d, s, t).verdict).toBe(verdict);
  });

  test.each<[number, Comparison, number, number, string]>([
    [0, "<", 4, 1, "holds"], [4, "<", 0, 1, "fails"], [0, "<", 3, 1, "undecided"], [0, "<=", 4, 1, "holds"],
    [4, ">", 0, 1, "holds"], [0, ">", 4, 1, "fails"], [1, ">=", 0, 1, "undecided"],
    [0, "==", 4, 1, "fails"], [0, "==", 1, 1, "undecided"], [0, "!=", 4, 1, "holds"], [0, "!=", 1, 1, "undecided"],
    [1, "<", 1, 0, "fails"], [1, "<=", 1, 0, "holds"], [1, "==", 1, 0, "holds"], [1, "!=", 1, 0, "fails"],
    [1, "<", 1 + 1e-15, 0, "holds"], [-Infinity, "<", Infinity, 0, "holds"], [NaN, "<", 1, 0, "undecided"],
  ])("%d %s %d with s = %d: %s", (left, operator, right, s, verdict) => {
    expect(judgeComparison(operator, left, right, right - left, s).verdict).toBe(verdict);
  });

  test("the worst verdict, and the number of samples that would decide", () => {
    expect(worst(["holds", "undecided", "holds"])).toBe("undecided");
    expect(worst(["holds", "undecided", "fails"])).toBe("fails");
    expect(worst(["holds"])).toBe("holds");
    const { decidingError } = judgeApproximately(0, 0.1, 0.1);
    const needed = decidingCount(100, 0.1, decidingError)!;
    expect(needed).toBe(401);
    expect(judgeApproximately(0, 0.1 * Math.sqrt(100 / needed), 0.1).verdict).toBe("holds");
    expect(judgeApproximately(0, 0.1 * Math.sqrt(100 / (needed - 2)), 0.1).verdict).toBe("undecided");
    expect(decidingCount(100, 0.1, 0)).toBeUndefined();
  });
});

describe("claims on records", () => {
  const R = run("R", { sweep: { N: [10, 20, 40] }, samples: 50 }, ({ sweep, sample, point }) => one({ e: 1 / sweep["N"] + 0.001 * normals.normal(point, sample), zero: 0 }));
  const answer = (residual: number) => () => ({ value: 0.05, residual, status: "large-N", assumptions: ["N large"] });

  test("a claim holds at every point or not at all", () => {
    const below = judgeClaim(compare(mean("R", "e"), "<", c(0.2)), environment([R]));
    expect(below).toMatchObject({ verdict: "holds", reasons: [] });
    expect(below.points.map((point) => point.at)).toEqual([{ N: 10 }, { N: 20 }, { N: 40 }]);
    const some = judgeClaim(compare(mean("R", "e"), "<", c(0.07)), environment([R]));
    expect(some.verdict).toBe("fails");
    expect(some.points.map((point) => point.verdict)).toEqual(["fails", "holds", "holds"]);
    expect(some.left).toBeCloseTo(0.1, 2);
    expect(judgeClaim(compare(at(mean("R", "e"), { N: 20 }), "<", c(0.07)), environment([R])).verdict).toBe("holds");
    expect(claimLines(some)).toHaveLength(1 + 3 + 1);
  });

  test("estimates without spread are exact", () => {
    expect(judgeClaim(approximately(est("max", "R", o("R", "zero")), c(0), 1e-9), environment([R]))).toMatchObject({ verdict: "holds", error: 0 });
  });

  test("two points of one run are compared", () => {
    const claim = compare(at(mean("R", "e"), { N: 40 }), "<", mul(c(0.6), at(mean("R", "e"), { N: 20 })));
    expect(judgeClaim(claim, environment([R]))).toMatchObject({ verdict: "holds", points: [{ at: {} }] });
  });

  test("chains must hold in all their parts", () => {
    const claim = { ...compare(c(1), "<", c(2)), statement: { kind: "comparisons" as const, comparisons: [
      { operator: "<" as const, left: c(1), right: c(2) }, { operator: "<=" as const, left: c(2), right: c(1.5) }] } };
    expect(judgeClaim(claim, environment([]))).toMatchObject({ verdict: "fails", left: 2, right: 1.5 });
  });

  test("missing tasks leave it undecided, with the reason", () => {
    const some = { ...R, tasks: R.tasks.filter((task) => task.point !== 1 || task.sample < 30) };
    const result = judgeClaim(compare(mean("R", "e"), "<", c(0.2)), environment([some]));
    expect(result.verdict).toBe("undecided");
    expect(result.reasons).toEqual(["20 of 50 tasks of R are missing at N = 20"]);
    expect(result.points.map((point) => point.verdict)).toEqual(["holds", "undecided", "holds"]);
    const none = judgeClaim(compare(mean("R", "e"), "<", c(0.2)), environment([{ ...R, tasks: [] }]));
    expect(none.reasons[0]).toMatch(/no task of R is finished/);
    expect(judgeClaim({ ...compare(c(1), "<", c(2)), undecidable: "R cannot run" }, environment([]))).toMatchObject({ verdict: "undecided", reasons: ["R cannot run"] });
    expect(judgeClaim(compare(mean("Q", "e"), "<", c(2)), environment([R])).reasons).toEqual(["the run Q has no records"]);
  });

  test("theories: residual, status, refusal", () => {
    const claim = approximately(at(mean("R", "e"), { N: 20 }), theory("e"), 0.01);
    const good = judgeClaim(claim, environment([R], answer(1e-9)));
    expect(good.verdict).toBe("holds");
    expect(good.notes).toEqual(["errors over 50 samples"]);
    expect(good.theories).toEqual(["Theory: large-N; N large"]);
    expect(judgeClaim(claim, environment([R], answer(0.02)))).toMatchObject({ verdict: "undecided", reasons: ["Theory.e is only solved to 0.020, which exceeds the tolerance"] });
    expect(judgeClaim(claim, environment([R])).reasons).toEqual(["Theory.e: there is no theory"]);
  });

  test("an undecided claim says how many samples would decide it, and they do", () => {
    const noisy = (samples: number) => run("Q", { samples }, ({ sample }) => one({ x: normals.normal(70, sample) }));
    const claim = approximately(mean("Q", "x"), c(0.1), 0.5);
    const few = judgeClaim(claim, environment([noisy(8)]));
    expect(few.verdict).toBe("undecided");
    expect(few.notes.join()).toMatch(/about \d+ samples would decide it/);
    expect(few.points[0].needed).toBeGreaterThan(8);
    expect(judgeClaim(claim, environment([noisy(100)])).verdict).toBe("holds");
  });

  test("a measurement that drifts is not decided unless it is transient", () => {
    const drifting = (transient: boolean) => run("M", { samples: 10, plan: { transient, steps: [{ kind: "measure", dynamics: "metropolis", arguments: [], amount: 100, unit: "sweeps", every: 1 }] } },
      ({ sample }) => ({ records: 100, values: { x: Array.from({ length: 100 }, (_, r) => r / 25 + normals.normal(200 + sample, r)) } }));
    const claim = approximately(mean("M", "x"), c(1.98), 0.2);
    expect(judgeClaim(claim, environment([drifting(false)])).reasons.join()).toMatch(/not equilibrated/);
    expect(judgeClaim(claim, environment([drifting(true)])).verdict).toBe("holds");
  });
});

describe("text", () => {
  test.each([
    [-1.4652, 0.0048, "-1.4652(48)"], [-1.46518, 0.00478, "-1.4652(48)"], [12.34, 1.5, "12.3(15)"], [123.4, 12, "123(12)"], [1234, 120, "1.23(12)e3"],
    [0.5, 0.0996, "0.50(10)"], [1.2e-7, 1.3e-8, "1.20(13)e-7"], [3, 0, "3"], [1.6329931618554523, 0, "1.632993"], [2, NaN, "2(?)"], [NaN, 0, "undefined"],
    [0, 0.02, "0.000(20)"], [123, 456, "1.2(46)e2"],
  ])("%d ± %d is %s", (value, error, text) => expect(formatWithError(value, error)).toBe(text));

  test("numbers and a claim's line", () => {
    expect([formatNumber(-Infinity), formatNumber(0.1 + 0.2), formatNumber(1e-9)]).toEqual(["-inf", "0.3", "1e-9"]);
    const result = judgeClaim(approximately(c(1.6329932), c(1.632993), 1e-5), environment([]));
    expect(claimLines(result)).toEqual(["holds      claim: 1.632993 ~= 1.632993 +- 0.00001"]);
  });
});
