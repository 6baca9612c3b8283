/** `bethe()` against closed forms, transfer matrices, graph theory, values of the literature, and its own derivatives. */
import { expect, test } from "vitest";
import { fourier } from "../../../compiler/theory/sparse/fourier.ts";
import { refinedCavityFields } from "../../../compiler/theory/sparse/fieldDistribution.ts";
import { messages } from "../../../compiler/theory/sparse/message.ts";
import { askTheory } from "./askTheory.ts";

const model = (graph: string, energy: string): string => `model M(N = 100, J = 1, h = 0) { ensemble G ~ ${graph} ensemble x[(i, j) in G] ~ Sign ensemble g[(i, j) in G] ~ Normal(0, var = 1) ensemble b[i in N] ~ Sign state s[i in N] : spin energy E = ${energy} observable e = E/N observable a = abs(sum(i) s[i])/N observable q = overlap(s@1, s@2) }\ntheory X of M = bethe()\n`;
const ferromagnet = "-sum((i, j) in G) J*s[i]*s[j] - h*sum(i) s[i]";
const glass = "-sum((i, j) in G) x[i,j]*s[i]*s[j]";
const value = (text: string, quantity: string, named: Readonly<Record<string, number>> = {}): number => askTheory(text, "X", quantity, named).value;
const regular = (d: number, energy = ferromagnet): string => model(`RandomRegular(N, degree = ${d})`, energy);
const poisson = (c: number, energy = ferromagnet): string => model(`ErdosRenyi(N, degree = ${c})`, energy);

/** The energy is −dφ/dβ, the magnetisation dφ/d(βh), the entropy φ + βe. */
function consistent(text: string, T: number, named: Readonly<Record<string, number>>, digits: number): void {
  const d = digits > 5 ? 2e-4 : 1e-3, phi = (t: number, more = {}): number => value(text, "free_entropy", { ...named, ...more, T: t });
  expect(T * T * (phi(T + d) - phi(T - d)) / (2 * d)).toBeCloseTo(value(text, "energy", { ...named, T }), digits);
  expect(phi(T) + value(text, "energy", { ...named, T }) / T).toBeCloseTo(value(text, "entropy", { ...named, T }), 8);
  if ((named["h"] ?? 0) !== 0) expect(T * (phi(T, { h: named["h"]! + d }) - phi(T, { h: named["h"]! - d })) / (2 * d)).toBeCloseTo(value(text, "m", { ...named, T }), digits);
}

test("degree 2: the chain", () => {
  for (const T of [0.5, 1, 3]) {
    expect(value(regular(2), "energy", { T })).toBeCloseTo(-Math.tanh(1 / T), 12);
    expect(value(regular(2, glass), "free_entropy", { T })).toBeCloseTo(Math.log(2 * Math.cosh(1 / T)), 12);
  }
  const [T, h] = [0.9, 0.4], [k, b] = [1 / T, h / T];
  expect(value(regular(2), "free_entropy", { T, h })).toBeCloseTo(Math.log(Math.exp(k) * Math.cosh(b) + Math.sqrt(Math.exp(2 * k) * Math.sinh(b) ** 2 + Math.exp(-2 * k))), 12);
  expect(value(regular(2), "m", { T, h })).toBeCloseTo(Math.sinh(b) / Math.sqrt(Math.sinh(b) ** 2 + Math.exp(-4 * k)), 10);
  expect(() => value(regular(2), "T_c")).toThrow(/no transition/);
});

test("ferromagnets on regular graphs", () => {
  expect(value(regular(3), "T_c", { J: 2 })).toBeCloseTo(2 / Math.atanh(0.5), 10);
  // d = 3, h = 0: with t = tanh β the cavity magnetisation is √((2t − 1)/t²) (Baxter, chapter 4).
  const T = 1.5, t = Math.tanh(1 / T), x = Math.sqrt((2 * t - 1) / (t * t)), u = t * x;
  expect(value(regular(3), "m", { T })).toBeCloseTo((3 * u + u ** 3) / (1 + 3 * u * u), 10);
  expect(value(regular(3), "a", { T })).toBeCloseTo(value(regular(3), "m", { T }), 14);
  consistent(regular(3), 1.5, {}, 6);
  consistent(regular(4), 2.5, { h: 0.3 }, 6);
  expect(value(regular(3), "m", { T, h: -0.2 })).toBeCloseTo(-value(regular(3), "m", { T, h: 0.2 }), 12);
  expect(value(regular(3), "energy", { T: 0, h: 0.5 })).toBeCloseTo(-2, 12);
  expect(askTheory(regular(3), "X", "energy", { T }).status).toBe("exact");
  // The density evolution of any couplings, where all fields are equal.
  const grid = refinedCavityFields({ graph: { kind: "RandomRegular", degree: 3 }, couplings: [{ value: 1, weight: 1 }], fields: [{ value: 0, weight: 1 }], messages: messages(T), start: 1 });
  expect(grid.magnetisation).toBeCloseTo(value(regular(3), "m", { T }), 4);
  expect(-grid.freeEnergy / T).toBeCloseTo(value(regular(3), "free_entropy", { T }), 5);
});

