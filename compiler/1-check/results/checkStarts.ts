/** `start`, `hold`, `bias`: how a run begins. This version checks the names and skips such runs. */
import type { Argument, Expression, StartFromStep, StateReference } from "../../../grammar/ast.ts";
import { syntaxChildren } from "../text.ts";
import { constants } from "../expression/names.ts";
import { isAmong } from "./checkAt.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { ModelView } from "./modelView.ts";
import type { Names, RunSymbol } from "./names.ts";
import { runScope } from "./runScope.ts";
import type { Context } from "./scope.ts";
import { skipRun } from "./skipRun.ts";
import { listValues, suggest } from "./suggest.ts";

export function checkStarts(context: Context, run: RunSymbol): void {
  const { report } = context;
  const before = report.diagnostics.length;
  const known = replicasOf(run);
  const held = new Set<string>();
  for (const step of run.item.steps) {
    switch (step.kind) {
      case "startFrom":
        checkTargets(context, run, step.targets);
        if (checkSource(context, run, step.run.name, step.run.span)) checkCompatible(context, run, step);
        skipRun(context, run, "`start from`", step.span);
        break;
      case "startValue":
        checkTargets(context, run, step.targets);
        // The slots of the state may stand in it: `start s = xi[1,i]`.
        checkModelNames(context, run, step.initial.expression, run.model?.states.find((s) => s.name === step.targets[0]?.name.name)?.indices);
        break;
      case "bias":
        checkModelNames(context, run, step.value);
        break;
      case "hold": {
        const { name, span } = step.replica;
        if (name === "1") report.error("Q456", "copy 1 is the run itself: it moves", span, "hold another copy, and write the bias and the observables with that one");
        else if (run.model && !known.has(name)) report.error("Q456", `nothing is called \`@${name}\` in this run or its model`, span, suggest(name, [...known], "replicas are") ?? `write \`start w@${name} from …\``);
        held.add(name);
        break;
      }
      default: break;
    }
  }
  run.held = held;
  for (const argument of run.item.arguments) {
    const value = argument.value;
    if (value.kind === "member" && value.object.kind === "name" && argument.name && run.model && !run.model.parameters.has(argument.name.name) && run.model.others.has(argument.name.name)) {
      if (checkSource(context, run, value.object.name, value.object.span)) skipRun(context, run, "an array from another run", argument.span);
    }
  }
  if (!report.diagnostics.slice(before).some((d) => d.severity === "error")) changeModel(context, run);
}

/** The model as the run changes it, if it does. */
function changeModel(context: Context, run: RunSymbol): void {
  const starts = run.item.steps.filter((s) => s.kind === "startValue");
  const bias = run.item.steps.flatMap((s) => (s.kind === "bias" ? [s.value] : []));
  if (run.model === undefined || run.model.unsupported !== undefined || (starts.length === 0 && bias.length === 0)) return;
  const parameters = run.sweep.flatMap(({ name, span, values }) => {
    if (run.model!.parameters.has(name) || values?.[0] === undefined) return [];
    return [{ name, span, number: values.every((v) => Number.isInteger(v)) ? "integer" as const : "real" as const, value: values[0] }];
  });
  const changed = context.change(run.model.name, { parameters, starts, bias, copies: copiesRead(run, run.model), held: run.held, given: [] });
  run.changed = changed;
  for (const { status, span } of changed?.changes?.bias ?? []) {
    if (status !== "thermal") context.report.error("Q457", "a bias depends on the states, and this one reads none", span, "it is added to the energy: a constant changes nothing");
  }
  const [unsupported] = changed?.unsupported ?? [];
  if (unsupported) run.skipped ??= { reason: `${unsupported.labels[0]?.message ?? "a part of it"} is not supported by this version yet: run ${run.name} is skipped`, span: run.span };
}

