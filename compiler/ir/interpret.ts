/**
 * Executes a procedure by brute force: the slow and exact reference that kernels and passes are tested against.
 *
 * Every statement runs over all tuples of its indices, one after the other, as the contract of `procedure.ts` says;
 * no sharing, no bounds from conditions. Arrays are Float64Arrays in the layout of `layout.ts`.
 */
import { applyAdjoint, applyFunction, applyTangent } from "../../runtime/extensions/arrayFunctions.ts";
import { eachBlock } from "../../runtime/linear/eachValue.ts";
import { ops } from "../library/ops/index.ts";
import type { Combine, Expression, Index } from "./expression.ts";
import { arrayLength, packedOffset } from "./layout.ts";
import type { Procedure, Statement } from "./procedure.ts";
import type { Slot } from "./program.ts";

type Values = Map<Index, number>;
type Evaluator = (values: Values) => number;

/** An array with its sizes as numbers. */
interface Storage {
  readonly slots: readonly Slot[];
  readonly lowers: readonly number[];
  readonly extents: readonly number[];
  readonly data: Float64Array;
}

const identityOf: Record<Combine, number> = { sum: 0, product: 1, max: -Infinity, min: Infinity };
const combineOf: Record<Combine, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  product: (a, b) => a * b,
  max: Math.max,
  min: Math.min,
};

/**
 * Runs `procedure` with the given parameters and inputs; `arrays` is changed: outputs and temporaries are created (fresh, at
 * the identity of what is accumulated into them). Returns `arrays`.
 * Throws internal errors for a missing input, one of the wrong length, or an access outside of an array.
 */
export function interpret(procedure: Procedure, parameters: Readonly<Record<string, number>>, arrays: Map<string, Float64Array>): Map<string, Float64Array> {
  const storages = new Map<string, Storage>();
  const number = (e: Expression): number => compile(e, parameters, storages)(new Map());
  for (const array of procedure.arrays) {
    const lowers = array.slots.map((s) => number(s.range.lower));
    const extents = array.slots.map((s, a) => Math.max(0, number(s.range.upper) - lowers[a]! + 1));
    const length = arrayLength(array.slots, extents);
    let data = arrays.get(array.name);
    if (array.role !== "input") {
      const combine = procedure.statements.find((s) => s.target === array.name)?.combine ?? "sum";
      data = new Float64Array(length).fill(identityOf[combine]);
      arrays.set(array.name, data);
    }
    if (!data) throw new Error(`internal: ${procedure.name} misses its input ${array.name}`);
    if (data.length !== length) throw new Error(`internal: ${procedure.name}: ${array.name} has ${data.length} entries, not ${length}`);
    storages.set(array.name, { slots: array.slots, lowers, extents, data });
  }
  for (const statement of procedure.statements) {
    if (statement.call) {
      interpretCall(statement, storages);
      continue;
    }
    const conditions = statement.conditions.map((c) => compile(c, parameters, storages));
    const value = compile(statement.value, parameters, storages);
    const subscripts = statement.subscripts.map((s) => compile(s, parameters, storages));
    const target = storageOf(storages, statement.target);
    const combine = combineOf[statement.combine];
    const ranges = statement.indices.map((i) => [number(i.range.lower), number(i.range.upper)] as const);
    const values: Values = new Map();
    const loop = (depth: number): void => {
      if (depth < ranges.length) {
        const [from, to] = ranges[depth]!;
        for (let v = from; v <= to; v++) {
          values.set(statement.indices[depth]!, v);
          loop(depth + 1);
        }
      } else if (conditions.every((c) => c(values) !== 0)) {
        const at = offsetOf(target, statement.target, subscripts, values);
        target.data[at] = combine(target.data[at]!, value(values));
      }
    };
    loop(0);
  }
  return arrays;
}

function interpretCall({ call, target }: Statement, storages: ReadonlyMap<string, Storage>): void {
  const { function: key, arguments: given, adjointOf, tangent, each } = call!;
  const all = given.map((name) => storageOf(storages, name));
  const out = storageOf(storages, target);
  const blocks = out.extents.slice(0, each).reduce((a, b) => a * b, 1);
  eachBlock(blocks, all.map((s) => s.data), out.data, (values, block) => {
    const views = values.map((v, k) => ({ values: v, shape: all[k]!.extents.slice(each) }));
    if (tangent) applyTangent(key, adjointOf, views, block);
    else if (adjointOf === undefined) applyFunction(key, views, block);
    else applyAdjoint(key, adjointOf, views, block);
  });
}

function storageOf(storages: ReadonlyMap<string, Storage>, name: string): Storage {
  const storage = storages.get(name);
  if (!storage) throw new Error(`internal: the array ${name} is not declared in the procedure`);
  return storage;
}

function offsetOf(storage: Storage, name: string, subscripts: readonly Evaluator[], values: Values): number {
  const positions = subscripts.map((s, a) => {
    const position = s(values) - storage.lowers[a]!;
    const extent = storage.extents[a]!;
    return storage.slots[a]!.periodic ? ((position % extent) + extent) % extent : position;
  });
  const offset = packedOffset(storage.slots, storage.extents, positions);
  if (offset < 0 || positions.length !== storage.slots.length)
    throw new Error(`internal: ${name}[${subscripts.map((s) => s(values)).join(", ")}] is not stored`);
  return offset;
}

/** An expression without reductions as a closure. Constant-time per node; conditionals evaluate only the branch taken. */
function compile(e: Expression, parameters: Readonly<Record<string, number>>, storages: ReadonlyMap<string, Storage>): Evaluator {
  const go = (x: Expression): Evaluator => compile(x, parameters, storages);
  switch (e.kind) {
    case "constant": return () => e.value;
    case "parameter": {
      const value = parameters[e.name];
      if (value === undefined) throw new Error(`internal: no value for the parameter ${e.name}`);
      return () => value;
    }
    case "index": return (values) => {
      const value = values.get(e.index);
      if (value === undefined) throw new Error(`internal: the index ${e.index.name} is not bound`);
      return value;
    };
    case "read": {
      const storage = storageOf(storages, e.array);
      const subscripts = e.subscripts.map(go);
      return (values) => storage.data[offsetOf(storage, e.array, subscripts, values)]!;
    }
    case "apply": {
      const [a, b, c] = e.arguments.map(go);
      const operator = ops[e.operator];
      if (e.operator === "select") return (v) => (a!(v) !== 0 ? b!(v) : c!(v));
      const value = operator.value as (...x: number[]) => number;
      if (operator.arity === 1) return (v) => value(a!(v));
      if (operator.arity === 2) return (v) => value(a!(v), b!(v));
      return (v) => value(a!(v), b!(v), c!(v));
    }
    case "reduce": throw new Error("internal: a procedure holds a reduction inside a value");
  }
}
