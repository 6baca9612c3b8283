/** Where claims, plots and tables stand: the sweep variables and parameters of the runs that they speak of are in scope. */
import type { Expression, NameExpression } from "../../../grammar/ast.ts";
import { syntaxChildren } from "../text.ts";
import { mentions } from "./checkAt.ts";
import { observableEntry } from "./checkMember.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { RunSymbol, TheorySymbol } from "./names.ts";
import { resolveRunName } from "./resolveRunName.ts";
import { findObservable } from "./runObservable.ts";
import type { Context, Scope } from "./scope.ts";
import { inQuotes, suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { unknown } from "./typed.ts";

export interface ResultScope extends Scope {
  readonly theories: readonly TheorySymbol[];
}

/** The scope of a result that is made of `expressions`; `home` is the run of a table. */
export function resultScope(context: Context, expressions: readonly Expression[], home?: RunSymbol): ResultScope {
  const found = expressions.map((e) => mentions(e, context));
  const runs = [...new Set([...(home ? [home] : []), ...found.flatMap((f) => f.runs)])];
  const theories = [...new Set(found.flatMap((f) => f.theories))];
  // What an unknown run would have brought in is nobody's mistake.
  const lost = expressions.some((e) => speaksOfUnknown(context, e));
  return { place: "results", resolve: (e, scope) => resolve(context, e, scope, lost), bound: new Map(), runs, home, estimators: 0, under: [], copies: 1, expanding: [], theories };
}

/** Whether it names a member of something that is no run and no theory. */
const speaksOfUnknown = (context: Context, e: Expression): boolean =>
  (e.kind === "member" && e.object.kind === "name" && !context.names.runs.has(e.object.name) && !context.names.theories.has(e.object.name)) || syntaxChildren(e).some((part) => speaksOfUnknown(context, part));

function resolve(context: Context, e: NameExpression, scope: Scope, lost: boolean): Typed {
  const { report } = context;
  const { runs, home } = scope;
  const owners = runs.flatMap((run) => {
    const value = resolveRunName(context, run, e.name, "bare");
    return value === undefined ? [] : [{ run, value }];
  });
  if (owners.length > 0) {
    const [first, ...others] = owners;
    const differing = others.find((o) => differ(first!.run, o.run, e.name));
    if (differing === undefined) return first!.value;
    report.error("Q712", `\`${e.name}\` isn't the same in \`${first!.run.name}\` and \`${differing.run.name}\``, e.span, `write \`${first!.run.name}.${e.name}\` or \`${differing.run.name}.${e.name}\``);
    return unknown;
  }
  if (home !== undefined && findObservable(home, e.name) !== undefined) return observableEntry(context, e, home, scope);
  if (lost || runs.some((r) => r.model === undefined) || context.names.open(e.name)) return unknown;
  const variables = [...new Set([...scope.bound.keys(), ...runs.flatMap((r) => [...r.sweep.map((s) => s.name), ...(r.model?.parameters.keys() ?? [])])])];
  const observableOf = [...runs, ...context.names.runs.values()].find((r) => r.model?.observables.has(e.name));
  const near = suggest(e.name, [...variables, ...(home?.model?.observables.keys() ?? [])], "in scope are");
  const isTop = context.names.runs.has(e.name) || context.names.theories.has(e.name) || context.names.models.has(e.name);
  report.error("Q700", `\`${e.name}\` is no number here`, e.span, observableOf ? scope.estimators > 0 ? `the observable is \`${observableOf.name}.${e.name}\`` : `the observable is \`${observableOf.name}.${e.name}\`, inside an estimator: \`mean(${observableOf.name}.${e.name})\``
    : isTop ? `name what is meant of it: \`${e.name}.…\``
    : near ?? (context.names.runs.size > 0 ? `sweep variables and parameters are in scope of a run that is named: ${inQuotes([...context.names.runs.keys()].map((r) => `${r}.${e.name}`))}` : undefined));
  return unknown;
}

/** Whether a name has different values in two runs at one point of the result: shared sweep variables are matched. */
function differ(a: RunSymbol, b: RunSymbol, name: string): boolean {
  const sweptA = a.sweep.some((s) => s.name === name), sweptB = b.sweep.some((s) => s.name === name);
  if (sweptA && sweptB) return false;
  if (sweptA !== sweptB) return true;
  const valuesA = valuesOf(a, name), valuesB = valuesOf(b, name);
  return valuesA.size !== 1 || valuesB.size !== 1 || [...valuesA][0] !== [...valuesB][0];
}

const valuesOf = (run: RunSymbol, name: string): ReadonlySet<number | undefined> =>
  new Set(run.points.length === 0 ? [NaN] : run.points.map((p) => evaluateConstant({ kind: "variable", name }, { ...p.parameters, ...p.sweep })));
