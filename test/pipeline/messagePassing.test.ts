/** Message passing: exact on trees and chains, marginals, free energies and entropies against sums over all states; dense factors against each other. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { findDynamics } from "../../runtime/dynamics/index.ts";
import type { Mover } from "../../runtime/dynamics/dynamics.ts";
import { productField } from "../../runtime/dynamics/focusingBeliefPropagation.ts";
import { createRecorder } from "../../runtime/engine/recorder.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { domainValues } from "../../runtime/moves/domainMoves.ts";
import { eigenvalues } from "../../runtime/linear/eigenvalues.ts";
import { solve } from "../../runtime/linear/solve.ts";
import { Stream } from "../../runtime/random/index.ts";
import { compileText } from "./compileModel.ts";

function instance(text: string, parameters: Readonly<Record<string, number>> = {}): RunnableModel {
  const compilation = compileText(text);
  const generated = generateModel(compilation.models[0]!.program!, { factorGraph: true });
  if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("\n"));
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel(parameters) as RunnableModel;
  model.draw(3, 0);
  return model;
}

/** ⟨observables⟩, −T log Z and entropy by the sum over all states; at T = 0 over those of energy 0. */
function exact(model: RunnableModel, T: number): { readonly free_energy: number; readonly entropy: number; readonly observables: Readonly<Record<string, Float64Array>> } {
  let states = [new Float64Array(0)];
  for (const { domain, length } of model.state) for (let i = 0; i < length; i++) states = domainValues(domain!)!.flatMap((v) => states.map((s) => Float64Array.from([...s, v])));
  const weights = states.map((s) => (T === 0 ? (model.referenceEnergy(s) === 0 ? 1 : 0) : Math.exp(-model.referenceEnergy(s) / T)));
  const Z = weights.reduce((a, b) => a + b, 0);
  const U = states.reduce((sum, s, k) => sum + (weights[k]! * model.referenceEnergy(s)) / Z, 0);
  const observables = Object.fromEntries(model.observables.map(({ name, evaluate, shape }) => {
    const mean = new Float64Array(shape.reduce((a, b) => a * b, 1));
    states.forEach((s, k) => evaluate(s).forEach((v, e) => { mean[e]! += (weights[k]! / Z) * v; }));
    return [name, mean];
  }));
  return { free_energy: T === 0 ? 0 : -T * Math.log(Z), entropy: Math.log(Z) + (T === 0 ? 0 : U / T), observables };
}

function converge(model: RunnableModel, dynamics: string, given: Readonly<Record<string, number>>, steps = 400): { readonly mover: Mover; readonly state: Float64Array } {
  const state = model.randomState(1, 0);
  const mover = findDynamics(dynamics).create(model, state, { arguments: { damping: 0, tolerance: 1e-13, ...given }, amount: steps, stream: new Stream(["test", dynamics]) });
  for (let k = 0; k < steps && mover.step(); k++);
  return { mover, state };
}

