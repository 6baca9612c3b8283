/** Warnings that physicists want: an energy that is not extensive, with the covariance that was derived; and matrices outside of observables. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";

const found = (model: string): readonly (readonly [string, string, string | undefined])[] =>
  compile(`model M(N = 20, g = 1.0) {\n${model}\n}\n`).diagnostics.map((d) => [d.code, d.message, d.help]);
const spins = "state s[i in N] : spin\n";
const sphere = "state w[i in N] : real\nconstraint sum(i) w[i]^2 == N\n";

test.each([
  ["SK without normalisation", `${spins}ensemble J[i < j in N] ~ Normal(0, var = 1)\nenergy H = -sum(i < j) J[i,j] * s[i] * s[j] - g * sum(i) s[i]`, "N^2", "N^(-1/2)"],
  ["signs instead of Gaussian couplings", `${spins}ensemble J[i < j in N] ~ Sign\nenergy H = sum(i < j) J[i,j] * s[i] * s[j]`, "N^2", "N^(-1/2)"],
  ["3-spin with the variance of 2 spins", `${sphere}ensemble J[i in N, j in N, k in N] ~ Normal(0, var = 1/N)\nenergy H = sum(i, j, k) J[i,j,k] * w[i] * w[j] * w[k]`, "N^2", "N^(-1/2)"],
  ["an energy per spin", `${spins}ensemble J[i < j in N] ~ Normal(0, var = 1/N)\nenergy H = (sum(i < j) J[i,j] * s[i] * s[j]) / N`, "N^(-1)", "N"],
])("not extensive: %s", (_, model, covariance, factor) => {
  const [[code, message, help], ...others] = found(model) as [readonly [string, string, string]];
  expect(others).toEqual([]);
  expect(code).toBe("Q609");
  expect(message).toBe(`\`H\` is not extensive: its covariance over the disorder is ${covariance}·ξ(q), not N·ξ(q)`);
  expect(help).toContain(`multiply it by ${factor},`);
});

test.each([
  ["SK", `${spins}ensemble J[i < j in N] ~ Normal(0, var = g^2/N)\nenergy H = -sum(i < j) J[i,j] * s[i] * s[j]`],
  ["a random field alone", `${spins}ensemble h[i in N] ~ Normal(0, var = 1)\nenergy H = -sum(i) h[i] * s[i]`],
  ["a mixture on the sphere", `${sphere}ensemble J[i in N, j in N] ~ Normal(0, var = 1/N)\nensemble K[i in N, j in N, k in N] ~ Normal(0, var = 1)\nenergy H = sum(i, j) J[i,j] * w[i] * w[j] + sum(i, j, k) K[i,j,k] * w[i] * w[j] * w[k] / N`],
  ["no Gaussian energy", `${spins}ensemble J[i < j in N] ~ Normal(0, var = 1)\nenergy H = (sum(i < j) J[i,j] * s[i] * s[j])^2`],
  ["couplings on a chain", "state s[i in N periodic] : spin\nensemble J[i in N] ~ Normal(0, var = 1)\nenergy H = -sum(i) J[i] * s[i] * s[i+1]"],
])("silent about %s", (_, model) => expect(found(model)).toEqual([]));

test("an ensemble that nothing reads: no binder, other draw or run either", () => {
  const { diagnostics } = compile(`model M(N = 6) {
  ensemble   J[i in N, j in N] ~ Normal(0, var = 1/N)
  ensemble   K[i in N, j in N] ~ Normal(0, var = 1/N)
  ensemble   G ~ ErdosRenyi(N, degree = 2)
  ensemble   F ~ ErdosRenyi(N, degree = 2)
  ensemble   v[i in N] ~ Sign
  ensemble   h[i in N] ~ Uniform(1, 2)
  ensemble   z[i in N] ~ Uniform(0, h[i])
  state      s[i in N] : spin
  energy     H = -sum(i, j) J[i,j] * s[i] * s[j] - sum((i, j) in G) s[i] * s[j] - sum(i) z[i] * s[i]
  observable m = mean(s)
}
run R of M {
  start  s = v
  evolve metropolis(T = 1) for 3 sweeps
}
`);
  expect(diagnostics.map((d) => [d.code, d.message])).toEqual([["Q265", "nothing reads the ensemble `K`"], ["Q265", "nothing reads the ensemble `F`"]]);
});

const patterns = "ensemble x[mu in 30, i in N] ~ Sign\nstate w[i in N] : spin\n";
/** Of a model of 20 variables. */
const ties = (model: string): readonly string[] => found(model).filter(([code]) => code === "Q266").map(([, message]) => message);

