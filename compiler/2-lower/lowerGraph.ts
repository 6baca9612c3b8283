/**
 * Graphs in the IR: an array of the two ends of each edge, `G[1,e]` and `G[2,e]`, drawn like any quenched array. A pair `(i, j) in G` is an edge e
 * with i = G[1,e] and j = G[2,e]; a neighbour `j in G[i]` is a half-edge (side, e) with G[side,e] == i and j = G[3 − side, e]. Everything
 * after this sees integer arrays as indices, and finds the lists of neighbours as it finds the clauses of a variable (`3-passes/incidence.ts`).
 */
import type { BoundIndex } from "../1-check/indices.ts";
import { isFirstEnd } from "../1-check/symbols.ts";
import type { GraphSymbol } from "../1-check/symbols.ts";
import type { CheckedBinder } from "../1-check/tree.ts";
import type { Axis } from "../1-check/types.ts";
import { apply, constant, freshIndex, indexValue, read, reduce, sizeRange } from "../ir/expression.ts";
import type { Expression, Index, Range } from "../ir/expression.ts";
import type { ArrayDeclaration, Slot } from "../ir/program.ts";
import { emptyEnvironment } from "./environment.ts";
import type { LoweringEnvironment } from "./environment.ts";
import { internal } from "./internal.ts";
import type { Lowering } from "./lowering.ts";

export interface LoweredGraph {
  readonly edges: Range;
  /** The end of an edge on side 1 or 2. */
  readonly end: (side: Expression, edge: Expression) => Expression;
  /** How many edges there are, where that is drawn. */
  readonly count?: Expression;
}

/** The arrays of a graph, declared when it is first met. */
export function graphOf(l: Lowering, symbol: GraphSymbol): LoweredGraph {
  const known = l.graphs.get(symbol);
  if (known) return known;
  const distribution = symbol.distribution ?? internal(`${symbol.name} has no distribution`);
  const record = distribution.record.graph ?? internal(`${symbol.name} is no graph`);
  const arguments_ = distribution.arguments.map((a) => l.expression(a, emptyEnvironment));
  const edges = sizeRange(record.edges(arguments_));
  const slots: readonly Slot[] = [{ range: sizeRange(constant(2)), periodic: false }, { range: edges, periodic: false }];
  const declare = (array: Omit<ArrayDeclaration, "span" | "status" | "element">): void => void l.arrays.push({ ...array, status: "quenched", element: "integer", span: symbol.span });
  declare({ name: symbol.name, slots, origin: { kind: "ensemble", distribution: distribution.name, arguments: arguments_ } });
  let graph: LoweredGraph = { edges, end: (side, edge) => read(symbol.name, [side, edge]) };
  if (record.random) {
    // Entries behind the last edge are 0: the others are counted, and to be read at all they are made vertices.
    const [count, ends] = [l.freshName(`edges_of_${symbol.name}`), l.freshName(`ends_of_${symbol.name}`)];
    const e = freshIndex("e", edges);
    declare({ name: count, slots: [], origin: { kind: "definition", role: "derived", indices: [], body: reduce("sum", [e], apply("gt", read(symbol.name, [constant(1), indexValue(e)]), constant(0))) } });
    const [side, edge] = [freshIndex("side", slots[0]!.range), freshIndex("e", edges)];
    declare({ name: ends, slots, origin: { kind: "definition", role: "derived", indices: [side, edge], body: apply("max2", constant(1), read(symbol.name, [indexValue(side), indexValue(edge)])) } });
    graph = { edges, end: (x, y) => read(ends, [x, y]), count: read(count) };
  }
  l.graphs.set(symbol, graph);
  return graph;
}

/** What the indices of binders are in the IR. */
export interface OpenedIndices {
  readonly indices: readonly Index[];
  readonly values: readonly (readonly [BoundIndex, Expression])[];
  /** The edge that an index makes known: the first of `(i, j) in G`, a neighbour. */
  readonly edges: readonly (readonly [BoundIndex, Expression])[];
  readonly conditions: readonly Expression[];
}

const isEdge = (graph: LoweredGraph, edge: Expression): readonly Expression[] => (graph.count ? [apply("le", edge, graph.count)] : []);

/** The indices of a binder; a pair over edges is one index. */
export function openBinder(l: Lowering, b: CheckedBinder, env: LoweringEnvironment): OpenedIndices {
  if (b.edges) return openEdge(l, b.edges, b.indices[0]!, b.indices[1]!);
  const { neighbours } = b;
  if (!neighbours) {
    const made = b.indices.map((i) => [i, freshIndex(i.name, l.range(i.extent.resolved!, env))] as const);
    return { indices: made.map(([, index]) => index), values: made.map(([i, index]) => [i, indexValue(index)]), edges: [], conditions: [] };
  }
  const graph = graphOf(l, neighbours.graph);
  const vertex = l.expression(neighbours.of, env);
  const halves = b.indices.map((i) => {
    const [side, edge] = [freshIndex("side", sizeRange(constant(2))), freshIndex(i.name, graph.edges)];
    const [s, e] = [indexValue(side), indexValue(edge)];
    return { indices: [side, edge], value: [i, graph.end(apply("sub", constant(3), s), e)] as const, edge: [i, e] as const, conditions: [apply("eq", graph.end(s, e), vertex), ...isEdge(graph, e)] };
  });
  return { indices: halves.flatMap((h) => h.indices), values: halves.map((h) => h.value), edges: halves.map((h) => h.edge), conditions: halves.flatMap((h) => h.conditions) };
}

function openEdge(l: Lowering, symbol: GraphSymbol, first: BoundIndex, second: BoundIndex): OpenedIndices {
  const graph = graphOf(l, symbol);
  const edge = freshIndex(`${first.name}${second.name}`, graph.edges);
  const e = indexValue(edge);
  return { indices: [edge], values: [[first, graph.end(constant(1), e)], [second, graph.end(constant(2), e)]], edges: [[first, e]], conditions: isEdge(graph, e) };
}

/** The indices of the slots of a declaration. */
export function openAxes(l: Lowering, axes: readonly Axis[], indices: readonly BoundIndex[], env: LoweringEnvironment): OpenedIndices {
  const opened = axes.flatMap((axis, k): OpenedIndices[] => {
    if (axis.edges) return isFirstEnd(axes, k) ? [openEdge(l, axis.edges, indices[k]!, indices[k + 1]!)] : [];
    const index = freshIndex(indices[k]!.name, l.range(axis.range, env));
    return [{ indices: [index], values: [[indices[k]!, indexValue(index)]], edges: [], conditions: [] }];
  });
  return { indices: opened.flatMap((o) => o.indices), values: opened.flatMap((o) => o.values), edges: opened.flatMap((o) => o.edges), conditions: opened.flatMap((o) => o.conditions) };
}
