/** Parallel tempering: its exchanges leave the joint law of all temperatures as it is, and a ladder is one task whoever runs it. */
import { describe, expect, test } from "vitest";
import { findDynamics } from "../../runtime/dynamics/index.ts";
import { exchangeProbability } from "../../runtime/engine/exchanges.ts";
import { firstRungs, movedRungs } from "../../runtime/engine/rungs.ts";
import { Stream } from "../../runtime/random/stream.ts";
import { compileText, generate, instantiate } from "./compileModel.ts";
import { average, runText } from "./runText.ts";

const three = `model Three(N = 3) {
  ensemble J[i < j in N] ~ Normal(0, var = 1)
  state    s[i in N] : spin
  energy   H = -(sum(i < j) J[i,j] * s[i] * s[j]) - 0.3 * s[1]
  observable up = s[1]
}`;

describe("the exchange of two temperatures", () => {
  const model = instantiate(generate(three), {});
  model.draw(3, 0);
  const states = Array.from({ length: 8 }, (_, n) => Float64Array.from([0, 1, 2], (k) => (n & (1 << k) ? 1 : -1)));
  const energies = states.map((s) => model.energy(s));
  test.each([[0.4, 1.3], [1, 1.01], [0.7, Infinity]] as const)("leaves the joint Gibbs law of T = %s and %s stationary", (T1, T2) => {
    const weights = energies.flatMap((a) => energies.map((b) => Math.exp(-a / T1 - b / T2)));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const after = new Float64Array(64);
    energies.forEach((a, i) => energies.forEach((b, j) => {
      const p = exchangeProbability([T1, T2], [a, b]);
      const weight = weights[8 * i + j]! / total;
      after[8 * j + i]! += weight * p;
      after[8 * i + j]! += weight * (1 - p);
    }));
    after.forEach((found, k) => { expect(Math.abs(found - weights[k]! / total)).toBeLessThan(1e-12); });
  });
  test("at T = 0 the lower energy is there afterwards", () => {
    expect([exchangeProbability([0, 1], [2, 1]), exchangeProbability([0, 1], [1, 2]), exchangeProbability([0, 1], [1, 1])]).toEqual([1, 0, 1]);
  });
});

test.each(["metropolis", "heat_bath", "kawasaki"])("%s goes on from an exchanged state with its energy and its moves", (name) => {
  const model = instantiate(generate(three), {});
  model.draw(3, 0);
  const options = { arguments: { T: 1 }, amount: 20, stream: new Stream(["exchanged"]) };
  const state = Float64Array.of(1, 1, 1);
  const mover = findDynamics(name).create(model, state, options);
  mover.step();
  state.set([-1, 1, -1]);
  mover.restart!();
  expect(mover.energy()).toBe(model.energy(state));
  for (let k = 0; k < 10; k++) {
    mover.step();
    expect(mover.energy()).toBeCloseTo(model.energy(state), 12);
  }
});

// Fixed seeds; the tolerance is 5 standard errors of the slowest of these.
const quadratic = `model Quadratic(N = 4) {
  state    x[i in N] : real ~ Normal(0, var = 1)
  energy   H = sum(i) x[i]^2 / 2
  observable variance = mean(i) x[i]^2
}`;
test.each(["metropolis(width = 2)", "mala(step = 0.5)", "hmc(step = 0.7, leapfrog = 3)", "underdamped(dt = 0.5)", "langevin(dt = 0.02)"])("%s has at each temperature its variance", async (inner) => {
  const unit = inner.startsWith("metropolis") ? "sweeps" : "steps";
  const { R } = await runText(`${quadratic}\nrun R of Quadratic {\n starts 4\n measure tempering(${inner}, T = [2, 1, 4]) for 4000 ${unit} every 2\n}\n`);
  const found = [0, 1, 2].map((point) => [0, 1, 2, 3].reduce((sum, start) => sum + average(R!, "variance", 4 * point + start), 0) / 4);
  expect(R!.plan.points.map((p) => p.sweep["T"])).toEqual([2, 1, 4]);
  found.forEach((variance, k) => { expect(Math.abs(variance / [2, 1, 4][k]! - 1), `${variance}`).toBeLessThan(0.12); });
  expect(R!.steps[0]!.exchanges!.mean).toBeGreaterThan(0.3);
  expect(R!.steps[0]!.exchanges!.roundTrips).toBeGreaterThan(10);
});

const ladders = `${three}\nrun R of Three {\n sweep N in [3, 4]\n samples 2\n starts 3\n evolve tempering(metropolis, T = [0.5, 1, 2]) for 5 * N sweeps\n measure tempering(metropolis, T = [0.5, 1, 2]) for 10 * N sweeps every 2\n}\n`;
test("any division among chunks gives the same records, and finished temperatures of an unfinished ladder run again", async () => {
  const { R: whole } = await runText(ladders);
  expect(whole!.tasks.length).toBe(2 * 3 * 2 * 3);
  const { R: apart } = await runText(ladders, { workers: 2, startsPerChunk: 1 });
  expect(JSON.stringify(apart!.tasks)).toBe(JSON.stringify(whole!.tasks));
  const { R: resumed } = await runText(ladders, { finished: whole!.tasks.filter((_, k) => k % 5 !== 0) });
  expect(JSON.stringify(resumed!.tasks)).toBe(JSON.stringify(whole!.tasks));
});