const trees: Readonly<Record<string, readonly [text: string, T: readonly number[]]>> = {
  "a chain of spins with fields, a constant, the pair written twice": [`model Chain(N = 8) {
    ensemble J[i in N] ~ Normal(0, var = 1)
    ensemble h[i in N] ~ Normal(0, var = 1)
    state s[i in N] : spin
    energy H = -(sum(i in N - 1) J[i] * s[i] * s[i+1]) - (sum(i in N - 1) 0.3 * s[i+1] * s[i]) - (sum(i) h[i] * s[i]) + 3
    observable m = mean(s)
    observable each[i] = 2 * s[i] + 1
    observable up = count(i) (s[i] == 1)
  }`, [0.5, 2, Infinity]],
  "a tree with three-body factors": [`model Tree(N = 9) {
    ensemble h[i in N] ~ Normal(0, var = 1)
    state s[i in N] : spin
    energy H = -(s[1] * s[2] * s[3] + s[3] * s[4] * s[5] - s[2] * s[6] * s[7] + s[1] * s[8] * s[9]) - (sum(i) h[i] * s[i])
    observable each[i] = s[i]
  }`, [0.7, 1.5]],
  "colours on a chain": [`model Potts(N = 6, q = 3) {
    ensemble h[i in N, a in q] ~ Normal(0, var = 1)
    state c[i in N] : potts(q)
    energy H = count(i in N - 1) (c[i] == c[i+1]) + (sum(i) h[i, c[i]])
    observable first = mean(i) (c[i] == 1)
  }`, [0.4, 1]],
  "bits": [`model Bits(N = 7) {
    ensemble h[i in N] ~ Normal(0, var = 1)
    state b[i in N] : bit
    energy H = (sum(i in N - 1) b[i] * b[i+1]) - (sum(i) h[i] * b[i])
    observable filled = sum(b)
  }`, [0.6]],
  "clauses on a tree, T = 0": [`model Sat(N = 7) {
    ensemble J[a in 3, l in 3] ~ Sign
    state s[i in N] : spin
    let     first = (1 + J[1,1] * s[1]) * (1 + J[1,2] * s[2]) * (1 + J[1,3] * s[3])
    let     second = (1 + J[2,1] * s[3]) * (1 + J[2,2] * s[4]) * (1 + J[2,3] * s[5])
    let     third = (1 + J[3,1] * s[5]) * (1 + J[3,2] * s[6]) * (1 + J[3,3] * s[7])
    energy H = first / 8 + second / 8 + third / 8
    observable each[i] = s[i]
  }`, [0, 0.5]],
  "a star: one sum over few variables": [`model Star(N = 6) {
    ensemble x[i in N] ~ Sign
    ensemble h[i in N] ~ Normal(0, var = 1)
    state s[i in N] : spin
    energy H = ((sum(i) x[i] * s[i]) / 2 - 0.3)^2 - (sum(i) h[i] * s[i])
    observable each[i] = s[i]
  }`, [0.8]],
};

describe.each(Object.entries(trees))("%s", (_, [text, temperatures]) => {
  test.each(temperatures)("belief propagation is exact at T = %d", (T) => {
    const model = instance(text);
    const { mover, state } = converge(model, "belief_propagation", { T });
    expect(mover.converged!()).toBe(true);
    const names = model.observables.map((o) => o.name).slice(1);
    const recorder = createRecorder(model, names, () => new Stream(["test", "recorder"]), false, ["free_energy", "entropy"]);
    recorder.record(state, mover);
    const expected = exact(model, T);
    for (const name of names) recorder.values[name]!.forEach((v, e) => expect(v, `${name} ${e}`).toBeCloseTo(expected.observables[name]![e]!, 9));
    if (T < Infinity) expect(recorder.values["free_energy"]![0]).toBeCloseTo(expected.free_energy, 8);
    expect(recorder.values["entropy"]![0]).toBeCloseTo(expected.entropy, 8);
  });
});

