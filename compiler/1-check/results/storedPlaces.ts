/** Where an entry of a recorded observable is stored: subscripts as written become places from 1, one for each group of axes (`ir/layout.ts`). */
import { storageGroups } from "../../ir/layout.ts";
import { operatorOfFunction, applyOperator, operatorOfInfix } from "./applyOperator.ts";
import type { CheckedExpression } from "../tree.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { ObservableView } from "./modelView.ts";
import type { RunSymbol } from "./names.ts";
import { resolveRunName } from "./resolveRunName.ts";
import type { Context } from "./scope.ts";
import { firstSubscript, fromOne } from "./subscripts.ts";
import type { Typed } from "./typed.ts";
import { constant } from "./typed.ts";

/**
 * @param form how the run's parameters are named where the entry stands: "bare" within the run, else "named"
 * @returns undefined where a size that matters is not made of parameters: where data bind it
 */
export function storedPlaces(context: Context, run: RunSymbol, { ranges, orders }: ObservableView, subscripts: readonly Typed[], form: "bare" | "named"): readonly Typed[] | undefined {
  const size = (e: CheckedExpression): Typed | undefined => sizeOf(context, run, e, form);
  const places = storageGroups(subscripts.map((_, k) => (orders[k] ? { order: orders[k] } : {}))).map(({ axes, weak }): Typed | undefined => {
    const range = ranges[axes[0]!];
    const own = axes.map((axis) => subscripts[axis]!);
    if (range === undefined) return own[0];
    const first = run.points.length > 0 ? firstSubscript(run, range) : 1;
    const lower = first === undefined ? size(range.lower) : constant(first);
    const positions = own.map((s) => (first !== undefined ? fromOne(s, first) : lower && plus(minus(s, lower), constant(1))));
    if (own.length === 1) return positions[0];
    const upper = size(range.upper);
    if (lower === undefined || upper === undefined || positions.includes(undefined)) return undefined;
    return rank(sorted(positions.filter((p) => p !== undefined)), weak, plus(minus(upper, lower), constant(1)));
  });
  return places.includes(undefined) ? undefined : places.filter((p) => p !== undefined);
}

/** Whether constant subscripts of one strictly ordered group are equal: such an entry isn't stored. */
export function onDiagonal({ orders }: ObservableView, subscripts: readonly Typed[]): boolean {
  return storageGroups(subscripts.map((_, k) => (orders[k] ? { order: orders[k] } : {}))).some(({ axes, weak }) => {
    const values = axes.map((axis) => evaluateConstant(subscripts[axis]!.expression)).sort((a, b) => (a ?? NaN) - (b ?? NaN));
    return weak.every((w) => !w) && values.some((v, k) => k > 0 && v !== undefined && v === values[k - 1]);
  });
}

const minus = (a: Typed, b: Typed): Typed => folded(applyOperator(operatorOfInfix("-"), [a, b]));
const plus = (a: Typed, b: Typed): Typed => folded(applyOperator(operatorOfInfix("+"), [a, b]));
const times = (a: Typed, b: Typed): Typed => folded(applyOperator(operatorOfInfix("*"), [a, b]));
function folded(e: Typed): Typed {
  const value = evaluateConstant(e.expression);
  return value === undefined ? e : { ...e, expression: constant(value).expression };
}

/** A size as an expression of the run's parameters. */
function sizeOf(context: Context, run: RunSymbol, e: CheckedExpression, form: "bare" | "named"): Typed | undefined {
  switch (e.kind) {
    case "constant": return constant(e.value);
    case "parameter": return resolveRunName(context, run, e.symbol.name, form);
    case "name": return e.symbol.kind === "array" && e.symbol.role === "let" && e.symbol.body ? sizeOf(context, run, e.symbol.body, form) : undefined;
    case "apply": {
      const arguments_ = e.arguments.map((a) => sizeOf(context, run, a, form));
      return arguments_.includes(undefined) ? undefined : folded(applyOperator(e.operator, arguments_.filter((a) => a !== undefined)));
    }
    default: return undefined;
  }
}

/** In increasing order, by exchanges of neighbours. */
function sorted(positions: readonly Typed[]): readonly Typed[] {
  const tuple = [...positions];
  const pick = (name: "min" | "max", a: Typed, b: Typed): Typed => folded(applyOperator(operatorOfFunction(name)!, [a, b]));
  for (let end = tuple.length - 1; end > 0; end--) {
    for (let k = 0; k < end; k++) [tuple[k], tuple[k + 1]] = [pick("min", tuple[k]!, tuple[k + 1]!), pick("max", tuple[k]!, tuple[k + 1]!)];
  }
  return tuple;
}

/** The number, from 1, of a sorted tuple of places 1…n in lexicographic order: all of them, less those after it. */
function rank(tuple: readonly Typed[], weak: readonly boolean[], n: Typed): Typed {
  const shift = (upTo: number): Typed => constant(weak.slice(0, upTo).filter(Boolean).length);
  const size = plus(n, shift(weak.length));
  return tuple.reduce((before, place, t) => minus(before, choose(minus(size, plus(place, shift(t))), tuple.length - t)), choose(size, tuple.length));
}

/** n over k. */
function choose(n: Typed, k: number): Typed {
  let product = n;
  let factorial = 1;
  for (let j = 1; j < k; j++) {
    product = times(product, minus(n, constant(j)));
    factorial *= j + 1;
  }
  return folded(applyOperator(operatorOfInfix("/"), [product, constant(factorial)]));
}
