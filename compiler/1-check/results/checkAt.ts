/** `e at (N = 100, T = 0.2)`: picks sweep points of the runs, and parameters of the theories, in `e`. */
import type { Argument, AtExpression, Expression, Identifier } from "../../../grammar/ast.ts";
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { syntaxChildren } from "../text.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { RunSymbol, SweepVariable, TheorySymbol } from "./names.ts";
import type { Context, Scope } from "./scope.ts";
import { inQuotes, listValues, suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { over, unknown } from "./typed.ts";

export function checkAt(context: Context, e: AtExpression, scope: Scope): Typed {
  const { report } = context;
  if (scope.place !== "results") {
    report.error("Q719", "`at` picks sweep points of a run, which has no place here", e.span);
    return unknown;
  }
  if (scope.estimators > 0) {
    report.error("Q708", "`at` belongs outside of the estimator", e.span, "write `mean(R.e) at (…)`");
    context.check(e.object, scope);
    return unknown;
  }
  const body = context.check(e.object, scope);
  const mentioned = mentions(e.object, context);
  const runs = scope.home !== undefined && mentioned.runs.length === 0 ? [scope.home] : mentioned.runs;
  const values: { name: string; value: ResultExpression }[] = [];
  const parts: Typed[] = [body];
  for (const argument of e.arguments) {
    const value = context.check(argument.value, scope);
    if (argument.name === undefined) {
      report.error("Q710", "`at` names what it picks", argument.span, "write `at (N = 100)`");
      parts.push(unknown);
      continue;
    }
    if (values.some((v) => v.name === argument.name!.name)) report.error("Q403", `\`${argument.name.name}\` is given twice`, argument.name.span);
    parts.push(value);
    if (checkName(context, argument.name, runs, mentioned.theories)) checkValue(context, argument, value, runs);
    values.push({ name: argument.name.name, value: value.expression });
  }
  return over(parts, body.type === "truth" ? "truth" : "number", { kind: "at", body: body.expression, values });
}

/** Whether the name means something for what stands before `at`. */
function checkName(context: Context, name: Identifier, runs: readonly RunSymbol[], theories: readonly TheorySymbol[]): boolean {
  if (runs.some((r) => r.sweep.some((s) => s.name === name.name))) return true;
  if (theories.some((t) => t.model === undefined || t.model.parameters.has(name.name) || t.declared?.parameters.includes(name.name))) return true;
  if (runs.some((r) => r.model === undefined || !r.sound)) return true;
  if (runs.length === 0 && theories.length === 0) {
    context.report.error("Q710", "`at` picks points of a run or a theory, and there is none before it", name.span, `it applies to the arithmetic on its left, up to a comparison: \`(mean(R.e) at (${name.name} = …)) < b\``);
    return false;
  }
  const fixed = runs.find((r) => r.model?.parameters.has(name.name));
  const swept = [...new Set(runs.flatMap((r) => r.sweep.map((s) => s.name)))];
  context.report.error("Q710", fixed ? `\`${name.name}\` isn't swept in \`${fixed.name}\`: it is ${fixed.points[0]?.parameters[name.name] ?? "fixed"} everywhere` : `\`${name.name}\` isn't a sweep variable of ${inQuotes(runs.map((r) => r.name))}`,
    name.span, fixed ? (swept.length > 0 ? `swept are: ${inQuotes(swept)}` : "leave it out") : suggest(name.name, swept, "swept are"));
  return false;
}

/** Whether the value is in the sweep, to a relative 1e-9; a value that `--set` took away leaves the claim undecided. */
function checkValue(context: Context, argument: Argument, value: Typed, runs: readonly RunSymbol[]): void {
  const at = value.type === "unknown" ? undefined : evaluateConstant(value.expression);
  if (at === undefined) return;
  for (const run of runs) {
    const variable = run.sweep.find((s) => s.name === argument.name!.name);
    if (variable?.values === undefined || variable.written === undefined) continue;
    if (isAmong(at, variable.values)) continue;
    if (variable.set && isAmong(at, variable.written)) continue;
    context.report.error("Q711", `${variable.name} = ${at} is not in the sweep of \`${run.name}\``, [
      { span: argument.value.span, message: "" }, { span: variable.span, message: `${variable.name} is ${listValues(variable.written)}` },
    ], `take one of ${listValues(variable.written)}`);
  }
}

export const isAmong = (value: number, values: readonly number[]): boolean =>
  values.some((v) => v === value || Math.abs(v - value) <= 1e-9 * Math.max(Math.abs(v), Math.abs(value)));

/** Why `at` values of this plan cannot be had because `--set` fixed the variable, if so. */
export function outsideOfSet(e: ResultExpression, run: RunSymbol): string | undefined {
  const missing = (variable: SweepVariable, value: number | undefined): boolean => value !== undefined && variable.set && variable.values !== undefined && !isAmong(value, variable.values);
  switch (e.kind) {
    case "at": {
      if (readsRun(e.body, run.name)) {
        for (const { name, value } of e.values) {
          const variable = run.sweep.find((s) => s.name === name);
          const at = evaluateConstant(value);
          if (variable && missing(variable, at)) return `${name} = ${at} is not in the sweep since --set gives ${name} = ${variable.values![0]}`;
        }
      }
      return outsideOfSet(e.body, run);
    }
    case "apply": case "estimator": return firstOf(e.arguments.map((a) => outsideOfSet(a, run)));
    case "theory": return firstOf([...e.arguments, ...Object.values(e.named)].map((a) => outsideOfSet(a, run)));
    case "integral": return firstOf([...(e.from ? [e.from] : []), ...(e.to ? [e.to] : []), e.body].map((a) => outsideOfSet(a, run)));
    case "root": return firstOf([e.from, e.to, e.body].map((a) => outsideOfSet(a, run)));
    default: return undefined;
  }
}

const firstOf = (reasons: readonly (string | undefined)[]): string | undefined => reasons.find((r) => r !== undefined);

function readsRun(e: ResultExpression, run: string): boolean {
  switch (e.kind) {
    case "estimator": return e.runs.includes(run);
    case "runParameter": case "observable": return e.run === run;
    case "apply": return e.arguments.some((a) => readsRun(a, run));
    case "at": return readsRun(e.body, run);
    case "theory": return [...e.arguments, ...Object.values(e.named)].some((a) => readsRun(a, run));
    case "integral": return [...(e.from ? [e.from] : []), ...(e.to ? [e.to] : []), e.body].some((a) => readsRun(a, run));
    case "root": return [e.from, e.to, e.body].some((a) => readsRun(a, run));
    default: return false;
  }
}

/** The runs and theories that an expression names. */
export function mentions(e: Expression, context: Context): { readonly runs: readonly RunSymbol[]; readonly theories: readonly TheorySymbol[] } {
  const runs = new Set<RunSymbol>(), theories = new Set<TheorySymbol>();
  const go = (x: Expression): void => {
    if (x.kind === "member" && x.object.kind === "name") {
      const run = context.names.runs.get(x.object.name), theory = context.names.theories.get(x.object.name);
      if (run) runs.add(run);
      if (theory) theories.add(theory);
    }
    syntaxChildren(x).forEach(go);
  };
  go(e);
  return { runs: [...runs], theories: [...theories] };
}
