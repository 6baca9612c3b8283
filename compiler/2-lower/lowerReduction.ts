/** Reductions in the IR: `mean` becomes a sum over a size, `count` a sum of truth values, `any` and `all` a max and a min, the rest is made of these. */
import { checkedChildren } from "../1-check/dependencies.ts";
import type { BoundIndex } from "../1-check/indices.ts";
import type { CheckedBinder, CheckedExpression, ReduceNode } from "../1-check/tree.ts";
import { apply, constant, indexValue, reduce, visit } from "../ir/expression.ts";
import type { Expression, Index } from "../ir/expression.ts";
import { reductions } from "../library/reductions/index.ts";
import type { Reduction, ReductionName } from "../library/reductions/index.ts";
import { allOf, orderedCount, rangeLength } from "./arrayValue.ts";
import { withIndices } from "./environment.ts";
import { graphOf, openBinder, type OpenedIndices } from "./lowerGraph.ts";
import type { LoweringEnvironment } from "./environment.ts";
import type { Lowering } from "./lowering.ts";

/** A domain of summation: made anew for each use, since an index belongs to one reduction. */
export interface Over {
  readonly indices: readonly Index[];
  readonly where: Expression;
  readonly body: Expression;
  /** The value of the one index that is bound, as `argmax` gives it, and the largest one. */
  readonly value?: Expression;
  readonly last?: Expression;
}

export function lowerReduction(l: Lowering, e: ReduceNode, env: LoweringEnvironment): Expression {
  const split = needsOrder(e);
  if (split) return splitByOrder(l, e, env, split);
  return combine(e.reduction, () => open(l, e, env), () => numberOfValues(l, e, env));
}

/** The reduction of a domain; `count` makes the number of its values, for `mean`. */
export function combine(name: ReductionName, over: () => Over, count: () => Expression): Expression {
  const record: Reduction = reductions[name];
  const largest = (o: Over, by: "max" | "min" = "max"): Expression => reduce(by, o.indices, o.body, o.where);
  switch (name) {
    case "mean": {
      const o = over();
      return apply("div", reduce("sum", o.indices, o.body, o.where), count());
    }
    // An empty domain has max −∞ and min +∞: the comparison makes truth values of them.
    case "any": return apply("gt", largest(over()), constant(0));
    case "all": return apply("gt", largest(over(), "min"), constant(0));
    case "logsumexp": {
      const most = largest(over());
      const o = over();
      const relativeTo = (shift: Expression): Expression => reduce("sum", o.indices, apply("exp", apply("sub", o.body, shift)), o.where);
      const takesAll = o.where.kind === "constant" && o.where.value !== 0;
      if (takesAll && !canBeInfinite(o.body)) return apply("add", most, apply("log", relativeTo(most)));
      // Where all entries are −∞, or a filter leaves none, the result is −∞, and nothing has a derivative.
      const shift = apply("select", apply("lt", apply("abs", most), constant(Infinity)), most, constant(0));
      const total = relativeTo(shift);
      const isMasked = apply("eq", total, constant(0));
      return apply("add", apply("add", shift, apply("log", apply("select", isMasked, constant(1), total))), apply("select", isMasked, constant(-Infinity), constant(0)));
    }
    case "argmax": case "argmin": {
      // The smallest index at which the extreme is reached.
      const extreme = largest(over(), name === "argmax" ? "max" : "min");
      const o = over();
      const [index] = o.indices;
      return reduce("min", o.indices, apply("select", apply("eq", o.body, extreme), o.value ?? indexValue(index!), o.last ?? index!.range.upper), o.where);
    }
    default: {
      if (!record.combine) throw new Error(`internal: ${name} cannot be lowered`);
      const o = over();
      return reduce(record.combine, o.indices, o.body, o.where);
    }
  }
}

/** Whether a value is infinite where its parts are numbers: masked entries, logarithms of 0. */
function canBeInfinite(e: Expression): boolean {
  let found = false;
  visit(e, (x) => { found ||= (x.kind === "constant" && !Number.isFinite(x.value)) || (x.kind === "apply" && x.operator === "log"); });
  return found;
}

function open(l: Lowering, e: ReduceNode, env: LoweringEnvironment, ordered: LoweringEnvironment["ordered"] = []): Over {
  const opened: OpenedIndices[] = [];
  // The neighbours may be those of a vertex that the same list binds.
  for (const b of e.binders) opened.push(openBinder(l, b, withIndices(env, new Map(opened.flatMap((o) => o.values)))));
  const bound = new Map(opened.flatMap((o) => o.values));
  const inner = withIndices(env, bound, ordered, opened.flatMap((o) => o.edges));
  const conditions = [...opened.flatMap((o) => o.conditions), ...e.binders.flatMap((b) => conditionsOf(b, inner.indices)), ...ordered.map(([a, b]) => apply("lt", inner.indices.get(a)!, inner.indices.get(b)!))];
  const [only] = e.binders.flatMap((b) => b.indices);
  return { indices: opened.flatMap((o) => o.indices), where: allOf(conditions), body: l.expression(e.body, inner), value: bound.get(only!)!, last: l.range(only!.extent.resolved!, env).upper };
}

