/** The values of a model tree by its definition, term by term, with derivatives along a direction: nothing of the compiler is in it but the special functions. */
import type { Binders, Definition, Expression, Model, Slot, WholeArray } from "./modelTree.ts";
import { add, applyFunction, divide, multiply, negate, power, still, type Jet } from "./jet.ts";

/** Entries of what is drawn and of states; subscripts are canonical: inside of their ranges, and in order. */
export interface Given {
  readonly entry: (array: string, subscripts: readonly number[], copy: number) => Jet;
  /** Entry of an array over the edges. */
  readonly onEdge: (array: string, i: number, j: number) => Jet;
  /** Each edge once, ends from 1. */
  readonly edges: readonly (readonly [number, number])[];
}

export interface Values {
  readonly energy: () => Jet;
  /** Entries of a definition, row-major. */
  readonly definition: (name: string) => readonly number[];
  /** Whether somewhere two numbers that were compared differ by rounding errors at most, so that others may order them differently. */
  readonly nearTie: () => boolean;
}

export function modelValues(model: Model, given: Given): Values {
  const numbers = new Map<string, number>([...Object.entries(model.sizes), [model.coupling.name, model.coupling.value]]);
  const declared = new Map<string, readonly Slot[]>([...model.states, ...model.ensembles].map((a) => [a.name, a.slots]));
  const onEdges = new Set(model.ensembles.filter((e) => e.onEdges).map((e) => e.name));
  const energy: Definition = { name: "H", indices: [], body: model.energy };
  const definitions = new Map([...model.lets, ...model.observables, energy].map((d) => [d.name, d]));
  const known = new Map<string, Jet>();
  const inPlaceOf = new Map<string, string>();
  let near = false;

  /** Exact: a multiple of 1/64 has no rounding error in sums and products of its like. */
  const exact = (x: number): boolean => Number.isInteger(64 * x);
  const difference = (x: number, y: number): number => {
    const d = x - y;
    if (Math.abs(d) < 1e-9 * Math.max(1, Math.abs(x)) && !(exact(x) && exact(y))) near = true;
    return d;
  };

  /** With another array in the place of one that is drawn: what was computed from that is computed anew. */
  function replaced<T>(array: string, by: string, body: () => T): T {
    const before = new Map(known);
    known.clear();
    inPlaceOf.set(array, by);
    const value = body();
    inPlaceOf.delete(array);
    known.clear();
    before.forEach((v, key) => known.set(key, v));
    return value;
  }

  function read(named: string, subscripts: readonly number[], copy: number): Jet {
    const array = inPlaceOf.get(named) ?? named;
    if (onEdges.has(array)) return given.onEdge(array, subscripts[0]!, subscripts[1]!);
    const d = definitions.get(array);
    if (d === undefined) {
      const slots = declared.get(array)!;
      const wrapped = subscripts.map((s, k) => { const n = model.sizes[slots[k]!.size]; return slots[k]!.periodic ? (((s - 1) % n) + n) % n + 1 : s; });
      return given.entry(array, slots.some((s) => s.order !== undefined) ? sortGroups(slots, wrapped) : wrapped, copy);
    }
    const key = `${array}[${subscripts.join()}]`;
    const before = known.get(key);
    if (before) return before;
    const value = bound(new Map(d.indices.map((i, k) => [i.name, subscripts[k]!])), () => evaluate(d.body));
    known.set(key, value);
    return value;
  }

  /** Runs `body` with only these indices: a definition reads none of where it is read. */
  function bound<T>(indices: ReadonlyMap<string, number>, body: () => T): T {
    const outside = new Map(numbers);
    for (const name of [...numbers.keys()]) if (!(name in model.sizes) && name !== model.coupling.name) numbers.delete(name);
    indices.forEach((v, name) => numbers.set(name, v));
    const value = body();
    numbers.clear();
    outside.forEach((v, name) => numbers.set(name, v));
    return value;
  }

  function* tuples(b: Binders): Generator<readonly (readonly [string, number])[]> {
    if (b.kind === "edges") {
      for (const [i, j] of given.edges) yield [[b.names[0], i], [b.names[1], j]];
    } else if (b.kind === "neighbours") {
      const at = numbers.get(b.of)!;
      for (const [i, j] of given.edges) if (i === at || j === at) yield [[b.name, i === at ? j : i]];
    } else if (b.kind === "steps") {
      for (const [i, j] of given.edges) for (const [x, y] of [[i, j], [j, i]] as const) yield [[b.names[0], x], [b.names[1], y]];
    } else {
      const indices = b.kind === "free" ? b.indices.map((i) => ({ name: i.name, from: i.range.lower, to: model.sizes[i.range.size] - i.range.less })) : b.names.map((name) => ({ name, from: 1, to: model.sizes[b.size] }));
      const go = function* (done: readonly (readonly [string, number])[]): Generator<readonly (readonly [string, number])[]> {
        const index = indices[done.length];
        if (!index) { yield done; return; }
        for (let v = index.from; v <= index.to; v++) {
          const last = done.at(-1)?.[1];
          // A chain relates neighbours.
          if (b.kind === "related" && last !== undefined && (b.relation === "<" ? v <= last : v === last)) continue;
          yield* go([...done, [index.name, v]]);
        }
      };
      yield* go([]);
    }
  }

  function reduce(name: string, binders: Binders, body: Expression): Jet {
    const terms: { readonly at: number; readonly jet: Jet }[] = [];
    for (const tuple of tuples(binders)) {
      for (const [index, value] of tuple) numbers.set(index, value);
      terms.push({ at: tuple[0]![1], jet: evaluate(body) });
    }
    for (const index of binders.kind === "free" ? binders.indices.map((i) => i.name) : binders.kind === "neighbours" ? [binders.name] : binders.names) numbers.delete(index);
    return fold(name, terms);
  }

  function fold(name: string, terms: readonly { readonly at: number; readonly jet: Jet }[]): Jet {
    const jets = terms.map((t) => t.jet);
    const sum = (list: readonly Jet[]): Jet => list.reduce(add, still(0));
    switch (name) {
      case "sum": case "count": return sum(jets);
      case "mean": return divide(sum(jets), still(jets.length));
      case "prod": return jets.reduce(multiply, still(1));
      case "any": return still(jets.some((j) => j.value !== 0) ? 1 : 0);
      case "all": return still(jets.every((j) => j.value !== 0) ? 1 : 0);
      case "logsumexp": {
        const top = Math.max(...jets.map((j) => j.value));
        return add(applyFunction("log", sum(jets.map((j) => applyFunction("exp", add(j, still(-top)))))), still(top));
      }
      default: {
        const largest = name === "max" || name === "argmax";
        let best = terms[0];
        for (const t of terms.slice(1)) {
          const d = difference(t.jet.value, best!.jet.value);
          // The derivative of a tie is of no one term.
          if (d === 0 && !name.startsWith("arg") && (t.jet.first !== best!.jet.first || t.jet.second !== best!.jet.second)) near = true;
          if (largest ? d > 0 : d < 0) best = t;
        }
        if (name.startsWith("arg")) return still(best!.at);
        return best?.jet ?? still(largest ? -Infinity : Infinity);
      }
    }
  }

  const truth = (x: boolean): Jet => still(x ? 1 : 0);

  function apply(operator: string, args: readonly Expression[]): Jet {
    if (operator === "if") return evaluate(evaluate(args[0]!).value !== 0 ? args[1]! : args[2]!);
    const [x, y] = args.map(evaluate);
    switch (operator) {
      case "+": return add(x!, y!);
      case "-": return add(x!, negate(y!));
      case "*": return multiply(x!, y!);
      case "/": return divide(x!, y!);
      case "^": return power(x!, y!.value);
      case "negate": return negate(x!);
      case "<": return truth(difference(x!.value, y!.value) < 0);
      case "<=": return truth(difference(x!.value, y!.value) <= 0);
      case "==": return truth(difference(x!.value, y!.value) === 0);
      case "!=": return truth(difference(x!.value, y!.value) !== 0);
      case "and": return truth(x!.value !== 0 && y!.value !== 0);
      case "or": return truth(x!.value !== 0 || y!.value !== 0);
      case "not": return truth(x!.value === 0);
      case "max": case "min": return fold(operator, [{ at: 1, jet: x! }, { at: 2, jet: y! }]);
      case "mod": {
        const turns = Math.floor(x!.value / y!.value);
        if (Math.abs(x!.value / y!.value - Math.round(x!.value / y!.value)) < 1e-9 && !(exact(x!.value) && exact(y!.value))) near = true;
        return add(x!, negate(multiply(y!, still(turns))));
      }
      case "sign": case "abs": case "relu":
        // At the kink itself there are several derivatives.
        if (Math.abs(x!.value) < 1e-9 && (x!.first !== 0 || x!.second !== 0 || !exact(x!.value))) near = true;
        return applyFunction(operator, x!);
      case "floor": case "ceil": case "round": {
        const jump = operator === "round" ? x!.value + 0.5 : x!.value;
        if (Math.abs(jump - Math.round(jump)) < 1e-9 && !exact(x!.value)) near = true;
        return applyFunction(operator, x!);
      }
      default: return applyFunction(operator, x!);
    }
  }

  function entriesOf({ array, rows, column, copy = 1 }: WholeArray): readonly Jet[] {
    if (column) {
      const last = evaluate(column).value;
      return Array.from({ length: model.sizes[(declared.get(array) ?? definitions.get(array)!.indices.map((i) => i.slot))[0]!.size] }, (_, k) => read(array, [k + 1, last], copy));
    }
    const fixed = rows.map((r) => evaluate(r).value);
    const slots = declared.get(array) ?? definitions.get(array)!.indices.map((i) => i.slot);
    const free = slots.slice(fixed.length);
    const go = (rest: readonly Slot[], place: readonly number[]): Jet[] =>
      rest.length === 0 ? [read(array, place, copy)] : Array.from({ length: model.sizes[rest[0]!.size] }, (_, k) => go(rest.slice(1), [...place, k + 1])).flat();
    return go(free, fixed);
  }

  function whole(name: string, arrays: readonly WholeArray[]): Jet {
    const [a, b] = arrays.map(entriesOf);
    const dot = (): Jet => a!.map((x, k) => multiply(x, (b ?? a!)[k]!)).reduce(add, still(0));
    switch (name) {
      case "norm": return dot().value === 0 ? still(0) : applyFunction("sqrt", dot());
      case "dot": return dot();
      case "overlap": return divide(dot(), still(a!.length));
      default: return fold(name, a!.map((jet, k) => ({ at: k + 1, jet })));
    }
  }

  function evaluate(e: Expression): Jet {
    switch (e.kind) {
      case "number": return still(e.value);
      case "name": { const v = numbers.get(e.name); return v === undefined ? read(e.name, [], 1) : still(v); }
      case "read": return read(e.array, e.subscripts.map((s) => evaluate(s).value), e.copy ?? 1);
      case "apply": return apply(e.operator, e.arguments);
      case "reduce": return reduce(e.reduction, e.binders, e.body);
      case "whole": return whole(e.function, e.arrays);
      case "call": return evaluate(e.meaning);
      case "with": return replaced(e.array, e.by, () => evaluate(e.object));
    }
  }

  return {
    energy: () => evaluate(model.energy),
    definition: (name) => {
      const d = definitions.get(name)!;
      const go = (k: number, place: readonly number[]): number[] => (k === d.indices.length ? [read(name, place, 1).value] : Array.from({ length: model.sizes[d.indices[k]!.slot.size] }, (_, v) => go(k + 1, [...place, v + 1])).flat());
      return go(0, []);
    },
    nearTie: () => near,
  };
}

/** The subscripts of each ordered group in ascending order. */
function sortGroups(slots: readonly Slot[], subscripts: readonly number[]): readonly number[] {
  const result = [...subscripts];
  for (let start = 0; start < slots.length;) {
    let end = start + 1;
    while (slots[end]?.order !== undefined) end++;
    result.splice(start, end - start, ...result.slice(start, end).sort((x, y) => x - y));
    start = end;
  }
  return result;
}
