/** Small programs by hand, and their disorder and states as numbers: what the tests of the passes work on. */
import { evaluate } from "../../../compiler/ir/evaluate.ts";
import { constant, freshIndex, indexValue, parameter, read, reduce, sizeRange, type Expression, type Index } from "../../../compiler/ir/expression.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { arrayLength, packedOffset } from "../../../compiler/ir/layout.ts";
import type { ArrayDeclaration, Program, Slot, Status } from "../../../compiler/ir/program.ts";
import { modelProcedures, type ModelProceduresResult } from "../../../compiler/3-passes/modelProcedures.ts";
import { build } from "../../../compiler/library/ops/index.ts";

export const span = { start: 0, end: 0 };
export const N = parameter("N");
export const M = parameter("M");
export const index = (name: string, size: Expression = N): Index => freshIndex(name, sizeRange(size));
export const at = (name: string, ...indices: readonly (Index | Expression)[]): Expression =>
  read(name, indices.map((i) => ("kind" in i ? i : indexValue(i))));
export const product = (...factors: readonly Expression[]): Expression => factors.slice(1).reduce((p, f) => build.mul(p, f), factors[0]!);
export const sum = (indices: readonly Index[], body: Expression, where: Expression = constant(1)): Expression => reduce("sum", indices, body, where);
export const less = (a: Index, b: Index): Expression => build.lt(indexValue(a), indexValue(b));
export const differ = (a: Index, b: Index): Expression => build.ne(indexValue(a), indexValue(b));
export const slot = (size: Expression = N, order?: "<" | "<="): Slot => ({ range: sizeRange(size), periodic: false, ...(order ? { order } : {}) });

export const ensemble = (name: string, ...slots: readonly Slot[]): ArrayDeclaration =>
  ({ name, status: "quenched", element: "real", slots, origin: { kind: "ensemble", distribution: "Normal", arguments: [constant(0), constant(1)] }, span });
export const state = (name: string, ...slots: readonly Slot[]): ArrayDeclaration =>
  ({ name, status: "thermal", element: "real", slots, origin: { kind: "state", domain: { name: "real", arguments: [] } }, span });
export const definition = (name: string, status: Status, indices: readonly Index[], body: Expression, role: "let" | "energy" | "observable" | "derived" = "let", slots?: readonly Slot[]): ArrayDeclaration =>
  ({ name, status, element: "real", slots: slots ?? indices.map((i) => ({ range: i.range, periodic: false })), origin: { kind: "definition", role, indices, body }, span });
export const call = (name: string, fn: string, args: readonly string[], slots: readonly Slot[]): ArrayDeclaration =>
  ({ name, status: "thermal", element: "real", slots, origin: { kind: "call", function: fn, arguments: args }, span });

/** A model with sizes N (5) and M (4), energy H last unless observables follow. */
export const program = (arrays: readonly ArrayDeclaration[], options: { observables?: readonly string[]; sizes?: Readonly<Record<string, number>> } = {}): Program => ({
  model: "Test",
  parameters: Object.entries({ N: 5, M: 4, ...options.sizes }).map(([name, value]) => ({ name, kind: "integer", default: value, span })),
  arrays, energy: "H", observables: ["H", ...(options.observables ?? [])], constraints: [],
});

/** A fixed sequence of numbers in (-1, 1). */
export function random(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (Math.imul(s ^ (s >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    let t = Math.imul(s ^ (s >>> 12), 0x297a2d39);
    t ^= t >>> 15;
    return ((t >>> 0) / 2 ** 31) - 1;
  };
}

/** A model at given sizes with random disorder and states. */
export interface Instance {
  readonly program: Program;
  readonly result: ModelProceduresResult;
  readonly parameters: Readonly<Record<string, number>>;
  /** Ensembles, states, and prepared arrays. */
  readonly arrays: Map<string, Float64Array>;
  /** Value of a definition by the reference interpreter of expressions, for the current states. */
  readonly value: (name: string) => number;
  readonly evaluate: (e: Expression, indices: ReadonlyMap<Index, number>) => number;
  /** A size. */
  readonly number: (e: Expression) => number;
}

export function instance(source: Program, sizes: Readonly<Record<string, number>> = {}, seed = 1): Instance {
  const result = modelProcedures(source, { energyHessian: true });
  const parameters = { ...Object.fromEntries(source.parameters.map((p) => [p.name, p.default])), ...sizes };
  const next = random(seed);
  const arrays = new Map<string, Float64Array>();
  const declared = new Map(source.arrays.map((a) => [a.name, a]));
  const number = (e: Expression): number => evaluate(e, { parameters, entry });
  const extents = (slots: readonly Slot[]): number[] => slots.map((s) => number(s.range.upper) - number(s.range.lower) + 1);
  function entry(name: string, subscripts: readonly number[]): number {
    const array = declared.get(name)!;
    const { origin, slots } = array;
    if (origin.kind === "definition") return evaluate(origin.body, { parameters, entry, indices: new Map(origin.indices.map((i, k) => [i, subscripts[k]!])) });
    const ordered = slots.some((s) => s.order !== undefined) ? [...subscripts].sort((a, b) => a - b) : subscripts;
    const sizes = extents(slots);
    const offset = packedOffset(slots, sizes, ordered.map((x, k) => {
      const position = x - number(slots[k]!.range.lower);
      return slots[k]!.periodic ? ((position % sizes[k]!) + sizes[k]!) % sizes[k]! : position;
    }));
    if (offset < 0) throw new Error(`${name}[${subscripts.join()}] is not stored`);
    return arrays.get(name)![offset]!;
  }
  for (const a of source.arrays)
    if (a.origin.kind === "ensemble" || a.origin.kind === "state")
      // Integers are classes 1, 2, 3.
      arrays.set(a.name, Float64Array.from({ length: arrayLength(a.slots, extents(a.slots)) }, () => (a.element === "integer" ? Math.floor((next() + 1) * 1.5) + 1 : next())));
  for (const p of result.procedures.prepare) interpret(p, parameters, arrays);
  return { program: source, result, parameters, arrays, value: (name) => entry(name, []), evaluate: (e, indices) => evaluate(e, { parameters, entry, indices }), number };
}

export const close = (a: number, b: number, relative: number): boolean => Math.abs(a - b) <= relative * Math.max(1, Math.abs(a), Math.abs(b));
