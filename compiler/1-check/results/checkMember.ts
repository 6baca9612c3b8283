/** What stands behind a `.`: sweep variables, parameters and observables of a run, quantities of a theory; and entries of them. */
import type { Argument, Expression, Identifier, MemberExpression, NameExpression, Slice, SubscriptExpression } from "../../../grammar/ast.ts";
import { checkTheoryMember } from "./checkTheoryMember.ts";
import type { RunSymbol } from "./names.ts";
import { resolveRunName } from "./resolveRunName.ts";
import { findObservable, observableOf } from "./runObservable.ts";
import type { Context, Scope } from "./scope.ts";
import { suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { unknown } from "./typed.ts";

type Subscripts = readonly (Expression | Slice)[];

export function checkMember(context: Context, e: MemberExpression, scope: Scope, subscripts?: Subscripts): Typed {
  const refuse = (code: string, message: string, at: { readonly start: number; readonly end: number }, help?: string): Typed => {
    context.report.error(code, message, at, help);
    e.arguments?.forEach((a) => context.check(a.value, scope));
    return unknown;
  };
  if (e.object.kind !== "name") return refuse("Q719", "only a run or a theory has members", e.span, e.object.kind === "call" ? `parameters stand behind the quantity: \`${e.object.callee.name}.${e.name.name}(…)\`` : "write `RUN.observable` or `THEORY.quantity`");
  const { names } = context;
  const owner = e.object.name;
  if (scope.place !== "results") return refuse("Q719", `\`${owner}.${e.name.name}\` cannot stand here: results are known only after the run`, e.span);
  const run = names.runs.get(owner);
  if (run !== undefined) return checkRunMember(context, e, run, scope, subscripts);
  const theory = names.theories.get(owner);
  if (theory !== undefined) return checkTheoryMember(context, e, theory, scope, subscripts);
  if (names.models.has(owner)) {
    const runs = [...names.runs.values()].filter((r) => r.item.model.name === owner).map((r) => r.name);
    return refuse("Q701", `\`${owner}\` is a model, which has no results`, e.object.span, suggest(owner, runs, "runs of it are") ?? `declare a run of it: \`run R of ${owner} { … }\``);
  }
  if (names.open(owner)) return unknown;
  return refuse("Q701", `there is no run or theory \`${owner}\``, e.object.span, suggest(owner, [...names.runs.keys(), ...names.theories.keys()], "this file has"));
}

/** `R.G[1]`, `Landscape.E[0]`, and in a table `G[1]`. */
export function checkElement(context: Context, e: SubscriptExpression, scope: Scope): Typed {
  if (e.object.kind === "member") return checkMember(context, e.object, scope, e.subscripts);
  if (e.object.kind === "name" && scope.home !== undefined && !scope.bound.has(e.object.name)) return observableEntry(context, e.object, scope.home, scope, e.subscripts);
  e.subscripts.forEach((s) => s.kind === "slice" || context.check(s, scope));
  context.report.error("Q704", "only an observable that is an array has entries", e.span, e.object.kind === "name" && e.object.name === "E" ? "an average is `mean(R.e)`" : "for instance `mean(R.G[1])`");
  return unknown;
}

/** A name without a prefix, in a table or in a condition of a run: an observable of that run. */
export const observableEntry = (context: Context, e: NameExpression, run: RunSymbol, scope: Scope, subscripts?: Subscripts): Typed => {
  if (findObservable(run, e.name) === undefined) {
    subscripts?.forEach((s) => s.kind === "slice" || context.check(s, scope));
    if (run.model !== undefined && !context.names.open(e.name)) context.report.error("Q702", `\`${run.name}\` has no observable \`${e.name}\``, e.span, suggest(e.name, [...run.model.observables.keys()], "its observables are"));
    return unknown;
  }
  return observableOf(context, run, { kind: "identifier", name: e.name, span: e.span }, e.span, scope, checkSubscripts(context, subscripts, scope));
};

function checkRunMember(context: Context, e: MemberExpression, run: RunSymbol, scope: Scope, subscripts: Subscripts | undefined): Typed {
  if (e.arguments !== undefined) {
    context.report.error("Q702", `\`${run.name}.${e.name.name}\` takes no arguments: \`${run.name}\` is a run`, e.span, `pick a sweep point with \`at (…)\``);
    checkArguments(context, e.arguments, scope);
    return unknown;
  }
  const entries = checkSubscripts(context, subscripts, scope);
  if (run.model === undefined) return unknown;
  if (findObservable(run, e.name.name) !== undefined) return observableOf(context, run, e.name, e.span, scope, entries);
  const parameter = resolveRunName(context, run, e.name.name, "named");
  if (parameter !== undefined) {
    if (subscripts === undefined) return parameter;
    context.report.error("Q704", `\`${run.name}.${e.name.name}\` is a number and has no entries`, e.span);
    return unknown;
  }
  return unknownMember(context, run, e.name);
}

function unknownMember(context: Context, run: RunSymbol, name: Identifier): Typed {
  const model = run.model!;
  if (context.names.open(name.name)) return unknown;
  const what = model.others.get(name.name);
  const near = suggest(name.name, [...model.observables.keys(), ...run.sweep.map((s) => s.name), ...model.parameters.keys()], "its observables are");
  const help = name.name === "energy" && model.energy !== undefined ? `the energy of \`${model.name}\` is \`${run.name}.${model.energy}\``
    : what !== undefined ? `\`${name.name}\` is ${what} of \`${model.name}\`: declare an observable that reads it`
    : near?.startsWith("did") ? near : suggest("", [...model.observables.keys()], "its observables are");
  context.report.error("Q702", `\`${run.name}\` has no observable \`${name.name}\``, name.span, help);
  return unknown;
}

const checkArguments = (context: Context, arguments_: readonly Argument[], scope: Scope): void => arguments_.forEach((a) => void context.check(a.value, scope));

/** Subscripts are numbers of their own: they don't stand inside the estimator. */
function checkSubscripts(context: Context, subscripts: Subscripts | undefined, scope: Scope): readonly Typed[] | undefined {
  return subscripts?.map((s) => {
    if (s.kind !== "slice") return context.check(s, { ...scope, estimators: 0 });
    context.report.error("Q704", "a whole axis cannot stand in a result: name one entry", s.span, "declare an observable that reduces the axis");
    return unknown;
  });
}
