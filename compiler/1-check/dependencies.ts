/** What checked expressions read, directly and through definitions: which declarations `with` must make anew, and which it keeps. */
import type { SizeRange } from "./sizes.ts";
import type { ArraySymbol, GraphSymbol, ModelSymbol } from "./symbols.ts";
import type { CheckedExpression, CheckedReplacement, LibraryNode, ReplicaNode } from "./tree.ts";

/** The direct parts of a node, ranges of binders not. */
export function checkedChildren(e: CheckedExpression): readonly CheckedExpression[] {
  switch (e.kind) {
    case "apply": case "library": case "inline": return e.arguments;
    case "reduce": return [...e.binders.flatMap((b) => (b.neighbours ? [b.neighbours.of] : [])), e.body];
    case "reduceArray": return [e.array];
    case "element": case "slice": return [e.array, ...e.subscripts.flatMap((s) => s ?? [])];
    case "replica": return [e.object];
    case "with": return [e.object, ...e.replacements.flatMap((r) => (r.kind === "value" ? [r.value] : r.kind === "flip" ? [r.of] : []))];
    default: return [];
  }
}

/** The arrays that an expression names. */
export function arraysIn(e: CheckedExpression, into: Set<ArraySymbol> = new Set()): ReadonlySet<ArraySymbol> {
  if (e.kind === "name" && e.symbol.kind === "array") into.add(e.symbol);
  for (const child of checkedChildren(e)) arraysIn(child, into);
  return into;
}

/** What some parts of a checked model are made of, directly and through declarations: ranges and arguments of draws included. */
export interface Ingredients {
  readonly arrays: ReadonlySet<ArraySymbol>;
  readonly graphs: ReadonlySet<GraphSymbol>;
  /** Names of the copies of the states that are read. */
  readonly replicas: ReadonlySet<string>;
  /** Calls of functions of whole arrays. */
  readonly calls: ReadonlySet<LibraryNode>;
  /** Whether a part of it was reported and has no value, or is a graph. */
  readonly opaque: boolean;
}

export function ingredients(...roots: readonly unknown[]): Ingredients {
  const arrays = new Set<ArraySymbol>();
  const graphs = new Set<GraphSymbol>();
  const replicas = new Set<string>();
  const calls = new Set<LibraryNode>();
  let opaque = false;
  const seen = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    if (part instanceof Map) return void part.forEach(visit);
    const node = part as { readonly kind?: string };
    if (node.kind === "opaque" || node.kind === "graph") opaque = true;
    if (node.kind === "replica") replicas.add((part as ReplicaNode).replica);
    if (node.kind === "library") calls.add(part as LibraryNode);
    if (node.kind === "graph" && "progress" in node) graphs.add(node as GraphSymbol);
    if (node.kind === "array" && "progress" in node) arrays.add(node as ArraySymbol);
    for (const [key, child] of Object.entries(node)) if (key !== "target" && key !== "declaration" && key !== "span") visit(child);
  };
  roots.forEach(visit);
  return { arrays, graphs, replicas, calls, opaque };
}

/** What a declaration reads. An ensemble is drawn by its parameters, data and states are given. */
const readBy = (s: ArraySymbol): ReadonlySet<ArraySymbol> => (s.body ? arraysIn(s.body) : new Set());

/** Whether a declaration reads one of `arrays`, directly or through others. */
export function dependsOn(s: ArraySymbol, arrays: ReadonlySet<ArraySymbol>): boolean {
  const seen = new Set<ArraySymbol>();
  const reads = (a: ArraySymbol): boolean => {
    if (arrays.has(a)) return true;
    if (seen.has(a)) return false;
    seen.add(a);
    return [...readBy(a)].some(reads);
  };
  return reads(s);
}

/** The declarations that stay as they are while an expression is evaluated under replaced `arrays`, as far as it reads them. */
export function keptArrays(e: CheckedExpression, arrays: ReadonlySet<ArraySymbol>): ReadonlySet<ArraySymbol> {
  const kept = new Set<ArraySymbol>();
  const seen = new Set<ArraySymbol>();
  const visit = (s: ArraySymbol): void => {
    if (seen.has(s) || arrays.has(s)) return;
    seen.add(s);
    if (dependsOn(s, arrays)) readBy(s).forEach(visit);
    else kept.add(s);
  };
  arraysIn(e).forEach(visit);
  return kept;
}

/** What a replacement replaces. */
export const replacedArrays = (r: CheckedReplacement): readonly ArraySymbol[] => (r.kind === "value" || r.kind === "flip" ? [r.array] : r.arrays);

/** Whether an expression of sizes names this size itself; what a `let` stands for does not count. */
export function namesSize(e: CheckedExpression, size: ModelSymbol): boolean {
  if ((e.kind === "parameter" || e.kind === "size" || e.kind === "name") && e.symbol === size) return true;
  return checkedChildren(e).some((child) => namesSize(child, size));
}
export const rangeNamesSize = (r: SizeRange, size: ModelSymbol): boolean => namesSize(r.lower, size) || namesSize(r.upper, size);

/** The sizes that a replacement binds anew: those of its source's arrays, unless something that is kept runs over them. Then the new data must have as many. */
export const boundByReplacement = (r: CheckedReplacement, kept: ReadonlySet<ArraySymbol>): readonly ModelSymbol[] => r.kind !== "source" ? []
  : [...new Set(r.arrays.flatMap(sizesOfSlots))].filter((size) => ![...kept].some((s) => s.axes.some((a) => rangeNamesSize(a.range, size))));

/** The sizes that the slots of an array name as they stand: `mu in P`. */
export const sizesOfSlots = (s: ArraySymbol): readonly ModelSymbol[] =>
  s.axes.flatMap(({ range: { upper } }) => (upper.kind === "parameter" || upper.kind === "size" || (upper.kind === "name" && upper.symbol.kind === "array") ? [upper.symbol] : []));
