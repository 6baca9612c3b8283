/**
 * Types of expressions in models: scalars, whole arrays with their axes, graphs, and the unknown type of an erroneous
 * expression, which fits everywhere so that one mistake is reported once.
 */
import type { Element, Status } from "../ir/program.ts";
import type { SizeRange } from "./sizes.ts";
import type { GraphSymbol } from "./symbols.ts";

export interface Axis {
  readonly range: SizeRange;
  /** Subscripts wrap around: `s[x+1]` at x = L reads `s[1]`. */
  readonly periodic: boolean;
  /** Relation to the axis before it: `J[i < j in N]` has "<" on its second axis. */
  readonly order?: "<" | "<=";
  /** Both axes of `J[(i, j) in G]` run over the edges of this graph. */
  readonly edges?: GraphSymbol;
}

export type Type =
  | { readonly kind: "scalar"; readonly element: Element }
  | { readonly kind: "array"; readonly element: Element; readonly axes: readonly Axis[] }
  | { readonly kind: "graph"; readonly graph: GraphSymbol }
  | { readonly kind: "text" }
  /** The type of what was reported already. */
  | { readonly kind: "unknown" };

export const scalar = (element: Element): Type => ({ kind: "scalar", element });
export const unknownType: Type = { kind: "unknown" };

/** The type of an array with these axes; none make a scalar. */
export const arrayType = (element: Element, axes: readonly Axis[]): Type =>
  axes.length === 0 ? scalar(element) : { kind: "array", element, axes };

const rank: Readonly<Record<Status, number>> = { parameter: 0, quenched: 1, thermal: 2 };

/** parameter < quenched < thermal: the status of what reads both. */
export const maximalStatus = (...statuses: readonly Status[]): Status =>
  statuses.reduce((a, b) => (rank[b] > rank[a] ? b : a), "parameter");
export const isBelow = (a: Status, b: Status): boolean => rank[a] < rank[b];

/** "a number", "a truth value", "an array over 1..N × 1..M": for messages. */
/** How many axes right before this one run over edges. */
const endsBefore = (axes: readonly Axis[], k: number): number => k - 1 - axes.findLastIndex((a, l) => l < k && a.edges === undefined);

export function describeType(type: Type): string {
  switch (type.kind) {
    case "scalar": return type.element === "truth" ? "a truth value" : type.element === "integer" ? "an integer" : "a number";
    case "array": return `an array over ${type.axes.flatMap((a, k) => (a.edges === undefined ? [a.range.text] : endsBefore(type.axes, k) % 2 === 0 ? [`the edges of \`${a.edges.name}\``] : [])).join(" × ")}`;
    case "graph": return "a graph";
    case "text": return "a text";
    case "unknown": return "unknown";
  }
}
