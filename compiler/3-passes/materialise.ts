/**
 * The body of a definition as accumulations, in the form in which it was written: sums of products become one statement for each
 * term; a reduction inside a nonlinear operator, or next to another reduction, becomes a temporary array over its free indices.
 * The terms of a maximum or minimum that depend on the state are stored first: its derivative asks which of them are equal to it, and so
 * does `argmax`.
 * No algebra: what this makes is the reference that optimised procedures are tested against.
 */
import { freshIndex, indexValue, read, substitute, type Expression, type Index, type Reduce } from "../ir/expression.ts";
import { conjuncts } from "./conditions.ts";
import type { ProcedureBuilder, Target } from "./procedureBuilder.ts";
import { asProduct, fromProduct, times, type Product } from "./product.ts";
import { isRefusal, valueDerivative } from "./valueDerivative.ts";

/** Accumulates `body` into `target`, which starts at 0 (or at the identity of the maximum, minimum or product that `body` is). */
export function materialise(builder: ProcedureBuilder, target: Target, body: Expression): void {
  if (body.kind === "reduce" && body.combine !== "sum") {
    const inner = bind(target, body);
    const value = builder.liftReductions(inner.body, inner.target.conditions, inner.target.indices);
    const stored = body.combine !== "product" && value.kind !== "read" && (hasDerivative(builder, value) || builder.holds(value, inner.target.conditions));
    builder.add(inner.target, stored ? builder.lift(value, inner.target.conditions, inner.target.indices) : value, body.combine);
  } else accumulate(builder, target, { coefficient: 1, factors: [] }, body);
}

/** target += scale · e, where `scale` holds no reductions. */
function accumulate(builder: ProcedureBuilder, target: Target, scale: Product, e: Expression): void {
  if (e.kind === "apply" && (e.operator === "add" || e.operator === "sub")) {
    accumulate(builder, target, scale, e.arguments[0]!);
    accumulate(builder, target, e.operator === "sub" ? { ...scale, coefficient: -scale.coefficient } : scale, e.arguments[1]!);
    return;
  }
  if (e.kind === "reduce" && e.combine === "sum") {
    const inner = bind(target, e);
    accumulate(builder, inner.target, scale, inner.body);
    return;
  }
  const product = asProduct(e);
  const sums = product.factors.filter(isSum);
  if (sums.length === 1 && product.factors.length + scale.factors.length >= 1 && product.factors[0] !== e) {
    const others = product.factors.filter((f) => f !== sums[0]).map((f) => builder.liftReductions(f, target.conditions, target.indices));
    accumulate(builder, target, times(scale, { coefficient: product.coefficient, factors: others }), sums[0]!);
    return;
  }
  const lifted = product.factors.map((f) => builder.liftReductions(f, target.conditions, target.indices));
  builder.add(target, fromProduct(times(scale, { coefficient: product.coefficient, factors: lifted })));
}

/** Whether a value varies smoothly with the state anywhere. */
function hasDerivative(builder: ProcedureBuilder, value: Expression): boolean {
  const derivative = valueDerivative(value, (array) => builder.status(read(array)) === "thermal");
  return !isRefusal(derivative) && derivative.size > 0;
}

/** Whether distributing a factor over `e` saves a temporary: a sum over indices, or an addition that holds one. */
const isSum = (e: Expression): boolean =>
  (e.kind === "reduce" && e.combine === "sum") || (e.kind === "apply" && (e.operator === "add" || e.operator === "sub" || e.operator === "neg") && e.arguments.some(isSum));

/** The nest of `target` extended by the indices of a reduction, which are renewed where they are bound already. */
export function bind(target: Target, reduction: Reduce): { readonly target: Target; readonly body: Expression } {
  const renewed = new Map<Index, Index>();
  for (const index of reduction.indices) if (target.indices.includes(index)) renewed.set(index, freshIndex(index.name, index.range));
  const values = new Map([...renewed].map(([from, to]) => [from, indexValue(to)]));
  const indices = reduction.indices.map((i) => renewed.get(i) ?? i);
  return {
    target: { ...target, indices: [...target.indices, ...indices], conditions: [...target.conditions, ...conjuncts(substitute(reduction.where, values))] },
    body: substitute(reduction.body, values),
  };
}