describe("on the edges of random graphs", () => {
  const glass = `model G(N = 11, c = 1.3) {
    ensemble G ~ ErdosRenyi(N, degree = c)
    ensemble J[(i, j) in G] ~ Normal(0, var = 1)
    ensemble h[i in N] ~ Normal(0, var = 1)
    state s[i in N] : spin
    energy H = -(sum((i, j) in G) J[i,j] * s[i] * s[j]) - (sum(i) h[i] * s[i])
    observable each[i] = s[i]
    observable edges = count((i, j) in G) (1 == 1)
    observable bonds = sum((i, j) in G) s[i] * s[j]
  }`;
  /** Edges of a sample, and whether there are no cycles: then states with all bonds 1 are 2 to the number of trees. */
  const isForest = (model: RunnableModel): boolean => {
    const at = (name: string, s: Float64Array): number => model.observables.find((o) => o.name === name)!.evaluate(s)[0]!;
    const states = Array.from({ length: 2 ** 11 }, (_, n) => Float64Array.from({ length: 11 }, (_, k) => (n & (1 << k) ? 1 : -1)));
    const edges = at("edges", states[0]!);
    const aligned = states.filter((s) => at("bonds", s) === edges).length;
    return edges >= 7 && Math.log2(aligned) === 11 - edges;
  };
  test("forests: marginals and free energy are exact", () => {
    const model = instance(glass);
    let forests = 0;
    for (let sample = 0; sample < 40 && forests < 3; sample++) {
      model.draw(3, sample);
      if (!isForest(model)) continue;
      forests++;
      const { mover } = converge(model, "belief_propagation", { T: 0.7 });
      const expected = exact(model, 0.7);
      expect(mover.converged!()).toBe(true);
      mover.marginals!().means.forEach((m, i) => { expect(m).toBeCloseTo(expected.observables["each"]![i]!, 10); });
      expect(mover.quantities!()["free_energy"]).toBeCloseTo(expected.free_energy, 9);
      expect(mover.quantities!()["entropy"]).toBeCloseTo(expected.entropy, 9);
    }
    expect(forests).toBe(3);
  });
  test.each([[1.2, 0.1], [3, 0], [0.9, 0]])("a ferromagnet on a regular graph at T = %d in a field %d is the Bethe lattice", (T, field) => {
    const model = instance(`model F(N = 200, h = 0.1) {
      ensemble G ~ RandomRegular(N, degree = 3)
      state s[i in N] : spin
      energy H = -(sum((i, j) in G) s[i] * s[j]) - h * (sum(i) s[i])
    }`, { h: field });
    const state = new Float64Array(200).fill(1);
    const mover = findDynamics("belief_propagation").create(model, state, { arguments: { T, damping: 0, tolerance: 1e-13 }, amount: 3000, stream: new Stream(["test", "ferromagnet"]) });
    for (let k = 0; k < 3000 && mover.step(); k++);
    // The cavity field of two neighbours; the free energy of a site with three less that of its one and a half edges.
    const [beta, t] = [1 / T, Math.tanh(1 / T)];
    let u = 1;
    for (let k = 0; k < 20_000; k++) u = Math.atanh(t * Math.tanh(beta * field + 2 * u));
    const cavity = beta * field + 2 * u;
    const m = Math.tanh(beta * field + 3 * u);
    const site = Math.log(2 * Math.cosh(beta * field + 3 * u)) - 3 * Math.log(Math.cosh(u)) + 3 * Math.log(Math.cosh(beta));
    const edge = Math.log(Math.cosh(beta) * (1 + t * Math.tanh(cavity) ** 2));
    for (const found of mover.marginals!().means) expect(Math.abs(found - m)).toBeLessThan(1e-7);
    expect(mover.quantities!()["free_energy"]! / 200).toBeCloseTo(-T * (site - 1.5 * edge), 9);
    if (T === 0.9) expect(m).toBeGreaterThan(0.9);
    if (T === 3) expect(Math.abs(m)).toBeLessThan(1e-7);
  });
});

const perceptron = (loss: string): string => `model P(N = 201, P = 60) {
  ensemble x[mu in P, i in N] ~ Normal(0, var = 1)
  state w[i in N] : spin
  let h[mu] = sum(i) x[mu,i] * w[i] / sqrt(N)
  energy E = ${loss}
}`;

describe("dense factors", () => {
  test.each([["count(mu) (h[mu] < 0)", 0], ["count(mu) (h[mu] < 0)", 0.5], ["sum(mu) softplus(-2 * h[mu])", 1]] as const)("%s at T = %d: belief propagation and AMP agree, on the free energy too", (loss, T) => {
    const model = instance(perceptron(loss));
    const bp = converge(model, "belief_propagation", { T, damping: 0.2, tolerance: 1e-9 }), amp = converge(model, "amp", { T, damping: 0.2, tolerance: 1e-9 });
    expect(bp.mover.converged!()).toBe(true);
    expect(amp.mover.converged!()).toBe(true);
    const [m, n] = [bp.mover.marginals!().means.slice(), amp.mover.marginals!().means];
    expect(Math.sqrt(m.reduce((s, v, i) => s + (v - n[i]!) ** 2, 0) / 201)).toBeLessThan(0.02);
    const [a, b] = [bp.mover.quantities!(), amp.mover.quantities!()];
    expect(Math.abs(a["entropy"]! - b["entropy"]!) / 201).toBeLessThan(2e-3);
    // Free spins less what the patterns cost.
    expect(a["entropy"]! / 201).toBeLessThan(Math.LN2);
    expect(a["entropy"]! / 201).toBeGreaterThan(0.4);
  });
  test("quenched perceptrons of 13 spins: the Gaussian form is near the exact number of solutions", () => {
    const model = instance(perceptron("count(mu) (h[mu] < 0)"), { N: 13, P: 4 });
    const { mover } = converge(model, "belief_propagation", { T: 0, damping: 0.3, tolerance: 1e-9 });
    expect(Math.abs(mover.quantities!()["entropy"]! - exact(model, 0).entropy)).toBeLessThan(0.35);
  });
});

