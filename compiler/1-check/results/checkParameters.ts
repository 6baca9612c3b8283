/** Arguments of a run, its sweep variables and `--set`: the values of all parameters at every sweep point. */
import type { Expression, NameExpression, RunItem } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/span.ts";
import type { RunPoint } from "../../../runtime/engine/plan.ts";
import { dynamics } from "../../../runtime/dynamics/index.ts";
import { constants } from "../expression/names.ts";
import { syntaxChildren } from "../text.ts";
import { checkSweepValues } from "./checkSweep.ts";
import { evaluateConstant, freeVariables } from "./evaluateConstant.ts";
import type { RunSymbol, SweepVariable } from "./names.ts";
import { arrayOfRun, givenArrays } from "./givenArrays.ts";
import { runScope } from "./runScope.ts";
import type { Context } from "./scope.ts";
import { suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";

const MOST_POINTS = 1_000_000;

/** Fills in `sweep` and `points`; without points something was reported. */
export function checkParameters(context: Context, run: RunSymbol, set: Readonly<Record<string, number>>): void {
  collectSweep(context, run, set);
  const arguments_ = checkArguments(context, run);
  const { model } = run;
  if (model === undefined) return;
  const circle = findCircle(arguments_);
  if (circle !== undefined) {
    context.report.error("Q416", `the parameters go in a circle: ${circle.join(" → ")}`, arguments_.get(circle[0]!)!.span, "the value of a parameter is made of others");
    return;
  }
  const valuesFor = (sweep: Readonly<Record<string, number>>, free: ReadonlySet<string>): Record<string, number> => {
    const known: Record<string, number> = {};
    const value = (name: string): number | undefined => {
      if (Object.hasOwn(sweep, name)) return sweep[name];
      if (Object.hasOwn(known, name) || free.has(name) || !model.parameters.has(name)) return known[name];
      const argument = arguments_.get(name);
      let result: number | undefined = model.parameters.get(name)!.default;
      if (Object.hasOwn(set, name)) result = set[name];
      else if (argument !== undefined) {
        const needed = [...freeVariables(argument.typed.expression)].map((v) => [v, value(v)] as const);
        result = argument.typed.type === "unknown" ? undefined : evaluateConstant(argument.typed.expression, Object.fromEntries(needed.filter((n): n is [string, number] => n[1] !== undefined)));
      }
      if (result !== undefined) known[name] = result;
      return result;
    };
    for (const name of model.parameters.keys()) value(name);
    return known;
  };

  const swept = new Set(run.sweep.map((s) => s.name));
  const fixed = valuesFor({}, swept);
  run.sweep = run.sweep.map((variable): SweepVariable => {
    const step = run.item.steps.find((s) => s.kind === "sweep" && s.name.span === variable.span);
    if (step?.kind !== "sweep") throw new Error("internal: a sweep variable without its step");
    const written = checkSweepValues(context, run, step.range, fixed);
    return { ...variable, written, values: variable.set ? [set[variable.name]!] : written };
  });
  if (run.sweep.some((s) => s.values === undefined) || [...arguments_.values()].some((a) => a.typed.type === "unknown")) return;

  const count = run.sweep.reduce((product, s) => product * s.values!.length, 1);
  if (count > MOST_POINTS) {
    context.report.error("Q414", `the sweeps make ${count} points`, run.sweep[0]!.span, `a run has at most ${MOST_POINTS}`);
    return;
  }
  const points = product(run.sweep).map((sweep): RunPoint => ({ sweep, parameters: { ...valuesFor(sweep, new Set()), ...onlyParameters(sweep, model.parameters) } }));
  if (checkKinds(context, run, points, arguments_)) run.points = points;
}

/** Sweep variables by name, without values yet: expressions of the run may use them all. */
function collectSweep(context: Context, run: RunSymbol, set: Readonly<Record<string, number>>): void {
  const { report } = context;
  const { model, item } = run;
  const sweep: SweepVariable[] = [];
  for (const step of item.steps) {
    if (step.kind !== "sweep") continue;
    const { name, span } = step.name;
    const before = sweep.find((s) => s.name === name);
    const argument = item.arguments.find((a) => a.name?.name === name);
    if (before || argument) {
      report.error("Q409", before ? `\`${name}\` is swept twice` : `\`${name}\` is swept, and given as an argument too`, [{ span, message: "" }, { span: before?.span ?? argument!.name!.span, message: "here too" }]);
      if (before) continue;
    }
    const taken = model && (model.observables.has(name) ? "an observable" : model.scalars.has(name) ? "a `let`" : model.others.get(name));
    if (taken || Object.hasOwn(constants, name)) report.error("Q410", `\`${name}\` cannot be swept: it is ${taken ? `${taken} of \`${model!.name}\`` : "a constant"}`, span, "sweep a parameter of the model, or a name that the run uses");
    else if (model && !model.parameters.has(name) && !usesName(item, name) && !context.names.open(name)) {
      const meant = onlyUnknown(context, run, model);
      if (meant) {
        // The run goes on as if that were swept.
        report.error("Q408", `\`${name}\` is swept, and what the run uses is \`${meant.name}\``, [{ span, message: "not used" }, { span: meant.span, message: "not swept" }], `write \`sweep ${meant.name} in …\``);
        sweep.push({ name: meant.name, span, written: undefined, values: undefined, set: Object.hasOwn(set, meant.name) });
        continue;
      }
      report.error("Q408", `\`${name}\` is neither a parameter of \`${model.name}\` nor used in this run`, span, suggest(name, [...model.parameters.keys()], "parameters are"));
    }
    sweep.push({ name, span, written: undefined, values: undefined, set: Object.hasOwn(set, name) });
  }
  run.sweep = sweep;
}

