/**
 * The canonical order of bound indices: the same for any two terms that differ in the names and the order of their indices.
 *
 * Indices are coloured by where they stand and the colouring is refined until it no longer splits; indices that share a colour
 * are then told apart one at a time, and the order with the smallest text wins (colour refinement with individualisation, as in
 * graph isomorphism). Indices that can be exchanged without changing the term need only one try, and parts that share no index
 * are ordered on their own, so that products of many equal sums stay cheap.
 */
import type { Expression, Index } from "./expression.ts";
import { freeIndices, rangeText } from "./text.ts";

/** A factor or a condition; `tag` tells what else belongs to it (the exponent). */
export interface Part { readonly expression: Expression; readonly tag: string }

/** Text of an expression with the given names for indices; must not depend on their names in any other way. */
export type TextUnder = (e: Expression, names: ReadonlyMap<Index, string>) => string;

/** Orders tried at most: beyond, the best so far is taken, and equal terms might not be recognised as equal. */
const maximumLeaves = 5040;

export function canonicalOrder(indices: readonly Index[], parts: readonly Part[], textUnder: TextUnder): readonly Index[] {
  const components = connected(indices, parts).map((component) => orderComponent(component.indices, component.parts, textUnder));
  return components.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).flatMap((c) => c.order);
}

interface Component { readonly indices: readonly Index[]; readonly parts: readonly Part[] }

function connected(indices: readonly Index[], parts: readonly Part[]): readonly Component[] {
  const group = new Map(indices.map((index) => [index, new Set([index])]));
  for (const part of parts) {
    const here = [...freeIndices(part.expression)].filter((i) => group.has(i));
    for (const other of here.slice(1)) {
      const [into, from] = [group.get(here[0]!)!, group.get(other)!];
      if (into === from) continue;
      for (const index of from) { into.add(index); group.set(index, into); }
    }
  }
  return [...new Set(group.values())].map((members) => ({
    indices: [...members],
    parts: parts.filter((p) => [...freeIndices(p.expression)].some((i) => members.has(i))),
  }));
}

function orderComponent(indices: readonly Index[], parts: readonly Part[], textUnder: TextUnder): { readonly order: readonly Index[]; readonly text: string } {
  const ranges = new Map(indices.map((i) => [i, rangeText(i.range)]));
  const wholeText = (names: ReadonlyMap<Index, string>): string =>
    parts.map((p) => `${p.tag}${textUnder(p.expression, names)}`).sort().join(" ");
  const textOf = (order: readonly Index[]): string =>
    `${order.map((i) => ranges.get(i)).join()}|${wholeText(new Map(order.map((i, k) => [i, `#${k}`])))}`;
  if (indices.length === 1) return { order: indices, text: textOf(indices) };

  const refine = (start: ReadonlyMap<Index, number>): ReadonlyMap<Index, number> => {
    let colours = start;
    for (;;) {
      const signatures = new Map(indices.map((index) => {
        const names = new Map(indices.map((i) => [i, i === index ? `*${colours.get(i)}` : `~${colours.get(i)}`]));
        const around = parts.filter((p) => freeIndices(p.expression).has(index)).map((p) => `${p.tag}${textUnder(p.expression, names)}`);
        return [index, `${String(colours.get(index)).padStart(4, "0")} ${around.sort().join(" ")}`] as const;
      }));
      const next = rank(signatures);
      if (new Set(next.values()).size === new Set(colours.values()).size) return next;
      colours = next;
    }
  };

  /** Whether exchanging two indices leaves the term as it is, given that the others keep their places. */
  const exchangeable = (a: Index, b: Index): boolean => {
    const names = new Map(indices.map((i, k) => [i, `!${k}`]));
    const exchanged = new Map(names).set(a, names.get(b)!).set(b, names.get(a)!);
    return wholeText(names) === wholeText(exchanged);
  };

  let best: { readonly order: readonly Index[]; readonly text: string } | undefined;
  let leaves = 0;
  const search = (colours: ReadonlyMap<Index, number>): void => {
    if (leaves >= maximumLeaves) return;
    const cells = new Map<number, Index[]>();
    for (const [index, colour] of colours) cells.set(colour, [...(cells.get(colour) ?? []), index]);
    const ordered = [...cells].sort((a, b) => a[0] - b[0]);
    const open = ordered.find(([, members]) => members.length > 1);
    if (!open) {
      leaves++;
      const order = ordered.map(([, members]) => members[0]!);
      const text = textOf(order);
      if (!best || text < best.text) best = { order, text };
      return;
    }
    const tried: Index[] = [];
    for (const member of open[1]) {
      if (tried.some((t) => exchangeable(t, member))) continue;
      tried.push(member);
      // Colours are doubled to leave a free one just below the cell's.
      search(refine(new Map([...colours].map(([i, c]) => [i, i === member ? 2 * c : 2 * c + 1]))));
    }
  };
  search(refine(rank(ranges)));
  return best!;
}

/** 0, 1, … in the order of the texts; equal texts have equal ranks. */
function rank(texts: ReadonlyMap<Index, string>): ReadonlyMap<Index, number> {
  const distinct = [...new Set(texts.values())].sort();
  const ranks = new Map(distinct.map((t, k) => [t, k]));
  return new Map([...texts].map(([index, t]) => [index, ranks.get(t)!]));
}
