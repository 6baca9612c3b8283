/** The tables of distributions, domains, functions, reductions and sources: documented, consistent with the grammar and the runtime, and usable. */
import { describe, expect, test } from "vitest";
import { checkModels } from "../../../compiler/1-check/checkModels.ts";
import { lowerModel } from "../../../compiler/2-lower/lowerModel.ts";
import { distributions } from "../../../compiler/library/distributions/index.ts";
import type { DistributionRecord } from "../../../compiler/library/distributions/index.ts";
import { domains } from "../../../compiler/library/domains/index.ts";
import type { DomainRecord } from "../../../compiler/library/domains/index.ts";
import { libraryFunctions } from "../../../compiler/library/functions/index.ts";
import type { LibraryFunction } from "../../../compiler/library/functions/index.ts";
import { operatorNames, ops } from "../../../compiler/library/ops/index.ts";
import { reductions } from "../../../compiler/library/reductions/index.ts";
import type { Reduction } from "../../../compiler/library/reductions/index.ts";
import { sources } from "../../../compiler/library/sources/index.ts";
import { verifyProgram } from "../../../compiler/ir/verify.ts";
import { isReductionName, parse } from "../../../grammar/index.ts";
import { distributions as samplers } from "../../../runtime/random/distributions/index.ts";
import { Stream } from "../../../runtime/random/stream.ts";

/** Checks and lowers a model that must be right. */
function accept(text: string): void {
  const { file, diagnostics } = parse(text);
  const checked = checkModels(file);
  expect([...diagnostics, ...checked.diagnostics].map((d) => `${d.code} ${d.message}`)).toEqual([]);
  expect(verifyProgram(lowerModel(checked.models[0]!)!)).toEqual([]);
}

test("every entry is documented in one sentence", () => {
  for (const table of [distributions, domains, libraryFunctions, reductions, sources]) {
    for (const { doc } of Object.values(table)) expect(doc).toMatch(/^[A-Z−0-9exp(a-z_, )]+.*\.$/);
  }
});

test("callables have different names, except where a reduction has a form on its arguments", () => {
  const operators = operatorNames.flatMap((name) => ops[name].syntax.function ?? []);
  const names = [...Object.keys(distributions), ...Object.keys(libraryFunctions), ...Object.keys(sources), ...operators];
  expect(new Set(names).size).toBe(names.length);
  const shared = Object.entries(reductions as Record<string, Reduction>).filter(([name]) => names.includes(name));
  expect(shared.every(([name, r]) => r.pairwise === name)).toBe(true);
});

test("the grammar knows the same reductions", () => {
  expect(Object.keys(reductions).filter((name) => !isReductionName(name))).toEqual([]);
});

describe("distributions", () => {
  test.each(Object.entries(distributions as Record<string, DistributionRecord>).filter(([, r]) => !r.graph))("%s can be drawn from", (name, record) => {
    const sampler = samplers[record.runtime as keyof typeof samplers];
    expect(sampler.parameters).toHaveLength(record.parameters.length);
    const arguments_ = record.parameters.map((p) => (p.namedOnly || p.bareValue !== undefined ? `${p.name} = 2` : p.element === "integer" ? "N" : "0.5"));
    accept(`model M(N = 5) { ensemble x[i in N] ~ ${name}(${arguments_.join(", ")})  state s[i in N] : spin  energy E = sum(i) x[i] * s[i] }`);
  });

  test.each(Object.entries(distributions as Record<string, DistributionRecord>).filter(([, r]) => r.refuse && !r.graph))("%s refuses what its sampler refuses", (_, record) => {
    const sampler = samplers[record.runtime as keyof typeof samplers];
    const names = record.parameters.map((p) => p.name);
    for (const first of [-1, 0, 0.5, 1, 2]) for (const second of [-1, 0, 1, 2]) {
      const values = [first, second].slice(0, names.length);
      if (record.parameters.some((p, k) => p.element === "integer" && !Number.isInteger(values[k]))) continue;
      const refused = record.refuse!(Object.fromEntries(names.map((n, k) => [n, values[k]]))) !== undefined;
      const draw = (): void => sampler.fill(new Float64Array(4), new Stream(["library", 1]), values, [4]);
      if (refused) expect(draw).toThrow(RangeError);
      else expect(draw).not.toThrow();
    }
  });
});

test.each(Object.entries(domains as Record<string, DomainRecord>))("states can be %s", (name, record) => {
  const arguments_ = record.parameters.map((p, k) => (p.element === "integer" ? "3" : String(k)));
  accept(`model M(N = 5) { state s[i in N] : ${name}${arguments_.length > 0 ? `(${arguments_.join(", ")})` : ""}  energy E = sum(i) s[i] }`);
});

test.each(Object.entries(libraryFunctions as Record<string, LibraryFunction>))("%s can be called and lowered", (name, record) => {
  const arguments_ = record.arguments.map((kind) => ({ number: "2", array: "w", sameShape: "v", vector: "w", matrix: "A", differentiable: "E", class: "k" })[kind]);
  const call = `${name}(${arguments_.join(", ")})`;
  accept(`model M(N = 5) {
    ensemble A[i in N, j in N] ~ Normal(0, 1)
    ensemble k ~ Categorical(N)
    state w[i in N] : real ~ Normal(0, 1)
    state v[i in N] : real ~ Normal(0, 1)
    energy E = sum(i) w[i]^2 * v[i]
    observable q = ${call}
  }`);
});

test.each(Object.entries(reductions as Record<string, Reduction>).filter(([, r]) => r.scope === "everywhere"))("%s reduces over indices, arrays and arguments", (name, record) => {
  const [body, array] = record.body === "truth" ? ["(w[i] > 0)", "b"] : ["w[i]", "w"];
  accept(`model M(N = 5) {
    state w[i in N] : real ~ Normal(0, 1)
    let b[i] = w[i] > 0
    energy E = sum(w)
    observable q = ${name}(i) ${body}
    observable r = ${name}(${array})
    ${record.pairwise ? `observable t = ${name}(${array}[1], ${array}[2])` : ""}
  }`);
});
