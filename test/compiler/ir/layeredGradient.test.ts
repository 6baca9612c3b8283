/** The layered gradient is the gradient: evaluated equation by equation it equals the one written out in the states. */
import { expect, test } from "vitest";
import { gradientForm } from "../../../compiler/ir/differentiate.ts";
import { indexValue, rewrite, substitute, type Expression, type Index } from "../../../compiler/ir/expression.ts";
import { freshen } from "../../../compiler/ir/inline.ts";
import { adjointName, layeredGradient } from "../../../compiler/ir/layeredGradient.ts";
import { fromNormal, key, normalise } from "../../../compiler/ir/normalise.ts";
import { printForm } from "../../../compiler/ir/print.ts";
import { compileText } from "../../pipeline/compileModel.ts";

const network = `model Network(P = 5, d = 3, h = 2) {
  ensemble x[mu in P, i in d] ~ Normal(0, var = 1)
  state    W[a in h, i in d], V[a in h] : real ~ Normal(0, var = 1)
  let      u[mu, a] = exp(sum(i) W[a,i] * x[mu,i])
  let      f[mu] = sum(a) V[a] * u[mu,a] + sum(a) u[mu,a]
  energy   L = mean(mu) (f[mu]^4 + log(f[mu]))
}`;

const programOf = (text: string) => compileText(text).models[0]!.program!;

test("every equation written out gives the gradient", () => {
  const program = programOf(network);
  const layered = layeredGradient(program, "L")!;
  const known = new Map<string, { readonly indices: readonly Index[]; readonly body: Expression }>();
  const writeOut = (e: Expression): Expression => rewrite(e, (node) => {
    const found = node.kind === "read" ? known.get(node.array) : undefined;
    if (!found || node.kind !== "read") return node;
    return substitute(freshen(found.body), new Map(found.indices.map((i, k) => [i, node.subscripts[k]!])));
  });
  for (const { array, indices, form } of layered.definitions) known.set(array, { indices, body: writeOut(fromNormal(form)) });
  for (const { array, indices, form } of layered.adjoints) known.set(adjointName(array), { indices, body: writeOut(fromNormal(form)) });
  for (const { array, indices, form } of layered.gradients) {
    const flat = gradientForm(program, "L", array);
    const same = substitute(fromNormal(flat.form), new Map(flat.indices.map((i, k) => [i, indexValue(indices[k]!)])));
    expect(key(normalise(writeOut(fromNormal(form))))).toBe(key(normalise(same)));
  }
});

test("what a derivative repeats of a definition stands under its name", () => {
  const [, { form }] = layeredGradient(programOf(network), "L")!.adjoints as never as [unknown, { form: Parameters<typeof printForm>[0] }];
  expect(printForm(form)).not.toContain("exp");
});

test("polynomials, and energies without definitions, stay as they are", () => {
  const glass = (energy: string): string => `model M(N = 4) {
    ensemble J[i in N, j in N] ~ Normal(0, var = 1)
    state s[i in N] : real ~ Normal(0, var = 1)
    let h[i] = sum(j) J[i,j] * s[j]
    energy H = ${energy}
  }`;
  expect(layeredGradient(programOf(glass("sum(i) s[i] * h[i]^2")), "H")).toBeUndefined();
  expect(layeredGradient(programOf(glass("sum(i) exp(s[i])")), "H")).toBeUndefined();
  expect(layeredGradient(programOf(glass("sum(i) exp(h[i])")), "H")).toBeDefined();
});
