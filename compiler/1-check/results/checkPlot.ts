/** `plot EXPRS [vs NAME | vs EXPR] [by NAMES] [for a in RANGE, …] [with EXPRS] [log x] [log y]` */
import type { Expression, Identifier, PlotClause, PlotItem } from "../../../grammar/ast.ts";
import { printExpression } from "../../../grammar/printExpression.ts";
import type { PlotPlan, PlotVariable, ResultExpression } from "../../../runtime/results/expression.ts";
import { parts } from "../../../runtime/results/walk.ts";
import { aboutOf, undecidable } from "./about.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import { holdsHistogram, isHistogram } from "./histograms.ts";
import { slotValues } from "./slotValues.ts";
import { plotName } from "./plotName.ts";
import { bindAxis, bindVariables } from "./plotVariables.ts";
import { resultScope } from "./resultScope.ts";
import type { Context, Scope } from "./scope.ts";
import { suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { unknown } from "./typed.ts";

type Clause<K extends PlotClause["kind"]> = Extract<PlotClause, { kind: K }>;

export function checkPlot(context: Context, item: PlotItem, figure: number): PlotPlan | undefined {
  const { report } = context;
  const vs = single(context, item, "vs"), by = single(context, item, "by"), variables = single(context, item, "for"), more = single(context, item, "withCurves");
  const logs = item.clauses.filter((c): c is Clause<"log"> => c.kind === "log");
  const outer = resultScope(context, [...item.expressions, ...(more?.expressions ?? [])]);

  const against = vs?.expression.kind === "name" ? undefined : vs?.expression;
  const axis = vs?.expression.kind === "name" ? bindAxis(context, outer, vs.expression, [...item.expressions, ...(more?.expressions ?? [])]) : undefined;
  const bound = bindVariables(context, axis?.scope ?? outer, variables?.variables ?? [], [...item.expressions, ...(more?.expressions ?? [])], vs !== undefined && against === undefined);
  if (by) checkGroups(context, outer, by.names);
  const draw = (expressions: readonly Expression[]): Drawn[] =>
    expressions.map((e) => {
      // A name of an axis that could not be bound was reported there.
      const typed = context.check(e, bound.scope);
      const place = against === undefined ? undefined : checkAgainst(context, outer, e, against);
      return { label: printExpression(e), expression: typed.expression, sound: typed.type !== "unknown" && place?.type !== "unknown", e, ...(place && { against: place.expression }) };
    });
  const shown = draw(item.expressions), added = draw(more?.expressions ?? []);
  checkHistograms(context, shown, added, vs ?? variables);
  const first = bound.variables[0];
  const swept = [...new Set(outer.runs.flatMap((r) => r.sweep.map((s) => s.name)))].filter((n) => !by?.names.some((g) => g.name === n));
  const ownAxis = shown.some((s) => hasOwnAxis(s.expression));
  // A run that sweeps one thing is plotted against it.
  const only = vs === undefined && variables === undefined && !ownAxis && swept.length === 1 ? swept[0] : undefined;
  const name = axis?.name ?? (vs === undefined ? (variables?.variables[0]?.name.name ?? only) : undefined);
  if (name === undefined && vs === undefined && !ownAxis && shown.every((s) => s.sound)) {
    report.error("Q731", "nothing says what is on the x axis", item.span, swept.length > 0 ? `add \`vs ${swept[0]}\`, and \`by …\` for the others` : "add `for x in a..b`, or sweep a parameter and add `vs NAME`");
  }
  const log = checkLogs(context, logs, outer, name, vs === undefined ? first : undefined);

  const sound = [...shown, ...added].every((s) => s.sound) && (vs === undefined || against !== undefined || axis !== undefined) && bound.variables.length === (variables?.variables.length ?? 0);
  if (!sound) return undefined;
  const labelled = (list: readonly Drawn[]): PlotPlan["expressions"] => list.map(({ label, expression, against: place }) => ({ label, expression, ...(place && { against: place }) }));
  const alike = sameOfEachRun(context, shown);
  return {
    name: plotName(figure, item.expressions),
    span: item.span,
    expressions: labelled(alike?.drawn ?? shown),
    ...(alike === undefined ? {} : { y: alike.label }),
    ...(name === undefined ? {} : { x: { name, label: name } }),
    ...(against === undefined ? {} : { against: printExpression(against) }),
    by: by?.names.map((n) => n.name) ?? [],
    variables: [...(axis?.slot ? slotValues(outer.runs, axis.name, [...shown, ...added].map((s) => s.expression)) : []), ...bound.variables],
    with: labelled(added),
    log,
    about: aboutOf(outer),
    ...undecidable(outer, [...shown, ...added].map((s) => s.expression)),
  };
}

/** Several expressions that are the same but for the run that each of them is about: the axis has what they share, the legend the runs. */
function sameOfEachRun(context: Context, shown: readonly Drawn[]): { readonly label: string; readonly drawn: readonly Drawn[] } | undefined {
  if (shown.length < 2) return undefined;
  const parts = shown.map((one) => {
    const [run, ...others] = resultScope(context, [one.e]).runs;
    return run === undefined || others.length > 0 ? undefined : { run: run.name, text: one.label.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}_.])${run.name}\\.`, "gu"), "") };
  });
  const [first] = parts;
  const isSame = first !== undefined && parts.every((part) => part?.text === first.text) && new Set(parts.map((part) => part?.run)).size === shown.length;
  return isSame ? { label: first.text, drawn: shown.map((one, k) => ({ ...one, label: parts[k]!.run })) } : undefined;
}

/** What stands behind `vs`, for one of the expressions: observables without a prefix are those of its run. It must vary along the curve. */
function checkAgainst(context: Context, outer: Scope, e: Expression, against: Expression): Typed {
  const home = resultScope(context, [e]).runs[0] ?? outer.runs[0];
  const typed = context.check(against, resultScope(context, [e, against], home));
  const swept = home?.sweep.map((s) => s.name) ?? [];
  if (typed.type === "unknown" || typed.estimated.length > 0 || [...parts(typed.expression)].some((part) => part.kind === "variable" && swept.includes(part.name))) return typed;
  context.report.error("Q732", `\`${printExpression(against)}\` is the same everywhere`, against.span, suggest("", swept, "swept are") ?? "plot against what is swept, or an estimate: `vs mean(R.e)`");
  return unknown;
}

