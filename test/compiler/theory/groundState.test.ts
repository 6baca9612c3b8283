/** Lowest energies of generalised linear energies (T → 0) and real weights that a quadratic term holds, against closed forms and limits. */
import { describe, expect, test } from "vitest";
import { gaussCdf } from "../../../runtime/special/index.ts";
import { askTheory } from "./askTheory.ts";

const patterns = "let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Normal(0, var = 1) ";
const sphere = "state w[i in N] : real constraint sum(i) w[i]^2 == N let h[mu] = sum(i) x[mu,i]*w[i]/sqrt(N) ";
const free = "state w[i in N] : real ~ Normal(0, 1) let h[mu] = sum(i) x[mu,i]*w[i]/sqrt(N) ";
const model = (declarations: string): string => `model M(N = 501, alpha = 1.5, λ = 0.3, κ = 0.5) { ${patterns}${declarations} }\ntheory RS of M = replica(rs, T = 0)\ntheory Warm of M = replica(rs)\ntheory SE of M = state_evolution()`;
const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
/** ∫_{−∞}^{a} Dt of 1, t and t². */
const moments = (a: number): readonly [number, number, number] => [gaussCdf(a), -density(a), gaussCdf(a) - a * density(a)];
/** ∫_a^b Dt (c − t)². */
const square = (a: number, b: number, c: number): number => {
  const [high, low] = [moments(b), moments(a)], [m0, m1, m2] = [0, 1, 2].map((k) => high[k]! - low[k]!) as [number, number, number];
  return c * c * m0 - 2 * c * m1 + m2;
};

describe("weights on the sphere", () => {
  test("squares of Gaussian labels: half the square of √(α(1 + σ²)) − 1", () => {
    const text = model(`ensemble y[mu in P] ~ Normal(0, var = 2) ${sphere}energy E = 0.5*sum(mu) (y[mu] - h[mu])^2`);
    expect(askTheory(text, "RS", "energy").value).toBeCloseTo(0.5 * (Math.sqrt(4.5) - 1) ** 2, 10);
    // Each of N − 1 directions adds T/2 up to curvature.
    expect(askTheory(text, "Warm", "energy", { T: 1e-3 }).value).toBeCloseTo(0.5 * (Math.sqrt(4.5) - 1) ** 2 + 0.5e-3, 6);
    // Fewer patterns than weights can all be fitted.
    expect(askTheory(text, "RS", "energy", { alpha: 0.2 }).value).toBe(0);
    expect(() => askTheory(text, "RS", "chi", { alpha: 0.2 })).toThrow(/no chi/);
  });
  test("fewest errors beyond the capacity (Gardner and Derrida 1988)", () => {
    const text = model(`${sphere}energy E = count(mu) (h[mu] < κ)`);
    for (const [alpha, kappa] of [[2.5, 0], [4, 0.3]] as const) {
      const ask = (quantity: string): number => askTheory(text, "RS", quantity, { alpha, "κ": kappa }).value;
      const reach = Math.sqrt(2 * ask("chi"));
      expect(alpha * square(kappa - reach, kappa, kappa)).toBeCloseTo(1, 9);
      expect(ask("energy")).toBeCloseTo(alpha * gaussCdf(kappa - reach), 9);
    }
    expect(askTheory(text, "RS", "energy", { alpha: 2.0001, "κ": 0 }).value).toBeLessThan(1e-5);
    expect(askTheory(text, "RS", "energy", { alpha: 4, "κ": 0 }).assumptions.join()).toContain("unstable");
    // At temperatures so low that exp(−1/T) is no number any more the energy comes down to that at T = 0.
    const above = [1e-3, 1e-4, 1e-5].map((T) => askTheory(text, "Warm", "energy", { alpha: 4, "κ": 0, T }).value - askTheory(text, "RS", "energy", { alpha: 4, "κ": 0 }).value);
    expect(above[0]).toBeGreaterThan(above[1]!);
    expect(above[1]).toBeGreaterThan(above[2]!);
    expect(above[2]).toBeGreaterThan(0);
    expect(above[2]).toBeLessThan(2e-5);
    // Below it states without errors have a volume.
    expect(askTheory(text, "RS", "q", { alpha: 1, "κ": 0 }).value).toBeLessThan(1);
  });
  test("hinges", () => {
    const text = model(`${sphere}energy E = sum(mu) relu(κ - h[mu])`), alpha = 2.5, kappa = 0.5;
    const chi = askTheory(text, "RS", "chi", { alpha }).value;
    expect(alpha * (square(kappa - chi, kappa, kappa) + chi * chi * gaussCdf(kappa - chi))).toBeCloseTo(1, 9);
    expect(askTheory(text, "RS", "energy", { alpha }).value).toBeCloseTo(askTheory(text, "Warm", "energy", { alpha, T: 1e-3 }).value, 2.5);
    // 1 − α P(pattern between its kinks), as those are all that respond: below 1, positive for a convex loss.
    expect(askTheory(text, "RS", "replicon", { alpha }).value).toBeCloseTo(1 - alpha * (gaussCdf(kappa) - gaussCdf(kappa - chi)), 8);
    // At small loads the same states as those of the threshold κ.
    expect(askTheory(text, "RS", "entropy", { alpha: 0.3 }).value).toBeCloseTo(askTheory(model(`${sphere}energy E = count(mu) (h[mu] < κ)`), "RS", "entropy", { alpha: 0.3 }).value, 12);
  });
});

