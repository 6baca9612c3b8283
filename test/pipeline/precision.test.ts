/** `measure … until error(x) < y`: a task ends by its own records, and estimators count all tasks the same. Fixed seeds. */
import { expect, test } from "vitest";
import { blockedError } from "../../runtime/estimators/binning.ts";
import { precisionTest } from "../../runtime/engine/precisionTest.ts";
import { Stream } from "../../runtime/random/stream.ts";
import { PointEvaluator } from "../../runtime/results/evaluate.ts";
import { environment, est, o } from "../runtime/results/build.ts";
import { compileText } from "./compileModel.ts";
import { runText } from "./runText.ts";

const model = `model SK(N = 8) {
  ensemble J[i < j in N] ~ Normal(0, var = 1)
  state    s[i in N] : spin
  energy   H = -(sum(i < j) J[i,j] * s[i] * s[j]) / sqrt(N)
  observable e = H / N
  observable m = mean(s)
}`;
const spec = (steps: string): string => `${model}\nrun R of SK {\n samples 3\n starts 2\n ${steps}\n}\n`;
const precise = "measure heat_bath(T = 0.6) every 2 until error(e) < 0.006 and error(m^2) < 0.02";

test("tasks end at looks, each as soon as its own errors are small", async () => {
  const { R } = await runText(spec(precise));
  const lengths = new Set<number>();
  for (const { values, records, steps } of R!.tasks) {
    lengths.add(records);
    expect(Number.isInteger(Math.log2(records / 64))).toBe(true);
    expect(steps[0]).toMatchObject({ done: 2 * records, capped: false });
    const errors = (n: number): boolean => {
      const e = blockedError(Float64Array.from(values["e"]!.slice(0, n)));
      const m2 = blockedError(Float64Array.from(values["m"]!.slice(0, n), (m) => m * m));
      return [e, m2].every((one) => one.plateau && one.blocks >= 32) && e.error < 0.006 && m2.error < 0.02;
    };
    for (let n = 64; n <= records; n *= 2) expect(errors(n)).toBe(n === records);
  }
  expect(lengths.size).toBeGreaterThan(1);
  const { R: apart } = await runText(spec(precise), { workers: 2, startsPerChunk: 1 });
  expect(JSON.stringify(apart!.tasks)).toBe(JSON.stringify(R!.tasks));

  // Each start counts the same, however long it took.
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const found = new PointEvaluator(environment([R!]), [est("mean", "R", o("R", "e"))], {}).evaluate(est("mean", "R", o("R", "e")));
  expect(found.value).toBeCloseTo(mean(R!.tasks.map((t) => mean(t.values["e"]!))), 12);
  const nested = est("variance", "R", est("mean", "R", o("R", "e")));
  const perSample = [0, 1, 2].map((k) => mean(R!.tasks.filter((t) => t.sample === k).map((t) => mean(t.values["e"]!))));
  expect(new PointEvaluator(environment([R!]), [nested], {}).evaluate(nested).value).toBeCloseTo(perSample.reduce((s, x) => s + (x - mean(perSample)) ** 2, 0) / 2, 12);
});

test("the amount is the cap; without one it is a million", async () => {
  const { R } = await runText(spec("measure heat_bath(T = 0.6) for 100 sweeps every 1 until error(e) < 1e-9"));
  for (const { steps, records } of R!.tasks) expect([steps[0]!.done, steps[0]!.capped, records]).toEqual([100, true, 100]);
  expect(compileText(spec(precise)).runs[0]!.steps[0]).toMatchObject({ amount: 1e6, unit: "sweeps", every: 2 });
});

test("what it reads is recorded", () => {
  const { runs, diagnostics } = compileText(spec(`record e\n ${precise}`));
  expect(diagnostics).toEqual([]);
  expect(runs[0]!.record).toEqual(["H", "e", "m"]);
});

test("a ladder of temperatures goes on until the precision is reached at all of them", async () => {
  const { R } = await runText(spec("measure tempering(heat_bath, T = [0.4, 0.8, 2]) for 20000 sweeps every 1 until error(e) < 0.01"));
  for (const start of R!.tasks.filter((t) => t.point === 0)) {
    const ladder = R!.tasks.filter((t) => t.sample === start.sample && t.start === start.start);
    const error = (n: number): number => Math.max(...ladder.map((t) => blockedError(Float64Array.from(t.values["e"]!.slice(0, n))).error));
    expect(new Set(ladder.map((t) => t.records)).size).toBe(1);
    expect(error(start.records)).toBeLessThan(0.01);
    expect(ladder.every((t) => !t.steps[0]!.capped)).toBe(true);
  }
});

test("a ladder ends as soon as a condition holds at one of its temperatures", async () => {
  const { R } = await runText(spec("evolve tempering(metropolis, T = [0.1, 0.5, 2]) for 5000 sweeps until e < -0.4"));
  const tries = R!.tasks.filter((t) => t.point === 0).map((first) => R!.tasks.filter((t) => t.sample === first.sample && t.start === first.start));
  for (const ladder of tries) {
    expect(new Set(ladder.map((t) => t.steps[0]!.done)).size).toBe(1);
    const reached = ladder[0]!.steps[0]!.done < 5000;
    expect(ladder.some((t) => t.values["e"]![0]! < -0.4)).toBe(reached);
    expect(ladder.every((t) => t.steps[0]!.capped !== reached)).toBe(true);
  }
  expect(tries.some((ladder) => ladder[0]!.steps[0]!.done < 5000)).toBe(true);
});

// The interval at the end of 400 series: between 92% and 98%, 3 standard deviations of what 95% gives, where looks did not bias it.
test("stopping by precision leaves the coverage of the interval", () => {
  let covered = 0;
  for (let series = 0; series < 400; series++) {
    const stream = new Stream(["stopped", series]);
    const values: number[] = [];
    const holds = precisionTest({ kind: "error", of: [{ source: "x", observables: [{ name: "x", observable: "x", places: [] }] }], below: [0.06] }, { count: () => values.length, entriesOf: () => values }, 0, {});
    let x = stream.normal(1, 0);
    for (let k = 0; ; k++) {
      values.push((x = 0.7 * x + Math.sqrt(1 - 0.49) * stream.normal(0, k)));
      if (holds()) break;
    }
    const { error } = blockedError(Float64Array.from(values));
    if (Math.abs(values.reduce((a, b) => a + b, 0) / values.length) < 1.97 * error) covered++;
  }
  expect(covered / 400).toBeGreaterThan(0.92);
  expect(covered / 400).toBeLessThan(0.98);
});
