/** `start from A`, `run B of M(W = A.w)`: whether a run can continue from another one, and from which of its points. */
import type { Argument, Identifier } from "../../../grammar/ast.ts";
import type { Continuation } from "../../../runtime/engine/plan.ts";
import { isAmong } from "./checkAt.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import { arrayOfRun, givenArrays } from "./givenArrays.ts";
import type { Names, RunSymbol } from "./names.ts";
import { runScope } from "./runScope.ts";
import type { Context } from "./scope.ts";
import { listValues, suggest } from "./suggest.ts";

/** Whether the run that another one needs exists, and doesn't need that one in turn. */
export function checkSource(context: Context, run: RunSymbol, source: string, span: { readonly start: number; readonly end: number }): boolean {
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
export const sources = (run: RunSymbol | undefined): readonly string[] => run === undefined ? [] : [
  ...run.item.steps.flatMap((s) => (s.kind === "startFrom" ? [s.run.name] : [])),
  ...run.item.arguments.flatMap((a) => arrayOfRun(a)?.run.name ?? []),
];

/** What a run says of another one that it needs; with `array` it takes that from it, else its states start there. */
interface Source { readonly run: Identifier; readonly at?: readonly Argument[] | undefined; readonly array?: Identifier; readonly of?: Identifier }

export function checkCompatible(context: Context, run: RunSymbol, step: Source): void {
  const { report, names } = context;
  const source = names.runs.get(step.run.name)!;
  const differ = (message: string, help?: string): void => report.error("Q452", message, [{ span: step.run.span, message: "" }, { span: source.span, message: "declared here" }], help);
  const sameModel = run.model === source.model;
  if (step.array === undefined && run.model && source.model && !sameModel) return differ(`\`${source.name}\` is a run of \`${source.model.name}\`, and \`${run.name}\` one of \`${run.model.name}\``);
  if (sameModel && run.seed !== source.seed) differ(`\`${source.name}\` has seed ${source.seed}, and \`${run.name}\` seed ${run.seed}: their samples are not the same`);
  if (source.samples < run.samples && !(step.array && servesAll(source))) differ(`\`${source.name}\` has ${source.samples} sample${source.samples === 1 ? "" : "s"}, and \`${run.name}\` needs ${run.samples}`, `give \`${source.name}\` as many samples`);
  step.at?.forEach((argument) => checkPick(context, run, source, argument));
  if (run.points.length === 0 || source.points.length === 0 || !source.model) return;
  const shared = new Set(run.sweep.filter((s) => source.sweep.some((o) => o.name === s.name)).map((s) => s.name));
  for (const variable of source.sweep) {
    if (shared.has(variable.name) || step.at?.some((a) => a.name?.name === variable.name)) continue;
    differ(`\`${source.name}\` sweeps \`${variable.name}\`, and nothing says which point is meant`, `write \`${step.array ? `${step.array.name} = ${source.name}.${step.of?.name ?? "…"}` : `start from ${source.name}`} at (${variable.name} = ${variable.values?.[0] ?? "…"})\``);
  }
  for (const name of shared) {
    const from = source.sweep.find((s) => s.name === name)!, to = run.sweep.find((s) => s.name === name)!;
    const missing = to.values?.find((v) => from.values !== undefined && !isAmong(v, from.values));
    if (missing !== undefined) differ(`\`${source.name}\` has no point ${name} = ${missing}`, `its values are ${listValues(from.values!)}`);
  }
  if (step.array) return;
  const places = pointsOf(context, run, source, step);
  for (const { name, integer } of source.model.parameters.values()) {
    if (!integer || !source.model.isSize(name)) continue;
    // Without a point for each of ours only what is the same at all points can be compared.
    const pairs = places ?? (run.sweep.some((v) => v.name === name) || source.sweep.some((v) => v.name === name) ? [] : [0]);
    const point = pairs.findIndex((place, own) => run.points[own]!.parameters[name] !== source.points[place]!.parameters[name]);
    if (point >= 0) differ(`\`${source.name}\` has ${name} = ${source.points[pairs[point]!]!.parameters[name]}, and \`${run.name}\` ${name} = ${run.points[point]!.parameters[name]}`);
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

/** For each point of a run the number of that of the other one; undefined where one of them is missing, which is reported elsewhere. */
function pointsOf(context: Context, run: RunSymbol, source: RunSymbol, step: Source): readonly number[] | undefined {
  const picks = new Map((step.at ?? []).flatMap((a) => (a.name ? [[a.name.name, context.check(a.value, runScope(context, run))] as const] : [])));
  const places = run.points.map(({ sweep, parameters }) => source.points.findIndex((theirs) => source.sweep.every(({ name }) => {
    const pick = picks.get(name);
    const value = pick === undefined ? sweep[name] : pick.type === "unknown" ? undefined : evaluateConstant(pick.expression, { ...parameters, ...sweep });
    return value !== undefined && isAmong(value, [theirs.sweep[name]!]);
  })));
  return places.includes(-1) ? undefined : places;
}

interface Said { readonly array: string; readonly copy?: string; readonly rank: number; readonly entry: { readonly run?: number } }

/** Whether the samples of a run are all the same, as nothing of its model is drawn. */
const servesAll = (source: RunSymbol): boolean => source.model?.hasEnsembles === false;

/** What the run's states continue from, and the arrays that other runs give. Of several steps about one array of one copy that which names the copy has the say, then that which names the array, then the last. */
export function planContinuation(run: RunSymbol, context: Context): Continuation | undefined {
  const { model } = run;
  const steps = run.item.steps.filter((s) => s.kind === "startFrom" || s.kind === "startValue");
  const arrays = givenArrays(run);
  if (model === undefined || (arrays.length === 0 && !steps.some((s) => s.kind === "startFrom"))) return undefined;
  const runs: Continuation["runs"][number][] = [];
  const said = steps.flatMap((step): Said[] => {
    let from: number | undefined;
    if (step.kind === "startFrom") {
      const source = context.names.runs.get(step.run.name);
      const points = source && pointsOf(context, run, source, step);
      if (!source || !points) return [];
      from = runs.push({ run: source.name, points, starts: source.starts }) - 1;
    }
    const entry = from === undefined ? {} : { run: from };
    return step.targets.length === 0 ? model.states.map((s) => ({ array: s.name, rank: 0, entry }))
      : step.targets.map((t) => ({ array: t.name.name, ...(t.replica ? { copy: t.replica.name } : {}), rank: t.replica ? 2 : 1, entry }));
  }).sort((a, b) => a.rank - b.rank);
  const states = new Map(said.map(({ array, copy, entry }) => [`${array}@${copy ?? ""}`, { array, ...(copy === undefined ? {} : { copy }), ...entry }]));
  const given = arrays.flatMap(({ array, run: name, at, of }) => {
    const source = context.names.runs.get(name.name);
    const points = source && pointsOf(context, run, source, { run: name, at });
    if (!source || !points) return [];
    return [{ array: array.name, run: runs.push({ run: source.name, points, starts: source.starts, ...(servesAll(source) ? { samples: 1 } : {}) }) - 1, of: of.name }];
  });
  return { runs, states: [...states.values()], ...(given.length > 0 ? { given } : {}) };
}
