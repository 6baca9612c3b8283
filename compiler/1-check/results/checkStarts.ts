/** `start`, `hold`, `bias`: how a run begins. */
import type { Expression, StateReference } from "../../../grammar/ast.ts";
import { syntaxChildren } from "../text.ts";
import { constants } from "../expression/names.ts";
import { checkCompatible, checkSource, planContinuation } from "./checkContinuation.ts";
import { viewModel } from "./modelView.ts";
import type { ModelView } from "./modelView.ts";
import type { RunSymbol } from "./names.ts";
import type { Context } from "./scope.ts";
import { checkGivenEntries, checkGivenState, givenArrays } from "./givenArrays.ts";
import { suggest } from "./suggest.ts";

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
        break;
      case "startValue":
        checkTargets(context, run, step.targets);
        // The slots of the state may stand in it: `start s = xi[1,i]`.
        // A distribution without arguments, `start s ~ Sign`, is a name too.
        if (step.initial.expression.kind !== "name" || step.initial.kind === "value") checkModelNames(context, run, step.initial.expression, run.model?.states.find((s) => s.name === step.targets[0]?.name.name)?.indices);
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
  for (const given of givenArrays(run)) {
    if (checkSource(context, run, given.run.name, given.run.span) && checkGivenState(context, given)) checkCompatible(context, run, given);
  }
  if (!report.diagnostics.slice(before).some((d) => d.severity === "error")) {
    run.continues = planContinuation(run, context);
    changeModel(context, run);
  }
}

/** The model as the run changes it, if it does. */
function changeModel(context: Context, run: RunSymbol): void {
  const starts = run.item.steps.filter((s) => s.kind === "startValue");
  const bias = run.item.steps.flatMap((s) => (s.kind === "bias" ? [s.value] : []));
  const given = givenArrays(run);
  if (run.model === undefined || (starts.length === 0 && bias.length === 0 && given.length === 0 && run.replaced.length === 0)) return;
  const parameters = run.sweep.flatMap(({ name, span, values }) => {
    if (run.model!.parameters.has(name) || values?.[0] === undefined) return [];
    return [{ name, span, number: values.every((v) => Number.isInteger(v)) ? "integer" as const : "real" as const, value: values[0] }];
  });
  const changed = context.change(run.model.name, { parameters, starts, bias, copies: copiesRead(run, run.model), held: run.held, given: given.map((g) => g.array), observables: run.replaced });
  run.changed = changed;
  if (changed) run.added = new Map([...viewModel(changed).observables].filter(([name]) => run.replaced.some((d) => d.target.name.name === name)));
  if (changed) for (const g of given) checkGivenEntries(context, changed, g);
  for (const { status, span } of changed?.changes?.bias ?? []) {
    if (status !== "thermal") context.report.error("Q457", "a bias depends on the states, and this one reads none", span, "it is added to the energy: a constant changes nothing");
  }
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
