/** The order of the loops of a nest: the innermost one walks the arrays contiguously. */
import type { Expression, Index } from "../ir/expression.ts";
import { visit } from "../ir/expression.ts";
import type { Group } from "./group.ts";
import type { Layout } from "./layout.ts";

/** One reading or writing of an array, subscripts in storage order. */
interface Access { readonly packed: boolean; readonly subscripts: readonly Expression[] }

/** Nests of more loops than this keep the order of the array with the most subscripts. */
const permuted = 6;

/**
 * Among all orders, the one with the fewest strided accesses in the innermost loop, then in the next one; among these, the one
 * that meets the subscripts of the array with the most of them (packed arrays first) as they are stored, then as written.
 */
export function loopOrder(group: Group, layouts: ReadonlyMap<string, Layout>): readonly Index[] {
  // What has one value only stands outside.
  const once = group.indices.filter((i) => i.range.lower === i.range.upper);
  if (once.length > 0 && once.length < group.indices.length) return [...once, ...loopOrder({ ...group, indices: group.indices.filter((i) => !once.includes(i)) }, layouts)];
  const accesses = accessesOf(group, layouts);
  const primary = [...accesses].sort((a, b) => b.subscripts.length - a.subscripts.length || Number(b.packed) - Number(a.packed))[0];
  const wanted = primary?.subscripts.flatMap((s) => (s.kind === "index" ? [s.index] : [])) ?? [];
  const natural = [...new Set([...wanted, ...group.indices])].filter((i) => group.indices.includes(i));
  // A loop over a row stands inside of those that choose the row.
  const chosen = (order: readonly Index[]): boolean => group.conditions.every((c) => order.every((i, k) => i.rows === undefined || !mentions(c, i) || !order.slice(k + 1).some((later) => later.rows === undefined && mentions(c, later))));
  if (natural.length > permuted) return chosen(natural) ? natural : group.indices;
  const cost = (order: readonly Index[]): readonly number[] => [
    accesses.filter((a) => a.packed && outOfOrder(a, order)).length,
    ...[...order].reverse().map((index) => accesses.filter((a) => strided(a, index)).length),
    inversions(order, natural),
  ];
  return permutations(natural).filter(chosen).map((order) => ({ order, cost: cost(order) })).sort((a, b) => compare(a.cost, b.cost))[0]!.order;
}

function accessesOf(group: Group, layouts: ReadonlyMap<string, Layout>): readonly Access[] {
  const found = new Map<string | Expression, Access>();
  const add = (key: string | Expression, array: string, subscripts: readonly Expression[]): void => {
    const layout = layouts.get(array);
    if (!layout) throw new Error(`internal: no array ${array} in the procedure`);
    found.set(key, { packed: layout.groups.some((g) => g.axes.length > 1), subscripts: layout.groups.flatMap((g) => g.axes.map((axis) => subscripts[axis]!)) });
  };
  group.statements.forEach((s, k) => {
    add(`target ${k}`, s.target, s.subscripts);
    for (const root of [s.value, ...s.subscripts, ...s.conditions]) visit(root, (e) => { if (e.kind === "read") add(e, e.array, e.subscripts); });
  });
  return [...found.values()];
}

const mentions = (e: Expression, index: Index): boolean => {
  let found = false;
  visit(e, (x) => { if (x.kind === "index" && x.index === index) found = true; });
  return found;
};

/** Whether neighbours in the loop over `index` are not neighbours in memory. */
function strided(access: Access, index: Index): boolean {
  const users = access.subscripts.map((s) => mentions(s, index));
  return users.some((uses, k) => uses && k < users.length - 1);
}

/** Whether the loops don't meet the entries of a packed array in the order of storage. */
function outOfOrder(access: Access, order: readonly Index[]): boolean {
  const places = access.subscripts.map((s) => (s.kind === "index" ? order.indexOf(s.index) : -1));
  return places.some((place, k) => place < 0 || (k > 0 && place < places[k - 1]!));
}

const inversions = (order: readonly Index[], natural: readonly Index[]): number =>
  order.reduce((count, index, k) => count + order.slice(k + 1).filter((later) => natural.indexOf(later) < natural.indexOf(index)).length, 0);

function compare(a: readonly number[], b: readonly number[]): number {
  const k = a.findIndex((x, position) => x !== b[position]);
  return k < 0 ? 0 : a[k]! - b[k]!;
}

const permutations = (items: readonly Index[]): readonly (readonly Index[])[] =>
  items.length <= 1 ? [items] : items.flatMap((first) => permutations(items.filter((i) => i !== first)).map((rest) => [first, ...rest]));