describe("AMP of dense models", () => {
  const rms = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.sqrt(Array.from(a).reduce((s, x, i) => s + (x - b[i]!) ** 2, 0) / a.length);
  const observe = (model: RunnableModel, name: string, mover: Mover, state: Float64Array): readonly number[] => {
    const recorder = createRecorder(model, [name], () => new Stream(["test", "recorder"]), false, []);
    recorder.record(state, mover);
    return recorder.values[name]!;
  };

  test("ridge regression: the posterior of a linear model, and its evidence", () => {
    const [N, P, T] = [60, 90, 0.3];
    const model = instance(`model R(N = ${N}, P = ${P}) {
      ensemble x[mu in P, i in N] ~ Normal(0, var = 1/N)
      ensemble w0[i in N] ~ Normal(0, var = 1)
      ensemble n[mu in P] ~ Normal(0, var = 1)
      let y[mu] = (sum(i) x[mu,i] * w0[i]) + 0.5 * n[mu]
      state w[i in N] : real ~ Normal(0, var = 1)
      energy E = (sum(mu) (y[mu] - (sum(i) x[mu,i] * w[i]))^2 / 2) + 0.2 * (sum(i) w[i]^2) - 0.1 * (sum(i) w[i]) + 1
      observable each[i] = w[i]
      observable norm2 = mean(i) w[i]^2
    }`);
    const { mover, state } = converge(model, "amp", { T, damping: 0.2, tolerance: 1e-12 }, 3000);
    expect(mover.converged!()).toBe(true);
    // E = c + b·w + w·Λ w/2 exactly: mean −Λ⁻¹ b, log Z = −(c − b·Λ⁻¹ b/2)/T + N log(2πT)/2 − log det(Λ)/2.
    const at = (entries: readonly (readonly [number, number])[]): number => { const w = new Float64Array(N); for (const [i, v] of entries) w[i]! += v; return model.referenceEnergy(w); };
    const c = at([]);
    const single = Array.from({ length: N }, (_, i) => [at([[i, 1]]), at([[i, -1]])] as const);
    const b = Float64Array.from(single, ([up, down]) => (up - down) / 2);
    const matrix = new Float64Array(N * N);
    for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) matrix[i * N + j] = i === j ? single[i]![0] + single[i]![1] - 2 * c : at([[i, 1], [j, 1]]) - single[i]![0] - single[j]![0] + c;
    const solution = new Float64Array(N);
    solve(matrix.slice(), b, solution);
    const values = new Float64Array(N);
    eigenvalues(matrix.slice(), values);
    const logZ = -(c - b.reduce((s, x, i) => s + x * solution[i]!, 0) / 2) / T + (N * Math.log(2 * Math.PI * T) - values.reduce((s, x) => s + Math.log(x), 0)) / 2;
    // Means and free energy agree up to what vanishes with the size.
    expect(rms(mover.marginals!().means, solution.map((x) => -x))).toBeLessThan(0.05);
    expect(Math.abs(mover.quantities!()["free_energy"]! + T * logZ) / N).toBeLessThan(0.01);
    const spread = observe(model, "norm2", mover, state)[0]! - mover.marginals!().means.reduce((s, m) => s + m * m, 0) / N;
    expect(spread).toBeGreaterThan(0.1);
  });

  const spiked = (prior: string, domain: string, energy: string): string => `model S(N = 400, snr = 3.0) {
    ensemble x0[i in N] ~ ${prior}
    ensemble W[i < j in N] ~ Normal(0, var = 1)
    state x[i in N] : ${domain}
    energy H = ${energy}
    observable m = mean(i) x[i] * x0[i]
    observable norm2 = mean(i) x[i]^2
  }`;
  const seen = "(sqrt(snr / N) * x0[i] * x0[j] + W[i,j])";
  const gaussian = (f: (z: number) => number): number => Array.from({ length: 321 }, (_, k) => -8 + k / 20).reduce((sum, z) => sum + (f(z) * Math.exp((-z * z) / 2)) / 20 / Math.sqrt(2 * Math.PI), 0);
  /** From overlap m and norm q to the next ones: B = snr m x0 + √(snr q) z, for an x0 of this norm. */
  type Evolution = (m: number, q: number, snr: number, norm2: number) => readonly [number, number];
  const cases: readonly (readonly [string, string, Evolution])[] = [
    ["signs", spiked("Sign", "spin", `-sqrt(snr / N) * sum(i < j) ${seen} * x[i] * x[j]`), (m, q, snr) => {
      const mean = (z: number): number => Math.tanh(snr * m + Math.sqrt(snr * q) * z);
      return [gaussian(mean), gaussian((z) => mean(z) ** 2)];
    }],
    ["Gaussian entries", spiked("Normal(0, var = 1)", "real ~ Normal(0, var = 1)", `-(sum(i < j) (sqrt(snr / N) * ${seen} * x[i] * x[j] - snr / (2 * N) * x[i]^2 * x[j]^2)) + (sum(i) x[i]^2) / 2`), (m, q, snr, norm2) => [(snr * m * norm2) / (1 + snr * q), (snr * snr * m * m * norm2 + snr * q) / (1 + snr * q) ** 2]],
  ];
  test.each(cases)("a spiked matrix of %s: the overlap follows state evolution, iteration by iteration", (_, text, evolve) => {
    const [snr, N] = [3, 400];
    const model = instance(text);
    const x0 = model.array("x0");
    const state = Float64Array.from(x0, (v, i) => (i % 4 === 0 ? -v : v));
    const overlapOf = (means: ArrayLike<number>): number => x0.reduce((sum, v, i) => sum + (v * means[i]!) / N, 0);
    // The first means are a tenth of the start.
    let [m, q] = [overlapOf(state) / 10, state.reduce((sum, x) => sum + x * x, 0) / N / 100];
    const scale = x0.reduce((sum, v) => sum + v * v, 0) / N;
    const mover = findDynamics("amp").create(model, state, { arguments: { T: 1, damping: 0, tolerance: 1e-9 }, amount: 100, stream: new Stream(["test", "spiked"]) });
    for (let k = 0; k < 8; k++) {
      mover.step();
      // From where the last iteration came out: early fluctuations grow as the overlap does.
      const predicted = evolve(m, q, snr, scale);
      const { means } = mover.marginals!();
      [m, q] = [overlapOf(means), means.reduce((sum, x) => sum + x * x, 0) / N];
      expect(Math.abs(m - predicted[0]), `overlap ${k + 1}`).toBeLessThan(0.12);
      expect(Math.abs(q - predicted[1]), `norm ${k + 1}`).toBeLessThan(0.15);
    }
    for (let k = 0; k < 90 && mover.step(); k++);
    for (let k = 0; k < 500; k++) [m, q] = evolve(m, q, snr, scale);
    expect(mover.converged!()).toBe(true);
    expect(Math.abs(observe(model, "m", mover, state)[0]! - m)).toBeLessThan(0.12);
    // At the temperature of the posterior the overlap is the norm of the means; that of a sample is the norm of the signal.
    expect(Math.abs(observe(model, "norm2", mover, state)[0]! - scale)).toBeLessThan(0.15);
  });

  test("the Sherrington-Kirkpatrick model with fields at high temperature: TAP against all states", () => {
    const model = instance(`model SK(N = 14) {
      ensemble J[i < j in N] ~ Normal(0, var = 1)
      ensemble h[i in N] ~ Normal(0, var = 1)
      state s[i in N] : spin
      energy H = -(sum(i < j) J[i,j] * s[i] * s[j]) / sqrt(N) - (sum(i) h[i] * s[i])
      observable each[i] = s[i]
    }`);
    const { mover } = converge(model, "amp", { T: 2, damping: 0.2, tolerance: 1e-12 });
    const expected = exact(model, 2);
    expect(rms(mover.marginals!().means, expected.observables["each"]!)).toBeLessThan(0.03);
    expect(Math.abs(mover.quantities!()["free_energy"]! - expected.free_energy) / 14).toBeLessThan(0.01);
    expect(Math.abs(mover.quantities!()["entropy"]! - expected.entropy) / 14).toBeLessThan(0.01);
  });
});

