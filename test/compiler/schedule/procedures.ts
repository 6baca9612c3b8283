/** Hand-built procedures that the tests of scheduler and emitters share. */
import { apply, constant, freshIndex, indexValue, parameter, read, sizeRange } from "../../../compiler/ir/expression.ts";
import type { Combine, Expression, Index } from "../../../compiler/ir/expression.ts";
import type { Procedure, ProcedureArray, Statement } from "../../../compiler/ir/procedure.ts";
import type { ArrayDeclaration, Program, Slot, Status } from "../../../compiler/ir/program.ts";

export const N = parameter("N");
export const M = parameter("M");
export const at = indexValue;
export const index = (name: string, size: Expression = N): Index => freshIndex(name, sizeRange(size));
export const axis = (size: Expression = N, order?: "<" | "<=", periodic = false): Slot => ({ range: sizeRange(size), periodic, ...(order ? { order } : {}) });
export const product = (...factors: readonly Expression[]): Expression => factors.reduce((a, b) => apply("mul", a, b));
export const lt = (i: Index, j: Index): Expression => apply("lt", at(i), at(j));
export const le = (i: Index, j: Index): Expression => apply("le", at(i), at(j));
export const entry = (name: string, ...subscripts: readonly (Index | Expression)[]): Expression =>
  read(name, subscripts.map((s) => ("kind" in s ? s : at(s))));

export const array = (name: string, role: ProcedureArray["role"], slots: readonly Slot[] = [], status: Status = "thermal"): ProcedureArray => ({ name, role, status, slots });
export const add = (indices: readonly Index[], conditions: readonly Expression[], target: string, subscripts: readonly (Index | Expression)[], value: Expression, combine: Combine = "sum"): Statement => ({
  indices, conditions, target, subscripts: subscripts.map((s) => ("kind" in s ? s : at(s))), combine, value,
});
export const procedure = (name: string, arrays: readonly ProcedureArray[], statements: readonly Statement[], doc = `Test of ${name}.`): Procedure => ({ name, doc, arrays, statements });

const span = { file: 0, start: 0, end: 0 } as never;
export const declared = (name: string, status: Status, slots: readonly Slot[], origin: ArrayDeclaration["origin"]): ArrayDeclaration => ({ name, status, element: "real", slots, origin, span });
export const program = (model: string, arrays: readonly ArrayDeclaration[], observables: readonly string[] = [], defaults: Readonly<Record<string, number>> = { N: 5, M: 4 }): Program => ({
  model,
  parameters: Object.entries(defaults).map(([name, value]) => ({ name, kind: Number.isInteger(value) ? "integer" as const : "real" as const, default: value, span })),
  arrays, energy: "H", observables, constraints: [],
});

/** H = Σ_{i1 <= i2 <= … <= ip} S w…w (or <) with its gradient, in one nest. */
export function packedSpin(p: number, order: "<" | "<=" = "<=", withGradient = true): Procedure {
  const names = ["i", "j", "k", "l"].slice(0, p).map((n) => index(n));
  const conditions = names.slice(1).map((n, k) => (order === "<" ? lt : le)(names[k]!, n));
  const S = entry("S", ...names);
  const ws = names.map((n) => entry("w", n));
  return procedure(withGradient ? "energyAndGradient" : "energy",
    [array("S", "input", names.map((_, k) => axis(N, k === 0 ? undefined : order)), "quenched"), array("w", "input", [axis()]), array("H", "output"), ...(withGradient ? [array("gradient$w", "output", [axis()])] : [])],
    [add(names, conditions, "H", [], product(S, ...ws)),
      ...(withGradient ? names.map((n, k) => add(names, conditions, "gradient$w", [n], product(S, ...ws.filter((_, q) => q !== k)))) : [])]);
}

export const one = constant(1);
