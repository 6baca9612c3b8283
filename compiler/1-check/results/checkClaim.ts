/** `claim "text" : a ~= b +- t`, or comparisons that must all hold. */
import type { ClaimItem, CompareOperator, Expression } from "../../../grammar/ast.ts";
import type { Claim, ClaimStatement } from "../../../runtime/results/expression.ts";
import { aboutOf, undecidable } from "./about.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import { holds, holdsHistogram } from "./histograms.ts";
import { resultScope } from "./resultScope.ts";
import type { Context, Scope } from "./scope.ts";
import type { Typed } from "./typed.ts";

type Comparison = Extract<ClaimStatement, { kind: "comparisons" }>["comparisons"][number];

export function checkClaim(context: Context, item: ClaimItem): Claim | undefined {
  const { statement } = item;
  const written = statement.kind === "approximately" ? [statement.left, statement.right, statement.tolerance] : [statement];
  const scope = resultScope(context, written);
  const plan = statement.kind === "approximately" ? checkApproximately(context, written as [Expression, Expression, Expression], scope) : checkStatement(context, statement, scope);
  if (plan === undefined) return undefined;
  const parts = plan.kind === "approximately" ? [plan.left, plan.right, plan.tolerance] : plan.comparisons.flatMap((c) => [c.left, c.right]);
  if (parts.some(holdsHistogram)) {
    context.report.error("Q720", "a histogram is no number: a claim cannot be about it", item.span, "`plot histogram(…)` draws it; a claim may be about `mean`, `sd`, `quantile` …");
    return undefined;
  }
  return { text: item.text.value, span: item.span, statement: plan, about: aboutOf(scope), ...undecidable(scope, parts) };
}

function checkApproximately(context: Context, parts: readonly [Expression, Expression, Expression], scope: Scope): ClaimStatement | undefined {
  const [left, right, tolerance] = parts.map((e) => context.check(e, scope)) as [Typed, Typed, Typed];
  const value = tolerance.type === "unknown" ? undefined : evaluateConstant(tolerance.expression);
  if (value !== undefined && !(value >= 0 && value < Infinity)) {
    context.report.error("Q715", `a tolerance is a number from 0, not ${value}`, parts[2].span);
    return undefined;
  }
  if ([left, right, tolerance].some((t) => t.type === "unknown")) return undefined;
  return { kind: "approximately", left: left.expression, right: right.expression, tolerance: tolerance.expression };
}

function checkStatement(context: Context, e: Expression, scope: Scope): ClaimStatement | undefined {
  const comparisons = comparisonsOf(context, e, scope, false);
  return comparisons === undefined ? undefined : { kind: "comparisons", comparisons };
}

/** Estimators whose value has an error unless every state is visited. */
const scattered: ReadonlySet<string> = new Set(["mean", "sd", "variance", "correlation"]);

function warnOfExactness(context: Context, operator: CompareOperator, sides: readonly Typed[], e: Expression): void {
  if (operator !== "==" && operator !== "!=") return;
  const estimated = sides.some(({ expression: s }) => holds(s, (part) => part.kind === "estimator" && scattered.has(part.estimator)));
  if (estimated) context.report.warning("Q721", `\`${operator}\` compares an estimate with its last digit`, e.span, "write `a ~= b +- t`, with the tolerance that is meant");
}

const opposite: Readonly<Record<CompareOperator, CompareOperator>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==" };

/** The comparisons of a statement, all of which must hold; `negated` inside of an odd number of `not`s. */
function comparisonsOf(context: Context, e: Expression, scope: Scope, negated: boolean): readonly Comparison[] | undefined {
  if (e.kind === "binary" && e.operator === (negated ? "or" : "and")) {
    const left = comparisonsOf(context, e.left, scope, negated), right = comparisonsOf(context, e.right, scope, negated);
    return left && right && [...left, ...right];
  }
  if (e.kind === "unary" && e.operator === "not") return comparisonsOf(context, e.operand, scope, !negated);
  if (e.kind === "compare" && (!negated || e.operators.length === 1)) {
    const operands = e.operands.map((o) => context.check(o, scope));
    if (operands.some((o) => o.type === "unknown")) return undefined;
    e.operators.forEach((operator, k) => warnOfExactness(context, operator, [operands[k]!, operands[k + 1]!], e));
    return e.operators.map((operator, k) => ({ operator: negated ? opposite[operator] : operator, left: operands[k]!.expression, right: operands[k + 1]!.expression }));
  }
  const typed = context.check(e, scope);
  if (typed.type === "unknown") return undefined;
  if (typed.type === "number") context.report.error("Q714", "a claim is true or false, and this is a number", e.span, "compare it: `… ~= 1.5 +- 0.1`, `… < 0.5`");
  else context.report.error("Q714", "a claim is one comparison, or several joined by `and`", e.span, "write a claim for each case");
  return undefined;
}
