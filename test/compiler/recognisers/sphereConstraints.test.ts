import { describe, expect, test } from "vitest";
import { evaluate } from "../../../compiler/ir/evaluate.ts";
import { parameter } from "../../../compiler/ir/expression.ts";
import type { Expression, Index } from "../../../compiler/ir/expression.ts";
import type { ArrayDeclaration, Constraint } from "../../../compiler/ir/program.ts";
import { build } from "../../../compiler/library/ops/index.ts";
import { sphereConstraints } from "../../../compiler/library/recognisers/sphereConstraints.ts";
import { N, definition, ensemble, entries, entry, number, over, product, programOf, slot, span, squared, state, sum, total, value } from "../ir/programs.ts";

const [i, c] = [over("i"), over("c", number(3))];
const w = state("w", [slot()]);
const r = state("r", [slot(), slot(number(3))]);
const squares = (e: Expression, ...indices: readonly Index[]): Expression => sum(indices, squared(e));
const equal = (left: Expression, right: Expression, indices: readonly Index[] = []): Constraint => ({ relation: "==", indices, left, right, span });
const recognise = (constraint: Constraint | readonly Constraint[], arrays: readonly ArrayDeclaration[] = [w, r]) =>
  sphereConstraints(programOf(arrays, number(0), [constraint].flat() as Constraint[], { R: 2.5 }));

describe("recognised", () => {
  const W = squares(entry("w", i), i);
  const cases: readonly (readonly [string, Constraint | readonly Constraint[], readonly { readonly array: string; readonly freeAxes: readonly number[]; readonly summedAxes: readonly number[]; readonly norm2: number }[]])[] = [
    ["as in the paper", equal(W, N), [{ array: "w", freeAxes: [], summedAxes: [0], norm2: 6 }]],
    ["sides exchanged", equal(N, W), [{ array: "w", freeAxes: [], summedAxes: [0], norm2: 6 }]],
    ["a factor", equal(build.div(W, N), number(2)), [{ array: "w", freeAxes: [], summedAxes: [0], norm2: 12 }]],
    ["everything on one side", equal(build.sub(product(number(3), W), parameter("R")), number(0)), [{ array: "w", freeAxes: [], summedAxes: [0], norm2: 2.5 / 3 }]],
    ["the square as a product", equal(sum([i], product(entry("w", i), entry("w", i))), parameter("R")), [{ array: "w", freeAxes: [], summedAxes: [0], norm2: 2.5 }]],
    ["unit vectors", equal(squares(entry("r", i, c), c), number(1), [i]), [{ array: "r", freeAxes: [0], summedAxes: [1], norm2: 1 }]],
    ["along the other axis", equal(squares(entry("r", i, c), i), N, [c]), [{ array: "r", freeAxes: [1], summedAxes: [0], norm2: 6 }]],
    ["the whole matrix", equal(squares(entry("r", i, c), i, c), N), [{ array: "r", freeAxes: [], summedAxes: [0, 1], norm2: 6 }]],
    ["two arrays", [equal(W, N), equal(squares(entry("r", i, c), c), number(1), [i])], [{ array: "w", freeAxes: [], summedAxes: [0], norm2: 6 }, { array: "r", freeAxes: [0], summedAxes: [1], norm2: 1 }]],
  ];
  test.each(cases)("%s", (_, constraint, expected) => {
    const found = recognise(constraint);
    expect(found.ok).toBe(true);
    expect(found.spheres.map((s) => ({ array: s.array, freeAxes: s.freeAxes, summedAxes: s.summedAxes, norm2: evaluate(s.norm2, { parameters: { N: 6, R: 2.5 }, entry: entries }) }))).toEqual(expected.map((e) => ({ ...e, norm2: expect.closeTo(e.norm2, 12) })));
  });
  test("through a let", () => {
    const mass = definition("mass", [], squares(entry("w", i), i));
    expect(recognise(equal(entry("mass"), N), [w, mass]).ok).toBe(true);
  });
});

describe("refused", () => {
  const W = squares(entry("w", i), i);
  const cases: readonly (readonly [string, Constraint | readonly Constraint[], RegExp, (readonly ArrayDeclaration[])?])[] = [
    ["an inequality", { ...equal(W, N), relation: "<=" }, /an inequality is not a sphere/],
    ["a sum", equal(sum([i], entry("w", i)), number(0)), /not a plain sum of squares/],
    ["fourth powers", equal(sum([i], build.pow(entry("w", i), number(4))), N), /not a plain sum of squares/],
    ["weights", equal(sum([i], product(value(i), squared(entry("w", i)))), N), /not a plain sum of squares/],
    ["part of the entries", (() => { const h = over("h", build.sub(N, number(1))); return equal(squares(entry("w", h), h), N); })(), /runs over part of its range/],
    ["one row", equal(sum([c], squared(entry("r", number(1), c))), number(1)), /covers only some entries/],
    ["a diagonal", (() => { const d = over("d"); return equal(squares(entry("m", d, d), d), N); })(), /on its diagonal/, [state("m", [slot(), slot()])]],
    ["each entry", equal(squared(entry("w", i)), number(1), [i]), /pair of points/],
    ["two arrays in one sphere", equal(total(W, squares(entry("r", i, c), i, c)), N), /several terms/],
    ["spins", equal(squares(entry("s", i), i), N), /not a real state/, [state("s", [slot()], "spin")]],
    ["a negative radius", equal(W, number(-1)), /squared radius is -1: it must be positive/],
    ["a random radius", equal(W, entry("g")), /not a number or an expression of parameters/, [ensemble("g", []), w]],
    ["radii that differ", equal(squares(entry("r", i, c), c), value(i), [i]), /differs from sphere to sphere/],
    ["two spheres for the same entries", [equal(W, N), equal(product(number(2), W), N)], /second constraint/],
  ];
  test.each(cases.map(([name, constraint, expected, arrays]) => ({ name, constraint, expected, arrays })))("$name", ({ constraint, expected, arrays }) => {
    const found = recognise(constraint, arrays);
    expect(found.ok ? "accepted" : found.reason).toMatch(expected);
    if (!found.ok) expect(found.refused).toHaveLength(1);
  });
});