describe("learning by messages", () => {
  const storage = `model P(N = 201, alpha = 0.4) {\n let P = round(alpha * N)\n ensemble x[mu in P, i in N] ~ Sign\n state w[i in N] : spin\n energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)\n}`;
  test.each([["focusing_bp", { x: 0.5, T: 0 }, 0.5], ["focusing_bp", { x: 0, T: 0 }, 0.5], ["sbpi", { threshold: 1, p: 0.3 }, 0.3]] as const)("%s %o stores random patterns", (name, given, alpha) => {
    const model = instance(storage, { alpha });
    const state = model.randomState(1, 0);
    const start = model.energy(state);
    const mover = findDynamics(name).create(model, state, { arguments: { damping: 0.5, ...given }, amount: 200, stream: new Stream(["test", name]) });
    for (let k = 0; k < 200 && mover.energy() > 0; k++) mover.step();
    expect(start).toBeGreaterThan(20);
    expect(mover.energy()).toBeLessThanOrEqual(1);
  });
  test("artanh(tanh a tanh b), also where the functions saturate", () => {
    for (const [a, b] of [[0.3, -0.8], [2, 1], [0, 3]] as const) expect(productField(a, b)).toBeCloseTo(Math.atanh(Math.tanh(a) * Math.tanh(b)), 12);
    expect(productField(Infinity, 1.7)).toBe(1.7);
    expect(productField(50, 60)).toBeCloseTo(50, 8);
  });
});

