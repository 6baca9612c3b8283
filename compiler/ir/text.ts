/** A text for each expression: equal texts mean the same expression. The order in which normal forms sort, and their keys. */
import { createHash } from "node:crypto";
import { constant } from "./expression.ts";
import type { Expression, Index, Range } from "./expression.ts";

/**
 * The indices that normal forms name their bound indices with. `height` counts how deep reductions nest below: an index never
 * has the same height as one that is bound inside its scope, so nothing is captured.
 */
interface CanonicalPlace { readonly height: number; readonly number: number }
const places = new WeakMap<Index, CanonicalPlace>();
const pool = new Map<string, Index>();
let nextCanonical = -1;

const letters = ["i", "j", "k", "l", "m", "n"];

/** The same index object for the same arguments: what makes equal normal forms the same interned expressions. */
export function canonicalIndex(height: number, number: number, range: Range): Index {
  const key = `${height}.${number}:${rangeText(range)}`;
  let index = pool.get(key);
  if (!index) {
    const name = `${letters[number % letters.length]}${number < letters.length ? "" : Math.floor(number / letters.length)}`;
    // Ids of canonical indices are negative: `freshIndex` counts from 0.
    index = { id: nextCanonical--, name, range };
    pool.set(key, index);
    places.set(index, { height, number });
  }
  return index;
}

export const canonicalPlace = (index: Index): CanonicalPlace | undefined => places.get(index);

const placeholders = new Map<string, Index>();
const placeholderNames = new WeakMap<Index, string>();

/** An index that stands for a name while orders of indices are compared. */
export function placeholder(name: string): Index {
  let index = placeholders.get(name);
  if (!index) {
    index = { id: nextCanonical--, name, range: { lower: constant(1), upper: constant(1) } };
    placeholders.set(name, index);
    placeholderNames.set(index, name);
  }
  return index;
}

const indexText = (index: Index): string => {
  const standsFor = placeholderNames.get(index);
  if (standsFor !== undefined) return standsFor;
  const place = places.get(index);
  return place ? `#${place.height}.${place.number}` : `${index.name}@${index.id}`;
};

export const rangeText = (range: Range): string => `${text(range.lower)}..${text(range.upper)}`;

const known = new WeakMap<Expression, string>();
/** A longer text is given by its hash. */
const longest = 4000;

export function text(e: Expression): string {
  let result = known.get(e);
  if (result === undefined) {
    const written = write(e, indexText, text);
    // Sums that are kept as factors of sums that are kept … would double their text at every level.
    result = written.length > longest ? `~${createHash("sha256").update(written).digest("hex")}` : written;
    known.set(e, result);
  }
  return result;
}

/** Operators whose arguments may be exchanged; their texts are sorted. */
const commutative = new Set(["eq", "ne", "min2", "max2", "or"]);
export const isCommutative = (operator: string): boolean => commutative.has(operator);

function write(e: Expression, nameOf: (index: Index) => string, go: (e: Expression) => string): string {
  switch (e.kind) {
    case "constant": return numberText(e.value);
    case "parameter": return `$${e.name}`;
    case "index": return nameOf(e.index);
    case "read": return `${e.array}[${e.subscripts.map(go).join()}]`;
    case "apply": {
      const args = e.arguments.map(go);
      return `${e.operator}(${(commutative.has(e.operator) ? args.sort() : args).join()})`;
    }
    case "reduce": {
      const binders = e.indices.map((i) => `${nameOf(i)}:${rangeText(i.range)}`).join();
      return `${e.combine}{${binders}|${e.where === constant(1) ? "" : go(e.where)}}${go(e.body)}`;
    }
  }
}

/** Twelve digits: sums of coefficients may differ in the last bits with the order in which they were added. */
export const numberText = (x: number): string => (Number.isInteger(x) ? String(x) : String(Number(x.toPrecision(12))));

/** Operators that a normal form sorts anew when indices are renamed, so that a text under other names needs another normal form. */
const sorted = new Set(["add", "sub", "mul", "div", "neg", "pow", "sqrt", "select"]);

/** The text under other names of indices; undefined where the order inside depends on the names. */
export function textUnder(e: Expression, names: ReadonlyMap<Index, string>): string | undefined {
  if (e.kind === "reduce") return undefined;
  if (e.kind === "apply" && sorted.has(e.operator)) return undefined;
  let simple = true;
  const result = write(e, (i) => names.get(i) ?? indexText(i), (child) => {
    const inner = textUnder(child, names);
    if (inner === undefined) simple = false;
    return inner ?? "";
  });
  return simple ? result : undefined;
}

const free = new WeakMap<Expression, ReadonlySet<Index>>();
const none: ReadonlySet<Index> = new Set();

/** The indices that an expression uses and doesn't bind. */
export function freeIndices(e: Expression): ReadonlySet<Index> {
  if (e.kind === "constant" || e.kind === "parameter") return none;
  let result = free.get(e);
  if (result) return result;
  if (e.kind === "index") result = new Set([e.index]);
  else {
    const parts = e.kind === "read" ? e.subscripts : e.kind === "apply" ? e.arguments : [e.where, e.body];
    const all = new Set<Index>();
    for (const part of parts) for (const index of freeIndices(part)) all.add(index);
    if (e.kind === "reduce") for (const index of e.indices) all.delete(index);
    result = all;
  }
  free.set(e, result);
  return result;
}

const heights = new WeakMap<Expression, number>();

/** One more than the largest height of the indices bound inside; 0 if none are. */
export function bindingHeight(e: Expression): number {
  let result = heights.get(e);
  if (result === undefined) {
    const parts = e.kind === "read" ? e.subscripts : e.kind === "apply" ? e.arguments : e.kind === "reduce" ? [e.where, e.body] : [];
    result = parts.reduce((most, part) => Math.max(most, bindingHeight(part)), 0);
    if (e.kind === "reduce") for (const index of e.indices) result = Math.max(result, (places.get(index)?.height ?? -1) + 1);
    heights.set(e, result);
  }
  return result;
}
