/** Arrays of one entry that a body makes for itself, as mutable scalars: `x[0] += v` becomes an update of a local. */
import type { Combine } from "../ir/expression.ts";
import type { Integer, IntegerAtom } from "./integer.ts";
import { combineIdentity } from "./kernel.ts";
import type { KernelStatement, Scalar } from "./kernel.ts";

/** The body with the arrays `names` as locals that it defines first. */
export function promoteScalars(body: readonly KernelStatement[], names: readonly string[], localName: (array: string) => string = (array) => array): readonly KernelStatement[] {
  if (names.length === 0) return body;
  const promoted = new Set(names);
  const combines = new Map<string, Combine>();
  const collect = (statements: readonly KernelStatement[]): void => {
    for (const s of statements) {
      if (s.kind === "for" || s.kind === "if") collect(s.body);
      if (s.kind === "store" && promoted.has(s.array) && s.combine) combines.set(s.array, s.combine);
    }
  };
  collect(body);
  const scalar = (s: Scalar): Scalar => {
    switch (s.kind) {
      case "load": return promoted.has(s.array) ? { kind: "real", name: localName(s.array) } : { ...s, offset: integer(s.offset) };
      case "apply": return { ...s, arguments: s.arguments.map(scalar) };
      case "integer": return { ...s, value: integer(s.value) };
      default: return s;
    }
  };
  const atom = (a: IntegerAtom): IntegerAtom => {
    switch (a.kind) {
      case "variable": return a;
      case "scalar": return { kind: "scalar", value: scalar(a.value) };
      case "binomial": return { ...a, of: integer(a.of) };
      case "modulo": case "quotient": return { ...a, of: integer(a.of), divisor: integer(a.divisor) };
      case "minimum": case "maximum": return { ...a, left: integer(a.left), right: integer(a.right) };
    }
  };
  const integer = (x: Integer): Integer => ({ terms: x.terms.map((t) => ({ ...t, factors: t.factors.map(atom) })) });
  const statement = (s: KernelStatement): readonly KernelStatement[] => {
    switch (s.kind) {
      case "for": return [{ ...s, from: integer(s.from), to: integer(s.to), body: s.body.flatMap(statement) }];
      case "if": return [{ ...s, condition: scalar(s.condition), body: s.body.flatMap(statement) }];
      case "integer": return [{ ...s, value: integer(s.value) }];
      case "advance": return [{ ...s, by: integer(s.by) }];
      case "let": return [{ ...s, value: scalar(s.value) }];
      case "update": return [{ ...s, value: scalar(s.value) }];
      // A local starts at the identity: what is assigned once is accumulated on it.
      case "store": return promoted.has(s.array)
        ? [{ kind: "update", name: localName(s.array), combine: s.combine ?? combines.get(s.array) ?? "sum", value: scalar(s.value) }]
        : [{ ...s, offset: integer(s.offset), value: scalar(s.value) }];
      case "call": return [s];
      case "fill": return promoted.has(s.array) ? [] : [{ ...s, length: integer(s.length) }];
    }
  };
  const start = (name: string): KernelStatement => ({ kind: "let", name: localName(name), value: { kind: "constant", value: combineIdentity[combines.get(name) ?? "sum"] }, mutable: true });
  return [...names.map(start), ...body.flatMap(statement)];
}
