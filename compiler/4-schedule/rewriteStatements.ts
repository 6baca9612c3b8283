/** Kernel statements with other names: for bodies that stand several times in one kernel, or work on other arrays. */
import { integerProduct, integerSum } from "./integer.ts";
import type { Integer, IntegerAtom } from "./integer.ts";
import type { KernelStatement, Scalar } from "./kernel.ts";

/** What stands for names; a name that is in neither map stays. */
export interface Renaming {
  /** Of scalars, and of integers and loop variables where they are defined or changed. */
  readonly names: ReadonlyMap<string, string>;
  /** Of integers and loop variables where they are used. */
  readonly integers: ReadonlyMap<string, Integer>;
  /** Of arrays. */
  readonly arrays?: ReadonlyMap<string, string>;
}

/** The same statements on other arrays. */
export const onArrays = (body: readonly KernelStatement[], arrays: ReadonlyMap<string, string>): readonly KernelStatement[] =>
  rewriteStatements(body, { names: new Map(), integers: new Map(), arrays });

export function rewriteStatements(body: readonly KernelStatement[], renaming: Renaming): readonly KernelStatement[] {
  return body.map((s): KernelStatement => {
    const name = (n: string): string => renaming.names.get(n) ?? n;
    const integer = (x: Integer): Integer => rewriteInteger(x, renaming);
    const scalar = (x: Scalar): Scalar => rewriteScalar(x, renaming);
    const array = (n: string): string => renaming.arrays?.get(n) ?? n;
    switch (s.kind) {
      case "for": return { ...s, variable: name(s.variable), from: integer(s.from), to: integer(s.to), body: rewriteStatements(s.body, renaming) };
      case "if": return { ...s, condition: scalar(s.condition), body: rewriteStatements(s.body, renaming) };
      case "integer": return { ...s, name: name(s.name), value: integer(s.value) };
      case "advance": return { ...s, name: name(s.name), by: integer(s.by) };
      case "let": case "update": return { ...s, name: name(s.name), value: scalar(s.value) };
      case "store": return { ...s, array: array(s.array), offset: integer(s.offset), value: scalar(s.value) };
      case "fill": return { ...s, array: array(s.array), length: integer(s.length) };
      case "call": return { ...s, blocks: integer(s.blocks), arguments: s.arguments.map((a) => ({ array: array(a.array), shape: a.shape.map(integer) })), target: array(s.target) };
    }
  });
}

export function rewriteScalar(x: Scalar, renaming: Renaming): Scalar {
  switch (x.kind) {
    case "constant": return x;
    case "real": return { ...x, name: renaming.names.get(x.name) ?? x.name };
    case "integer": return { ...x, value: rewriteInteger(x.value, renaming) };
    case "load": return { ...x, array: renaming.arrays?.get(x.array) ?? x.array, offset: rewriteInteger(x.offset, renaming) };
    case "apply": return { ...x, arguments: x.arguments.map((a) => rewriteScalar(a, renaming)) };
  }
}

export function rewriteInteger(x: Integer, renaming: Renaming): Integer {
  return integerSum(...x.terms.map((t): Integer => t.factors.map((a) => rewriteAtom(a, renaming)).reduce(integerProduct, { terms: [{ coefficient: t.coefficient, factors: [] }] })));
}

function rewriteAtom(a: IntegerAtom, renaming: Renaming): Integer {
  const integer = (x: Integer): Integer => rewriteInteger(x, renaming);
  const alone = (atom: IntegerAtom): Integer => ({ terms: [{ coefficient: 1, factors: [atom] }] });
  switch (a.kind) {
    case "variable": {
      const replaced = renaming.integers.get(a.name);
      return replaced ?? alone({ ...a, name: renaming.names.get(a.name) ?? a.name });
    }
    case "binomial": return alone({ ...a, of: integer(a.of) });
    case "modulo": case "quotient": return alone({ ...a, of: integer(a.of), divisor: integer(a.divisor) });
    case "minimum": case "maximum": return alone({ ...a, left: integer(a.left), right: integer(a.right) });
    case "scalar": return alone({ kind: "scalar", value: rewriteScalar(a.value, renaming) });
  }
}
