import { describe, expect, test } from "vitest";
import { evaluate, programEntries } from "../../../compiler/ir/evaluate.ts";
import { parameter } from "../../../compiler/ir/expression.ts";
import type { Expression } from "../../../compiler/ir/expression.ts";
import { inlinedBody } from "../../../compiler/ir/inline.ts";
import { key, normalise } from "../../../compiler/ir/normalise.ts";
import type { ArrayDeclaration, Program } from "../../../compiler/ir/program.ts";
import { assertVerified } from "../../../compiler/ir/verify.ts";
import { build } from "../../../compiler/library/ops/index.ts";
import { N, definition, entries, entry, number, over, product, programOf, slot, squared, state, sum, value } from "./programs.ts";

const [i, j, k] = [over("i"), over("j"), over("k")];
const w = state("w", [slot()]);
const parameters = { N: 5, alpha: 1.5 };
const values = (p: Program): readonly [number, number] => {
  const entryOf = programEntries(p, parameters, entries);
  return [entryOf("H", []), evaluate(inlinedBody(p, "H").body, { parameters, entry: (a, s) => { if (a !== "w") throw new Error(`${a} was not inlined`); return entryOf(a, s); } })];
};
const program = (arrays: readonly ArrayDeclaration[], energy: Expression): Program => programOf([w, ...arrays], energy, [], { alpha: 1.5 });

describe("the value stays", () => {
  const plain = definition("h", [i], sum([j], product(entry("w", j), build.sin(build.add(value(i), value(j))))));
  const ring: ArrayDeclaration = { ...definition("r", [i], product(entry("w", i), value(i))), slots: [slot(N, { periodic: true })] };
  const pairs: ArrayDeclaration = { ...definition("d", [i, j], product(entry("w", i), value(j))), slots: [slot(), slot(N, { order: "<" })] };
  test.each<readonly [string, Program]>([
    ["a let read twice, nested", program([plain], sum([k], build.mul(entry("h", k), sum([i], entry("h", i)))))],
    ["a periodic slot", program([ring], sum([k], product(entry("w", k), entry("r", build.add(value(k), number(2))))))],
    ["ordered slots read both ways", program([pairs], sum([i, k], entry("d", i, k), build.ne(value(i), value(k))))],
    ["a let of lets", program([plain, definition("e", [k], squared(entry("h", k)))], sum([i], entry("e", i)))],
  ])("%s", (_, p) => {
    const [before, after] = values(p);
    expect(Math.abs(before)).toBeGreaterThan(1e-3);
    expect(after).toBeCloseTo(before, 13);
    const energy = p.arrays.find((a) => a.name === "H")!;
    assertVerified("inline", { ...p, arrays: [w, { ...energy, origin: { kind: "definition", role: "energy", indices: [], body: inlinedBody(p, "H").body } }] });
  });
});

test("sizes that are lets are inlined in ranges", () => {
  const P = definition("P", [], build.round(build.mul(parameter("alpha"), N)), "parameter");
  const m = over("m", entry("P"));
  const p = program([P], product(entry("w", number(1)), sum([m], number(1))));
  const [before, after] = values(p);
  expect(before).toBeCloseTo(8 * entries("w", [1]), 14);
  expect(after).toBe(before);
  expect(key(normalise(inlinedBody(p, "H").body))).toContain("round");
});

test("only what is asked for is inlined", () => {
  const h = definition("h", [i], entry("w", i));
  const g = definition("g", [i], entry("h", i));
  const p = program([h, g], sum([k], entry("g", k)));
  expect(key(normalise(inlinedBody(p, "H", (a) => a.name === "g").body))).toContain("h[#0.0]");
});

test("reading outside a range, on a missing diagonal or with too few subscripts is an internal error", () => {
  const p = program([{ ...definition("d", [i, j], number(1), "parameter"), slots: [slot(), slot(N, { order: "<" })] }], number(0));
  const at = programEntries(p, parameters, entries);
  expect(at("d", [3, 1])).toBe(1);
  expect(() => at("d", [2, 2])).toThrow("no diagonal");
  expect(() => at("w", [6])).toThrow("outside 1..5");
  expect(() => at("w", [])).toThrow("internal");
});
