/** The statements of a reference procedure as tensors: one for each array, and the terms of the energy. */
import type { TensorOperand } from "../../../runtime/backends/tensorProgram.ts";
import { constant } from "../../ir/expression.ts";
import type { Expression, Read } from "../../ir/expression.ts";
import type { Procedure, ProcedureArray, Statement } from "../../ir/procedure.ts";
import { isLess } from "./contractionOrder.ts";
import { lowerFactors, lowerValue } from "./lowerValue.ts";
import type { TensorGraph } from "./tensorGraph.ts";
import { plainIndices, unorderedPair } from "./tensorObstacle.ts";

/** A part of the energy: the sum of all entries of `value`, times `scale`. */
export interface EnergyTerm { readonly value: TensorOperand; readonly scale: Expression }

/**
 * `procedure` must have passed `tensorObstacle`. Terms of the output keep one label each, if they have any: the last sum is the host's, in float64.
 */
export function lowerStatements(graph: TensorGraph, procedure: Procedure, output: string, states: readonly string[]): readonly EnergyTerm[] {
  const arrays = new Map(procedure.arrays.map((a) => [a.name, a]));
  /** What was accumulated so far into each array; the labels of `axes` stand for its slots. */
  const values = new Map<string, { readonly axes: readonly string[]; readonly terms: TensorOperand[] }>();
  const finished = new Set<string>();
  const terms: EnergyTerm[] = [];

  const known = new Map<string, readonly string[]>();
  /** The labels of an input's definition: those of its first reader. */
  const slotLabels = (array: ProcedureArray): readonly string[] => {
    let labels = known.get(array.name);
    if (labels === undefined) known.set(array.name, (labels = firstReader(procedure, array).map((i) => graph.label(i))));
    return labels;
  };
  const resolve = ({ array: name, subscripts }: Read): TensorOperand => {
    const array = arrays.get(name)!;
    const labels = plainIndices(unorderedPair(subscripts, array), array)!.map((i) => graph.label(i));
    if (array.role === "input") {
      const slots = slotLabels(array);
      const input = graph.input(states.includes(name)
        ? { kind: "state", state: name, axes: slots }
        : { kind: "array", array: name, axes: slots, orders: array.slots.map((s) => s.order ?? null) }, name);
      return { tensor: input.tensor, axes: labels };
    }
    finished.add(name);
    const value = values.get(name);
    if (value === undefined) return graph.scalar(constant(0));
    const { tensor, axes } = graph.sum(value.terms);
    return { tensor, axes: axes.map((l) => labels[value.axes.indexOf(l)]!) };
  };

  for (const statement of procedure.statements) {
    if (finished.has(statement.target)) throw new Error(`internal: ${procedure.name} writes ${statement.target} after it was read`);
    const over = statement.indices.map((i) => graph.label(i));
    const place = plainIndices(statement.subscripts, arrays.get(statement.target)!)!.map((i) => graph.label(i));
    if (statement.combine === "max" || statement.combine === "min") {
      const value = graph.extremum(statement.combine, candidates(graph, statement, statement.combine, resolve), place);
      if (statement.target === output) terms.push({ value, scale: constant(1) });
      else values.set(statement.target, { axes: place, terms: [value] });
      continue;
    }
    const { operands, scale } = masked(graph, statement, resolve);
    if (statement.target === output) {
      const keep = siteLabel(graph, operands);
      terms.push({ value: graph.sumOfProducts(operands, keep, over), scale });
      continue;
    }
    const before = values.get(statement.target) ?? { axes: place, terms: [] };
    const made = graph.sumOfProducts(operands, place, over, scale);
    before.terms.push({ tensor: made.tensor, axes: made.axes.map((l) => before.axes[place.indexOf(l)]!) });
    values.set(statement.target, before);
  }
  return terms;
}

/** The indices with which an array is first read. */
function firstReader(procedure: Procedure, array: ProcedureArray): NonNullable<ReturnType<typeof plainIndices>> {
  for (const s of procedure.statements) {
    for (const e of [s.value, ...s.conditions]) {
      const found = readOf(e, array.name);
      if (found) return plainIndices(unorderedPair(found.subscripts, array), array)!;
    }
  }
  throw new Error(`internal: nothing reads ${array.name}`);
}

function readOf(e: Expression, array: string): Read | undefined {
  if (e.kind === "read" && e.array === array) return e;
  if (e.kind !== "apply") return undefined;
  for (const a of e.arguments) {
    const found = readOf(a, array);
    if (found) return found;
  }
  return undefined;
}

/**
 * The factors of a statement. Under conditions the quenched ones become a single tensor with zeros where the conditions fail: it is made once
 * after the draw, and chosen rather than multiplied, since entries that are never read may be infinite.
 */
function masked(graph: TensorGraph, statement: Statement, resolve: (read: Read) => TensorOperand): { readonly operands: readonly TensorOperand[]; readonly scale: Expression } {
  const { operands, scale } = lowerFactors(graph, statement.value, resolve);
  if (statement.conditions.length === 0) return { operands, scale };
  const mask = statement.conditions.map((c) => lowerValue(graph, c, resolve)).reduce((a, b) => graph.multiply(a, b));
  const quenched = operands.filter((o) => !graph.isThermal(o));
  if (quenched.length === 0) return { operands: [mask, ...operands], scale };
  const chosen = graph.map("select", [mask, quenched.reduce((a, b) => graph.multiply(a, b)), graph.scalar(constant(0))]);
  return { operands: [chosen, ...operands.filter((o) => graph.isThermal(o))], scale };
}

/** The entries of which one is chosen; where conditions fail, one that never is. */
function candidates(graph: TensorGraph, statement: Statement, combine: "max" | "min", resolve: (read: Read) => TensorOperand): TensorOperand {
  const value = lowerValue(graph, statement.value, resolve);
  if (statement.conditions.length === 0) return value;
  const mask = statement.conditions.map((c) => lowerValue(graph, c, resolve)).reduce((a, b) => graph.multiply(a, b));
  return graph.map("select", [mask, value, graph.scalar(constant(combine === "max" ? -Infinity : Infinity))]);
}

/** The label whose sum is left to the host: the one that makes the rest cheapest. */
function siteLabel(graph: TensorGraph, operands: readonly TensorOperand[]): readonly string[] {
  const labels = [...new Set(operands.flatMap((o) => o.axes))];
  const candidates = labels.map((label) => ({ keep: [label], cost: graph.costOf(operands, [label]) }));
  return candidates.reduce<(typeof candidates)[number] | undefined>((best, c) => (best === undefined || isLess(c.cost, best.cost) ? c : best), undefined)?.keep ?? [];
}

