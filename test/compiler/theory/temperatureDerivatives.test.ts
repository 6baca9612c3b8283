/** Of every class of theory: the energy is −∂(free entropy)/∂(1/T) and the entropy −∂(free energy)/∂T, by central differences. */
import { expect, test } from "vitest";
import { askTheory } from "./askTheory.ts";

const glass = "ensemble J[i < j in N] ~ Normal(0, var = 1/N) ", spins = "state s[i in N] : spin ", pairs = "sum(i < j) J[i,j]*s[i]*s[j]";
const memory = (load: number, more = "", entries = "Sign"): string => `let P = round(${load}*N) ensemble ξ[μ in P, i in N] ~ ${entries} ${spins}energy H = -sum(μ) (sum(i) ξ[μ,i]*s[i])^2/(2*N)${more}`;
const graph = (more: string, kind = "RandomRegular(N, degree = 4)"): string => `ensemble G ~ ${kind} ${spins}energy H = -sum((i, j) in G) s[i]*s[j]${more}`;
const learning = "let P = round(1.4*N) ensemble x[μ in P, i in N] ~ Sign ";

test.each<readonly [string, string, string, number]>([
  ["spin glass in a field", `${glass}${spins}energy H = -${pairs} - 0.3*sum(i) s[i]`, "replica(rs)", 0.7],
  ["ferromagnetic bias and a constant", `ensemble J[i < j in N] ~ Normal(1.6/N, var = 1/N) ${spins}energy H = -${pairs} + N/3`, "replica(rs)", 0.8],
  ["a Gaussian spike", `ensemble u[i in N] ~ Normal(0, var = 1) ${glass}${spins}energy H = -${pairs} - 0.9*(sum(i) u[i]*s[i])^2/N`, "replica(rs)", 0.8],
  ["two- and three-spin couplings", `${glass}ensemble X[i < j < k in N] ~ Normal(0, var = 3/N^2) ${spins}energy H = -${pairs} - sum(i < j < k) X[i,j,k]*s[i]*s[j]*s[k]`, "replica(rs)", 0.7],
  ["a sphere in random fields", "ensemble J[i in N, j in N] ~ Normal(0, var = 1/N) ensemble f[i in N] ~ Normal(0, var = 1) state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = -sum(i, j) J[i,j]*w[i]*w[j] - 0.2*sum(i) f[i]*w[i]", "replica(rs)", 0.6],
  ["a ferromagnet in random fields", `ensemble f[i in N] ~ Normal(0, var = 0.25) ${spins}energy H = -(sum(i) s[i])^2/N - sum(i) f[i]*s[i]`, "replica(rs)", 0.8],
  ["four-spin ferromagnet", `${spins}energy H = -(sum(i) s[i])^4/N^3 - 0.1*sum(i) s[i]`, "replica(rs)", 0.9],
  ["a memory that retrieves", memory(0.06), "replica(rs)", 0.3],
  ["a memory in a field", memory(0.2, " - 0.2*sum(i) ξ[2,i]*s[i]"), "replica(rs)", 0.6],
  ["a memory of Gaussian patterns", memory(0.05, "", "Normal(0, var = 2)"), "replica(rs)", 0.8],
  ["a memory that is a glass", memory(0.5), "replica(rs)", 0.7],
  ["a regular graph in a field", graph(" - 0.1*sum(i) s[i]"), "bethe()", 1.7],
  ["a spike, by message passing", `ensemble u[i in N] ~ Sign ${glass}${spins}energy H = -sum(i < j) (1.5*u[i]*u[j]/N + J[i,j])*s[i]*s[j]`, "state_evolution()", 0.9],
  ["labels with reversals, by message passing", `${learning}ensemble t[i in N] ~ Sign ensemble f[μ in P] ~ Bernoulli(0.1) ${spins}energy E = count(μ) ((1 - 2*f[μ])*sign(sum(i) t[i]*x[μ,i])*(sum(i) x[μ,i]*s[i]) < 0)`, "state_evolution()", 0.6],
  ["a window on the sphere", `${learning}state w[i in N] : real constraint sum(i) w[i]^2 == 3*N energy E = count(μ) (abs(sum(i) x[μ,i]*w[i]) > sqrt(N))`, "replica(rs)", 0.4],
  ["regression", `${learning}ensemble y[μ in P] ~ Normal(0, 1) state w[i in N] : real ~ Normal(0, 1) energy E = sum(μ) (y[μ] - sum(i) x[μ,i]*w[i]/sqrt(N))^2 + 0.2*sum(i) w[i]^2`, "replica(rs)", 0.4],
])("%s", (_, declarations, method, T) => {
  const text = `model M(N = 200) { ${declarations} }\ntheory Th of M = ${method}`, d = 1e-4;
  const at = (quantity: string, T: number): number => askTheory(text, "Th", quantity, { T }).value;
  const [low, high] = [T - d, T + d];
  expect(Math.abs((at("free_entropy", low) - at("free_entropy", high)) / (1 / high - 1 / low) - at("energy", T))).toBeLessThan(1e-6);
  expect(Math.abs((at("free_energy", low) - at("free_energy", high)) / (2 * d) - at("entropy", T))).toBeLessThan(1e-6);
});
