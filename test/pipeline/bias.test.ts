/**
 * What a run changes of its model: starts, a bias on the energy of the copies, copies that are held. Exact sums against sums over all states
 * that are written out here; dynamics against exact sums, with 5 standard errors over blocks of time, a false alarm in 2 of a million.
 */
import { describe, expect, test } from "vitest";
import type { RunOutcome } from "../../runtime/engine/index.ts";
import { compileText } from "./compileModel.ts";
import { average, runText } from "./runText.ts";

/** Σ over all pairs of states of N spins of weight × f, over Σ weight. */
function pairAverage(N: number, energy: (s: readonly number[], t: readonly number[]) => number, T: number, f: (s: readonly number[], t: readonly number[]) => number): number {
  const states = Array.from({ length: 2 ** N }, (_, n) => Array.from({ length: N }, (_, i) => ((n >> i) & 1 ? 1 : -1)));
  let [sum, total] = [0, 0];
  for (const s of states) for (const t of states) {
    const weight = Math.exp(-energy(s, t) / T);
    total += weight;
    sum += weight * f(s, t);
  }
  return sum / total;
}
const chainEnergy = (s: readonly number[]): number => s.slice(1).reduce((sum, x, i) => sum - x * s[i]!, 0) - 0.3 * s[0]!;
const overlap = (s: readonly number[], t: readonly number[]): number => s.reduce((sum, x, i) => sum + x * t[i]!, 0) / s.length;

const chain = `model Chain(N = 6) {
  state s[i in N] : spin
  energy H = -(sum(i in N - 1) s[i]*s[i+1]) - 0.3 * s[1]
  let pattern[i in N] = if i <= 3 then 1 else -1
  observable m = mean(s)
  observable q = overlap(s@1, s@2)
  observable r = overlap(s, s@ref)
  observable ref = overlap(s@ref, pattern)
  observable third = overlap(s, s@3)
}
`;

/** Mean of a record, with its standard error over 40 blocks. */
function blocked({ tasks }: RunOutcome, name: string): { readonly mean: number; readonly error: number } {
  const values = tasks[0]!.values[name]!;
  const length = Math.floor(values.length / 40);
  const blocks = Array.from({ length: 40 }, (_, b) => values.slice(length * b, length * (b + 1)).reduce((sum, v) => sum + v, 0) / length);
  const mean = blocks.reduce((a, b) => a + b, 0) / 40;
  return { mean, error: Math.sqrt(blocks.reduce((sum, b) => sum + (b - mean) ** 2, 0) / 39 / 40) };
}

describe("derivatives in a run with a bias", () => {
  test.each([["free", "", 0], ["on a sphere", "constraint sum(i) w[i]^2 == N", 1]])("the gradient of the energy is that by copy 1: %s", async (_, constraint, onSphere) => {
    const { R } = await runText(`model Quartic(N = 4) {
      ensemble J[i in N] ~ Normal(0, var = 1)
      state w[i in N] : real ~ Normal(0, var = 1)
      ${constraint}
      energy H = sum(i) (w[i]^4 / 4 + J[i] * w[i])
      observable g[i] = grad(H)[i]
      observable n = norm(grad(H))
      observable x[i] = w[i]
      observable j[i] = J[i]
    }
    run R of Quartic { bias 0.7 * N * overlap(w, w@2)  evolve descent() for 3 steps  record g, n, x, j }`);
    const { g, n, x, j } = R!.tasks[0]!.values;
    const energy = (w: readonly number[]): number => w.reduce((sum, v, i) => sum + v ** 4 / 4 + j![i]! * v, 0);
    const step = 1e-5;
    const euclidean = x!.map((_, i) => (energy(x!.map((v, k) => v + (k === i ? step : 0))) - energy(x!.map((v, k) => v - (k === i ? step : 0)))) / (2 * step));
    const radial = (onSphere * euclidean.reduce((sum, v, i) => sum + v * x![i]!, 0)) / x!.reduce((sum, v) => sum + v * v, 0);
    const expected = euclidean.map((v, i) => v - radial * x![i]!);
    expect(g).toHaveLength(4);
    expected.forEach((v, i) => expect(g![i]).toBeCloseTo(v, 7));
    expect(n![0]).toBeCloseTo(Math.hypot(...expected), 7);
  });
});

