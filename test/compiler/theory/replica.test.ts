/** Replica theory and theories of a file's own against THEORY.md, from the text of a specification to the answer. */
import { expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
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