test("each temperature is a point of the plan, the last sweep variable", () => {
  const plan = compileText(ladders).runs[0]!;
  expect(plan.points.map(({ sweep }) => [sweep["N"], sweep["T"]])).toEqual([[3, 0.5], [3, 1], [3, 2], [4, 0.5], [4, 1], [4, 2]]);
  expect(plan.steps.map(({ dynamics, amount, arguments: given }) => [dynamics, amount, given.map((a) => a["T"])])).toEqual([
    ["metropolis", [15, 15, 15, 20, 20, 20], [0.5, 1, 2, 0.5, 1, 2]], ["metropolis", [30, 30, 30, 40, 40, 40], [0.5, 1, 2, 0.5, 1, 2]],
  ]);
});

test("a ladder starts from another run, and another run from one of its temperatures, wherever that is written", async () => {
  const first = "run First of Three {\n sweep N in [3, 4]\n evolve tempering(metropolis, T = [0.5, 1, 2]) for 5 sweeps\n}\n";
  const later = "run Later of Three {\n sweep N in [3, 4]\n start from First at (T = 2)\n evolve tempering(metropolis, T = [1, 3]) for 5 sweeps\n}\n";
  for (const runs of [first + later, later + first]) {
    const { diagnostics, runs: plans } = compileText(`${three}\n${runs}`);
    expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(plans.map((p) => p.run)).toEqual(["First", "Later"]);
    expect(plans[1]!.continues!.runs[0]!.points).toEqual([2, 2, 5, 5]);
  }
});

describe("rungs that are added", () => {
  test("begin evenly in log T, and without it in T or 1/T", () => {
    expect(firstRungs([1, 16], 3).map((T) => Number(T.toPrecision(12)))).toEqual([2, 4, 8]);
    expect(firstRungs([1, 2, 16], 2).map((T) => Number(T.toPrecision(12)))).toEqual([4, 8]);
    expect(firstRungs([0, 1], 1)).toEqual([0.5]);
    expect(firstRungs([2, Infinity], 1)).toEqual([4]);
    expect(firstRungs([0, Infinity], 1)).toEqual([1]);
  });
  test("go where exchanges are refused", () => {
    const [T] = movedRungs([1, 16], [1, 4, 16], [0.9, 0.1]);
    expect(T!).toBeCloseTo(4 ** (0.5 / 0.9), 12);
    // The gap that needs it gets it.
    expect(movedRungs([1, 2, 4], [1, 1.5, 2, 4], [0.1, 0.1, 0.8])).toEqual([2 * Math.SQRT2]);
    // A ladder on which all are refused equally often stays.
    movedRungs([1, 8], [1, 2, 4, 8], [0.5, 0.5, 0.5]).forEach((T, k) => { expect(T).toBeCloseTo([2, 4][k]!, 12); });
  });
  // For a quadratic energy in d dimensions the share depends on the ratio of temperatures alone: equal shares are equal ratios. Fixed seed; 2500 exchanges of each pair, 3.5 standard errors.
  test("make all neighbours exchange equally often", async () => {
    const ladder = "tempering(hmc(step = 0.7, leapfrog = 3), T = [1, 3, 60], rungs = 6)";
    const { R } = await runText(`${quadratic.replace("N = 4", "N = 8")}\nrun R of Quadratic {\n evolve ${ladder} for 4000 steps\n measure ${ladder} for 5000 steps every 5\n}\n`);
    const { added, swaps } = R!.tasks[0]!.steps[1]!.rungs!;
    const all = [1, 3, 60, ...added].sort((a, b) => a - b);
    expect(all.indexOf(3)).toBe(2);
    for (const part of [swaps.slice(0, 2), swaps.slice(2)]) expect(Math.max(...part) - Math.min(...part), swaps.join()).toBeLessThan(0.07);
    expect(added[1]! / 3).toBeCloseTo(20 ** (1 / 3), 0);
    expect(R!.steps[1]!.rungs!.map(([low]) => low)).toEqual(added);
    expect(R!.tasks.map((t) => t.point)).toEqual([0, 1, 2]);
    [1, 3, 60].forEach((T, k) => { expect(Math.abs(average(R!, "variance", k) / T - 1)).toBeLessThan(0.1); });
  });
  test("any division among chunks gives the same records", async () => {
    const text = ladders.replaceAll("T = [0.5, 1, 2]", "T = [0.5, 1, 2], rungs = 5").replace("5 * N", "25 * N");
    const { R: whole } = await runText(text);
    const { R: apart } = await runText(text, { workers: 2, startsPerChunk: 1 });
    expect(JSON.stringify(apart!.tasks)).toBe(JSON.stringify(whole!.tasks));
  });
});

// The exact law beside a held copy of ones is that in a field. Fixed seeds; 4 standard errors.
test.each(["", ", rungs = 4"])("a copy that is held is the same at all temperatures%s", async (rungs) => {
  const model = three.replace("N = 3", "N = 3, h = 0.0").replace("0.3 * s[1]", "0.3 * s[1] - h * (sum(i) s[i])");
  const ladder = `tempering(metropolis, T = [0.5, 1, 2]${rungs})`;
  const { Exact, R } = await runText(`${model.replace("up = s[1]", "up = s[1]\n observable q = overlap(s, s@ref)")}
run Exact of Three(h = 0.4) { sweep T in [0.5, 1, 2]  record up  measure enumerate(T) }
run R of Three { start s@ref = 1  hold ref  bias -0.4 * N * overlap(s, s@ref)  evolve ${ladder} for 100 sweeps  measure ${ladder} for 4000 sweeps every 2 }
run Drawn of Three { hold ref  bias -0.4 * N * overlap(s, s@ref)  measure tempering(metropolis, T = [0.5, 1]) for 10 sweeps every 1 }`);
  [0, 1, 2].forEach((point) => { expect(Math.abs(average(R!, "up", point) - average(Exact!, "up", point))).toBeLessThan(0.09); });
  expect(R!.states[0]!.copies!["ref"]).toEqual(R!.states[2]!.copies!["ref"]);
});