function conditionsOf(b: CheckedBinder, known: ReadonlyMap<BoundIndex, Expression>): readonly Expression[] {
  const value = (k: number): Expression => known.get(b.related[k]!)!;
  if (b.relations.length > 1 && b.relations.every((r) => r === "!=")) {
    return b.related.flatMap((_, x) => b.related.slice(x + 1).map((__, y) => apply("ne", value(x), value(x + y + 1))));
  }
  return b.relations.map((r, k) => apply(r === "<" ? "lt" : r === "<=" ? "le" : "ne", value(k), value(k + 1)));
}

/** How many values the binders take, in closed form where there is one. */
function numberOfValues(l: Lowering, e: ReduceNode, env: LoweringEnvironment): Expression {
  const countOf = (binders: readonly CheckedBinder[]): Expression => {
    const o = open(l, { ...e, binders, body: { kind: "constant", value: 1, type: e.type, status: "parameter", span: e.span } }, env);
    return reduce("sum", o.indices, constant(1), o.where);
  };
  const own = new Set(e.binders.flatMap((b) => b.indices));
  if (e.binders.some((b) => b.neighbours && readsIndex(b.neighbours.of, own))) return countOf(e.binders);
  const factors = e.binders.map((b): Expression => {
    const counted = (): Expression => countOf([b]);
    if (b.edges) return graphOf(l, b.edges).count ?? rangeLength(graphOf(l, b.edges).edges);
    if (b.neighbours || b.related.length > b.indices.length) return counted();
    const n = rangeLength(l.range(b.indices[0]!.extent.resolved!, env));
    const m = b.indices.length;
    if (m === 1) return n;
    const [first] = b.relations;
    if (b.relations.every((r) => r === first)) {
      if (first !== "!=") return orderedCount(n, m, first === "<");
      return b.indices.slice(1).reduce((product, _, k) => apply("mul", product, apply("sub", n, constant(k + 1))), n);
    }
    return counted();
  });
  return factors.reduce((a, b) => apply("mul", a, b));
}

/** The pair i != j of a sum whose body reads an ordered array at both, in an order that differs from term to term. */
function needsOrder(e: ReduceNode): readonly [BoundIndex, BoundIndex] | undefined {
  if (reductions[e.reduction].result === "index" || !("combine" in reductions[e.reduction])) return undefined;
  const pairs = e.binders.flatMap((b) => (b.relations.length === 1 && b.relations[0] === "!=" ? [[b.related[0]!, b.related[1]!] as const] : []));
  return pairs.find(([x, y]) => readsUnsorted(e.body, x, y));
}

const readsIndex = (e: CheckedExpression, indices: ReadonlySet<BoundIndex>): boolean => (e.kind === "index" ? indices.has(e.index) : checkedChildren(e).some((c) => readsIndex(c, indices)));

function readsUnsorted(e: CheckedExpression, x: BoundIndex, y: BoundIndex): boolean {
  switch (e.kind) {
    case "element":
      return e.subscripts.some((s) => readsUnsorted(s, x, y)) || e.unsorted.some(([first, last]) => {
        const group = e.subscripts.slice(first, last + 1);
        return group.length === 2 && [x, y].every((i) => group.some((s) => s.kind === "index" && s.index === i));
      });
    case "apply": case "library": case "inline": return e.arguments.some((a) => readsUnsorted(a, x, y));
    case "reduce": return readsUnsorted(e.body, x, y);
    case "with": case "replica": return readsUnsorted(e.object, x, y);
    default: return false;
  }
}

/** Over i < j and over j < i, so that each part reads the ordered array in its order. */
function splitByOrder(l: Lowering, e: ReduceNode, env: LoweringEnvironment, [x, y]: readonly [BoundIndex, BoundIndex]): Expression {
  const parts = ([[x, y], [y, x]] as const).map((pair) => {
    const over = (): Over => open(l, { ...e, binders: e.binders.map((b) => (b.related[0] === x && b.related[1] === y ? { ...b, relations: [] } : b)) }, env, [pair]);
    return combine(e.reduction, over, () => numberOfValues(l, e, env));
  }) as [Expression, Expression];
  const record: Reduction = reductions[e.reduction];
  switch (record.combine) {
    case "product": return apply("mul", ...parts);
    case "max": return apply("max2", ...parts);
    case "min": return apply("min2", ...parts);
    default: return apply("add", ...parts);
  }
}
