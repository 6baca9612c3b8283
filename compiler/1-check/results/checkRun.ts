/** One `run`: its model, parameters, counts and steps, and the plan that the engine executes. */
import { textsOf } from "../../library/ops/extension.ts";
import type { Expression, MoveStep } from "../../../grammar/ast.ts";
import { observablesOf, type PlannedStep, type RunPlan } from "../../../runtime/engine/plan.ts";
import { needsWith } from "../../../runtime/dynamics/dynamics.ts";
import { dynamics } from "../../../runtime/dynamics/index.ts";
import { ingredients } from "../dependencies.ts";
import { checkCounts } from "./checkCounts.ts";
import { checkMove } from "./checkMove.ts";
import { checkParameters } from "./checkParameters.ts";
import type { ModelView } from "./modelView.ts";
import type { RunSymbol } from "./names.ts";
import type { Context } from "./scope.ts";
import { spreadLadder } from "./spreadLadder.ts";
import { suggest } from "./suggest.ts";

/** What `--set` and `--seed` give. */
export interface RunOptions {
  readonly set: Readonly<Record<string, number>>;
  readonly seed: number | undefined;
}

/** Fills in the symbol up to its steps, so that runs can be compared with each other. */
export function checkRunHead(context: Context, run: RunSymbol, options: RunOptions): void {
  const { report, names } = context;
  const { model } = run.item;
  const symbol = names.models.get(model.name);
  run.model = symbol?.view;
  if (symbol === undefined && !names.open(model.name)) {
    const other = names.runs.has(model.name) ? "a run" : names.theories.has(model.name) ? "a theory" : undefined;
    report.error("Q401", other ? `\`${model.name}\` is ${other}, not a model` : `there is no model \`${model.name}\``, model.span, suggest(model.name, [...names.models.keys()], "this file has"));
  }
  checkParameters(context, run, options.set);
  checkCounts(context, run, options.seed);
}

/** Checks the steps and makes the plan, if nothing is wrong. */
export function checkRunSteps(context: Context, run: RunSymbol): void {
  const { report } = context;
  const { steps } = run.item;
  const planned: (PlannedStep | undefined)[] = [];
  const tuned = new Set<string>();
  const moves: MoveStep[] = [];
  let measure: MoveStep | undefined;
  for (const step of steps) {
    if (step.kind !== "evolve" && step.kind !== "measure") continue;
    if (step.kind === "measure") {
      if (measure !== undefined) report.error("Q412", "a run has one `measure`", [{ span: step.span, message: "" }, { span: measure.span, message: "the first" }], "what comes before it is `evolve`; write another run for another measurement");
      measure ??= step;
    }
    planned.push(checkMove(context, run, step, tuned));
    if (step.kind === "evolve" && step.dynamics.kind === "call") tuned.add(planned.at(-1)?.dynamics ?? step.dynamics.callee.name);
    moves.push(step);
  }
  const recorded = checkRecord(context, run);
  if (!checkTogether(context, run, moves)) return;
  checkGradients(context, moves, planned);
  if (run.model?.observables.size === 0) return;
  const complete = planned.filter((s) => s !== undefined);
  const precise = complete.flatMap((s) => (s.until?.kind === "error" ? observablesOf(s.until) : []));
  precise.forEach((name) => run.recorded?.add(name));
  if (run.model === undefined || run.points.length === 0 || complete.length < planned.length) return;
  const spread = spreadLadder(run, complete);
  const extensions = textsOf(complete.map((step) => step.dynamics));
  run.points = spread.points;
  run.plan = {
    run: run.name,
    model: run.model.name,
    seed: run.seed,
    sweep: run.sweep.map(({ name, values }) => ({ name, values: values! })),
    points: run.points,
    samples: run.samples,
    starts: run.starts,
    steps: spread.steps,
    record: [...new Set([...recorded, ...precise])],
    transient: steps.some((s) => s.kind === "transient"),
    ...(spread.continues ? { continues: spread.continues } : {}),
    disordered: run.model.hasEnsembles,
    ...(extensions.length > 0 ? { extensions } : {}),
    ...(run.ladder ? { ladder: { variable: run.ladder.name, values: run.ladder.values, ...(run.ladder.rungs === undefined ? {} : { rungs: run.ladder.rungs }) } } : {}),
    ...copiesOf(run, run.model, [...recorded, ...complete.flatMap((s) => (s.until ? observablesOf(s.until) : []))]),
  };
}

