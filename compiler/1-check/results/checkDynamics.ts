/** The dynamics of a step: its name, its arguments at every sweep point, and whether it fits the model. */
import type { Argument, Expression } from "../../../grammar/ast.ts";
import type { Schedule } from "../../../runtime/engine/plan.ts";
import type { Dynamics, DynamicsParameter } from "../../../runtime/dynamics/dynamics.ts";
import { dynamics } from "../../../runtime/dynamics/index.ts";
import { tempering } from "../../../runtime/dynamics/tempering.ts";
import { checkSchedule } from "./checkSchedule.ts";
import { checkSweepValues } from "./checkSweep.ts";
import { misfit } from "./fitsModel.ts";
import type { ModelView } from "./modelView.ts";
import type { RunSymbol } from "./names.ts";
import { pointText, valuesAtPoints } from "./runScope.ts";
import type { Context } from "./scope.ts";
import { elsewhere } from "../elsewhere.ts";
import { inQuotes, suggest } from "./suggest.ts";

export interface CheckedDynamics {
  readonly entry: Dynamics;
  /** Its name in the table: that of an extension holds the hash of its text. */
  readonly key: string;
  /** Names of the arguments that are written. */
  readonly given: ReadonlySet<string>;
  /** One record a point; empty where something was reported. */
  readonly arguments: readonly Readonly<Record<string, number | Schedule>>[];
  /** Whether it moves the copies of `tempering`, at the temperatures of the ladder of the run. */
  readonly exchanges: boolean;
}

const dynamicsNames: readonly string[] = Object.keys(dynamics);

export function checkDynamics(context: Context, run: RunSymbol, e: Expression): CheckedDynamics | undefined {
  const call = callOf(context, e);
  const found = call && findEntry(context, call.name, call.span);
  if (call === undefined || found === undefined) {
    call?.arguments.forEach((a) => checkLoosely(context, run, a));
    return undefined;
  }
  const { key, entry } = found;
  fits(context, run, entry, call.span);
  const written = assignArguments(context, run, entry, call.arguments, call.span, false);
  const inner = written.arguments.get("dynamics");
  if (entry.parameters.some((p) => p.kind === "dynamics")) return inner && checkTempering(context, run, inner.argument.value, written);
  return { ...checkWritten(context, run, entry, written), key, exchanges: false };
}

function fits(context: Context, run: RunSymbol, entry: Dynamics, span: Call["span"]): boolean {
  const { report } = context;
  if (run.model !== undefined) {
    const reason = misfit(entry, run.model);
    if (reason !== undefined) {
      const own = [...context.names.extensions.dynamics.values()].map((key) => dynamics[key]);
      const fitting = [...Object.values(dynamics), ...own].flatMap((d) => (d && isFitting(d, run.model!) ? [d.name] : []));
      report.error("Q427", `\`${entry.name}\` cannot move \`${run.model.name}\`: ${reason}`, span, fitting.length > 0 ? `these can: ${inQuotes(fitting)}` : "no dynamics fits this model");
      return false;
    }
  }
  return true;
}

function checkWritten(context: Context, run: RunSymbol, entry: Dynamics, written: Assigned): Omit<CheckedDynamics, "exchanges" | "key"> {
  const columns = new Map<string, readonly (number | Schedule)[]>();
  for (const [name, { parameter, argument }] of written.arguments) {
    const values = checkArgument(context, run, entry, parameter, argument);
    if (values !== undefined) columns.set(name, values);
  }
  for (const parameter of entry.parameters) {
    if (parameter.default !== undefined && !written.arguments.has(parameter.name)) columns.set(parameter.name, run.points.map(() => parameter.default!));
  }
  run.quantities = new Set([...run.quantities, ...(entry.quantities ?? [])]);
  for (const { parameter, argument } of written.arguments.values()) {
    const reason = parameter.needs && run.model && misfit(entry, run.model) === undefined ? misfit({ ...entry, needs: parameter.needs }, run.model) : undefined;
    if (reason !== undefined) context.report.error("Q427", `\`${entry.name}\` with \`${parameter.name}\` cannot move \`${run.model!.name}\`: ${reason}`, argument.span, `leave \`${parameter.name}\` out`);
  }
  return {
    entry,
    given: new Set(written.arguments.keys()),
    arguments: run.points.map((_, point) => Object.fromEntries([...columns].map(([name, values]) => [name, values[point]!]))),
  };
}