test.each([
  ["a perceptron", `${patterns}energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)`, "a sum of 20 signs at N = 20, an even number, and can be exactly zero"],
  ["with a let and a factor", `${patterns}ensemble y[mu in 30] ~ Sign\nlet h[mu] = y[mu] * sum(i) x[mu,i] * w[i] / sqrt(N)\nenergy E = count(mu) (0 >= h[mu])`, "h[mu] is a sum of 20 signs"],
  ["a margin that is on the grid", `${patterns}energy E = count(mu) (sum(i) x[mu,i] * w[i] / 2 < 3)`, "can be exactly at the threshold"],
  ["labels of a teacher", `${patterns}ensemble t[i in N] ~ Sign\nlet y[mu] = sign(sum(i) t[i] * x[mu,i])\nlet z[mu] = sum(i) x[mu,i] * w[i] + 1\nenergy E = count(mu) (y[mu] * z[mu] < 0)`, "Σ_i t[i] x[mu,i] is a sum of 20 signs"],
  ["a committee of an even number", "ensemble x[mu in 30, k in 4, i in 5] ~ Sign\nstate w[k in 4, i in 5] : spin\nlet s[mu, k] = sign(sum(i) w[k,i] * x[mu,k,i])\nenergy E = count(mu) (sum(k) s[mu,k] < 0)", "a sum of 4 signs, an even number"],
  ["a neighbourhood", "state s[i in N periodic] : spin\nenergy E = count(i) (s[i-1] + s[i+1] > 0)", "a sum of 2 signs"],
  ["all but one", "ensemble J[i in 19, j in 19] ~ Sign\nstate s[i in 19] : spin\nenergy E = count(i) (s[i] * (sum(j != i) J[i,j] * s[j]) < 0)", "a sum of 18 signs"],
])("ties: %s", (_, model, message) => {
  expect(ties(model)).toHaveLength(1);
  expect(ties(model)[0]).toContain(message);
});

test.each([
  ["an odd number of inputs", "ensemble x[mu in 30, i in 21] ~ Sign\nstate w[i in 21] : spin\nenergy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)"],
  ["Gaussian inputs", "ensemble x[mu in 30, i in N] ~ Normal(0, var = 1)\nstate w[i in N] : spin\nenergy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)"],
  ["ties that are told apart", `${patterns}let h[mu] = sum(i) x[mu,i] * w[i]\nenergy E = sum(mu) ((h[mu] < 0) + (h[mu] == 0) / 2)`],
  ["a margin between the values", `${patterns}energy E = count(mu) (sum(i) x[mu,i] * w[i] / sqrt(N) < g)`],
  ["a margin of the other parity", `${patterns}energy E = count(mu) (sum(i) x[mu,i] * w[i] < 3)`],
  ["clauses", "ensemble c[a in 30, l in 2] ~ Sign\nensemble v[a in 30, l in 2] ~ Distinct(N)\nstate s[i in N] : spin\nenergy E = count(a) all(l) (c[a,l] * s[v[a,l]] < 0)"],
  ["a sum of dependent terms", "state s[i in N] : spin\nenergy E = count(k in 3) ((sum(i != j) s[i] * s[j]) < k * 0)"],
])("no ties: %s", (_, model) => expect(ties(model)).toEqual([]));

test("ties at the points of runs", () => {
  const at = (sizes: string): readonly string[] =>
    compile(`model M(N = 20) {\n${patterns}energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)\n}\nrun R of M {\n  sweep N in ${sizes}\n  measure enumerate(T = 1)\n}\n`).diagnostics.map((d) => d.message);
  expect(at("[11, 13]")).toEqual([]);
  expect(at("[11, 12]")).toEqual([expect.stringContaining("at N = 12") as string]);
});
