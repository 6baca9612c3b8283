/** What `explain` says of models: gradients and energy differences against formulas by hand, costs against known counts. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { explainModel } from "../../compiler/explain.ts";

/** The lines under the titles that begin so. */
function lines(model: string, title: string): readonly string[] {
  const { program } = compile(`model M(N = 20, g = 1.0) {\n${model}\n}\n`).models[0]!;
  return explainModel(program!, { N: 20, g: 1 }, { target: "wasm" }).filter((s) => s.title.startsWith(title)).flatMap((s) => s.lines);
}
const glass = "ensemble J[i < j in N] ~ Normal(0, var = 1/N)\nstate s[i in N] : spin\nenergy H = -sum(i < j) J[i,j] * s[i] * s[j]";
const chain = "state f[x in N periodic] : real ~ Normal(0, var = 1)\nenergy S = sum(x) ((f[x+1] - f[x])^2 / 2 + g * f[x]^4 / 4)";

test("spins have the energy difference of a flip by local fields, and no gradient", () => {
  expect(lines(glass, "gradient")).toEqual([]);
  expect(lines(glass, "energy difference")).toEqual(["ΔH = change field_s[site]", "field_s[a] = -Σ_i [i < a] J[i,a] s[i] - Σ_i [a < i] J[a,i] s[i]", "Δfield_s[a] = change couplings[site,a]"]);
  expect(lines(glass, "in these")).toEqual(["change = proposed − s[site]"]);
});

test("the covariance of spins, on the hypercube", () => {
  expect(lines(glass, "covariance")).toEqual(["E[H(s) H(s')] − E[H(s)] E[H(s')] = 1/(2 N) (s·s')^2", "= N ξ(q) for large N,  q = s·s'/N,  ξ(q) = 0.5 q^2"]);
});

test("a lattice is read as it is written: its subscripts wrap by themselves", () => {
  expect(lines(chain, "energy")[0]).toBe("S = Σ_x ((f[1+x] - f[x])^2 / 2 + g f[x]^4 / 4)");
  expect(lines(chain, "gradient")).toEqual(["∂S/∂f[a] = 2 f[a] - (f[1+a] + f[-1+a]) + g f[a]^3"]);
});

test("an energy that counts says what it goes through, and what its moves keep", () => {
  const perceptron = "ensemble x[mu in 30, i in 21] ~ Sign\nstate w[i in 21] : spin\nlet h[mu] = sum(i) x[mu,i] * w[i]\nenergy E = count(mu) (h[mu] < 0)";
  expect(lines(perceptron, "energy").slice(0, 2)).toEqual(["E = Σ_{mu} (h[mu] < 0)", "h[mu] = Σ_i x[mu,i] w[i]"]);
  expect(lines(perceptron, "energy difference")).toEqual(["sum_x_w[mu] = Σ_i w[i] x[mu,i]", "Δsum_x_w[mu] = change x_by_site[site,mu]"]);
  const steps = "state w[i in N] : real ~ Normal(0, var = 1)\nenergy E = count(i) (w[i] < 0) + sum(i) w[i]^2";
  expect(lines(steps, "no gradient")).toEqual(["the energy goes through `<` of the state, which has no derivative to use"]);
});

test("costs count eigenvalues", () => {
  const matrices = "ensemble A[i in N, j in N] ~ Normal(0, var = 1)\nstate w[i in N] : real\nconstraint sum(i) w[i]^2 == N\nlet B[i, j] = A[i,j] + A[j,i]\nenergy H = -sum(i, j) A[i,j] * w[i] * w[j]\nobservable top = eigenvalues(B)[N]\nobservable index = mean(a) (eigenvalues(hessian(H))[a] < 0)";
  expect(lines(matrices, "cost").filter((line) => line.includes("eigenvalues_"))).toEqual([
    "eigenvalues_B: 2 N³/3 multiply-adds for the eigenvalues.",
    "eigenvalues_hessian_H: 2 N³/3 multiply-adds for the eigenvalues, by products with vectors where there are many variables.",
  ]);
});