interface Call { readonly name: string; readonly span: { readonly start: number; readonly end: number }; readonly arguments: readonly Argument[] }

function callOf(context: Context, e: Expression): Call | undefined {
  if (e.kind === "call") return { name: e.callee.name, span: e.callee.span, arguments: e.arguments };
  context.report.error("Q421", "a dynamics is expected", e.span, e.kind === "name" && dynamics[e.name] ? `write \`${e.name}(${dynamics[e.name]!.parameters.filter(isRequired).map((p) => p.name).join(", ")})\`` : "for instance `descent()`");
  return undefined;
}

function findEntry(context: Context, name: string, span: Call["span"]): Pick<CheckedDynamics, "key" | "entry"> | undefined {
  const { extensions, open } = context.names;
  const key = extensions.dynamics.get(name) ?? name;
  const entry = dynamics[key];
  if (entry === undefined && !open(name)) context.report.error("Q420", `there is no dynamics \`${name}\``, span, elsewhere("dynamics", name) ?? suggest(name, [...dynamicsNames, ...extensions.dynamics.keys()], "there are"));
  return entry && { key, entry };
}

/** An argument that has another name elsewhere. */
const knownArgument = (entry: Dynamics, name: string): string | undefined => {
  const help = elsewhere("argument", name);
  return help !== undefined && entry.parameters.some((p) => help.includes(`\`${p.name}\``)) ? help : undefined;
};

/** What must be given: neither a default nor left to the dynamics. */
const isRequired = (p: DynamicsParameter): boolean => p.default === undefined && p.optional !== true;

interface AssignedArgument { readonly parameter: DynamicsParameter; readonly argument: Argument }
interface Assigned { readonly arguments: ReadonlyMap<string, AssignedArgument> }

/** Arguments by the parameter that they are for; `inner` is the dynamics of `tempering`, which gets its temperature from there. */
function assignArguments(context: Context, run: RunSymbol, entry: Dynamics, arguments_: readonly Argument[], span: Call["span"], inner: boolean): Assigned {
  const { report } = context;
  const form = `\`${entry.name}(${entry.parameters.map((p) => p.name).join(", ")})\``;
  const found = new Map<string, AssignedArgument>();
  let position = 0;
  let sound = true;
  for (const argument of arguments_) {
    const parameter = argument.name === undefined ? entry.parameters[position++] : entry.parameters.find((p) => p.name === argument.name!.name);
    if (parameter === undefined) {
      sound = false;
      if (argument.name === undefined) report.error("Q422", `\`${entry.name}\` takes ${entry.parameters.length === 0 ? "no arguments" : `at most ${entry.parameters.length} argument${entry.parameters.length === 1 ? "" : "s"}`}`, argument.span, `it is written ${form}`);
      else report.error("Q422", `\`${entry.name}\` has no argument \`${argument.name.name}\``, argument.name.span, knownArgument(entry, argument.name.name) ?? suggest(argument.name.name, entry.parameters.map((p) => p.name), "its arguments are") ?? `it is written ${form}`);
      checkLoosely(context, run, argument);
    } else if (found.has(parameter.name)) report.error("Q403", `\`${parameter.name}\` is given twice`, (argument.name ?? argument).span);
    else found.set(parameter.name, { parameter, argument });
  }
  const missing = entry.parameters.filter((p) => isRequired(p) && !found.has(p.name) && !(inner && p.name === "T"));
  if (missing.length > 0 && sound) {
    report.error("Q423", `\`${entry.name}\` needs ${missing.map((p) => `\`${p.name}\``).join(" and ")}`, span, `write \`${entry.name}(${[...[...found.keys()].map((name) => `${name} = …`), ...missing.map((p) => `${p.name} = …`)].join(", ")})\`. ${missing.map((p) => `${p.name}: ${p.doc}`).join(" ")}`);
  }
  return { arguments: found };
}

