import type { ConstraintDeclaration, Expression } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import { constants } from "./expression/names.ts";
import { ExpressionChecker } from "./expression/checker.ts";
import { bindIndex, makeExtent, resolveExtent } from "./indices.ts";
import type { BoundIndex } from "./indices.ts";
import type { ModelScope } from "./model.ts";
import { reductionsIn } from "./reductionsIn.ts";
import { syntaxChildren } from "./text.ts";
import type { CheckedExpression } from "./tree.ts";

/** `left relation right`, for every value of the indices that are free in it. */
export interface CheckedConstraint {
  readonly relation: "==" | "<=";
  readonly indices: readonly BoundIndex[];
  readonly left: CheckedExpression;
  readonly right: CheckedExpression;
  readonly span: Span;
}

export function checkConstraint(m: ModelScope, d: ConstraintDeclaration): CheckedConstraint | undefined {
  const statement = ascending(d.statement);
  const relation = statement.kind === "compare" && statement.operators.length === 1 ? statement.operators[0]! : undefined;
  if (statement.kind !== "compare" || (relation !== "==" && relation !== "<=")) {
    m.report.error("Q255", "a constraint is an equality `==` or an inequality `<=`", statement.span,
      relation === "<" || relation === ">" ? `of real numbers \`${relation}\` and \`${relation}=\` are the same: write \`${d.statement.kind === "compare" ? d.statement.operators[0] : relation}=\`` : statement.kind === "compare" && statement.operators.length > 1 ? "two inequalities are two constraints" : "say what the left side equals, or is at most: `… == N`, `… <= 1`");
    return undefined;
  }
  const c = new ExpressionChecker(m, reductionsIn(statement));
  const indices = freeNames(m, statement, new Set()).map(({ name, span }) => bindIndex(name, span, makeExtent([name], (r) => `${name} in ${r}`), true));
  const [left, right] = c.within(indices, [], () => statement.operands.map((o) => c.number(o)));
  for (const i of indices) resolveExtent(i.extent, i.span, m.report, () => undefined);
  c.finish();
  if (left!.type.kind === "unknown" || right!.type.kind === "unknown" || indices.some((i) => i.extent.failed)) return undefined;
  if (left!.status !== "thermal" && right!.status !== "thermal") {
    m.report.error("Q256", "a constraint holds for the states, and this one reads none", d.span);
    return undefined;
  }
  return { relation, indices, left: left!, right: right!, span: d.span };
}

/** `a >= b` as `b <= a`. */
const ascending = (e: Expression): Expression => (e.kind === "compare" && e.operators.length === 1 && e.operators[0] === ">=" ? { ...e, operators: ["<="], operands: [...e.operands].reverse() } : e);

/** Names in subscripts that nothing declares or binds: each stands for every value. */
function freeNames(m: ModelScope, e: Expression, bound: ReadonlySet<string>, inSubscript = false): readonly { readonly name: string; readonly span: Span }[] {
  if (e.kind === "name") return inSubscript && !bound.has(e.name) && !m.lookup(e.name) && constants[e.name] === undefined ? [e] : [];
  const inner = e.kind === "reduction" ? new Set([...bound, ...e.binders.flatMap((b) => b.names.map((n) => n.name))]) : bound;
  const found = syntaxChildren(e).flatMap((child) => freeNames(m, child, inner, e.kind === "subscript" ? child !== e.object || inSubscript : inSubscript));
  return found.filter((n, k) => found.findIndex((other) => other.name === n.name) === k);
}
