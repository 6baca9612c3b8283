import { reduce, rewrite } from "../../ir/expression.ts";
import type { Expression, Index } from "../../ir/expression.ts";

/** Under a sum over i < j the smaller and the larger of i and j are known: how reads of ordered arrays in either order are written. */
export function resolveOrder(e: Expression): Expression {
  return rewrite(e, (node) => {
    if (node.kind !== "reduce") return node;
    const below = new Map<Index, Set<Index>>();
    const collect = (where: Expression): void => {
      if (where.kind !== "apply") return;
      if (where.operator === "and") where.arguments.forEach(collect);
      const [a, b] = where.arguments;
      if ((where.operator === "lt" || where.operator === "le") && a?.kind === "index" && b?.kind === "index") below.set(a.index, (below.get(a.index) ?? new Set()).add(b.index));
    };
    collect(node.where);
    if (below.size === 0) return node;
    const isBelow = (a: Index, b: Index, seen: readonly Index[] = []): boolean =>
      [...(below.get(a) ?? [])].some((c) => c === b || (!seen.includes(c) && isBelow(c, b, [...seen, a])));
    const body = rewrite(node.body, (inner) => {
      if (inner.kind !== "apply" || (inner.operator !== "max2" && inner.operator !== "min2")) return inner;
      const [a, b] = inner.arguments;
      if (a?.kind !== "index" || b?.kind !== "index") return inner;
      const low = isBelow(a.index, b.index) ? a : isBelow(b.index, a.index) ? b : undefined;
      return low === undefined ? inner : inner.operator === "min2" ? low : low === a ? b : a;
    });
    return reduce(node.combine, node.indices, body, node.where);
  });
}