/** The one name in the steps of a run that nothing gives a value, if there is just one: a sweep that nothing uses may be meant for it. */
function onlyUnknown(context: Context, { item }: RunSymbol, model: NonNullable<RunSymbol["model"]>): NameExpression | undefined {
  const swept = new Set(item.steps.flatMap((s) => (s.kind === "sweep" ? [s.name.name] : [])));
  const known = (name: string): boolean => swept.has(name) || model.parameters.has(name) || model.scalars.has(name) || model.observables.has(name) || model.others.has(name)
    || Object.hasOwn(constants, name) || Object.hasOwn(dynamics, name) || context.names.open(name);
  const namesIn = (e: Expression | undefined): readonly NameExpression[] => (e === undefined ? [] : e.kind === "name" ? [e] : syntaxChildren(e).flatMap(namesIn));
  const found = item.steps.flatMap((s) => (s.kind === "evolve" || s.kind === "measure" ? [...namesIn(s.dynamics), ...namesIn(s.amount?.value), ...namesIn(s.every)] : [])).filter(({ name }) => !known(name));
  return new Set(found.map(({ name }) => name)).size === 1 ? found[0] : undefined;
}

function usesName(item: RunItem, name: string): boolean {
  const uses = (e: Expression | undefined): boolean => e !== undefined && ((e.kind === "name" && e.name === name) || syntaxChildren(e).some(uses));
  return item.arguments.some((a) => uses(a.value)) || item.steps.some((s) => {
    switch (s.kind) {
      case "evolve": case "measure": return uses(s.dynamics) || uses(s.amount?.value) || uses(s.every) || uses(s.until);
      case "bias": return uses(s.value);
      case "startValue": return uses(s.initial.expression);
      case "startFrom": return s.at?.some((a) => uses(a.value)) === true;
      default: return false;
    }
  });
}

interface RunArgument { readonly typed: Typed; readonly span: Span }

/** Arguments that are numbers, by the name of their parameter. */
function checkArguments(context: Context, run: RunSymbol): ReadonlyMap<string, RunArgument> {
  const { report } = context;
  const { model, item } = run;
  const found = new Map<string, RunArgument>();
  const given = givenArrays(run);
  for (const argument of item.arguments) {
    const name = argument.name?.name;
    if (name === undefined || argument.name === undefined) {
      report.error("Q402", "an argument of a run has a name", argument.span, model && `write \`${model.name}(${[...model.parameters.keys()][0] ?? "N"} = …)\``);
      continue;
    }
    const { span } = argument.name;
    if (found.has(name)) {
      report.error("Q403", `\`${name}\` is given twice`, span);
      continue;
    }
    // An array from another run: `W = Train.W`.
    if (given.some((g) => g.array === argument.name)) continue;
    if (model?.others.get(name) === "a state") {
      report.error("Q402", `\`${name}\` is a state of \`${model.name}\`: it begins with a \`start\``, span, arrayOfRun(argument) ? `write \`start ${name} from ${arrayOfRun(argument)!.run.name}\` in the run` : `write \`start ${name} = …\` in the run`);
      continue;
    }
    if (model !== undefined && !model.parameters.has(name)) report.error("Q402", `\`${model.name}\` has no parameter \`${name}\``, span, suggest(name, [...model.parameters.keys()], "its parameters are"));
    found.set(name, { typed: context.check(argument.value, runScope(context, run)), span: argument.value.span });
  }
  return found;
}

function findCircle(arguments_: ReadonlyMap<string, RunArgument>): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    const argument = arguments_.get(name);
    if (argument === undefined || done.has(name)) return undefined;
    for (const next of freeVariables(argument.typed.expression)) {
      const circle = walk(next, [...path, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of arguments_.keys()) {
    const circle = walk(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** All combinations of the sweeps, the last one fastest. */
const product = (sweep: readonly SweepVariable[]): readonly Readonly<Record<string, number>>[] =>
  sweep.reduce<readonly Readonly<Record<string, number>>[]>((points, s) => points.flatMap((p) => s.values!.map((v) => ({ ...p, [s.name]: v }))), [{}]);

const onlyParameters = (sweep: Readonly<Record<string, number>>, parameters: ReadonlyMap<string, unknown>): Record<string, number> =>
  Object.fromEntries(Object.entries(sweep).filter(([name]) => parameters.has(name)));

/** Integers (by their default) take whole numbers; no parameter is not a number. */
function checkKinds(context: Context, run: RunSymbol, points: readonly RunPoint[], arguments_: ReadonlyMap<string, RunArgument>): boolean {
  let sound = true;
  for (const parameter of run.model!.parameters.values()) {
    const bad = points.map((p) => p.parameters[parameter.name]).find((v) => v === undefined || Number.isNaN(v) || (parameter.integer && !Number.isInteger(v)));
    if (bad === undefined && points.every((p) => p.parameters[parameter.name] !== undefined)) continue;
    sound = false;
    const variable = run.sweep.find((s) => s.name === parameter.name);
    // A value that --set gives is reported once for all runs.
    if (variable?.set) continue;
    const step = variable && run.item.steps.find((s) => s.kind === "sweep" && s.name.span === variable.span);
    const span = step?.kind === "sweep" ? step.range.span : arguments_.get(parameter.name)?.span;
    if (span) context.report.error("Q404", parameter.integer ? `\`${parameter.name}\` is a whole number (its default is ${parameter.default}), not ${bad}` : `\`${parameter.name}\` has no value here: this is not a number`, span, parameter.integer ? "a parameter whose default has a decimal point is real; `round(x)` makes a whole number" : undefined);
  }
  return sound;
}
