/**
 * `all` and `any` over a range that no number gives, as counts: all of K literals hold where none is false. A count changes by one where a
 * variable does, while the smallest of K truth values has to be looked up again.
 */
import { constant, reduce, rewrite, type Expression } from "../../ir/expression.ts";
import { build, ops } from "../../library/ops/index.ts";

const isTruth = (e: Expression): boolean => e.kind === "apply" && ops[e.operator].type(e.arguments.map(() => "real" as const)) === "truth";
const isLiteral = (e: Extract<Expression, { kind: "reduce" }>): boolean => e.indices.every(({ range: { lower, upper } }) => lower.kind === "constant" && upper.kind === "constant");

/** An empty range has the smallest value +∞ and the largest −∞: all hold, and none does. */
export const countedTruths = (root: Expression): Expression => rewrite(root, (e) => {
  if (e.kind !== "apply" || e.operator !== "gt" || e.arguments[1] !== constant(0)) return e;
  const [extremum] = e.arguments;
  if (extremum?.kind !== "reduce" || !isTruth(extremum.body) || isLiteral(extremum)) return e;
  if (extremum.combine === "min") return build.lt(reduce("sum", extremum.indices, build.not(extremum.body), extremum.where), constant(1));
  return extremum.combine === "max" ? build.gt(reduce("sum", extremum.indices, extremum.body, extremum.where), constant(0)) : e;
});