/** The one clause of a kind; further ones are reported. */
function single<K extends PlotClause["kind"]>(context: Context, item: PlotItem, kind: K): Clause<K> | undefined {
  const [first, ...more] = item.clauses.filter((c): c is Clause<K> => c.kind === kind);
  const word = kind === "withCurves" ? "with" : kind;
  for (const again of more) context.report.error("Q730", `a plot has one \`${word}\``, [{ span: again.span, message: "" }, { span: first!.span, message: "the first" }], "name several things behind one, with commas between");
  return first;
}

function checkGroups(context: Context, scope: Scope, names: readonly Identifier[]): void {
  const swept = [...new Set(scope.runs.flatMap((r) => r.sweep.map((s) => s.name)))];
  if (scope.runs.some((r) => r.model === undefined)) return;
  for (const name of names) {
    if (!swept.includes(name.name)) context.report.error("Q733", `\`${name.name}\` isn't swept by what is plotted`, name.span, suggest(name.name, swept, "swept are") ?? "`by` groups the sweep points of a run");
  }
}

interface Drawn { readonly label: string; readonly expression: ResultExpression; readonly against?: ResultExpression; readonly sound: boolean; readonly e: Expression }

/** A histogram below `at` is still a whole one. */
const whole = (e: ResultExpression): ResultExpression => (e.kind === "at" ? whole(e.body) : e);

/** What brings its own x axis: a histogram, and an autocorrelation against its lag. */
const hasOwnAxis = (e: ResultExpression): boolean => {
  const inner = whole(e);
  return isHistogram(inner) || (inner.kind === "estimator" && inner.estimator === "autocorrelation" && !Object.hasOwn(inner.options, "lag"));
};

function checkHistograms(context: Context, shown: readonly Drawn[], added: readonly Drawn[], axis: PlotClause | undefined): void {
  const { report } = context;
  const histograms = shown.filter((s) => isHistogram(whole(s.expression)));
  for (const { expression, e } of [...shown, ...added]) {
    const inner = whole(expression);
    if (!isHistogram(inner) && holdsHistogram(inner)) report.error("Q720", "a histogram is no number: nothing can be calculated with it", e.span, "`histogram(…)` is a whole expression of a plot");
  }
  if (histograms.length === 0) return;
  if (histograms.length < shown.length) report.error("Q736", "a plot shows histograms or curves, not both", shown.find((s) => !histograms.includes(s))!.e.span, "numbers behind `with` are drawn as vertical lines");
  for (const { e } of added.filter((s) => isHistogram(whole(s.expression)))) report.error("Q736", "behind `with` of a histogram stand numbers, which are drawn as vertical lines", e.span, "further histograms stand before the clauses");
  if (axis !== undefined) report.error("Q736", "the x axis of a histogram is what it counts", axis.span, `write \`by NAME\` for a histogram of each group`);
}

/** Log axes, each once; one that has to show 0 or a negative number is an error. */
function checkLogs(context: Context, logs: readonly Clause<"log">[], scope: Scope, x: string | undefined, first: PlotVariable | undefined): readonly ("x" | "y")[] {
  const { report } = context;
  const axes = new Set<"x" | "y">();
  for (const clause of logs) {
    const axis = clause.axis.name;
    // Other axes are the parser's finding.
    if (axis !== "x" && axis !== "y") continue;
    axes.add(axis);
    if (axis !== "x" || x === undefined) continue;
    const variable = scope.runs.flatMap((r) => r.sweep).find((s) => s.name === x && s.values?.some((v) => v <= 0));
    const values = variable?.values ?? (first === undefined ? [] : "values" in first ? first.values.map((v) => evaluateConstant(v)) : [evaluateConstant(first.from)]);
    const bad = values.find((v) => v !== undefined && v <= 0);
    if (bad !== undefined) report.error("Q735", `a log axis cannot show ${x} = ${bad}`, [{ span: clause.span, message: "" }, ...(variable ? [{ span: variable.span, message: "swept here" }] : [])], "leave out `log x`, or the value");
  }
  return [...axes];
}
