/** Golden programs: what the IR of a model is, as text. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkModels } from "../../../compiler/1-check/checkModels.ts";
import { lowerModel } from "../../../compiler/2-lower/lowerModel.ts";
import { parse } from "../../../grammar/index.ts";
import { programOf, programText } from "./support.ts";

const specification = (name: string): string => readFileSync(join(import.meta.dirname, `../../cases/accept/${name}/spec.quench`), "utf8");

test("the spin glass of the loss surfaces", () => {
  const models = checkModels(parse(specification("loss-surfaces")).file).models;
  const program = lowerModel(models.find((m) => m.name === "SpinGlass")!)!;
  expect(programText(program)).toMatchInlineSnapshot(`
    "model SpinGlass(integer N = 100)
    quenched real X[1..N, 1..N, 1..N] ~ Normal(0, 1)
    thermal real w[1..N] : real()
    thermal real L = energy () Σ_{i,j,k} (X[i,j,k] w[i] w[j] w[k] / N)
    thermal real loss = observable () L / N
    thermal real eigenvalues_hessian_L[1..N - 1] = hessianSpectrum(L)
    thermal real index = observable () (Σ_a (eigenvalues_hessian_L[a] < -0.001)) / (N - 1)
    constraint () Σ_i w[i]^2 == N
    energy L
    observables L, loss, index"
  `);
});

test("the quadratic landscape, with index values in arithmetic", () => {
  const models = checkModels(parse(specification("thermal-landscape")).file).models;
  expect(programText(lowerModel(models.find((m) => m.name === "Quadratic")!)!)).toMatchInlineSnapshot(`
    "model Quadratic(integer n = 20)
    thermal real r[1..n] : real() ~ Normal(0, 0.001)
    thermal real U = energy () Σ_i ((1 + 4 (i - 1) / (n - 1)) r[i]^2 / 2)
    energy U
    observables U"
  `);
});

test("binary storage: a derived size is written out in ranges", () => {
  const models = checkModels(parse(specification("atypical-transitions")).file).models;
  expect(programText(lowerModel(models.find((m) => m.name === "Storage")!)!)).toMatchInlineSnapshot(`
    "model Storage(integer N = 501, real alpha = 0.5)
    parameter integer P = let () round(alpha N)
    quenched integer x[1..round(alpha N), 1..N] ~ Sign()
    thermal integer w[1..N] : spin()
    thermal integer E = energy () Σ_{mu} (Σ_i x[mu,i] w[i] < 0)
    energy E
    observables E"
  `);
});

test("the order of declaration does not matter", () => {
  const lines = ["ensemble J[i in N, j in N] ~ Normal(0, 1)", "state s[i in N] : spin", "let h[i] = sum(j) J[i,j] * s[j]", "energy E = -sum(i) s[i] * h[i]", "observable e = E / N"];
  const text = (order: readonly string[]): string => `model M(N = 5) {\n${order.join("\n")}\n}`;
  const sorted = (order: readonly string[]): string => programText(programOf(text(order))).split("\n").sort().join("\n");
  expect(sorted([...lines].reverse())).toBe(sorted(lines));
});

test("models with errors have no program", () => {
  const wrong = checkModels(parse("model M(N = 3) { state s[i in N] : spin  energy E = sum(i) t[i] }").file);
  expect(wrong.diagnostics.map((d) => d.code)).toEqual(["Q200"]);
  expect(lowerModel(wrong.models[0]!)).toBeUndefined();
});

test("the whole spectrum as an observable takes the shape of the tangent space", () => {
  const text = programText(programOf(`model M(N = 4, M = 2) {
    state w[i in N, c in M] : real
    constraint sum(c) w[i,c]^2 == 1
    energy H = sum(i, c) w[i,c]^4
    observable spectrum = eigenvalues(hessian(H))
    observable lambda = spectrum[1]
  }`));
  expect(text).toContain("thermal real eigenvalues_hessian_H[1..N M - N] = hessianSpectrum(H)");
  expect(text).toContain("thermal real spectrum[1..N M - N] = observable (a) eigenvalues_hessian_H[a]");
});
