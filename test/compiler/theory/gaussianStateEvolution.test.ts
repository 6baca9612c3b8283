/** State evolution of spiked matrices and tensors: fixed points are saddle points of the replica-symmetric free entropy, thresholds are the known ones. */
import { describe, expect, test } from "vitest";
import { askTheory } from "./askTheory.ts";

const theories = "theory RS of M = replica(rs)\ntheory SE of M = state_evolution()";
const spiked = (direction: string): string => `model M(N = 100, snr = 2) { ensemble u[i in N] ~ ${direction} ensemble J[i < j in N] ~ Normal(0, var = 1/N) state s[i in N] : spin energy H = -sqrt(snr)*sum(i < j) J[i,j]*s[i]*s[j] - snr/N*sum(i < j) u[i]*u[j]*s[i]*s[j] observable overlap_u = overlap(s, u) }\n${theories}`;
const sphere = (p: "matrix" | "tensor"): string => `model M(N = 100, snr = 2) { ensemble u[i in N] ~ Normal(0, var = 1) ${p === "matrix" ? "ensemble X[i in N, j in N] ~ Normal(0, var = 1/N)" : "ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1/N^2)"} state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = ${p === "matrix" ? "-sqrt(snr/2)*sum(i, j) X[i,j]*w[i]*w[j] - snr/(2*N)*(sum(i) u[i]*w[i])^2" : "-sqrt(snr)*sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k] - snr/N^2*(sum(i) u[i]*w[i])^3"} }\n${theories}`;

describe("the replica-symmetric saddle point is reached", () => {
  test.each([["spins, planted signs", spiked("Sign"), 2, 1], ["spins, another temperature", spiked("Sign"), 2, 0.7], ["spins, a Gaussian direction", spiked("Normal(0, var = 1)"), 3, 1], ["sphere, matrix", sphere("matrix"), 2, 1]] as const)("%s", (_, text, snr, T) => {
    for (const quantity of ["q", "m", "energy", "free_entropy"]) expect(askTheory(text, "SE", quantity, { snr, T }).value).toBeCloseTo(askTheory(text, "RS", quantity, { snr, T }).value, 7);
  });
});

test("spiked matrices where the prior is the true one: q = m, and nothing below snr = 1", () => {
  expect(askTheory(spiked("Sign"), "SE", "q", { T: 1 }).value).toBeCloseTo(askTheory(spiked("Sign"), "SE", "m", { T: 1 }).value, 8);
  expect(askTheory(spiked("Sign"), "SE", "mse", { T: 1 }).value).toBeCloseTo(1 - askTheory(spiked("Sign"), "SE", "q", { T: 1 }).value, 8);
  expect(askTheory(spiked("Sign"), "SE", "overlap_u", { T: 1 }).value).toBeCloseTo(askTheory(spiked("Sign"), "SE", "m", { T: 1 }).value, 12);
  expect(askTheory(spiked("Sign"), "SE", "m", { T: 1, snr: 0.8 }).value).toBeLessThan(1e-6);
  // On the sphere the overlap with a Gaussian spike is 1 − 1/snr (Baik, Ben Arous and Péché).
  expect(askTheory(sphere("matrix"), "SE", "m", { T: 1 }).value).toBeCloseTo(0.5, 8);
});

test("a spiked tensor is hard: nothing is found without information, the direction from next to it", () => {
  expect(askTheory(sphere("tensor"), "SE", "m", { T: 1, snr: 4 }).value).toBeLessThan(1e-6);
  expect(askTheory(sphere("tensor"), "SE", "m_informative", { T: 1, snr: 4 }).value).toBeGreaterThan(0.5);
});

test("what messages do not cover", () => {
  expect(() => askTheory(spiked("Sign"), "SE", "q", { T: 0 })).toThrow(/finite temperature/);
  expect(() => askTheory(spiked("Sign").replace("ensemble u", "ensemble h[i in N] ~ Normal(0, var = 1) ensemble u").replace("energy H = ", "energy H = -sum(i) h[i]*s[i] "), "SE", "q", { T: 1 })).toThrow(/random field/);
});