test("Erdős-Rényi: T_c, and the giant component at T = 0", () => {
  expect(value(poisson(2.5), "T_c")).toBeCloseTo(1 / Math.atanh(1 / 2.5), 10);
  // Large fields stay in the giant component, whose fraction is m = 1 − exp(−c m); all edges are satisfied.
  const m = value(poisson(2), "m", { T: 0 });
  expect(m).toBeCloseTo(1 - Math.exp(-2 * m), 8);
  expect(value(poisson(2), "energy", { T: 0 })).toBeCloseTo(-1, 8);
  expect(value(poisson(2), "energy", { T: 2 })).toBeCloseTo(-Math.tanh(0.5), 12);
  consistent(poisson(2), 1.2, {}, 4);
  consistent(poisson(2), 1.5, { h: 0.3 }, 4);
});

test("spin glasses: T_c, the paramagnet, and replica symmetry below", () => {
  expect(value(regular(3, glass), "T_c")).toBeCloseTo(1 / Math.atanh(Math.SQRT1_2), 10);
  expect(value(regular(3, glass), "entropy", { T: 1.5 })).toBeCloseTo(Math.LN2 + 1.5 * (Math.log(Math.cosh(1 / 1.5)) - Math.tanh(1 / 1.5) / 1.5), 12);
  // Mézard and Parisi, J. Stat. Phys. 111, 1 (2003): −23/18 at degree 3.
  expect(value(regular(3, glass), "energy", { T: 0 })).toBeCloseTo(-23 / 18, 8);
  const below = askTheory(regular(3, glass), "X", "energy", { T: 0.8 });
  expect([below.status, below.assumptions.join().includes("approximation")]).toEqual(["ansatz(rs)", true]);
  consistent(regular(3, glass), 0.8, {}, 4);
  expect(value(regular(3, glass), "m", { T: 0.8 })).toBeCloseTo(0, 10);
  expect(value(regular(3, glass), "q", { T: 0.8 })).toBeGreaterThan(0.1);
}, 20_000);

test("Gaussian couplings and random fields", () => {
  const gaussian = regular(3, "-sum((i, j) in G) g[i,j]*s[i]*s[j]");
  const T = value(gaussian, "T_c");
  // 2 E tanh²(g/T) = 1, by a plain sum.
  let sum = 0;
  for (let z = -8; z <= 8; z += 1e-3) sum += 1e-3 * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * Math.tanh(z / T) ** 2;
  expect(2 * sum).toBeCloseTo(1, 8);
  consistent(regular(3, `${ferromagnet} - 0.5*sum(i) b[i]*s[i]`), 2, { h: 0.3 }, 4);
}, 20_000);

test("the same energy, written differently", () => {
  const [T, h] = [1.4, 0.2];
  const reference = value(regular(3), "free_entropy", { T, h });
  expect(value(regular(3, "-sum(i) s[i]*(h + 0.5*J*sum(j in G[i]) s[j])"), "free_entropy", { T, h })).toBeCloseTo(reference, 12);
  // (1 − s s')/2 counts unsatisfied edges: half the coupling, and a constant.
  expect(value(poisson(2, "sum((i, j) in G) (1 - s[i]*s[j])/2"), "energy", { T: 1 })).toBeCloseTo(0.5 * (1 - Math.tanh(0.5)), 12);
  expect(value(poisson(2, "sum((i, j) in G) (1 - s[i]*s[j])/2"), "e", { T: 1 })).toBeCloseTo(0.5 * (1 - Math.tanh(0.5)), 12);
  expect(value(regular(3), "energy", { T: Infinity })).toBe(0);
});

test("what is no pair energy of spins on such a graph is refused", () => {
  expect(() => value(regular(3).replace(": spin", ": interval(-1, 1)"), "energy", { T: 1 })).toThrow(/interval/);
  expect(() => value(model("RandomRegular(N, degree = 3)", "-sum((i, j) in G) s[i]*s[j] - sum(i < j) s[i]*s[j]/N"), "energy", { T: 1 })).toThrow(/indices|condition/);
  expect(() => value(model("RandomRegular(N, degree = 3)", "-sum((i, j) in G) s[i]*s[j]*s[1]"), "energy", { T: 1 })).toThrow(/3 spins/);
  expect(() => value(model("RandomRegular(N, degree = 3)", "-sum((i, j) in G) s[i]*s[j]/sqrt(N)"), "energy", { T: 1 })).toThrow(/vanishes/);
  expect(() => value("model L(N = 9) { ensemble G ~ Lattice(N, dimension = 2) state s[i in N^2] : spin energy E = -sum((i, j) in G) s[i]*s[j] }\ntheory X of L = bethe(T = 1)\n", "energy")).toThrow(/short loops/);
  expect(() => value(regular(3), "energy")).toThrow(/temperature/);
});

test("Fourier transforms: a wave is one frequency, and back", () => {
  const re = Float64Array.from({ length: 8 }, (_, k) => Math.cos(2 * Math.PI * k / 8)), im = Float64Array.from({ length: 8 }, (_, k) => Math.sin(2 * Math.PI * k / 8));
  const before = re.slice();
  fourier(re, im);
  re.forEach((x, k) => expect(x).toBeCloseTo(k === 1 ? 8 : 0, 12));
  fourier(re, im, true);
  re.forEach((x, k) => expect(x / 8).toBeCloseTo(before[k]!, 12));
});
