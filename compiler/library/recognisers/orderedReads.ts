/** Reads of arrays with ordered slots, `J[i < j in N]`, in any order of their subscripts: which is the smaller is said by minima and maxima. */
import { indexValue, reduce, rewrite, visit } from "../../ir/expression.ts";
import type { Expression, Index } from "../../ir/expression.ts";
import { fromNormal, normalise } from "../../ir/normalise.ts";
import type { NormaliseOptions } from "../../ir/normalise.ts";
import type { Term } from "../../ir/normal.ts";
import { rangeText } from "../../ir/text.ts";
import { build } from "../ops/index.ts";

/** Under a sum over i < j the smaller and the larger of i and j are known; a sum over i ≠ j is one over i < j and one over j < i. */
export function resolveOrder(e: Expression, options: NormaliseOptions = {}): Expression {
  const known = rewrite(e, (node) => (node.kind === "reduce" ? reduce(node.combine, node.indices, underOrder(node.body, pairsIn(node.where)), node.where) : node));
  if (!extrema(known)) return known;
  const form = normalise(known, options);
  return form.terms.some((t) => t.factors.some((f) => extrema(f.base))) ? fromNormal({ terms: form.terms.flatMap(inEveryOrder) }) : known;
}

type Pair = readonly [Index, Index];

/** The pairs [smaller, larger] that a condition says. */
function pairsIn(where: Expression): readonly Pair[] {
  if (where.kind !== "apply") return [];
  const own = where.operator === "and" ? where.arguments.flatMap(pairsIn) : [];
  const [a, b] = where.arguments;
  return (where.operator === "lt" || where.operator === "le") && a?.kind === "index" && b?.kind === "index" ? [...own, [a.index, b.index]] : own;
}

/** Minima and maxima of indices whose order follows from the pairs. */
function underOrder(body: Expression, pairs: readonly Pair[]): Expression {
  if (pairs.length === 0) return body;
  const isBelow = (a: Index, b: Index, seen: readonly Index[] = []): boolean =>
    pairs.some(([low, high]) => low === a && (high === b || (!seen.includes(high) && isBelow(high, b, [...seen, a]))));
  return rewrite(body, (node) => {
    if (node.kind !== "apply" || (node.operator !== "max2" && node.operator !== "min2")) return node;
    const [a, b] = node.arguments;
    if (a?.kind !== "index" || b?.kind !== "index") return node;
    const low = a.index === b.index || isBelow(a.index, b.index) ? a : isBelow(b.index, a.index) ? b : undefined;
    return low === undefined ? node : node.operator === "min2" ? low : low === a ? b : a;
  });
}

const extrema = (e: Expression): boolean => {
  let found = false;
  visit(e, (node) => { found ||= node.kind === "apply" && (node.operator === "max2" || node.operator === "min2") && node.arguments.every(ofIndices); });
  return found;
};
const ofIndices = (e: Expression): boolean => e.kind === "index" || (e.kind === "apply" && (e.operator === "max2" || e.operator === "min2") && e.arguments.every(ofIndices));

/** Most indices whose orders are written out: 4! terms. */
const MOST = 4;

/** A term as the sum over the orders of the indices in its minima and maxima, which must all differ. */
function inEveryOrder(term: Term): readonly Term[] {
  const ordered = new Set<Index>();
  for (const { base } of term.factors) visit(base, (node) => {
    if (node.kind === "apply" && (node.operator === "max2" || node.operator === "min2")) for (const a of node.arguments) if (a.kind === "index" && term.indices.includes(a.index)) ordered.add(a.index);
  });
  const all = [...ordered];
  const differ = (c: Expression): readonly Index[] => {
    const [a, b] = c.kind === "apply" && (c.operator === "ne" || c.operator === "lt") ? c.arguments : [];
    return a?.kind === "index" && b?.kind === "index" && ordered.has(a.index) && ordered.has(b.index) ? [a.index, b.index] : [];
  };
  const distinct = all.every((a, k) => all.slice(k + 1).every((b) => term.conditions.some((c) => { const pair = differ(c); return pair.includes(a) && pair.includes(b); })));
  if (all.length < 2 || all.length > MOST || !distinct || new Set(all.map((i) => rangeText(i.range))).size > 1) return [term];
  const before = term.conditions.filter((c) => c.kind === "apply" && c.operator === "lt" && differ(c).length > 0).map(differ);
  return permutations(all).filter((order) => before.every(([a, b]) => order.indexOf(a!) < order.indexOf(b!))).map((order) => {
    const pairs = order.slice(1).map((b, k): Pair => [order[k]!, b]);
    return {
      ...term,
      factors: term.factors.map((f) => ({ ...f, base: underOrder(f.base, pairs) })),
      conditions: [...term.conditions.filter((c) => differ(c).length === 0), ...pairs.map(([a, b]) => build.lt(indexValue(a), indexValue(b)))],
    };
  });
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.length < 2 ? [items] : items.flatMap((first) => permutations(items.filter((i) => i !== first)).map((rest) => [first, ...rest]));
}
