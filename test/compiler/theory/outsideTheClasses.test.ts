/** Models next to the classes that theories are derived for: right where they belong to one after all, else refused with what is wrong about them. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";
import { askTheory } from "./askTheory.ts";

const model = (declarations: string, method: string): string => `model M(N = 200, alpha = 0.5) { let P = round(alpha*N) ${declarations} }\ntheory T of M = ${method}`;
const normal = "ensemble x[mu in P, i in N] ~ Normal(0, var = 1) ", spins = "state w[i in N] : spin ", sphere = "state w[i in N] : real constraint sum(i) w[i]^2 == N ", free = "state w[i in N] : real ~ Normal(0, 1) ";
const errors = "energy E = count(mu) (y[mu]*(sum(i) x[mu,i]*w[i]) < 0)", teacher = "ensemble t[i in N] ~ Sign ";
const value = (declarations: string, quantity: string, method = "replica(rs, T = 0.5)"): number => askTheory(model(declarations, method), "T", quantity).value;

function refusal(declarations: string, method = "replica(rs, T = 0.5)"): string {
  const { models, theories, diagnostics } = compile(model(declarations, method));
  expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([]);
  const answer = theoryOracle(theories, models)({ theory: "T", quantity: "energy", arguments: [], named: {}, context: {} });
  return "refused" in answer ? answer.refused : `${answer.value}`;
}

describe("refused", () => {
  const gauss = "ensemble y[mu in P] ~ Normal(0, var = 1) ", h = "let h[mu] = sum(i) x[mu,i]*w[i]/sqrt(N) ";
  test.each([
    ["a teacher of half of the inputs", `${normal}${teacher}let y[mu] = sign(sum(i in 1..100) t[i]*x[mu,i]) ${spins}${errors}`, /other inputs than those that the weights see/],
    ["a teacher who is neither spins nor Gaussian", `${normal}ensemble t[i in N] ~ Uniform(-1, 1) let y[mu] = sign(sum(i) t[i]*x[mu,i]) ${spins}${errors}`, /teacher `t` are Uniform/],
    ["labels by one input", `${normal}let y[mu] = sign(x[mu,1]) ${spins}${errors}`, /neither the field nor a label/],
    ["weights 0 and 1", `${normal}ensemble y[mu in P] ~ Sign state w[i in N] : bit ${errors}`, /part .* without the weights/],
    ["a field on the weights", `${normal}${spins}${h}energy E = count(mu) (h[mu] < 0) - 0.3*sum(i) w[i]`, /a sum over the weights/],
    ["weights held by their absolute values", `${normal}${free}${gauss}${h}energy E = 0.5*sum(mu) (y[mu] - h[mu])^2 + 0.3*sum(i) abs(w[i])`, /Σ_i \|w\[i\]\|, a sum over the weights/],
    ["a penalty that vanishes", `${normal}${free}${gauss}${h}energy E = 0.5*sum(mu) (y[mu] - h[mu])^2 + 0.3*mean(i) w[i]^2`, /it vanishes/],
    ["a loss of numbers that grows", `${normal}${spins}${gauss}${h}energy E = sqrt(N)*sum(mu) (y[mu] - h[mu])^2`, /not extensive/],
    ["a loss of numbers that vanishes", `${normal}${spins}${gauss}${h}energy E = mean(mu) (y[mu] - h[mu])^2`, /not extensive/],
    ["a loss without a Gibbs weight", `${normal}${spins}${h}energy E = -sum(mu) h[mu]^4`, /falls faster than −h²/],
    ["memories that weigh differently", `${normal}ensemble c[mu in P] ~ Sign ${spins}${h}energy E = -0.5*sum(mu) (1 + 0.5*c[mu])*h[mu]^2`, /one pattern alone/],
    ["features without a linear part", `let D = round(0.5*N) ensemble F[i in N, d in D] ~ Normal(0, var = 1) ensemble g[mu in P, d in D] ~ Normal(0, var = 1) ensemble y[mu in P] ~ Sign let x[mu,i] = (sum(d) F[i,d]*g[mu,d]/sqrt(D))^2 - 1 ${spins}${errors}`, /no linear part/],
    ["features with a mean and no labels", `let D = round(0.5*N) ensemble F[i in N, d in D] ~ Normal(0, var = 1) ensemble g[mu in P, d in D] ~ Normal(0, var = 1) let x[mu,i] = relu(sum(d) F[i,d]*g[mu,d]/sqrt(D)) ${spins}energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0)`, /the sum of the weights shifts all fields/],
    ["sparse couplings", "ensemble B[i < j in N] ~ Bernoulli(3/N) state s[i in N] : spin energy H = -sum(i < j) B[i,j]*s[i]*s[j]", /sparse couplings are those of a graph/],
  ])("%s", (_, declarations, reason) => expect(refusal(declarations)).toMatch(reason));
});

test("labels that are numbers, in any units", () => {
  const from = (energy: string): number => value(`${normal}${spins}ensemble y[mu in P] ~ Normal(0, var = 1) let u[mu] = dot(x[mu,:], w) energy E = 0.5*sum(mu) ${energy}`, "energy");
  const expected = from("(y[mu] - sum(i) x[mu,i]*w[i]/sqrt(N))^2");
  for (const energy of ["(y[mu] - u[mu]/sqrt(N))^2", "(sqrt(N)*y[mu] - u[mu])^2/N", "(y[mu]^2 - 2*y[mu]*u[mu]/sqrt(N) + u[mu]^2/N)"]) expect(from(energy)).toBeCloseTo(expected, 10);
});

test("a teacher on the sphere is one of Gaussian entries", () => {
  const from = (distribution: string): number => value(`${normal}ensemble t[i in N] ~ ${distribution} let y[mu] = sign(sum(i) t[i]*x[mu,i]) ${sphere}${errors}`, "r");
  expect(from("Sphere(norm2 = N)")).toBeCloseTo(from("Normal(0, var = 3)"), 10);
});

describe("random features", () => {
  const learn = (activation: string): string => `let D = round(0.5*N) ensemble F[i in N, d in D] ~ Normal(0, var = 1) ensemble g[mu in P, d in D] ~ Normal(0, var = 1) ensemble t[d in D] ~ Sign let y[mu] = sign(sum(d) t[d]*g[mu,d]) let x[mu,i] = ${activation} ${spins}${errors}`;
  const at = (activation: string, quantity = "entropy"): number => value(learn(activation), quantity, "replica(rs, T = 0)");
  const u = "sum(d) F[i,d]*g[mu,d]/sqrt(D)";
  test("activations are known by their mean, linear part and rest", () => {
    expect(at(`relu(${u})`)).toBeCloseTo(at(`relu((sum(d) F[i,d]*g[mu,d])/sqrt(D)) - 1`), 9);
    // x + |x| is 2 relu(x).
    expect(at(`relu(${u})`)).toBeCloseTo(at(`${u} + abs(${u})`), 9);
    expect(at(`-tanh(${u})`, "r")).toBeCloseTo(-at(`tanh(${u})`, "r"), 9);
  });
  test("a linear projection is its own activation", () => {
    // μ* = 0 as the limit of small μ*.
    expect(Math.abs(at(u) - at(`tanh(0.01*${u})`))).toBeLessThan(1e-6);
  });
});

describe("fields and weak disorder", () => {
  test("random fields alone: spins are independent, q = ∫Dz tanh²(βσz)", () => {
    const pure = "ensemble f[i in N] ~ Normal(0, var = 0.25) state s[i in N] : spin energy H = -sum(i) f[i]*s[i]";
    expect(value(pure, "q")).toBeCloseTo(0.394294490398, 10);
    expect(value(pure, "energy")).toBeCloseTo(-0.302852754801, 10);
    expect(value(pure, "entropy")).toBeCloseTo(0.462008878449, 10);
    // The mean-field ferromagnet in them, above its transition.
    const ferromagnet = "ensemble f[i in N] ~ Normal(0, var = 0.25) state s[i in N] : spin energy H = -(sum(i) s[i])^2/(2*N) - sum(i) f[i]*s[i]";
    expect(value(ferromagnet, "q", "replica(rs, T = 0.8)")).toBeCloseTo(0.235042417262, 10);
    expect(value(ferromagnet, "energy", "replica(rs, T = 0.8)")).toBeCloseTo(-0.239049244606, 10);
  });
  test("couplings whose fluctuations are lost in their mean: Curie and Weiss", () => {
    const of = (coupling: string): number => value(`${coupling} state s[i in N] : spin energy H = -sum(i < j) B[i,j]*s[i]*s[j]/sqrt(N)`, "energy", "replica(rs, T = 0.8)");
    const m = 0.710411783488;
    expect(of("ensemble B[i < j in N] ~ Bernoulli(1/sqrt(N))")).toBeCloseTo(-m * m / 2, 10);
  });
});

test("a concave parabola on the sphere: the largest eigenvalue (1 + √α)² of the covariance, and T/2 a weight", () => {
  const covariance = `${normal}${sphere}energy E = -0.5*sum(mu) (sum(i) x[mu,i]*w[i])^2/N`;
  expect(value(covariance, "energy", "replica(rs, T = 0.1)")).toBeCloseTo(-0.5 * (1 + Math.SQRT1_2) ** 2 + 0.05, 9);
});

test("what the teacher does not fulfil is not learned without loss", () => {
  const margin = (method: string): string => model(`${normal}${teacher}let y[mu] = sign(sum(i) t[i]*x[mu,i]) ${spins}energy E = sum(mu) relu(1 - y[mu]*(sum(i) x[mu,i]*w[i])/sqrt(N))`, method);
  expect(askTheory(margin("replica(rs, T = 0)"), "T", "energy", { alpha: 2.5 }).value).toBeCloseTo(0.855363901478, 9);
});
test("spins that a few numbers determine are found up to what is below all digits", () => {
  const exact = `${normal}${teacher}${spins}energy E = 0.5*sum(mu) (sum(i) t[i]*x[mu,i]/sqrt(N) - sum(i) x[mu,i]*w[i]/sqrt(N))^2`;
  const text = model(exact, "replica(rs, T = 0.01)");
  expect(askTheory(text, "T", "r", { alpha: 2 }).value).toBe(1);
  expect(askTheory(text, "T", "energy", { alpha: 2 }).value).toBeCloseTo(0, 10);
});

describe("coins", () => {
  const noisy = (sign: string, coins = "ensemble f[mu in P] ~ Bernoulli(0.1)"): string => `${normal}${teacher}${coins} let y[mu] = ${sign} ${spins}${errors}`;
  const clean = "sign(sum(i) t[i]*x[mu,i])";
  const at = (declarations: string, quantity: string, method = "replica(rs, T = 0.5)"): number => askTheory(model(declarations, method), "T", quantity, { alpha: 1 }).value;
  test("reverse labels of a teacher with a probability", () => {
    for (const sign of [`(1 - 2*f[mu])*${clean}`, `if f[mu] == 1 then -${clean} else ${clean}`]) {
      // By an independent program (referenceValues.test.ts).
      expect(at(noisy(sign), "r")).toBeCloseTo(0.326150534352, 9);
      expect(at(noisy(sign), "free_entropy")).toBeCloseTo(0.164953329048, 9);
    }
    // Fair ones leave nothing of the teacher.
    expect(at(noisy(`e[mu]*${clean}`, "ensemble e[mu in P] ~ Sign"), "r")).toBeCloseTo(0, 6);
    expect(refusal(`${normal}${teacher}ensemble f[mu in P] ~ Bernoulli(0.1) let y[mu] = ${clean} ${spins}energy E = sum(mu) (1 + f[mu])*(y[mu]*(sum(i) x[mu,i]*w[i]) < 0)`)).toMatch(/another way than by the one reversing the other/);
  });
  test("choose patterns: a share of the load", () => {
    const chosen = (weights: string): string => `${normal}ensemble c[mu in P] ~ Bernoulli(0.3) ${weights}energy E = sum(mu) c[mu]*(sum(i) x[mu,i]*w[i] < 0)`;
    expect(askTheory(model(chosen(spins), "replica(rs, T = 0)"), "T", "entropy", { alpha: 1 }).value).toBeCloseTo(askTheory(model(`${normal}${spins}energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0)`, "replica(rs, T = 0)"), "T", "entropy", { alpha: 0.3 }).value, 10);
    expect(value(chosen(sphere), "capacity", "replica(rs, T = 0)")).toBeCloseTo(2 / 0.3, 9);
  });
});