describe("Hessians in a run with a bias", () => {
  const model = (constraint: string): string => `model Quartic(N = 5) {
      ensemble J[i in N] ~ Normal(0, var = 1)
      state w[i in N] : real ~ Normal(0, var = 1)
      ${constraint}
      energy H = (sum(i) w[i]^4) / 4 + (sum(i) J[i] * w[i]) + prod(i) w[i]
      observable spectrum = eigenvalues(hessian(H))
      observable traced = trace(hessian(H))
      observable estimated = trace(hessian(H), probes = 3)
      observable determinant = det(hessian(H))
      observable bent = laplacian(H)
      observable other = eigenvalues(hessian(H@2))
      observable x = w
    }`;
  const moves = "evolve descent(rate = 1e-300) for 1 steps";
  // The same starting states with and without the bias: what derivatives of the energy are by copy 1 has nothing to do with it.
  test.each([
    ["free", ""], ["on a sphere", "constraint sum(i) w[i]^2 == N"], ["on an ellipsoid and a plane", "constraint sum(i) i * w[i]^2 == N\n      constraint sum(i) w[i] == 0.5"],
  ])("are those of copy 1: %s", async (_, constraint) => {
    const { Biased, Plain } = await runText(`${model(constraint)}
      run Begin of Quartic { ${moves} }
      run Biased of Quartic { start from Begin  start w@2 = cos(i)  bias 0.7 * N * overlap(w, w@2)  ${moves} }
      run Plain of Quartic { start from Begin  start w@2 = cos(i)  ${moves} }`);
    const [biased, plain] = [Biased!.tasks[0]!.values, Plain!.tasks[0]!.values];
    expect(biased["x"]).toEqual(plain["x"]);
    for (const name of ["spectrum", "traced", "determinant", "bent", "other"]) {
      expect(biased[name]!.length).toBeGreaterThan(0);
      biased[name]!.forEach((v, i) => expect(v, name).toBeCloseTo(plain[name]![i]!, 9));
    }
    expect(biased["spectrum"]!.reduce((a, b) => a + b)).toBeCloseTo(biased["traced"]![0]!, 9);
    expect(biased["bent"]![0]).toBeCloseTo(biased["traced"]![0]!, 9);
    expect(Math.abs(biased["estimated"]![0]! - biased["traced"]![0]!)).toBeLessThan(60);
  });
});

describe("a bias on two copies", () => {
  const exact = (f: Parameters<typeof pairAverage>[3]): number => pairAverage(6, (s, t) => chainEnergy(s) + chainEnergy(t) - 0.7 * 6 * overlap(s, t) ** 2, 0.9, f);

  test("enumerate: the weight holds it and the recorded energy does not", async () => {
    const { R } = await runText(`${chain} run R of Chain { sweep y in [0, 0.7]  bias -y * N * overlap(s, s@2)^2  measure enumerate(T = 0.9)  record q, m }`);
    expect(average(R!, "q", 1)).toBeCloseTo(exact(overlap), 12);
    expect(average(R!, "H", 1)).toBeCloseTo(exact((s) => chainEnergy(s)), 12);
    expect(average(R!, "q", 0)).toBeCloseTo(pairAverage(6, (s, t) => chainEnergy(s) + chainEnergy(t), 0.9, overlap), 12);
  });

  test.each(["metropolis(T = 0.9)", "heat_bath(T = 0.9)"])("%s samples that weight", async (dynamics) => {
    const { R } = await runText(`${chain} run R of Chain { bias -0.7 * N * q^2  evolve ${dynamics} for 100 sweeps  measure ${dynamics} for 24000 sweeps every 3  record q }`);
    for (const [name, value] of [["q", exact(overlap)], ["H", exact((s) => chainEnergy(s))]] as const) {
      const { mean, error } = blocked(R!, name);
      expect(Math.abs(mean - value)).toBeLessThan(5 * error);
      expect(error).toBeLessThan(0.2);
    }
  });

  test("a third copy that the bias doesn't name moves along, and by its own energy only", async () => {
    const { R } = await runText(`${chain} run R of Chain { bias -0.7 * N * q^2  measure enumerate(T = 0.9)  record third }`.replaceAll("N = 6", "N = 4"));
    const free = (s: readonly number[]): number => pairAverage(4, (a, b) => chainEnergy(a) + chainEnergy(b), 0.9, (a) => overlap(a, s));
    const exactThird = pairAverage(4, (s, t) => chainEnergy(s) + chainEnergy(t) - 0.7 * 4 * overlap(s, t) ** 2, 0.9, (s) => free(s));
    expect(average(R!, "third")).toBeCloseTo(exactThird, 12);
  });
});

