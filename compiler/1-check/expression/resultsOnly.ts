/** `gauss`, `integral` and `root`: a `fn` may use them for theories and claims, which write it out; a model can't. */
import type { Binder, CallExpression, ReductionExpression } from "../../../grammar/ast.ts";
import { unknownNode } from "../build.ts";
import { bindIndex, makeExtent } from "../indices.ts";
import type { CheckedExpression } from "../tree.ts";
import type { ExpressionChecker, Names } from "./checker.ts";
import type { Report } from "../report.ts";

/** Names in it are checked here; all else is where a claim or theory calls the function. */
export function checkReductionOfResults(c: ExpressionChecker, e: ReductionExpression): CheckedExpression {
  c.names.resultsOnly(e.name.span, e.name.name);
  const within = ([binder, ...further]: readonly Binder[]): void => {
    if (!binder) return void c.number(e.body);
    const { names, range } = binder;
    for (const end of range?.kind === "range" ? [range.from, range.to] : range ? [range] : []) c.number(end);
    const extent = makeExtent(names.map((n) => n.name), (text) => text);
    extent.failed = true;
    c.within(names.map((n) => bindIndex(n.name, n.span, extent, false)), [], () => within(further));
  };
  within(e.binders);
  return unknownNode(e.span);
}

export function checkCallOfResults(c: ExpressionChecker, e: CallExpression): CheckedExpression {
  c.names.resultsOnly(e.callee.span, e.callee.name);
  for (const a of e.arguments) c.check(a.value);
  return unknownNode(e.span);
}

/** What a model says of one. */
export const refusesResults = (report: Report): Names["resultsOnly"] => (span, reduction, through) => {
  const what = through ? `\`${through.name}\` uses \`${reduction}\`, which` : `\`${reduction}\``;
  report.error("Q236", `${what} stands only in theories and claims`, [{ span, message: "" }, ...(through ? [{ span: through.item.name.span, message: "declared here" }] : [])],
    "in a claim, what was measured can be compared with it");
};
