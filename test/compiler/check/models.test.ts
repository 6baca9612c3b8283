/** What the check finds out about models, and single findings that the corpus doesn't show. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkModels } from "../../../compiler/1-check/checkModels.ts";
import { rules } from "../../../compiler/1-check/rules/index.ts";
import { parse } from "../../../grammar/index.ts";

const check = (text: string) => {
  const { file, diagnostics, unreadable } = parse(text);
  return checkModels(file, { unreadable, complete: diagnostics.length === 0 });
};
const codes = (text: string): readonly string[] => check(text).diagnostics.map((d) => d.code);
const model = (body: string): string => `model M(N = 10, K = 4, beta = 0.5) {\n state w[i in N] : real ~ Normal(0, 1)\n ensemble J[i < j in N] ~ Normal(0, 1)\n ensemble A[i in N, j in N] ~ Normal(0, 1)\n${body}\n}`;
const energy = (e: string): readonly string[] => codes(model(`energy H = ${e}`));

test("parameters are integers or reals by their default", () => {
  const [m] = check("model M(N = 100, a = 0.5, b = 2.0, c = 1e-3, d = -3, e = 1e9, f = 1/2, g = pi) { state s[i in N] : spin  energy E = sum(s) }").models;
  expect(m!.parameters.map((p) => [p.name, p.number, p.default])).toEqual([
    ["N", "integer", 100], ["a", "real", 0.5], ["b", "real", 2], ["c", "real", 1e-3], ["d", "integer", -3], ["e", "integer", 1e9], ["f", "real", 0.5], ["g", "real", Math.PI],
  ]);
});

test("status is the largest of what is read", () => {
  const [m] = check(model("let a = beta * N\nlet q[i] = sum(j) A[i,j] * a\nlet t[i] = q[i] * w[i]\nenergy H = sum(t)")).models;
  const status = (name: string): string | undefined => { const s = m!.symbols.get(name); return s?.kind === "array" ? s.status : undefined; };
  expect(["a", "q", "t", "H", "A", "w"].map(status)).toEqual(["parameter", "quenched", "thermal", "thermal", "quenched", "thermal"]);
});

test("lets take ranges and periodicity from what they read", () => {
  const [m] = check("model M(L = 4, P = 3) { ensemble x[mu in P, r in 0..L] ~ Sign  state s[i in L periodic] : spin  let h[i, mu, r] = s[i+1] * x[mu,r]  energy E = sum(h) }").models;
  const h = m!.symbols.get("h");
  expect(h?.kind === "array" ? h.axes.map((a) => `${a.range.text}${a.periodic ? " periodic" : ""}`) : []).toEqual(["1..L periodic", "1..P", "0..L"]);
});

describe("ranges", () => {
  test.each([
    ["sum(i in N - 1) w[i] * w[i+1]", []],
    ["sum(i in 2..N) w[i] * w[i-1]", []],
    ["sum(i in 2..N - 1) w[i-1] * w[i+1]", []],
    ["sum(i in 0..N - 1) w[i+1] * w[N - i]", []],
    ["sum(i) w[i] * w[N + 1 - i]", []],
    ["sum(i) w[N + 1 - i]", ["Q206"]],
    ["sum(i) w[i + K]", ["Q205"]],
    ["sum(i in N - K) w[i + K]", []],
    ["sum(i) w[i] * w[N - i]", ["Q205"]],
    ["sum(i in N + 1) w[i]", ["Q205"]],
    ["sum(i in 0..N) w[i]", ["Q205"]],
    ["sum(i) w[i+1]", ["Q205"]],
    ["sum(i in K) w[i]", ["Q204"]],
    ["sum(i, j) w[i] * w[j - i]", ["Q206"]],
    ["sum(i, j) w[i] * w[j] * w[j - i]", ["Q205"]],
    ["sum(i) w[i]^2 * sum(j) w[j]", []],
    ["sum(i) w[i]^4 / (sum(i) w[i]^2)^2", []],
    ["sum(i) w[i] * w[1] + w[N]", []],
    ["sum(i in 2 * K) w[1]^2 * i", []],
  ])("%s", (e, wanted) => expect(energy(e)).toEqual(wanted));
});

describe("ordered arrays", () => {
  test.each([
    ["sum(i < j) J[i,j] * w[i]", []],
    ["sum(i < j) J[j,i] * w[i]", []],
    ["sum(i != j) J[i,j] * w[i]", []],
    ["sum(i in N - 1) J[i,i+1] * w[i]", []],
    ["sum(i, j) (if i < j then J[i,j] * w[i] else 0)", []],
    ["sum(i, j) (if not i == j then J[i,j] * w[i] else 0)", ["Q212"]],
    ["sum(i, j) (if i != j then J[i,j] * w[i] else 0)", []],
    ["sum(i, j) (if i == j then w[i] else J[i,j])", []],
    ["sum(i, j) (if i < j then J[i,j] else if j < i then J[i,j] * w[i] else 0)", []],
    ["sum(i, j) J[i,j] * w[i]", ["Q212"]],
    ["sum(i <= j) J[i,j] * w[i]", ["Q212"]],
    ["sum(i) J[i,i] * w[i]", ["Q212"]],
  ])("%s", (e, wanted) => expect(energy(e)).toEqual(wanted));
});

test("a mistake is reported once, and independent ones together", () => {
  expect(codes(model("let a[i] = undefined_name * w[i]\nlet b[i] = a[i] + 1\nlet c = sum(i) b[i]\nenergy H = c + sum(b) + norm(a)"))).toEqual(["Q200"]);
  expect(codes(model("let P = round(beta * missing)\nensemble x[mu in P] ~ Sgin\nenergy H = sum(mu) x[mu] * w[1] + tnah(w[2])"))).toEqual(["Q200", "Q240", "Q230"]);
});

test("names that may stand in unreadable text are no further error", () => {
  const text = "model M(N = 3) {\n state w[i in N] : real ~ Normal(0, 1)\n let h = = 3\n energy E = h * sum(w)\n}";
  expect(parse(text).diagnostics.length).toBeGreaterThan(0);
  expect(codes(text)).toEqual([]);
});

test("derivatives: shapes of gradients and Hessians", () => {
  const [m] = check(`model M(N = 10, h = 3) {
    state W[a in h, i in N] : real
    state b[a in h] : real ~ Normal(0, 1)
    constraint sum(i) W[a,i]^2 == N
    energy E = sum(a, i) W[a,i] * b[a]
    observable g = grad(E)
    observable l = eigenvalues(hessian(E))
  }`).models;
  const shape = (name: string): readonly string[] => { const s = m!.symbols.get(name); return s?.kind === "array" ? s.axes.map((a) => a.range.text) : []; };
  expect(shape("g")).toEqual(["1..h * N + h"]);
  expect(shape("l")).toEqual(["1..h * N + h - h"]);
});

test("every rule says what it checks", () => {
  const files = readdirSync(join(import.meta.dirname, "../../../compiler/1-check/rules")).filter((f) => !["index.ts", "rule.ts"].includes(f));
  expect(rules).toHaveLength(files.length);
  for (const rule of rules) expect(rule.doc).toMatch(/^[A-Z].*\.$/);
  for (const file of files) expect(readFileSync(join(import.meta.dirname, "../../../compiler/1-check/rules", file), "utf8")).toMatch(/: Rule = /);
});