/** The copies that the run's conditions, and the observables that it records, read. */
function copiesRead(run: RunSymbol, model: ModelView): readonly string[] {
  const named = new Set<string>();
  const collect = (e: Expression): void => {
    if (e.kind === "name") named.add(e.name);
    syntaxChildren(e).forEach(collect);
  };
  const record = run.item.steps.filter((s) => s.kind === "record");
  if (record.length === 0) for (const name of model.observables.keys()) named.add(name);
  for (const step of run.item.steps) {
    if (step.kind === "record") step.names.forEach(collect);
    if ((step.kind === "evolve" || step.kind === "measure") && step.until) collect(step.until);
  }
  return [...named].flatMap((name) => [...(model.observables.get(name)?.copies ?? [])]);
}

/** Names of an expression that may read all of the model: arrays, states, observables, and what the run sweeps. */
function checkModelNames(context: Context, run: RunSymbol, e: Expression, bound: readonly string[] = []): void {
  const { model } = run;
  if (model === undefined) return;
  if (e.kind === "name") {
    const known = [...bound, ...run.sweep.map((s) => s.name), ...[model.parameters, model.scalars, model.others, model.observables].flatMap((names) => [...names.keys()])];
    if (!known.includes(e.name) && !Object.hasOwn(constants, e.name) && !context.names.open(e.name)) context.report.error("Q405", `\`${run.name}\` knows no \`${e.name}\``, e.span, suggest(e.name, known, "known are"));
  } else if (e.kind === "reduction") {
    const inner = [...bound, ...e.binders.flatMap((b) => b.names.map((n) => n.name))];
    e.binders.forEach((b) => b.range && checkModelNames(context, run, b.range, inner));
    checkModelNames(context, run, e.body, inner);
  } else if (e.kind !== "member") syntaxChildren(e).forEach((c) => checkModelNames(context, run, c, bound));
}

function checkTargets(context: Context, run: RunSymbol, targets: readonly StateReference[]): void {
  if (run.model === undefined) return;
  const states = run.model.states.map((s) => s.name);
  for (const { name } of targets) {
    if (!states.includes(name.name)) context.report.error("Q454", `\`${run.model.name}\` has no state \`${name.name}\``, name.span, suggest(name.name, states, "its states are"));
  }
}

/** Whether the run that another one needs exists, and doesn't need that one in turn. */
function checkSource(context: Context, run: RunSymbol, source: string, span: { readonly start: number; readonly end: number }): boolean {
  const { report, names } = context;
  if (!names.runs.has(source)) {
    if (!names.open(source)) report.error("Q450", `there is no run \`${source}\``, span, suggest(source, [...names.runs.keys()].filter((n) => n !== run.name), "this file has"));
    return false;
  }
  const circle = findCircle(names, source, run.name, [run.name]);
  if (circle === undefined) return true;
  report.error("Q451", source === run.name ? `\`${run.name}\` starts from itself` : `runs wait for each other: ${circle.join(" → ")}`, span, "a run continues from one that doesn't depend on it");
  return false;
}