describe("continuous copies", () => {
  const pair = `model Pair(N = 3) {
    state w[i in N] : real ~ Normal(0, var = 1)
    energy H = (sum(i) w[i]^2) / 2
    observable a = mean(i) w[i]^2
    observable b = mean(i) w[i] * w@2[i]
  }
  `;
  // Precision matrix ((1 + y, -y), (-y, 1 + y)): variance (1 + y)/(1 + 2y), covariance y/(1 + 2y).
  test.each(["mala(T = 1)", "hmc(T = 1)"])("%s: a spring between two Gaussian copies", async (dynamics) => {
    const { R } = await runText(`${pair} run R of Pair { bias 2 * (sum(i) (w[i] - w@2[i])^2) / 2  evolve ${dynamics} for 300 steps  measure ${dynamics} for 12000 steps every 3 }`);
    for (const [name, value] of [["a", 3 / 5], ["b", 2 / 5]] as const) {
      const { mean, error } = blocked(R!, name);
      expect(Math.abs(mean - value)).toBeLessThan(5 * error);
      expect(error).toBeLessThan(0.05);
    }
  });

  test("descent moves both copies down their common energy, each on its own sphere", async () => {
    const { R } = await runText(`model Ball(N = 5) {
        ensemble h[i in N] ~ Normal(0, var = 1)
        state w[i in N] : real
        constraint sum(i) w[i]^2 == N
        energy H = -sum(i) h[i] * w[i]
        observable q = overlap(w, w@2)
        observable norms = sum(i) (w[i]^2 + w@2[i]^2)
      }
      run R of Ball { bias 100 * N * q  evolve descent() for 2000 steps until gradient < 1e-8 }`);
    expect(average(R!, "q")).toBeLessThan(-0.99);
    expect(average(R!, "norms")).toBeCloseTo(10, 9);
    expect(R!.steps[0]!.capped).toBe(0);
  });
});

