/** Theories that a specification writes down, against fixed points iterated by hand with another quadrature. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";
import type { TheoryAnswer } from "../../../runtime/results/environment.ts";

function theory(text: string): (quantity: string, named?: Readonly<Record<string, number>>) => Extract<TheoryAnswer, { readonly value: number }> {
  const { models, theories, diagnostics } = compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  const oracle = theoryOracle(theories, models);
  return (quantity, named = {}) => {
    const answer = oracle({ theory: theories[0]!.name, quantity, arguments: [], named, context: {} });
    if ("refused" in answer) throw new Error(answer.refused);
    expect(answer.residual).toBeLessThan(1e-8);
    return answer;
  };
}

/** ∫Dz f(z) by the trapezoidal rule, which is exact to rounding for smooth f. */
const average = (f: (z: number) => number): number => {
  let sum = 0;
  for (let z = -11; z <= 11; z += 0.02) sum += f(z) * Math.exp(-0.5 * z * z);
  return (sum * 0.02) / Math.sqrt(2 * Math.PI);
};
const iterate = (f: (x: number) => number, start: number): number => {
  let x = start;
  for (let k = 0; k < 3000; k++) x = 0.3 * x + 0.7 * f(x);
  return x;
};

const curieWeiss = "theory CW(T = 0.8, h = 0) { order m in (-1, 1) = 0.5 free_energy f = 0.5*m^2 - T*log(2*cosh((m + h)/T)) saddle f over m }";
describe("Curie-Weiss", () => {
  const cw = theory(curieWeiss);
  test("all solutions are reported, also where three come together", () => {
    for (const T of [0.5, 0.8, 0.99]) {
      const answer = cw("m", { T });
      expect(answer.value).toBeCloseTo(iterate((m) => Math.tanh(m / T), 0.5), 10);
      expect(answer.assumptions.join()).toContain("3 stationary points");
    }
    expect(cw("m", { T: 0.999 }).assumptions.join()).toContain("3 stationary points");
    expect(cw("m", { T: 1.1 }).value).toBe(0);
  });
  test("a damped iteration from the start, not the nearest solution", () => {
    // m = 0.100 is nearer to 0.5, and unstable.
    expect(cw("m", { T: 0.5, h: -0.05 }).value).toBeCloseTo(iterate((m) => Math.tanh((m - 0.05) / 0.5), 0.5), 10);
  });
  test("the branch ends at the spinodal", () => {
    // m² = 1 − T, h = T atanh m − m
    const T = 0.5, spinodal = T * Math.atanh(Math.sqrt(1 - T)) - Math.sqrt(1 - T);
    const up = theory(curieWeiss.replace("= 0.5 free", "= 0.9 free"));
    expect(up("m", { T, h: spinodal + 1e-4 }).value).toBeGreaterThan(0.7);
    expect(up("m", { T, h: spinodal - 1e-4 }).value).toBeLessThan(-0.9);
  });
});

describe("disordered systems", () => {
  test("Sherrington-Kirkpatrick", () => {
    const sk = theory("theory SK(T = 0.8) { order q in (0, 1) let b = 1/T free_energy f = -(b/4)*(1 - q)^2 - T * gauss(z) log(2*cosh(b*sqrt(q)*z)) saddle f over q observable e = -(b/2)*(1 - q^2) }");
    const q = iterate((x) => average((z) => Math.tanh(Math.sqrt(x) * z / 0.8) ** 2), 0.3);
    expect(sk("q").value).toBeCloseTo(q, 9);
    expect(sk("e").value).toBeCloseTo(-0.5977158, 7);
    expect(sk("q", { T: 1.3 }).value).toBe(0);
  });
  test("Hopfield: three order parameters", () => {
    const hopfield = theory("theory H(alpha = 0.05, T = 0.2) { order m in (0, 1) = 0.95, q in (0, 1) = 0.95, r in (0, inf) = 1.2 let b = 1/T free_energy f = 0.5*m^2 + 0.5*alpha*b*r*(1 - q) + (alpha/(2*b))*(log(1 - b*(1 - q)) - b*q/(1 - b*(1 - q))) - T * gauss(z) log(2*cosh(b*(sqrt(alpha*r)*z + m))) saddle f over m, q, r }");
    let [m, q] = [1, 1];
    for (let k = 0; k < 400; k++) {
      const r = q / (1 - (1 - q) / 0.2) ** 2, field = (z: number): number => (Math.sqrt(0.05 * r) * z + m) / 0.2;
      [m, q] = [average((z) => Math.tanh(field(z))), average((z) => Math.tanh(field(z)) ** 2)];
    }
    expect(hopfield("m").value).toBeCloseTo(m, 9);
    expect(hopfield("q").value).toBeCloseTo(q, 9);
    expect(hopfield("m").assumptions.join()).toContain("2 stationary points");
  });
  test("spherical 3-spin with one step: its static transition is where m reaches 1", () => {
    const p3 = theory("theory P(T = 0.5) { order q in (0, 1) = 0.9, m in (0, 1) = 0.7 let b = 1/T free_energy phi = (b^2/2)*(1 - (1 - m)*q^3) + 0.5*((m - 1)/m*log(1 - q) + log(1 - (1 - m)*q)/m) saddle phi over q, m observable e = -b*(1 - (1 - m)*q^3) }");
    expect(p3("m", { T: 0.8288055 - 1e-5 }).value).toBeCloseTo(1, 4);
    const slope = (p3("phi", { T: 0.5 + 1e-4 }).value - p3("phi", { T: 0.5 - 1e-4 }).value) / 2e-4;
    expect(slope * 0.25).toBeCloseTo(p3("e").value, 6);
  });
  test("teacher-student perceptron: branches of a first-order transition", () => {
    const student = theory("theory S(alpha = 1.2) { order q in (0, 1) = 0.5, qh in (0, inf) = 1 free_energy s = -0.5*qh*(1 + q) + (gauss(z) log(2*cosh(sqrt(qh)*z + qh))) + 2*alpha*gauss(z) (gauss_cdf(sqrt(q/(1 - q))*z)*log(gauss_cdf(sqrt(q/(1 - q))*z))) saddle s over q, qh }");
    expect(student("s", { alpha: 1.244684 }).value).toBeCloseTo(0, 6);
    expect(student("q", { alpha: 1.3 }).value).toBeGreaterThan(0.6);
  });
  test("ferromagnetic 3-spin: the iteration passes the barrier between two solutions", () => {
    const ferro = theory("theory F(T = 0.4) { order m in (0, 1) = 0.5 free_energy f = 2*m^3/3 - T*log(2*cosh(m^2/T)) saddle f over m }");
    expect(ferro("m").value).toBeCloseTo(iterate((m) => Math.tanh(m * m / 0.4), 0.9), 10);
    expect(ferro("m").assumptions.join()).toContain("3 stationary points");
  });
});

