/** `table RUN: a, mean(b)`: a row for each sweep point; the run's observables need no prefix. */
import type { TableItem } from "../../../grammar/ast.ts";
import type { TablePlan } from "../../../runtime/results/expression.ts";
import { printExpression } from "../../../grammar/printExpression.ts";
import { aboutOf, undecidable } from "./about.ts";
import { holdsHistogram } from "./histograms.ts";
import { resultScope } from "./resultScope.ts";
import type { Context } from "./scope.ts";
import { suggest } from "./suggest.ts";

export function checkTable(context: Context, item: TableItem): TablePlan | undefined {
  const { names, report } = context;
  const run = names.runs.get(item.run.name);
  if (run === undefined) {
    if (!names.open(item.run.name)) report.error("Q701", `there is no run \`${item.run.name}\``, item.run.span, suggest(item.run.name, [...names.runs.keys()], "this file has"));
    return undefined;
  }
  const scope = resultScope(context, item.columns, run);
  const columns = item.columns.map((e) => ({ label: printExpression(e), typed: context.check(e, scope), span: e.span }));
  for (const { typed, span } of columns) {
    if (holdsHistogram(typed.expression)) report.error("Q720", "a histogram is no number: it cannot stand in a table", span, "`plot histogram(…)` draws it");
  }
  if (columns.some((c) => c.typed.type === "unknown")) return undefined;
  const plans = columns.map(({ label, typed }) => ({ label, expression: typed.expression }));
  return { run: run.name, columns: plans, about: aboutOf(scope), ...undecidable(scope, plans.map((p) => p.expression)) };
}
