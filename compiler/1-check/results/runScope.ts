/** Expressions of a run: numbers made of sweep variables, parameters and scalar `let`s, evaluated at every sweep point. */
import type { Expression, NameExpression } from "../../../grammar/ast.ts";
import type { RunPoint } from "../../../runtime/engine/plan.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import { observableEntry } from "./checkMember.ts";
import type { RunSymbol } from "./names.ts";
import { resolveRunName } from "./resolveRunName.ts";
import type { Context, Scope } from "./scope.ts";
import { suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { unknown } from "./typed.ts";

/** Where arguments, amounts and sweeps of `run` stand; with `observables`, where its conditions do. */
export function runScope(context: Context, run: RunSymbol, observables = false): Scope {
  const resolve = (e: NameExpression, scope: Scope): Typed => {
    const found = resolveRunName(context, run, e.name, "bare");
    if (found !== undefined) return found;
    if (run.model === undefined || context.names.open(e.name)) return unknown;
    if (observables && run.model.observables.has(e.name)) return observableEntry(context, e, run, scope);
    const isObservable = run.model.observables.has(e.name);
    const what = isObservable ? "an observable" : run.model.others.get(e.name);
    const known = [...run.sweep.map((s) => s.name), ...run.model.parameters.keys(), ...run.model.scalars.keys(), ...(observables ? run.model.observables.keys() : [])];
    const near = suggest(e.name, known, "known are");
    context.report.error("Q405", what ? `\`${e.name}\` is ${what} of \`${run.model.name}\`, and a number is needed that is known before the run` : `\`${run.name}\` knows no \`${e.name}\``, e.span,
      what || near?.startsWith("did") ? (what ? undefined : near) : `sweep it, \`sweep ${e.name} in […]\`, or write a number; ${near ?? "nothing is known here"}`);
    return unknown;
  };
  return { place: "run", resolve, bound: new Map(), runs: [], home: observables ? run : undefined, estimators: 0, under: [], copies: 1, expanding: [] };
}

/** The values of an expression at every point of the run; undefined where something was reported about it, or about the sweep. */
export function valuesAtPoints(context: Context, run: RunSymbol, e: Expression): readonly number[] | undefined {
  const typed = context.check(e, runScope(context, run));
  if (typed.type === "unknown" || run.points.length === 0) return undefined;
  return run.points.map((point) => valueAtPoint(typed, point));
}

export function valueAtPoint(typed: Typed, point: RunPoint): number {
  const value = evaluateConstant(typed.expression, { ...point.parameters, ...point.sweep });
  if (value === undefined) throw new Error("internal: an expression of a run needs more than its parameters");
  return value;
}

/** One number if it is the same at all points. */
export const perPoint = (values: readonly number[]): number | readonly number[] => (values.every((v) => v === values[0]) ? values[0]! : values);

/** Where the first of some values, one a point, is not as it must be: ` at N = 25`; nothing for a run without sweep. */
export function pointText(run: RunSymbol, point: number): string {
  const sweep = Object.entries(run.points[point]!.sweep);
  return sweep.length === 0 ? "" : ` at ${sweep.map(([name, value]) => `${name} = ${value}`).join(", ")}`;
}
