/** `state_evolution()` against replica theory, which has the same fixed points, and the known thresholds of teacher and student. */
import { expect, test } from "vitest";
import { askTheory } from "./askTheory.ts";

const student = (teacher: string, state: string, alpha: number): string => `model T(N = 501, alpha = ${alpha}) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Normal(0, var = 1) ensemble t[i in N] ~ ${teacher} let y[mu] = sign(sum(i) t[i]*x[mu,i]) ${state} energy E = count(mu) (y[mu] * (sum(i) x[mu,i]*w[i]) < 0) observable R = sum(i) t[i]*w[i]/N }\ntheory A of T = state_evolution(T = 0)\ntheory RS of T = replica(rs, T = 0)\ntheory W of T = state_evolution(T = 0.7)\ntheory V of T = replica(rs, T = 0.7)\n`;
const spins = student("Sign", "state w[i in N] : spin", 1.2), sphere = student("Normal(0, var = 1)", "state w[i in N] : real constraint sum(i) w[i]^2 == N", 1.5);
const value = (text: string, theory: string, quantity: string, named: Readonly<Record<string, number>> = {}): number => askTheory(text, theory, quantity, named).value;

test("binary weights: the replica-symmetric saddle point, on the Nishimori line", () => {
  for (const quantity of ["q", "entropy"]) expect(value(spins, "A", quantity)).toBeCloseTo(value(spins, "RS", quantity), 8);
  expect(value(spins, "A", "r")).toBeCloseTo(value(spins, "A", "q"), 8);
  expect(value(spins, "A", "mse")).toBeCloseTo(1 - value(spins, "A", "q"), 8);
  expect(value(spins, "A", "R")).toBeCloseTo(value(spins, "A", "r"), 12);
  expect(value(spins, "A", "entropy", { alpha: 1.244684 })).toBeCloseTo(0, 6);
});

test("and beyond its last fixed point, α = 1.493 (Barbier et al. 2019), the teacher is found", () => {
  expect(value(spins, "A", "q", { alpha: 1.47 })).toBeLessThan(0.95);
  expect([value(spins, "A", "q", { alpha: 1.52 }), value(spins, "A", "generalisation", { alpha: 1.52 })]).toEqual([1, 0]);
  // Next to the teacher it stays there already before: the hard phase.
  expect(value(spins, "A", "q_informative", { alpha: 1.4 })).toBe(1);
  expect(askTheory(spins, "A", "q", { alpha: 1.4 }).assumptions.join()).toMatch(/informative one to q = 1/);
});

test("off the Nishimori line, at T > 0", () => {
  for (const quantity of ["q", "r", "energy", "entropy", "free_entropy"]) expect(value(spins, "W", quantity)).toBeCloseTo(value(spins, "V", quantity), 7);
});

test("weights on the sphere", () => {
  for (const quantity of ["q", "r", "entropy"]) expect(value(sphere, "A", quantity)).toBeCloseTo(value(sphere, "RS", quantity), 7);
  // From the mean of the posterior: arccos √q / π.
  expect(value(sphere, "A", "generalisation")).toBeCloseTo(Math.acos(Math.sqrt(value(sphere, "A", "q"))) / Math.PI, 7);
});

test("random labels have no teacher; other energies are refused", () => {
  const storage = "model S(N = 501, alpha = 0.5) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Sign state w[i in N] : spin energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0) }\ntheory A of S = state_evolution(T = 0)\n";
  expect(value(storage, "A", "entropy")).toBeCloseTo(0.3143901, 7);
  expect(() => value(storage, "A", "mse")).toThrow(/no teacher/);
  const chain = "model C(N = 100) { state s[i in N periodic] : spin energy H = -sum(i) s[i]*s[i+1] }\ntheory A of C = state_evolution(T = 1)\n";
  expect(() => value(chain, "A", "q")).toThrow(/neither a Gaussian energy .* nor a generalised linear energy/);
});
