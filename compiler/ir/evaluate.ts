/**
 * The reference interpreter: what an expression means, evaluated slowly and accurately (sums are compensated). Tests compare
 * everything that the compiler makes with it; no generated code runs through here.
 */
import { ops } from "../library/ops/index.ts";
import type { Combine, Expression, Index, Range } from "./expression.ts";
import type { ArrayDeclaration, Program } from "./program.ts";

export interface Environment {
  readonly parameters: Readonly<Record<string, number>>;
  /** The entry of a declared array at subscripts as written in the specification (they run from the range's lower end). */
  readonly entry: (array: string, subscripts: readonly number[]) => number;
  /** Values of the indices that are free in the expression. */
  readonly indices?: ReadonlyMap<Index, number>;
}

/** The value of `expression`; an unknown parameter or a free index without a value is an internal error. */
export function evaluate(expression: Expression, environment: Environment): number {
  const indices = new Map(environment.indices ?? []);
  // Values of shared nodes, for one assignment of the bound indices.
  const go = (e: Expression, known: Map<Expression, number>): number => {
    const before = known.get(e);
    if (before !== undefined) return before;
    const value = compute(e, known);
    known.set(e, value);
    return value;
  };
  const compute = (e: Expression, known: Map<Expression, number>): number => {
    switch (e.kind) {
      case "constant":
        return e.value;
      case "parameter": {
        const value = environment.parameters[e.name];
        if (value === undefined) throw new Error(`internal: no value for parameter ${e.name}`);
        return value;
      }
      case "index": {
        const value = indices.get(e.index);
        if (value === undefined) throw new Error(`internal: index ${e.index.name} is not bound`);
        return value;
      }
      case "read":
        return environment.entry(e.array, e.subscripts.map((s) => go(s, known)));
      case "apply": {
        // A conditional evaluates one branch only: the other may read outside an array.
        if (e.operator === "select") return go(e.arguments[go(e.arguments[0]!, known) !== 0 ? 1 : 2]!, known);
        return ops[e.operator].value(...e.arguments.map((a) => go(a, known)));
      }
      case "reduce": {
        const total = accumulator(e.combine);
        const loop = (depth: number): void => {
          const index = e.indices[depth];
          if (index === undefined) {
            const inner = new Map<Expression, number>();
            if (go(e.where, inner) !== 0) total.add(go(e.body, inner));
            return;
          }
          const [lower, upper] = bounds(index.range, environment.parameters, environment.entry);
          for (let i = lower; i <= upper; i++) {
            indices.set(index, i);
            loop(depth + 1);
          }
          indices.delete(index);
        };
        loop(0);
        return total.value();
      }
    }
  };
  return go(expression, new Map());
}

/** The ends of a range, which may read parameters and arrays of status parameter. */
export function bounds(range: Range, parameters: Readonly<Record<string, number>>, entry: Environment["entry"] = noArrays): readonly [number, number] {
  return [evaluate(range.lower, { parameters, entry }), evaluate(range.upper, { parameters, entry })];
}

const noArrays = (array: string): number => {
  throw new Error(`internal: ${array} is read where only parameters may be`);
};

/** Starts at the identity of `combine`; sums by Neumaier's compensated summation. */
function accumulator(combine: Combine): { readonly add: (x: number) => void; readonly value: () => number } {
  let total = { sum: 0, product: 1, max: -Infinity, min: Infinity }[combine];
  let lost = 0;
  return {
    add: (x) => {
      if (combine === "product") total *= x;
      else if (combine === "max") total = Math.max(total, x);
      else if (combine === "min") total = Math.min(total, x);
      else {
        const next = total + x;
        if (Number.isFinite(next)) lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
        total = next;
      }
    },
    value: () => total + lost,
  };
}

/**
 * The entries of all arrays of a program: definitions from their bodies (each entry once), the others from `given`.
 * Subscripts of ordered slots may come in any order and those of periodic slots from outside: `given` sees canonical ones.
 * An entry of a "call" array is taken from `given` too.
 */
export function programEntries(program: Program, parameters: Readonly<Record<string, number>>, given: Environment["entry"]): Environment["entry"] {
  const arrays = new Map(program.arrays.map((a) => [a.name, a]));
  const known = new Map<string, number>();
  const entry = (name: string, subscripts: readonly number[]): number => {
    const array = arrays.get(name);
    if (!array) throw new Error(`internal: the program of ${program.model} has no array ${name}`);
    const place = canonicalSubscripts(array, subscripts, parameters, entry);
    if (array.origin.kind !== "definition") return given(name, place);
    const key = `${name}[${place.join()}]`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const indices = new Map(array.origin.indices.map((index, k) => [index, place[k]!]));
    const value = evaluate(array.origin.body, { parameters, entry, indices });
    known.set(key, value);
    return value;
  };
  return entry;
}

/** Wraps periodic slots, sorts ordered ones; a subscript out of its range is an internal error. */
function canonicalSubscripts(
  array: ArrayDeclaration,
  subscripts: readonly number[],
  parameters: Readonly<Record<string, number>>,
  entry: Environment["entry"],
): readonly number[] {
  if (subscripts.length !== array.slots.length) {
    throw new Error(`internal: ${array.name} has ${array.slots.length} slots and is read with ${subscripts.length} subscripts`);
  }
  const place = subscripts.map((s, k) => {
    const slot = array.slots[k]!;
    const [lower, upper] = bounds(slot.range, parameters, entry);
    const size = upper - lower + 1;
    const wrapped = slot.periodic ? lower + ((((s - lower) % size) + size) % size) : s;
    if (!(wrapped >= lower && wrapped <= upper)) throw new Error(`internal: subscript ${s} of ${array.name} is outside ${lower}..${upper}`);
    return wrapped;
  });
  for (let start = 0; start < place.length; ) {
    let end = start + 1;
    while (end < place.length && array.slots[end]!.order !== undefined) end++;
    const sorted = place.slice(start, end).sort((a, b) => a - b);
    sorted.forEach((value, k) => (place[start + k] = value));
    for (let k = start + 1; k < end; k++) {
      if (array.slots[k]!.order === "<" && place[k] === place[k - 1]) throw new Error(`internal: ${array.name} has no diagonal entries`);
    }
    start = end;
  }
  return place;
}