/** Whether the steps that take mini-batches follow one gradient: the code of a run has that of one form of the energy. */
function checkGradients(context: Context, moves: readonly MoveStep[], planned: readonly (PlannedStep | undefined)[]): void {
  const forms = planned.map((step) => (["hinge", "surrogate", "miniBatches"] as const).find((form) => step && dynamics[step.dynamics] && needsWith(dynamics[step.dynamics]!, Object.keys(step.arguments[0] ?? {})).includes(form)));
  const first = forms.findIndex((form) => form !== undefined);
  const other = forms.findIndex((form) => form !== undefined && form !== forms[first]);
  if (other < 0) return;
  const names = [first, other].map((k) => planned[k]!.dynamics);
  context.report.error("Q437", `\`${names[0]}\` and \`${names[1]}\` follow gradients of different forms of the energy`, [{ span: moves[other]!.dynamics.span, message: "" }, { span: moves[first]!.dynamics.span, message: "the first" }], "start another run from this one");
}

/** Whether all steps of a run with `tempering` have it, and one of them moves what is added to its temperatures. */
function checkTogether(context: Context, run: RunSymbol, moves: readonly MoveStep[]): boolean {
  if (run.ladder === undefined) return true;
  const alone = moves.find(({ dynamics }) => dynamics.kind !== "call" || dynamics.callee.name !== "tempering");
  if (alone) context.report.error("Q429", "a step without `tempering` in a run with it", [{ span: alone.dynamics.span, message: "" }, { span: run.ladder.span, message: "the temperatures" }], "write `tempering(…)` with the same temperatures here too, or start another run from this one");
  const tunes = run.ladder.rungs === undefined || moves.some(({ kind }) => kind === "evolve");
  if (!tunes) context.report.error("Q428", "`tempering` moves the rungs that it adds during `evolve`, and nothing evolves it", run.ladder.span, "evolve it first, with the same temperatures");
  return alone === undefined && tunes;
}

/** The copies beside copy 1: those that a bias or some of the named observables read. */
function copiesOf(run: RunSymbol, model: ModelView, observables: readonly string[]): Pick<RunPlan, "copies" | "held"> {
  const { bias = [], coupled = [] } = run.changed?.changes ?? {};
  const copies = [...new Set([...ingredients(bias).replicas, ...coupled, ...observables.flatMap((name) => [...((model.observables.get(name) ?? run.added.get(name))?.copies ?? [])])])].sort();
  const held = copies.filter((name) => run.held.has(name));
  return { ...(copies.length > 0 ? { copies } : {}), ...(held.length > 0 ? { held } : {}) };
}

/** `record a, b`: what is recorded, the energy first. What the dynamics themselves add always is, and may be named. */
function checkRecord(context: Context, run: RunSymbol): readonly string[] {
  const { report } = context;
  const all = [...(run.model?.observables ?? []), ...run.added].map(([name]) => name);
  const steps = run.item.steps.filter((s) => s.kind === "record");
  for (const kind of ["transient", "record"] as const) {
    const [first, ...more] = run.item.steps.filter((s) => s.kind === kind);
    for (const again of more) report.error("Q412", `\`${kind}\` is given twice`, [{ span: again.span, message: "" }, { span: first!.span, message: "here too" }], kind === "record" ? "name all in one `record a, b`" : undefined);
  }
  const named = steps[0]?.names;
  if (named === undefined || run.model === undefined) return all;
  const wanted = new Set<string>();
  for (const e of named) {
    const name = nameOf(e);
    if (name === undefined) report.error("Q455", "`record` takes names of observables", e.span, "declare an observable in the model and name it");
    else if (run.model.observables.has(name)) wanted.add(name);
    else if (!run.quantities.has(name)) {
      const what = run.model.others.get(name);
      report.error("Q455", `\`${run.model.name}\` has no observable \`${name}\``, e.span, what ? `\`${name}\` is ${what}: declare an observable that reads it` : suggest(name, [...run.model.observables.keys()], "its observables are"));
    }
  }
  run.recorded = wanted;
  return all.filter((name) => name === run.model!.energy || wanted.has(name) || run.added.has(name));
}

const nameOf = (e: Expression): string | undefined => (e.kind === "name" ? e.name : undefined);

