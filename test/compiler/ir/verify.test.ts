import { describe, expect, test } from "vitest";
import { freshIndex, parameter, read, sizeRange } from "../../../compiler/ir/expression.ts";
import type { Expression } from "../../../compiler/ir/expression.ts";
import type { Procedure, Statement } from "../../../compiler/ir/procedure.ts";
import type { ArrayDeclaration, Program } from "../../../compiler/ir/program.ts";
import { assertVerified, verifyProcedure, verifyProgram } from "../../../compiler/ir/verify.ts";
import { N, definition, ensemble, entry, number, over, pSpin, product, programOf, slot, state, sum } from "./programs.ts";

const i = over("i");
const w = state("w", [slot()]);
const X = ensemble("X", [slot()]);
const withEnergy = (body: Expression, ...arrays: readonly ArrayDeclaration[]): Program => programOf([X, w, ...arrays], body, []);

test("a sound program has no problems", () => {
  expect(verifyProgram(pSpin(3))).toEqual([]);
  expect(() => assertVerified("lower", pSpin(3))).not.toThrow();
});

describe("what is broken is found", () => {
  const energy = sum([i], product(entry("X", i), entry("w", i)));
  const sound = withEnergy(energy);
  const twice = sum([i], sum([i], entry("w", i)));
  const thermalRange = freshIndex("i", sizeRange(read("m")));
  const cases: readonly (readonly [string, Program, RegExp])[] = [
    ["an unknown array", withEnergy(entry("Y")), /reads Y, which is not declared before it/],
    ["a later array", programOf([w, definition("a", [], entry("b")), definition("b", [], entry("w", number(1)))], entry("a"), []), /a: reads b, which is not declared before it/],
    ["a number of subscripts", withEnergy(entry("w")), /reads w with 0 subscripts; it has 1 slots/],
    ["an unknown parameter", withEnergy(product(parameter("Q"), energy)), /reads Q, which is not a parameter/],
    ["a free index", withEnergy(entry("w", i)), /uses index i outside its binder/],
    ["an index bound twice", withEnergy(twice), /index i is bound twice/],
    ["a wrong status", withEnergy(energy, definition("q", [], entry("w", number(1)), "quenched")), /q: is declared quenched and is thermal/],
    ["a range that moves", programOf([w, definition("m", [], entry("w", number(1)))], sum([thermalRange], number(1)), []), /range of i depends on more than parameters/],
    ["an ensemble that depends on a state", programOf([w, ensemble("Y", [slot()], "Normal", [entry("w", number(1)), number(1)])], entry("w", number(1)), []), /Y: a quenched array depends on a state/],
    ["a name declared twice", programOf([w, w], energy, []), /w is declared twice/],
    ["an energy with slots", { ...sound, energy: "w", observables: ["w"] }, /energy w is not a scalar/],
    ["an unknown observable", { ...sound, observables: ["H", "e"] }, /observable e is not declared/],
    ["a constraint without a state", { ...sound, constraints: [{ relation: "==", indices: [], left: N, right: number(3), span: { start: 0, end: 0 } }] }, /constraint 1: doesn't depend on the state/],
    ["an order without a partner", programOf([ensemble("Z", [slot(N, { order: "<" })]), w], entry("w", number(1)), []), /Z: the first slot has nothing before it/],
  ];
  test.each(cases)("%s", (_, program, expected) => {
    expect(verifyProgram(program).join("\n")).toMatch(expected);
    expect(() => assertVerified("simplify", program)).toThrow(/^internal: after simplify:/);
  });
});

describe("procedures", () => {
  const arrays: Procedure["arrays"] = [
    { name: "w", role: "input", status: "thermal", slots: [slot()] },
    { name: "H", role: "output", status: "thermal", slots: [] },
  ];
  const statement: Statement = { indices: [i], conditions: [], target: "H", subscripts: [], combine: "sum", value: entry("w", i) };
  const procedure = (change: Partial<Statement>): Procedure => ({ name: "energy", doc: "Energy.", arrays, statements: [{ ...statement, ...change }] });
  test("a sound one has no problems", () => expect(verifyProcedure(procedure({}))).toEqual([]));
  test.each<readonly [string, Partial<Statement>, RegExp]>([
    ["a reduction in a value", { value: sum([over("j")], number(1)) }, /a value holds a reduction/],
    ["writing an input", { target: "w", subscripts: [number(1)] }, /writes the input w/],
    ["an unlisted target", { target: "G" }, /writes G, which is not listed/],
    ["subscripts of the target", { subscripts: [number(1)] }, /writes H with 1 subscripts; it has 0 slots/],
    ["a free index", { indices: [] }, /uses index i outside its binder/],
    ["an unlisted array", { value: entry("v", i) }, /reads v, which is not declared/],
  ])("%s", (_, change, expected) => {
    expect(verifyProcedure(procedure(change)).join("\n")).toMatch(expected);
    expect(() => assertVerified("reverse", [procedure(change)])).toThrow("internal: after reverse");
  });
});
