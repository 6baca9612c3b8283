/** What `vs` and `for` bind in a plot. */
import type { Expression, NameExpression, RangeVariable } from "../../../grammar/ast.ts";
import type { PlotVariable } from "../../../runtime/results/expression.ts";
import { syntaxChildren } from "../text.ts";
import { checkShadow } from "./checkReduction.ts";
import { checkValues } from "./checkSweep.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { Context, Scope } from "./scope.ts";
import { withBound } from "./scope.ts";
import { suggest } from "./suggest.ts";
import { constant, number } from "./typed.ts";

export interface Bound {
  readonly scope: Scope;
  readonly variables: readonly PlotVariable[];
}

/** `for a in RANGE, …`: a range is continuous on the x axis (the first one), else the integers between its ends; so is one that stands in a slot, as in `T.E[k]`. */
export function bindVariables(context: Context, scope: Scope, variables: readonly RangeVariable[], expressions: readonly Expression[], hasX: boolean): Bound {
  const plans: PlotVariable[] = [];
  let inner = scope;
  variables.forEach((variable, k) => {
    const { name } = variable.name;
    if (!checkShadow(context, variable.name, inner)) return;
    const onAxis = k === 0 && !hasX;
    const index = expressions.some((e) => standsInSlot(e, name));
    const plan = checkRange(context, scope, variable, onAxis && !index, onAxis && index);
    if (plan !== undefined) plans.push(plan);
    inner = withBound(inner, name, number({ kind: "variable", name }));
  });
  return { scope: inner, variables: plans };
}

function checkRange(context: Context, scope: Scope, { name: { name }, range }: RangeVariable, continuous: boolean, listed: boolean): PlotVariable | undefined {
  const { report } = context;
  if (range.kind === "range" && range.by === undefined) {
    const from = context.check(range.from, scope), to = context.check(range.to, scope);
    if (from.type === "unknown" || to.type === "unknown") return undefined;
    const a = evaluateConstant(from.expression), b = evaluateConstant(to.expression);
    if (a !== undefined && b !== undefined) {
      if (!(a < b) && !(a === b && !continuous) || !Number.isFinite(a) || !Number.isFinite(b)) report.error("Q734", `the range of \`${name}\` is empty: it goes from ${a} to ${b}`, range.span);
      else if (!continuous && !(Number.isInteger(a) && Number.isInteger(b))) report.error("Q734", `\`${name}\` gives a curve for each integer between two integers, not between ${a} and ${b}`, range.span, `write \`${name} in [${a}, …, ${b}]\``);
    }
    // An axis is continuous between two ends: the places of a slot are written out.
    if (listed && a !== undefined && b !== undefined && b - a <= 10_000) return { name, values: Array.from({ length: Math.floor(b - a) + 1 }, (_, i) => constant(a + i).expression) };
    return { name, from: from.expression, to: to.expression };
  }
  if (range.kind === "list" && range.entries.length > 0) {
    const entries = range.entries.map((e) => context.check(e, scope));
    return entries.some((e) => e.type === "unknown") ? undefined : { name, values: entries.map((e) => e.expression) };
  }
  return { name, values: (checkValues(context, scope, range, {}) ?? []).map((v) => constant(v).expression) };
}

/** `vs NAME`: a sweep variable, or a name for the place in a slot. */
export function bindAxis(context: Context, scope: Scope, e: NameExpression, expressions: readonly Expression[]): { readonly scope: Scope; readonly name: string; readonly slot: boolean } | undefined {
  const { report } = context;
  if (scope.runs.some((r) => r.sweep.some((s) => s.name === e.name))) return { scope, name: e.name, slot: false };
  const fixed = scope.runs.find((r) => r.model?.parameters.has(e.name));
  if (fixed !== undefined) {
    report.error("Q732", `\`${e.name}\` isn't swept in \`${fixed.name}\`: there is one point`, e.span, suggest("", fixed.sweep.map((s) => s.name), "swept are") ?? `add \`sweep ${e.name} in […]\` to \`${fixed.name}\``);
    return undefined;
  }
  if (expressions.some((x) => standsInSlot(x, e.name))) return { scope: withBound(scope, e.name, number({ kind: "variable", name: e.name })), name: e.name, slot: true };
  if (scope.runs.some((r) => r.model === undefined)) return undefined;
  const swept = [...new Set(scope.runs.flatMap((r) => r.sweep.map((s) => s.name)))];
  report.error("Q732", `nothing varies with \`${e.name}\``, e.span, suggest(e.name, swept, "swept are") ?? `for a theory write \`for ${e.name} in a..b\``);
  return undefined;
}

const standsInSlot = (e: Expression, name: string): boolean =>
  (e.kind === "subscript" && e.subscripts.some((s) => s.kind === "name" && s.name === name)) || syntaxChildren(e).some((c) => standsInSlot(c, name));