describe("averages and integrals", () => {
  const pre = theory("theory P(a = 1, c = 0.6) { observable two = gauss(x, y) (exp(-a*(x*y)^2)) observable signs = gauss(x, y) (sign(x) * sign(c*x + sqrt(1 - c^2)*y)) observable line = integral(x in -inf..inf) exp(-x^2) observable nested = integral(x in 0..1) (integral(y in 0..x) (x*y)) observable half = integral(x in a..inf) (1/x^3) observable three = gauss(x, y, z) ((x + 2*y + 3*z)^4) observable kink = gauss(x) max(x - a, 0) observable hit = integral(x in 0..3) (x < a) }");
  test("several Gaussians, jumps along a line that isn't an axis, infinite ends", () => {
    // ⟨(1 + 2a y²)^(−1/2)⟩_y in one dimension.
    expect(pre("two").value).toBeCloseTo(average((y) => 1 / Math.sqrt(1 + 2 * y * y)), 10);
    for (const c of [0.1, 0.6, 0.95]) expect(pre("signs", { c }).value).toBeCloseTo(2 / Math.PI * Math.asin(c), 10);
    expect(pre("line").value).toBeCloseTo(Math.sqrt(Math.PI), 11);
    expect(pre("nested").value).toBeCloseTo(1 / 8, 12);
    expect(pre("half", { a: 2 }).value).toBeCloseTo(1 / 8, 11);
    expect(pre("three").value).toBeCloseTo(3 * 14 * 14, 8);
    expect(pre("kink", { a: 0.3 }).value).toBeCloseTo(0.26676124212, 10);
    for (const a of [0.0123, 1.4999, 2.999]) expect(pre("hit", { a }).value).toBeCloseTo(a, 12);
  });
});

describe("logarithms as they are written on paper", () => {
  const sk = theory("theory SK(T = 0.5) { order q in (0, 1) = 0.5 free_energy f = -(1 - q)^2/(4*T) - T*gauss(z) log(2*cosh(sqrt(q)*z/T)) saddle f over q }");
  test("do not overflow: Sherrington-Kirkpatrick near T = 0, f = −√(2/π) + T/(2π)", () => {
    expect(sk("f", { T: 1e-3 }).value).toBeCloseTo(-Math.sqrt(2 / Math.PI) + 1e-3 / (2 * Math.PI), 6);
  });
  test("nor vanish: the entropy of a perceptron close to its capacity, with erfc", () => {
    const of = (tail: string): number => theory(`theory G(alpha = 1.9) { order q in (0, 1) = 0.5 free_energy phi = 0.5*log(1 - q) + 0.5*q/(1 - q) + alpha*gauss(z) log(${tail}) saddle phi over q }`)("q").value;
    expect(of("erfc(sqrt(q/2)*z/sqrt(1 - q))/2")).toBeCloseTo(of("gauss_tail(sqrt(q)*z/sqrt(1 - q))"), 10);
  });
  test("sums of two exponentials", () => {
    const of = (sum: string): number => theory(`theory C(T = 0.1) { order m in (-1, 1) = 0.5 free_energy f = 0.5*m^2 - T*log(${sum}) saddle f over m }`)("f").value;
    expect(of("exp((100 + m)/T) + exp((100 - m)/T)")).toBeCloseTo(of("exp(m/T) + exp(-m/T)") - 100, 10);
  });
});

test("why there is no solution", () => {
  const ask = (text: string): (() => unknown) => () => theory(text)("x");
  expect(ask("theory N(a = 1) { order x in (0, 1) free_energy f = a*x + x^2 saddle f over x }")).toThrow(/no stationary point inside the intervals of x: it rises with x all the way/);
  expect(ask("theory N(a = -1) { order x in (0, 1) free_energy f = log(a*x) + x saddle f over x }")).toThrow(/no real number anywhere in the intervals of x, at x = 0.5 for example/);
  expect(ask("theory N(a = 0.3) { order x in (0, 1) free_energy f = sqrt(a - x) - x saddle f over x }")).toThrow(/falls with x all the way; in part of them, at x = 0.5 for example, it is no real number/);
});