describe("weights that λ Σ w²/2 holds", () => {
  const ridge = model(`${free}ensemble y[mu in P] ~ Sign energy E = 0.5*sum(mu) (h[mu] - y[mu])^2 + 0.5*λ*sum(i) w[i]^2`);
  test("ridge regression: the resolvent of Marchenko and Pastur", () => {
    for (const [alpha, λ] of [[1.5, 0.3], [0.4, 0.05]] as const) {
      // g = 1/(λ + 1/(1 + αg)), the trace of (λ + XXᵀ/N)⁻¹ per pattern.
      const g = (alpha - 1 - λ + Math.sqrt((alpha - 1 - λ) ** 2 + 4 * alpha * λ)) / (2 * alpha * λ);
      expect(askTheory(ridge, "RS", "energy", { alpha, "λ": λ }).value).toBeCloseTo((alpha / 2) * λ * g, 10);
    }
    // Every one of N directions adds T/2.
    expect(askTheory(ridge, "Warm", "energy", { T: 0.5 }).value).toBeCloseTo(askTheory(ridge, "RS", "energy").value + 0.25, 9);
  });
  const logistic = model(`ensemble t[i in N] ~ Normal(0, 1) ${free}let y[mu] = sign(sum(i) t[i]*x[mu,i]) energy E = sum(mu) softplus(-y[mu]*h[mu]) + 0.5*λ*sum(i) w[i]^2`);
  test.each([["ridge", ridge], ["logistic", logistic]])("%s: the energy's derivative by λ is half the squared norm", (_, text) => {
    const at = (λ: number): number => askTheory(text, "RS", "energy", { "λ": λ }).value;
    expect((at(0.301) - at(0.299)) / 2e-3).toBeCloseTo(0.5 * askTheory(text, "RS", "norm2").value, 5);
  });
  test("a noisy teacher whose numbers are seen: state evolution and replicas agree", () => {
    const text = model(`ensemble t[i in N] ~ Normal(0, var = 4) ensemble n[mu in P] ~ Normal(0, var = 0.09) ${free}let y[mu] = sum(i) t[i]*x[mu,i]/(2*sqrt(N)) + n[mu] energy E = 0.5*sum(mu) (y[mu] - h[mu])^2 + 0.5*λ*norm(w)^2`);
    for (const quantity of ["q", "r", "norm2", "free_entropy", "energy"]) expect(askTheory(text, "SE", quantity, { T: 0.2 }).value).toBeCloseTo(askTheory(text, "Warm", quantity, { T: 0.2 }).value, 8);
    const [q, r] = ["q", "r"].map((name) => askTheory(text, "RS", name).value) as [number, number];
    const before = askTheory(text, "Warm", "r", { T: 1e-3 }).value;
    expect(r).toBeCloseTo(before, 8);
    expect(q).toBeGreaterThan(r * r);
  });
  test("what nothing holds is said", () => {
    expect(() => askTheory(model(`${free}energy E = count(mu) (h[mu] < 0) + 0.5*λ*sum(i) w[i]^2`), "RS", "energy")).toThrow(/no states of lowest loss|no field/);
    expect(() => askTheory(model(`${sphere}energy E = sum(mu) tanh(-h[mu])`), "RS", "energy")).toThrow(/neither convex nor quadratic/);
    expect(() => askTheory(model(`${sphere}energy E = sum(mu) min(h[mu], 0)`), "RS", "energy")).toThrow(/no lowest value/);
  });
});

test("binary weights close to T = 0, followed down from higher temperatures", () => {
  const text = model("ensemble t[i in N] ~ Sign let y[mu] = sign(sum(i) t[i]*x[mu,i]) state w[i in N] : spin energy E = 0.5*sum(mu) (y[mu] - sum(i) x[mu,i]*w[i]/sqrt(N))^2");
  const lowest = askTheory(text, "RS", "energy").value, [energy, free] = ["energy", "free_energy"].map((name) => askTheory(text, "Warm", name, { T: 0.01 })) as [ReturnType<typeof askTheory>, ReturnType<typeof askTheory>];
  expect(energy.residual).toBeLessThan(1e-8);
  // e(0) + c T² with c as between T = 0 and 0.02; the entropy of replica symmetry is below 0.
  expect((energy.value - lowest) / 1e-4).toBeCloseTo(0.285, 2);
  expect(free.value).toBeGreaterThan(energy.value);
  expect(energy.assumptions.join()).toContain("followed down from T = ");
});

test("a noisy label is that of a teacher who is seen less clearly", () => {
  const of = (label: string, load: string): string => `model M(N = 501, alpha = 1, Δ = 1) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Normal(0, var = 1) ensemble t[i in N] ~ Sign ensemble n[mu in P] ~ Normal(0, var = Δ) state w[i in N] : spin let y[mu] = ${label} energy E = count(mu) (y[mu]*(sum(i) x[mu,i]*w[i]) < 0) }\ntheory ${load} of M = replica(rs, T = 0.5)`;
  const noisy = of("sign(sum(i) t[i]*x[mu,i]/sqrt(N) + n[mu])", "RS"), clear = of("sign(sum(i) t[i]*x[mu,i]/sqrt(N))", "RS"), blind = of("sign(n[mu])", "RS");
  expect(askTheory(noisy, "RS", "r", { "Δ": 1e-9 }).value).toBeCloseTo(askTheory(clear, "RS", "r").value, 6);
  expect(askTheory(noisy, "RS", "r", { "Δ": 1 }).value).toBeLessThan(askTheory(clear, "RS", "r").value);
  expect(askTheory(noisy, "RS", "entropy", { "Δ": 1e9 }).value).toBeCloseTo(askTheory(blind, "RS", "entropy").value, 6);
});
