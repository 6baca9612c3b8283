/**
 * The symmetry of the state-dependent part T of a term: a canonical order of its indices, under which terms with the same T
 * have the same text, and the classes of indices that are interchangeable in T (same range; swapping two of a class leaves T
 * as it is). In w[i] w[j] w[k] all three are; in u[i] v[j] none; in w[i]² w[k] none.
 */
import type { Index } from "../ir/expression.ts";
import { structureText, rangeText } from "./structureText.ts";
import { thermalIndices, type PolynomialTerm } from "./polynomialTerm.ts";

export interface Symmetry {
  /** Equal texts: the same T, position by position of `order`. */
  readonly text: string;
  readonly order: readonly Index[];
  /** Positions in `order` of each class of two or more interchangeable indices, ascending. */
  readonly classes: readonly (readonly number[])[];
}

/** Above this many indices all orders would be too many to try: such a term is treated as having no symmetry. */
const mostIndices = 6;

export function symmetryOf(term: PolynomialTerm, fixed: readonly Index[]): Symmetry {
  const indices = thermalIndices(term);
  const text = (order: readonly Index[]): string => {
    const names = new Map([...fixed.map((i, k) => [i, `fixed${k}`] as const), ...order.map((i, k) => [i, `${k}:${rangeText(i.range)}`] as const)]);
    return term.thermal.map((f) => structureText(f, names)).sort().join("*");
  };
  if (indices.length > mostIndices) return { text: text(indices), order: indices, classes: [] };
  let best: { text: string; order: readonly Index[] } | undefined;
  for (const order of permutations(indices)) {
    const candidate = text(order);
    if (best === undefined || candidate < best.text) best = { text: candidate, order };
  }
  const order = best!.order;
  const swapped = (a: number, b: number): readonly Index[] => order.map((i, k) => (k === a ? order[b]! : k === b ? order[a]! : i));
  const classes: number[][] = [];
  order.forEach((index, position) => {
    // Transpositions compose, so one member stands for its class.
    const home = classes.find(([first]) => rangeText(order[first!]!.range) === rangeText(index.range) && text(swapped(first!, position)) === best!.text);
    if (home) home.push(position);
    else classes.push([position]);
  });
  return { text: best!.text, order, classes: classes.filter((c) => c.length > 1) };
}

/** All orders of a list, the given one first. */
export function permutations<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length <= 1) return [list];
  return list.flatMap((first, k) => permutations([...list.slice(0, k), ...list.slice(k + 1)]).map((rest) => [first, ...rest]));
}