describe("starts and copies that are held", () => {
  test("a copy starts from values and stays; the other one feels it", async () => {
    const ref = [1, 1, 1, -1, -1, -1];
    const { X, M } = await runText(`${chain}
      run X of Chain { start s@ref = pattern  hold ref  bias -0.4 * N * overlap(s, s@ref)  measure enumerate(T = 0.9)  record r, ref }
      run M of Chain { start s@ref = pattern  hold ref  bias -0.4 * N * r  evolve metropolis(T = 0.9) for 100 sweeps  measure metropolis(T = 0.9) for 12000 sweeps every 2  record r, ref }`);
    const exact = pairAverage(6, (s, t) => (overlap(t, ref) === 1 ? chainEnergy(s) - 0.4 * 6 * overlap(s, ref) : Infinity), 0.9, (s) => overlap(s, ref));
    expect(average(X!, "r")).toBeCloseTo(exact, 12);
    expect(average(X!, "ref")).toBeCloseTo(1, 12);
    expect(new Set(M!.tasks[0]!.values["ref"])).toEqual(new Set([1]));
    const { mean, error } = blocked(M!, "r");
    expect(Math.abs(mean - exact)).toBeLessThan(5 * error);
  });

  test("belief propagation knows the overlap with it, and with a copy of its own kind, by the marginals", async () => {
    const { X, B } = await runText(`${chain}
      run X of Chain { start s@ref = pattern  hold ref  bias -0.4 * N * overlap(s, s@ref)  measure enumerate(T = 0.9)  record r, m }
      run B of Chain { start s@ref = pattern  hold ref  bias -0.4 * N * overlap(s, s@ref)  evolve belief_propagation(T = 0.9) for 100 sweeps  record r, m, entropy }`);
    for (const name of ["r", "m"]) expect(average(B!, name)).toBeCloseTo(average(X!, name), 8);
    expect(B!.tasks[0]!.values["entropy"]).toHaveLength(1);
    const { Sum, Free } = await runText(`${chain}
      run Sum of Chain { measure enumerate(T = 0.9)  record q }
      run Free of Chain { evolve belief_propagation(T = 0.9) for 100 sweeps  record q }`);
    expect(average(Free!, "q")).toBeCloseTo(average(Sum!, "q"), 8);
  });

  test("without a bias a held copy is only compared with", async () => {
    const { R } = await runText(`${chain} run R of Chain { start s@ref = pattern  hold ref  measure heat_bath(T = 0.9) for 20 sweeps every 1  record r, ref }`);
    expect(new Set(R!.tasks[0]!.values["ref"])).toEqual(new Set([1]));
    const { Free } = await runText(`${chain} run Free of Chain { measure heat_bath(T = 0.9) for 20 sweeps every 1  record ref }`);
    expect(new Set(Free!.tasks[0]!.values["ref"]).size).toBeGreaterThan(3);
  });

  test("values, draws and flips: for all copies or for one", async () => {
    const { Values, Flips, Draws } = await runText(`model Start(N = 200, p = 0.1) {
        ensemble xi[mu in 2, i in N] ~ Sign
        state s[i in N] : spin
        state w[i in N] : real ~ Normal(7, var = 1)
        energy H = sum(i) (w[i]^2 + s[i])
        observable a = overlap(s, xi[1,:])
        observable b = overlap(s@2, xi[1,:])
        observable c = overlap(s@2, xi[2,:])
        observable q = overlap(s@1, s@2)
        observable mean1 = mean(w)
        observable mean2 = mean(i) w@2[i]
      }
      run Values of Start { start s = xi[1,i]  start s@2 = xi[2,:]  start w = 3 }
      run Flips of Start { samples 2  starts 3  sweep f in [0.05, 0.25]  start s = flip(xi[1,:], f) }
      run Draws of Start { starts 4  start w@2 ~ Normal(-5, var = 0.01) }`);
    expect(["a", "c", "mean1", "mean2"].map((name) => average(Values!, name))).toEqual([1, 1, 3, 3]);
    for (const { point, values } of Flips!.tasks) for (const name of ["a", "b"]) expect(values[name]![0]).toBeCloseTo([0.9, 0.5][point]!, 12);
    // Each copy, start and sample is flipped in places of its own.
    const overlaps = Flips!.tasks.filter((t) => t.point === 1).map((t) => t.values["q"]![0]!);
    expect(new Set(overlaps).size).toBeGreaterThan(2);
    expect(Math.abs(overlaps.reduce((a, b) => a + b, 0) / 6 - 0.25)).toBeLessThan(0.1);
    for (const { values } of Draws!.tasks) {
      expect(Math.abs(values["mean1"]![0]! - 7)).toBeLessThan(0.4);
      expect(Math.abs(values["mean2"]![0]! + 5)).toBeLessThan(0.04);
    }
  });

  test("a model's own state may start as an array, or flipped", () => {
    expect(compileText("model M(N = 8) { ensemble x[m in 2, i in N] ~ Sign  state s[i in N] : spin = flip(x[1,:], 0.25)  state t[i in N] : spin = x[2,:]  energy E = sum(s) + sum(t) }").models[0]!.program).toBeDefined();
  });
});