function findCircle(names: Names, from: string, to: string, path: readonly string[]): readonly string[] | undefined {
  if (from === to) return [...path, from];
  if (path.includes(from)) return undefined;
  for (const next of sources(names.runs.get(from))) {
    const circle = findCircle(names, next, to, [...path, from]);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** The runs that a run needs. */
const sources = (run: RunSymbol | undefined): readonly string[] => run === undefined ? [] : [
  ...run.item.steps.flatMap((s) => (s.kind === "startFrom" ? [s.run.name] : [])),
  ...run.item.arguments.flatMap((a) => (a.value.kind === "member" && a.value.object.kind === "name" ? [a.value.object.name] : [])),
];

function checkCompatible(context: Context, run: RunSymbol, step: StartFromStep): void {
  const { report, names } = context;
  const source = names.runs.get(step.run.name)!;
  const differ = (message: string, help?: string): void => report.error("Q452", message, [{ span: step.run.span, message: "" }, { span: source.span, message: "declared here" }], help);
  if (run.model && source.model && run.model !== source.model) return differ(`\`${source.name}\` is a run of \`${source.model.name}\`, and \`${run.name}\` one of \`${run.model.name}\``);
  if (run.seed !== source.seed) differ(`\`${source.name}\` has seed ${source.seed}, and \`${run.name}\` seed ${run.seed}: their samples are not the same`);
  if (source.samples < run.samples) differ(`\`${source.name}\` has ${source.samples} sample${source.samples === 1 ? "" : "s"}, and \`${run.name}\` needs ${run.samples}`, `give \`${source.name}\` as many samples`);
  step.at?.forEach((argument) => checkPick(context, run, source, argument));
  if (run.points.length === 0 || source.points.length === 0 || !source.model) return;
  const shared = new Set(run.sweep.filter((s) => source.sweep.some((o) => o.name === s.name)).map((s) => s.name));
  for (const { name, integer } of source.model.parameters.values()) {
    if (!integer || shared.has(name) || step.at?.some((a) => a.name?.name === name)) continue;
    const mine = new Set(run.points.map((p) => p.parameters[name])), theirs = new Set(source.points.map((p) => p.parameters[name]));
    if (mine.size === 1 && theirs.size === 1 && [...mine][0] !== [...theirs][0]) differ(`\`${source.name}\` has ${name} = ${[...theirs][0]}, and \`${run.name}\` ${name} = ${[...mine][0]}`);
  }
  for (const variable of source.sweep) {
    if (shared.has(variable.name) || step.at?.some((a) => a.name?.name === variable.name)) continue;
    differ(`\`${source.name}\` sweeps \`${variable.name}\`, and nothing says which point is meant`, `write \`start from ${source.name} at (${variable.name} = ${variable.values?.[0] ?? "…"})\``);
  }
  for (const name of shared) {
    const from = source.sweep.find((s) => s.name === name)!, to = run.sweep.find((s) => s.name === name)!;
    const missing = to.values?.find((v) => from.values !== undefined && !isAmong(v, from.values));
    if (missing !== undefined) differ(`\`${source.name}\` has no point ${name} = ${missing}`, `its values are ${listValues(from.values!)}`);
  }
}

function checkPick(context: Context, run: RunSymbol, source: RunSymbol, argument: Argument): void {
  const { report } = context;
  const typed = context.check(argument.value, runScope(context, run));
  const variable = source.sweep.find((s) => s.name === argument.name?.name);
  if (argument.name === undefined) report.error("Q453", "`at` names what it picks", argument.span, "write `at (T = 1)`");
  else if (variable === undefined) report.error("Q453", `\`${argument.name.name}\` isn't a sweep variable of \`${source.name}\``, argument.name.span, suggest(argument.name.name, source.sweep.map((s) => s.name), "swept are"));
  else if (typed.type !== "unknown" && variable.values !== undefined) {
    const value = evaluateConstant(typed.expression, run.points[0]?.parameters ?? {});
    if (value !== undefined && !isAmong(value, variable.values)) report.error("Q453", `${variable.name} = ${value} is not in the sweep of \`${source.name}\``, argument.value.span, `take one of ${listValues(variable.values)}`);
  }
}

/** Names of the copies that the model's observables and the run speak of. */
function replicasOf(run: RunSymbol): ReadonlySet<string> {
  const found = new Set([...(run.model?.observables.values() ?? [])].flatMap((o) => [...o.copies]));
  const collect = (e: Expression): void => {
    if (e.kind === "replica") found.add(e.replica.name);
    syntaxChildren(e).forEach(collect);
  };
  for (const step of run.item.steps) {
    if (step.kind === "bias") collect(step.value);
    if (step.kind === "startFrom" || step.kind === "startValue") for (const t of step.targets) if (t.replica) found.add(t.replica.name);
  }
  return found;
}
