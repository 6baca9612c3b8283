/**
 * Formulas that are far longer or deeper than anyone writes, and definitions that build on each other: compiled to code that is no longer than
 * the text asks for, or refused with a place. Expressions share their parts, so that what is walked as a tree would never end here.
 */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";

const model = (domain: string, body: string): string => `model Long(N = 4) {\n  state s[i in N] : ${domain}\n${body}\n}\n`;
const chain = (length: number, step: (before: string, k: number) => string): string =>
  `  let a0 = s[1]\n${Array.from({ length }, (_, k) => `  let a${k + 1} = ${step(`a${k}`, k)}`).join("\n")}\n  energy H = a${length}`;
const chained = (length: number, operator: string): string => Array.from({ length }, (_, k) => `s[${(k % 4) + 1}]`).join(` ${operator} `);

/** What is written, and its value at s = (1, −1, 1, 1). */
const compiled: Readonly<Record<string, readonly [string, number]>> = {
  "a sum of 800 terms": [`  energy H = ${chained(800, "+")}`, 400],
  "a product of 200 factors": [`  energy H = ${chained(200, "*")}`, 1],
  "100 conditions": [`  energy H = count(i) (${Array.from({ length: 100 }, (_, k) => `s[i] + i != ${k + 10}`).join(" and ")})`, 4],
  "150 parentheses": [`  energy H = ${"(".repeat(150)}s[1] - s[2]${")".repeat(150)}`, 2],
  "90 alternatives": [`  energy H = ${Array.from({ length: 90 }, (_, k) => `if s[1] > ${k + 1} then ${k} else `).join("")}s[2]`, -1],
  "20 nested sums": [`  energy H = ${Array.from({ length: 20 }, (_, k) => `sum(i${k} in N) s[i${k}] * (`).join("")}1${")".repeat(20)}`, 2 ** 20],
  "40 doublings": [chain(40, (a) => `tanh(${a} + ${a})`), 0.9575040240772687],
  "a map of degree 2^30": [chain(30, (a) => `${a} * (2 - ${a})`), 1],
  "100 sums in a row": [chain(100, (a, k) => `${a} + s[${(k % 4) + 1}]`), 51],
};

describe.each(["spin", "real ~ Normal(0, var = 1)"])("of %s", (domain) => {
  test.each(Object.entries(compiled))("%s", (_name, [body, value]) => {
    const { diagnostics, models } = compile(model(domain, body));
    expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    const generated = generateModel(models[0]!.program!);
    if (!generated.ok) throw new Error(generated.diagnostics[0]!.message);
    expect(generated.javascript.length).toBeLessThan(200_000);
    for (const target of ["typescript", "wasm"] as const) {
      const instance = evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { target });
      instance.draw(1, 0);
      expect(instance.energy(Float64Array.of(1, -1, 1, 1))).toBeCloseTo(value, 9);
    }
  });
});

const refused: Readonly<Record<string, readonly [string, string]>> = {
  "10000 terms": [model("spin", `  energy H = ${chained(10_000, "+")}`), "Q115"],
  "2000 parentheses": [model("spin", `  energy H = ${"(".repeat(2000)}s[1]${")".repeat(2000)}`), "Q115"],
  "1000 alternatives": [model("spin", `  energy H = ${"if s[1] > 1 then 1 else ".repeat(1000)}s[2]`), "Q115"],
  "1000 definitions": [model("spin", chain(1000, (a) => `${a} + 1`)), "Q235"],
  "1000 definitions from the last to the first": [model("spin", chain(1000, (a) => `${a} + 1`).split("\n").reverse().join("\n")), "Q235"],
  "1000 functions": [`fn f0(x) = x\n${Array.from({ length: 1000 }, (_, k) => `fn f${k + 1}(x) = f${k}(x) + 1`).join("\n")}\n${model("spin", "  energy H = f1000(s[1])")}`, "Q235"],
  "2^40 calls": [`fn f0(x) = x\n${Array.from({ length: 40 }, (_, k) => `fn f${k + 1}(x) = f${k}(x) * f${k}(x + 1)`).join("\n")}\n${model("spin", "  energy H = f40(s[1])")}`, "Q235"],
  "what passes every limit, together": [model("spin", chain(100, (a) => `${"tanh(".repeat(150)}${a}${")".repeat(150)}`)), "Q235"],
};
test.each(Object.entries(refused))("%s are refused", (_name, [text, code]) => {
  const errors = compile(text).diagnostics.filter((d) => d.severity === "error");
  expect(errors.map((d) => d.code)).toEqual([code]);
});