/** Checks names in an argument of which nothing else is known. */
function checkLoosely(context: Context, run: RunSymbol, { value }: Argument): void {
  if (value.kind === "schedule") [value.from, value.to].forEach((x) => valuesAtPoints(context, run, x));
  else if (value.kind !== "call" && value.kind !== "string" && value.kind !== "list") valuesAtPoints(context, run, value);
}

/** The values of one argument, one a point. Arguments that are no numbers belong to dynamics that this version refuses. */
function checkArgument(context: Context, run: RunSymbol, entry: Dynamics, parameter: DynamicsParameter, argument: Argument): readonly (number | Schedule)[] | undefined {
  const { report } = context;
  const { value } = argument;
  if (value.kind === "schedule") {
    if (parameter.schedule === true) {
      const schedules = checkSchedule(context, run, value);
      return schedules && inRange(context, run, entry, parameter, argument, schedules.flatMap(({ from, to }) => [from, to])) ? schedules : undefined;
    }
    report.error("Q425", `\`${parameter.name}\` of \`${entry.name}\` stays the same: it takes no schedule`, value.span, scheduled(entry));
    return undefined;
  }
  const values = valuesAtPoints(context, run, value);
  const bad = values?.findIndex((v) => Number.isNaN(v) || (parameter.kind === "integer" && !(Number.isInteger(v) && v >= 1))) ?? -1;
  if (bad < 0) return values && inRange(context, run, entry, parameter, argument, values) ? values : undefined;
  report.error("Q426", `\`${parameter.name}\` of \`${entry.name}\` is ${parameter.kind === "integer" ? "a whole number from 1" : "a number"}, not ${values![bad]}${pointText(run, bad)}`, value.span, parameter.kind === "integer" ? "`round(x)` makes a whole number" : undefined);
  return undefined;
}

/** Reports the first value that the parameter doesn't take. */
function inRange(context: Context, run: RunSymbol, entry: Dynamics, parameter: DynamicsParameter, { value }: Argument, values: readonly number[]): boolean {
  const bad = parameter.range === undefined ? -1 : values.findIndex((v) => !parameter.range!.has(v));
  if (bad >= 0) context.report.error("Q426", `\`${parameter.name}\` of \`${entry.name}\` is ${parameter.range!.text}, not ${values[bad]}${values.length === run.points.length ? pointText(run, bad) : ""}`, value.span);
  return bad < 0;
}

const scheduled = (entry: Dynamics): string => {
  const names = entry.parameters.filter((p) => p.schedule === true).map((p) => p.name);
  return names.length > 0 ? `a schedule can be given for ${inQuotes(names)}` : `\`${entry.name}\` has no argument that changes over its step`;
};

/** Parallel tempering: the dynamics that moves each copy, a name or a call without its temperature, and the ladder of temperatures. */
function checkTempering(context: Context, run: RunSymbol, e: Expression, { arguments: outer }: Assigned): CheckedDynamics | undefined {
  const { report } = context;
  const temperatures = outer.get("T")?.argument.value;
  const call: Call | undefined = e.kind === "name" ? { name: e.name, span: e.span, arguments: [] } : e.kind === "call" ? { name: e.callee.name, span: e.callee.span, arguments: e.arguments } : undefined;
  if (call === undefined) report.error("Q421", "a dynamics is expected", e.span, "for instance `tempering(metropolis, T = geometric(0.1, 2, 8))`");
  const found = call && findEntry(context, call.name, call.span);
  const entry = found?.entry;
  const T = entry?.parameters.find((p) => p.name === "T");
  const sound = temperatures === undefined || checkLadder(context, run, temperatures, entry, T, outer.get("rungs"));
  if (call === undefined || found === undefined || entry === undefined) return undefined;
  if (!movesCopies(entry)) {
    report.error("Q429", `\`${entry.name}\` cannot move the copies of \`tempering\`: ${T ? "its stationary law is not exp(-H/T)" : "it has no temperature"}`, call.span, `these can: ${inQuotes(Object.values(dynamics).filter((d) => d !== undefined && movesCopies(d)).map((d) => d!.name))}`);
    return undefined;
  }
  if (!fits(context, run, entry, call.span)) return undefined;
  const given = call.arguments.find((a) => a.name?.name === "T");
  if (given) report.error("Q429", `the temperatures of \`${entry.name}\` are those of \`tempering\``, given.span, "leave its `T` out");
  if (entry.discretised === true) report.warning("Q436", `the law of \`${entry.name}\` is exp(-H/T) only as its step goes to 0: so is that of \`tempering\` with it, whose exchanges suppose it`, call.span, "`mala` and `hmc` have that law for every step");
  const written = assignArguments(context, run, entry, call.arguments, call.span, true);
  const checked = checkWritten(context, run, entry, written);
  return sound && !given ? { ...checked, key: found.key, exchanges: true } : undefined;
}

