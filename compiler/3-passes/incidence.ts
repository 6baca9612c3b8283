/**
 * Sums over the places where an integer array has one value: Σ_{a,l: v[a,l] = x} f(a, l) runs over a list of these places, not over all
 * (a, l). The list is made once after the draw: places sorted by the value there, with the place where each value begins (the inverse of
 * the array, in compressed rows). So a flip costs as much as there are clauses, or edges, that hold the variable.
 *
 *     v[a,l] == x, for a in 1..M, l in 1..3      becomes      starts[x] <= m < starts[x + 1],  a = place1[m],  l = place2[m]
 *
 * Entries of the disorder that a row meets are copied into the order of the list, so that a row is walked contiguously.
 */
import { constant, freshIndex, identity, indexValue, read, substitute, visit, withChildren, type Expression, type Index, type Range } from "../ir/expression.ts";
import type { Statement } from "../ir/procedure.ts";
import { build } from "../library/ops/index.ts";
import { conjuncts } from "./conditions.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import { materialise } from "./materialise.ts";
import type { ProcedureBuilder } from "./procedureBuilder.ts";
import { rangeText, structureText } from "./structureText.ts";

/** What the runtime fills in once `of` is known; positions are those of `of` as it is stored. */
export interface Incidence {
  /** A quenched array of integers, without ordered slots. */
  readonly of: string;
  /** The values that have a row. */
  readonly values: Range;
  /** Entry x − lower is the place (from 1) where the row of x begins; one entry more than there are values. */
  readonly starts: string;
  /** For each slot of `of` its index value at each place. */
  readonly places: readonly string[];
  /** Ranges of the slots of `of`. */
  readonly ranges: readonly Range[];
}

/** The statements over rows where that is possible; statements that share a nest go on sharing it. */
export function alongRowsOfLists(builder: ProcedureBuilder, statements: readonly Statement[], rangeOf: (e: Expression) => Range | undefined): readonly Statement[] {
  const known = new Map<readonly Index[], Map<readonly Expression[], Rewriting | undefined>>();
  return statements.map((s) => {
    const byConditions = known.get(s.indices) ?? new Map<readonly Expression[], Rewriting | undefined>();
    known.set(s.indices, byConditions);
    if (!byConditions.has(s.conditions)) byConditions.set(s.conditions, rewritingOf(builder, s.indices, s.conditions, rangeOf));
    const rewriting = byConditions.get(s.conditions);
    if (!rewriting) return s;
    const changed = (e: Expression): Expression => rewriting.copied(substitute(e, rewriting.values));
    return { ...s, indices: rewriting.indices, conditions: rewriting.conditions, subscripts: s.subscripts.map(changed), value: changed(s.value) };
  });
}

interface Rewriting {
  readonly indices: readonly Index[];
  readonly conditions: readonly Expression[];
  /** What the indices that are gone have become. */
  readonly values: ReadonlyMap<Index, Expression>;
  /** An expression with what it meets of the disorder along the row as contiguous copies. */
  readonly copied: (e: Expression) => Expression;
}

function rewritingOf(builder: ProcedureBuilder, indices: readonly Index[], given: readonly Expression[], rangeOf: (e: Expression) => Range | undefined): Rewriting | undefined {
  const conditions = given.flatMap(conjuncts);
  const candidates = conditions.flatMap((condition) => sidesOf(condition).flatMap(([key, value]) => {
    const over = freeIndices(key);
    const range = value.kind === "index" ? value.index.range : rangeOf(value);
    const fits = over.length > 0 && over.every((i) => indices.includes(i) && i.rows === undefined) && range && !freeIndices(value).some((i) => over.includes(i)) && holdsRead(key) && isQuenched(builder, key);
    return fits ? [{ condition, key, value, over, range }] : [];
  }));
  // One value for the whole nest leaves most of the list out.
  const best = candidates.find((c) => freeIndices(c.value).length === 0) ?? candidates[0];
  if (!best) return undefined;
  const { key, value, over, range } = best;
  const absorbed = conditions.filter((c) => c !== best.condition && freeIndices(c).length > 0 && freeIndices(c).every((i) => over.includes(i)) && isQuenched(builder, c));
  const list = listOf(builder, key, over, absorbed, range);
  const m = freshIndex("m", list.range, range);
  const places = new Map<Index, Expression>(over.map((i, k) => [i, read(list.places[k]!, [indexValue(m)])]));
  const row = [build.le(read(list.starts, [value]), indexValue(m)), build.lt(indexValue(m), read(list.starts, [build.add(value, constant(1))]))];
  let open = indices.filter((i) => !over.includes(i));
  let left = conditions.filter((c) => c !== best.condition && !absorbed.includes(c)).map((c) => substitute(c, places));
  const values = new Map(places);
  // An index that must equal what is known along the row is no longer run over.
  for (const condition of [...left]) for (const [at, other] of sidesOf(condition)) {
    if (!left.includes(condition) || other.kind !== "index" || !open.includes(other.index) || freeIndices(value).includes(other.index) || freeIndices(at).some((i) => i !== m)) continue;
    const { index } = other;
    const where = new Map([[index, at]]);
    open = open.filter((i) => i !== index);
    left = [...left.filter((c) => c !== condition).map((c) => substitute(c, where)), build.le(index.range.lower, at), build.le(at, index.range.upper)];
    values.set(index, at);
  }
  const copies = copier(builder, m, list.key);
  const all = [...open, m];
  const kept = [...row, ...left.map(copies)];
  for (const e of kept) visit(e, (x) => { if (x.kind === "read") builder.need(x.array); });
  return { indices: all, conditions: kept, values, copied: copies };
}

