/** Replica theory and theories of a file's own against THEORY.md, from the text of a specification to the answer. */
import { expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { askTheory } from "./askTheory.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";

function ask(text: string, theory: string, quantity: string, named: Readonly<Record<string, number>> = {}): number {
  const { models, theories, diagnostics } = compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  const answer = theoryOracle(theories, models)({ theory, quantity, arguments: [], named, context: {} });
  if ("refused" in answer) throw new Error(answer.refused);
  return answer.value;
}

const storage = "model M(N = 501, alpha = 0.5) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Sign state w[i in N] : spin energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0) }\ntheory RS of M = replica(rs, T = 0)\n";
const spins = "model SK(N = 100) { ensemble J[i < j in N] ~ Normal(0, var = 1/N) state s[i in N] : spin energy H = -sum(i < j) J[i,j]*s[i]*s[j] }\ntheory RS of SK = replica(rs)\n";
const sphere = "model S(N = 100) { ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1) state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = sum(i,j,k) X[i,j,k]*w[i]*w[j]*w[k]/N }\ntheory RS of S = replica(rs)\ntheory B of S = replica(rsb1)\n";
const own = "theory B(alpha = 0.5) { order q in (0, 1), qh in (0, inf) free_energy phi = -0.5*qh*(1 - q) + (gauss(z) log(2*cosh(sqrt(qh)*z))) + alpha * gauss(z) log(gauss_tail(sqrt(q)*z/sqrt(1 - q))) saddle phi over q, qh }\n";

test("entropy of the binary perceptron, derived and written down", () => {
  expect(ask(storage, "RS", "entropy")).toBeCloseTo(0.3143901, 7);
  expect(ask(own, "B", "phi")).toBeCloseTo(ask(storage, "RS", "entropy"), 10);
});
test("its capacity, and no load: the entropy of the weights", () => {
  expect(ask(storage, "RS", "capacity")).toBeCloseTo(0.8330786, 7);
  expect(ask(storage, "RS", "entropy", { alpha: 1e-7 })).toBeCloseTo(Math.LN2, 6);
});
test("Sherrington-Kirkpatrick", () => {
  expect(ask(spins, "RS", "energy", { T: 0.8 })).toBeCloseTo(-0.5977158, 7);
  const f = (T: number): number => ask(spins, "RS", "free_energy", { T });
  expect((f(0.8 - 1e-4) - f(0.8 + 1e-4)) / 2e-4).toBeCloseTo(ask(spins, "RS", "entropy", { T: 0.8 }), 6);
});
test("spherical 3-spin", () => {
  expect(ask(sphere, "RS", "T_d")).toBeCloseTo(0.8660254, 7);
  expect(ask(sphere, "RS", "T_s")).toBeCloseTo(0.8288055, 7);
  expect(ask(sphere, "B", "energy", { T: 0 })).toBeCloseTo(-1.65699836, 8);
});

const features = "model F(N = 501, over = 2.0, alphaT = 3) { let P = round(N / over) let D = round(P / alphaT) ensemble F[i in N, d in D] ~ Normal(0, var = 1) ensemble t[d in D] ~ Sign ensemble x[mu in P, d in D] ~ Normal(0, var = 1) let y[mu] = sign(sum(d) t[d]*x[mu,d]) let f[mu, i] = sign(sum(d) F[i,d]*x[mu,d]) state w[i in N] : spin let h[mu] = y[mu]*sum(i) f[mu,i]*w[i]/sqrt(N) energy E = count(mu) (h[mu] <= 0) observable train = E/P observable test = train with fresh(x, P = 5000) }\ntheory RS of F = replica(rs, T = 0)\n";
test("random features in front: entropy and generalisation error", () => {
  expect(ask(features, "RS", "entropy", { over: 2 })).toBeCloseTo(0.423477, 5.9);
  expect(ask(features, "RS", "test", { over: 2 })).toBeCloseTo(0.302173, 5.9);
});
test("teacher-student transition and symmetric window", () => {
  const teacher = "model T(N = 501, alpha = 1.2) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Normal(0, var = 1) ensemble t[i in N] ~ Sign let y[mu] = sign(sum(i) t[i]*x[mu,i]) state w[i in N] : spin energy E = count(mu) (y[mu] * (sum(i) x[mu,i]*w[i]) < 0) }\ntheory RS of T = replica(rs, T = 0)\n";
  expect(ask(teacher, "RS", "entropy", { alpha: 1.244684 })).toBeCloseTo(0, 6);
  expect(ask(teacher, "RS", "r")).toBeCloseTo(ask(teacher, "RS", "q"), 8);
  const window = "model W(N = 501, alpha = 1.2) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Normal(0, var = 1) state w[i in N] : spin energy E = count(mu) (abs(sum(i) x[mu,i]*w[i])/sqrt(N) > 1) }\ntheory RS of W = replica(rs, T = 0)\n";
  expect(ask(window, "RS", "capacity")).toBeCloseTo(1.8158755, 6);
});
test("renamed, reordered, rescaled: the same entropy", () => {
  const other = "model Z(n = 77, load = 0.5) { let K = round(load*n) ensemble g[site in n, a in K] ~ Normal(0, var = 4) state s[site in n] : spin energy cost = sum(a) (0 > 3 * (sum(site) s[site]*g[site,a])/n) }\ntheory RS of Z = replica(rs, T = 0)\n";
  expect(ask(other, "RS", "entropy")).toBeCloseTo(ask(storage, "RS", "entropy"), 10);
});
test("near misses are refused with the reason", () => {
  const two = storage.replace("(sum(i) x[mu,i]*w[i] < 0)", "(sum(i) x[mu,i]*w[i] < sum(i) x[mu,i]*x[mu,i]*w[i])");
  expect(() => ask(two, "RS", "entropy")).toThrow(/generalised linear/);
  expect(() => ask(storage.replace("~ Sign", "~ Bernoulli(0.5)"), "RS", "entropy")).toThrow(/inputs with mean 0/);
  expect(() => ask(storage.replace("~ Sign", "~ Bernoulli(0.3)"), "RS", "entropy")).toThrow(/mean 0.3/);
  expect(() => ask(storage.replace("w[i in N] : spin", "w[i in N] : interval(-1, 1)"), "RS", "entropy")).toThrow(/interval/);
});
test("a theory with its temperature in the declaration, or without one yet, is no finding", () => {
  expect(compile(storage + "theory Later of M = replica(rs)\n").diagnostics).toEqual([]);
});

test("stability of perceptrons against replica symmetry breaking", () => {
  const spins = "model B(N = 501, alpha = 0.5) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Sign state w[i in N] : spin energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0) }\ntheory RS of B = replica(rs, T = 0)";
  const sphere = "model S(N = 501, alpha = 1, kappa = 0) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Normal(0, var = 1) state w[i in N] : real constraint sum(i) w[i]^2 == N energy E = count(mu) (sum(i) x[mu,i]*w[i]/sqrt(N) < kappa) }\ntheory RS of S = replica(rs, T = 0)";
  // Krauth and Mézard (1989): binary weights are stable up to α = 1.015, beyond their capacity.
  expect(askTheory(spins, "RS", "replicon", { alpha: 1.0145 }).value).toBeGreaterThan(0);
  expect(askTheory(spins, "RS", "replicon", { alpha: 1.0155 }).value).toBeLessThan(0);
  expect(askTheory(spins, "RS", "q", { alpha: 1.1 }).assumptions.join()).toContain("unstable");
  // On the sphere at the capacity 1 − α_c P(field below κ) is left: 0 for κ = 0, more above; below κ = 0 the line is crossed before.
  expect(askTheory(sphere, "RS", "replicon", { alpha: 1.99 }).value).toBeGreaterThan(0);
  expect(askTheory(sphere, "RS", "replicon", { alpha: 1.99 }).value).toBeLessThan(0.06);
  const density = Math.exp(-0.125) / Math.sqrt(2 * Math.PI), below = 0.6914624612740131, capacity = 1 / (1.25 * below + 0.5 * density);
  expect(Math.abs(askTheory(sphere, "RS", "replicon", { alpha: 0.995 * capacity, kappa: 0.5 }).value - (1 - capacity * below))).toBeLessThan(0.05);
  expect(askTheory(sphere, "RS", "replicon", { alpha: 3.5, kappa: -0.5 }).value).toBeGreaterThan(0);
  expect(askTheory(sphere, "RS", "replicon", { alpha: 4.2, kappa: -0.5 }).value).toBeLessThan(0);
});

test("stability behind random features: the second variation of the potential of one step, by differences in an independent program", () => {
  const behind = (state: string): string => `model F(N = 501, over = 1, alphaT = 3) { let P = round(N / over) let D = round(P / alphaT) ensemble F[i in N, d in D] ~ Normal(0, var = 1) ensemble t[d in D] ~ Sign ensemble x[mu in P, d in D] ~ Normal(0, var = 1) let y[mu] = sign(sum(d) t[d]*x[mu,d]) let f[mu, i] = sign(sum(d) F[i,d]*x[mu,d]) ${state} energy E = count(mu) (y[mu]*sum(i) f[mu,i]*w[i] <= 0) }\ntheory RS of F = replica(rs, T = 0)`;
  const spins = behind("state w[i in N] : spin"), sphere = behind("state w[i in N] : real constraint sum(i) w[i]^2 == N");
  expect(askTheory(spins, "RS", "replicon").value).toBeCloseTo(0.607942, 5.5);
  expect(askTheory(spins, "RS", "replicon", { over: 2 }).value).toBeCloseTo(0.851819, 5.5);
  expect(askTheory(sphere, "RS", "replicon").value).toBeCloseTo(0.726323, 5.5);
  expect(askTheory(sphere, "RS", "replicon", { over: 0.45 }).value).toBeCloseTo(0.350242, 5.5);
  expect(askTheory(spins, "RS", "q").assumptions.join()).toContain("stable against replica symmetry breaking (replicon 0.607942");
});

test("features of very many inputs: labels that can't be learned are random ones", () => {
  const behind = "model F(N = 501, over = 2, alphaT = 1) { let P = round(N / over) let D = round(P / alphaT) ensemble F[i in N, d in D] ~ Normal(0, var = 1) ensemble t[d in D] ~ Sign ensemble x[mu in P, d in D] ~ Normal(0, var = 1) let y[mu] = sign(sum(d) t[d]*x[mu,d]) let f[mu, i] = sign(sum(d) F[i,d]*x[mu,d]) state w[i in N] : spin energy E = count(mu) (y[mu]*sum(i) f[mu,i]*w[i] <= 0) }\ntheory RS of F = replica(rs, T = 0)";
  for (const over of [2, 1.3]) {
    const [few, fewer] = [1e-2, 1e-4].map((alphaT) => askTheory(behind, "RS", "entropy", { over, alphaT }));
    const random = ask(storage, "RS", "entropy", { alpha: 1 / over });
    expect(Math.max(few!.residual, fewer!.residual)).toBeLessThan(1e-6);
    expect(fewer!.value - random).toBeCloseTo((few!.value - random) / 100, 5);
    expect(askTheory(behind, "RS", "p", { over, alphaT: 1e-4 }).value).toBeCloseTo(askTheory(behind, "RS", "q", { over, alphaT: 1e-4 }).value, 4);
  }
});