/** Whether a dynamics can move a model; one of copies can where some dynamics can move them. */
const isFitting = (entry: Dynamics, model: ModelView): boolean => misfit(entry, model) === undefined
  && (!entry.parameters.some((p) => p.kind === "dynamics") || Object.values(dynamics).some((d) => d !== undefined && movesCopies(d) && misfit(d, model) === undefined));

/** Whether copies at several temperatures that it moves may exchange their states. */
const movesCopies = (entry: Dynamics): boolean => entry.stationary && entry.units.length > 0 && entry.parameters.some((p) => p.name === "T") && !entry.parameters.some((p) => p.kind === "dynamics");

/** How many rungs a ladder of so many temperatures is to have, the same at all points. */
function checkRungs(context: Context, run: RunSymbol, { parameter, argument }: AssignedArgument, temperatures: number): number | undefined {
  const values = checkArgument(context, run, tempering, parameter, argument) as readonly number[] | undefined;
  if (values === undefined) return undefined;
  const [rungs] = values;
  const bad = values.findIndex((v) => v !== rungs);
  if (bad >= 0) context.report.error("Q426", `\`rungs\` of \`tempering\` is the same at all points of a run, not ${values[bad]}${pointText(run, bad)}`, argument.span);
  else if (rungs! < temperatures) context.report.error("Q426", `\`rungs\` of \`tempering\` counts all temperatures, and T has ${temperatures}: it is not ${rungs!}`, argument.span, "leave it out for a ladder of these alone");
  else if (temperatures < 2 && rungs! > temperatures) context.report.error("Q426", "rungs are added between temperatures, and T has one", argument.span, "give the lowest and the highest at least");
  else return rungs;
  return undefined;
}

/** Makes the temperatures a sweep variable of the records; every step of a run has the same. */
function checkLadder(context: Context, run: RunSymbol, e: Expression, entry: Dynamics | undefined, T: DynamicsParameter | undefined, written: AssignedArgument | undefined): boolean {
  const { report } = context;
  const name = "T";
  const values = checkSweepValues(context, run, e, run.points[0]?.parameters ?? {});
  const rungs = written && values && checkRungs(context, run, written, values.length);
  if (written && rungs === undefined) return false;
  if (run.ladder !== undefined) {
    const before = run.ladder.values;
    if (values === undefined || (rungs === run.ladder.rungs && values.length === before.length && values.every((v, k) => v === before[k]))) return values !== undefined;
    report.error("Q429", "another ladder of temperatures", [{ span: e.span, message: "" }, { span: run.ladder.span, message: "the first" }], "the records of a run have one: write the same in all its steps");
    return false;
  }
  if (run.sweep.some((s) => s.name === name)) {
    // The second of two steps whose temperatures could not be found out.
    if (values !== undefined) report.error("Q409", `\`${name}\` is swept by the run, and by \`tempering\``, e.span, "the records have one value of it: leave `sweep T` out");
    return false;
  }
  if (run.model?.parameters.has(name)) {
    report.error("Q409", `\`${name}\` is a parameter of \`${run.model.name}\`, and the temperatures of \`tempering\` are called so`, e.span, "give the parameter another name");
    return false;
  }
  run.sweep = [...run.sweep, { name, span: e.span, written: values, values, set: false }];
  if (values === undefined) return false;
  run.ladder = { name, span: e.span, values, ...(rungs === undefined ? {} : { rungs }) };
  const bad = values.findIndex((v) => T?.range !== undefined && !T.range.has(v));
  if (bad >= 0) report.error("Q426", `\`T\` of \`${entry!.name}\` is ${T!.range!.text}, not ${values[bad]}`, e.span);
  return bad < 0;
}