describe("refused at compile time, with those that fit", () => {
  test.each([
    ["state s[i in N] : spin\n energy E = sum(i) s[i]^2 - (sum(i) s[i])^2 / N", "sbpi()", "epochs"],
    ["state s[i in N] : spin\n energy E = -(sum(i in N - 1) s[i] * s[i+1])", "amp(T = 1)", "steps"],
    ["state s[i in N] : real ~ Normal(0, var = 1)\n energy E = sum(i) s[i]^2", "belief_propagation(T = 1)", "sweeps"],
  ])("%s: %s", (body, dynamics, unit) => {
    const { diagnostics } = compile(`model M(N = 6) {\n ${body}\n}\nrun R of M { evolve ${dynamics} for 5 ${unit} }`);
    expect(diagnostics.map((d) => d.code)).toEqual(["Q427"]);
    expect(diagnostics[0]!.help).toMatch(/^these can: /);
  });
  test("factors over too many variables, at the points that have them", () => {
    const text = (N: number, body: string): string => `model M(N = ${N}, q = 3) {\n ensemble x[i in N] ~ Normal(0, var = 1)\n state s[i in N] : potts(q)\n energy H = ${body}\n}\nrun R of M { evolve belief_propagation(T = 1) for 5 sweeps }`;
    const codes = (N: number, body: string): readonly string[] => compile(text(N, body)).diagnostics.map((d) => d.code);
    const wide = "max(i) (x[i] * (s[i] == 1))";
    expect(codes(8, wide)).toEqual([]);
    expect(codes(9, wide)).toEqual(["Q306"]);
    expect(codes(1000, "sum(i in N - 2) max(l in 3) (x[i] * (s[i+l-1] == 1))")).toEqual([]);
  });
});
