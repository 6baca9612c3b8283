/** `enumerate()` against transfer matrices, a sum over states written out here, and limits. */
import { expect, test } from "vitest";
import { askTheory } from "./askTheory.ts";

const value = (text: string, quantity: string, named: Readonly<Record<string, number>> = {}): number => askTheory(text, "X", quantity, named).value;
const ring = "model Ring(L = 8, h = 0.3) { ensemble G ~ Lattice(L, dimension = 1) state s[i in L] : spin energy E = -sum((i, j) in G) s[i]*s[j] - h*sum(i) s[i] observable m = sum(i) s[i]/L observable q = overlap(s@1, s@2) }\ntheory X of Ring = enumerate()\n";
const pairs = "model P(N = 4, p = 0.3) { ensemble J[i < j in N] ~ Sign ensemble b[i in N] ~ Bernoulli(p) ensemble unused[i in 50] ~ Normal(0, var = 1) state s[i in N] : spin energy H = -sum(i < j) J[i,j]*s[i]*s[j] - sum(i) b[i]*s[i] observable a = abs(sum(i) s[i]) observable u = a + sum(i) unused[i] }\ntheory X of P = enumerate(T = 0.8)\n";

test("a ring in a field: the transfer matrix", () => {
  const [L, h] = [8, 0.3];
  const logZ = (T: number, field = h): number => {
    const [k, b] = [1 / T, field / T];
    const root = Math.sqrt(Math.exp(2 * k) * Math.sinh(b) ** 2 + Math.exp(-2 * k));
    const centre = Math.exp(k) * Math.cosh(b);
    return Math.log((centre + root) ** L + (centre - root) ** L) / L;
  };
  const T = 1.3, d = 1e-5;
  expect(value(ring, "free_entropy", { T })).toBeCloseTo(logZ(T), 12);
  const energy = value(ring, "energy", { T });
  expect(energy).toBeCloseTo(T * T * (logZ(T + d) - logZ(T - d)) / (2 * d), 8);
  expect(value(ring, "entropy", { T })).toBeCloseTo(logZ(T) + energy / T, 12);
  const m = value(ring, "m", { T });
  expect(m).toBeCloseTo(T * (logZ(T, h + d) - logZ(T, h - d)) / (2 * d), 8);
  // Every site is alike: the overlap of independent copies is m².
  expect(value(ring, "q", { T })).toBeCloseTo(m * m, 12);
  expect(value(ring, "free_energy", { T })).toBeCloseTo(-T * logZ(T), 12);
});

test("ground states and infinite temperature", () => {
  expect([value(ring, "energy", { T: 0 }), value(ring, "entropy", { T: 0 })]).toEqual([-1.3, 0]);
  expect(value(ring, "entropy", { T: 0, h: 0 })).toBeCloseTo(Math.LN2 / 8, 14);
  expect(value(ring, "entropy", { T: Infinity })).toBeCloseTo(Math.LN2, 14);
  expect(value(ring, "energy", { T: Infinity })).toBeCloseTo(0, 14);
  expect(() => value(ring, "free_entropy", { T: 0 })).toThrow(/infinite/);
  expect(() => value(ring, "energy")).toThrow(/temperature/);
});

test("averages over couplings and fields, written out", () => {
  const [N, T, p] = [4, 0.8, 0.3];
  const bits = (x: number, n: number): number[] => Array.from({ length: n }, (_, k) => (x >> k) & 1);
  let free = 0, energy = 0, size = 0;
  for (let c = 0; c < 64; c++) for (let f = 0; f < 16; f++) {
    const J = bits(c, 6).map((x) => 2 * x - 1), b = bits(f, N);
    let [Z, e, a] = [0, 0, 0];
    for (let x = 0; x < 16; x++) {
      const s = bits(x, N).map((y) => 2 * y - 1);
      let [E, k] = [0, 0];
      for (let i = 0; i < N; i++) { E -= b[i]! * s[i]!; for (let j = i + 1; j < N; j++) E -= J[k++]! * s[i]! * s[j]!; }
      const w = Math.exp(-E / T);
      Z += w; e += w * E; a += w * Math.abs(s.reduce((x, y) => x + y, 0));
    }
    const weight = b.reduce((product, x) => product * (x === 1 ? p : 1 - p), 1 / 64);
    free += weight * Math.log(Z) / N; energy += weight * e / Z / N; size += weight * a / Z;
  }
  expect(value(pairs, "free_entropy")).toBeCloseTo(free, 12);
  expect(value(pairs, "energy")).toBeCloseTo(energy, 12);
  // The Gaussian ensemble matters only to the observable that reads it.
  expect(value(pairs, "a")).toBeCloseTo(size, 12);
  expect(() => value(pairs, "u")).toThrow(/`unused` is Normal/);
  expect(askTheory(pairs, "X", "a").status).toBe("exact");
});

test("Potts states and constraints", () => {
  const potts = "model Q(N = 3, q = 4) { state c[i in N] : potts(q) energy E = count(i < j) (c[i] == c[j]) }\ntheory X of Q = enumerate(T = 0)\n";
  expect(value(potts, "entropy")).toBeCloseTo(Math.log(24) / 3, 14);
  // Proper colourings have no energy: their number is the partition function.
  expect(value(potts, "free_entropy")).toBeCloseTo(Math.log(24) / 3, 14);
  const fixed = "model C(N = 6) { state s[i in N] : spin constraint sum(i) s[i] == 0 energy E = -s[1]*s[2] }\ntheory X of C = enumerate(T = inf)\n";
  expect(value(fixed, "entropy")).toBeCloseTo(Math.log(20) / 6, 14);
  expect(value(fixed, "energy")).toBeCloseTo(0.2 / 6, 14);
});

test("too large, continuous or Gaussian: refused with the reason", () => {
  expect(() => value(pairs, "energy", { N: 7 })).toThrow(/2\^22|4194304/);
  expect(() => value(pairs.replace("J[i < j in N] ~ Sign", "J[i < j in N] ~ Normal(0, var = 1)"), "energy")).toThrow(/`J` is Normal/);
  expect(() => value("model R(N = 3) { state w[i in N] : real energy E = sum(i) w[i]^2 }\ntheory X of R = enumerate(T = 1)\n", "energy")).toThrow(/finitely many states/);
});