/** Both sides of an equality, each as the one that is sought. */
const sidesOf = (condition: Expression): readonly (readonly [Expression, Expression])[] => {
  if (condition.kind !== "apply" || condition.operator !== "eq") return [];
  const [a, b] = condition.arguments as [Expression, Expression];
  return [[a, b], [b, a]];
};

const holdsRead = (e: Expression): boolean => {
  let found = false;
  visit(e, (x) => { if (x.kind === "read") found = true; });
  return found;
};

/** Whether only the disorder and header parameters determine a value: what a kernel defines itself, the site of a move, is neither. */
function isQuenched(builder: ProcedureBuilder, e: Expression): boolean {
  if (builder.status(e) === "thermal") return false;
  let own = false;
  visit(e, (x) => { if (x.kind === "parameter" && !builder.options.program.parameters.some((p) => p.name === x.name)) own = true; });
  return !own;
}

interface List { readonly key: string; readonly starts: string; readonly places: readonly string[]; readonly range: Range }

/** The list of the places of `key`; those where a condition in `absorbed` does not hold are left out. */
function listOf(builder: ProcedureBuilder, key: Expression, over: readonly Index[], absorbed: readonly Expression[], values: Range): List {
  const { preparation } = builder.options;
  const array = storedAs(builder, key, over, absorbed) ?? storedKey(builder, key, over, absorbed, values);
  const base = key.kind === "read" ? key.array : array;
  const { starts, places, range } = preparation.incidence(array, values, (name) => builder.freshName(name, true), base);
  for (const name of [starts, ...places]) builder.need(name);
  return { key: starts, starts, places, range };
}

/** The array that `key` reads, if it reads all of it entry by entry. */
function storedAs(builder: ProcedureBuilder, key: Expression, over: readonly Index[], absorbed: readonly Expression[]): string | undefined {
  if (key.kind !== "read" || absorbed.length > 0 || key.subscripts.length !== over.length) return undefined;
  const slots = builder.slotsOf(key.array);
  const whole = key.subscripts.every((s, k) => s.kind === "index" && s.index === over[k] && rangeText(s.index.range) === rangeText(slots[k]!.range) && slots[k]!.order === undefined);
  if (!whole) return undefined;
  builder.need(key.array);
  return key.array;
}

function storedKey(builder: ProcedureBuilder, key: Expression, over: readonly Index[], absorbed: readonly Expression[], values: Range): string {
  const names = new Map(over.map((i, k) => [i, `k${k}:${rangeText(i.range)}`]));
  const outside = build.sub(values.lower, constant(1));
  const entry = absorbed.length === 0 ? key : build.select(absorbed.reduce((a, b) => build.and(a, b)), key, outside);
  const text = `key of a list ${structureText(entry, names)}`;
  const slots = over.map((i) => ({ range: i.range, periodic: false }));
  return builder.options.preparation.hoist(text, slots, `key_${key.kind === "read" ? key.array : "list"}`, (base) => builder.freshName(base, true), (b, name) => {
    const own = over.map((i) => freshIndex(i.name, i.range));
    materialise(b, { name, subscripts: own.map(indexValue), indices: own, conditions: [] }, substitute(entry, new Map(over.map((i, k) => [i, indexValue(own[k]!)]))));
  }, "By what the places of a list are sorted, computed once after the draw.");
}

/** Replaces what only the disorder and the place in the list determine by an array over the list. */
function copier(builder: ProcedureBuilder, m: Index, list: string): (e: Expression) => Expression {
  const copy = (e: Expression): Expression => {
    if (e.kind === "read" && e.subscripts.length > 0 && !builder.makes(e.array) && isQuenched(builder, e) && freeIndices(e).every((i) => i === m) && e.subscripts.some(holdsRead)) {
      const name = builder.options.preparation.hoist(`along ${list}: ${structureText(e, new Map([[m, "m"]]))}`, [{ range: m.range, periodic: false }], `${e.array}_along_${list}`, (base) => builder.freshName(base, true), (b, array) => {
        const own = freshIndex("m", m.range);
        const value = substitute(e, new Map([[m, indexValue(own)]]));
        materialise(b, { name: array, subscripts: [indexValue(own)], indices: [own], conditions: [] }, value);
      }, `${e.array} in the order of a list of places, copied once after the draw.`);
      builder.need(name);
      return read(name, [indexValue(m)]);
    }
    if (e.kind !== "apply" && e.kind !== "read") return e;
    const parts = e.kind === "apply" ? e.arguments : e.subscripts;
    const next = parts.map(copy);
    return next.some((p, k) => p !== parts[k]) ? withChildren(e, next) : e;
  };
  const done = new Map<number, Expression>();
  return (e) => {
    let made = done.get(identity(e));
    if (made === undefined) done.set(identity(e), (made = copy(e)));
    return made;
  };
}
