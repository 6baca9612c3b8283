/** Checked results as text: what `explain` and golden files show of the plans of runs, theories, claims, plots and tables. */
import type { ObservableExpression, PerPoint, PlannedStep, RunPlan, Schedule, StopCondition } from "../../../runtime/engine/plan.ts";
import type { Claim, PlotPlan, ResultExpression, TablePlan } from "../../../runtime/results/expression.ts";
import type { TheoryPlan } from "../../theory/plan.ts";
import type { CheckedResults } from "./checkResults.ts";

export const printResults = (r: Omit<CheckedResults, "diagnostics">): string => [
  ...r.theories.map(printTheory),
  ...r.runs.map(printRun),
  ...r.claims.map(printClaim),
  ...r.plots.map(printPlot),
  ...r.tables.map(printTable),
].map((block) => `${block}\n`).join("");

const printTheory = (t: TheoryPlan): string =>
  `theory ${t.name}${t.model === undefined ? "" : ` of ${t.model}`} = ${t.method}(${[...t.arguments.words, ...Object.entries(t.arguments.named).map(([name, value]) => `${name} = ${value}`)].join(", ")})`;

function printRun(r: RunPlan): string {
  const values = (record: Readonly<Record<string, number | Schedule>>): string =>
    Object.entries(record).map(([name, value]) => `${name} = ${typeof value === "number" ? value : `${value.from} -> ${value.to} ${value.shape}`}`).join(", ");
  return [
    `run ${r.run} of ${r.model}: seed ${r.seed}, samples ${r.samples}, starts ${r.starts}${r.transient ? ", transient" : ""}`,
    ...r.sweep.map((s) => `  sweep ${s.name} in [${s.values.join(", ")}]`),
    ...r.points.map((p, k) => `  point ${k}: ${values(p.sweep) || "-"} | ${values(p.parameters)}`),
    ...r.steps.map((s) => `  ${printStep(s, values)}`),
    `  record ${r.record.join(", ")}`,
  ].join("\n");
}

const perPoint = (value: PerPoint): string => (typeof value === "number" ? String(value) : `[${value.join(", ")}]`);

function printStep(s: PlannedStep, values: (record: Readonly<Record<string, number | Schedule>>) => string): string {
  const sets = s.arguments.map(values);
  const shown = sets.every((a) => a === sets[0]) ? (sets[0] ?? "") : sets.join(" | ");
  return `${s.kind} ${s.dynamics}(${shown}) for ${perPoint(s.amount)} ${s.unit}${s.kind === "measure" ? ` every ${perPoint(s.every)}` : ""}${s.until === undefined ? "" : ` until ${printUntil(s.until)}`}`;
}

const printUntil = (u: StopCondition): string => u.kind === "observables" ? printSource(u)
  : u.kind === "error" ? u.of.map((e, k) => `error(${printSource(e)}) < ${perPoint(u.below[k]!)}`).join(" and ") : `${u.kind} < ${perPoint(u.below)}`;

const printSource = ({ source, observables, parameters = [] }: ObservableExpression): string =>
  `${source} where ${[...observables.map((o) => `${o.name} = ${o.observable}${o.places.length > 0 ? `[${o.places.map(perPoint).join(", ")}]` : ""}`), ...parameters.map((p) => `${p.name} = ${p.parameter}`)].join(", ")}`;

function printClaim({ text, statement, about, undecidable }: Claim): string {
  const plan = statement.kind === "approximately" ? `${printResultExpression(statement.left)} ~= ${printResultExpression(statement.right)} +- ${printResultExpression(statement.tolerance)}`
    : statement.comparisons.map((c) => `${printResultExpression(c.left)} ${c.operator} ${printResultExpression(c.right)}`).join(" and ");
  return `claim "${text}" about ${about.join(", ") || "-"}: ${plan}${note(undecidable)}`;
}

function printPlot(p: PlotPlan): string {
  const list = (labelled: PlotPlan["expressions"]): string => labelled.map((l) => `${l.label} := ${printResultExpression(l.expression)}${l.against ? ` against ${printResultExpression(l.against)}` : ""}`).join("; ");
  const variables = p.variables.map((v) => "values" in v ? `${v.name} in [${v.values.map(printResultExpression).join(", ")}]` : `${v.name} in ${printResultExpression(v.from)}..${printResultExpression(v.to)}`);
  return [
    `plot ${p.name} about ${p.about.join(", ") || "-"}: ${list(p.expressions)}${note(p.undecidable)}`,
    ...(p.x ? [`  x ${p.x.name}`] : []), ...(p.by.length > 0 ? [`  by ${p.by.join(", ")}`] : []), ...variables.map((v) => `  for ${v}`),
    ...(p.with.length > 0 ? [`  with ${list(p.with)}`] : []), ...(p.log.length > 0 ? [`  log ${p.log.join(", ")}`] : []),
  ].join("\n");
}

const printTable = (t: TablePlan): string =>
  [`table ${t.run} about ${t.about.join(", ")}${note(t.undecidable)}`, ...t.columns.map((c) => `  ${c.label} := ${printResultExpression(c.expression)}`)].join("\n");

const note = (undecidable: string | undefined): string => (undecidable === undefined ? "" : `  undecidable: ${undecidable}`);

/** One line; operators by their names in the table. */
export function printResultExpression(e: ResultExpression): string {
  const list = (all: readonly ResultExpression[]): string => all.map(printResultExpression).join(", ");
  switch (e.kind) {
    case "constant": return String(e.value);
    case "variable": return e.name;
    case "runParameter": return `${e.run}.${e.name}`;
    case "apply": return `${e.operator}(${list(e.arguments)})`;
    case "observable": return `${e.run}.${e.name}${e.subscripts.length > 0 ? `[${list(e.subscripts)}]` : ""}`;
    case "estimator": return `${e.estimator}{${[list(e.arguments), ...Object.entries(e.options).map(([name, value]) => `${name} = ${typeof value === "number" ? value : printResultExpression(value)}`)].join("; ")}}`;
    case "at": return `(${printResultExpression(e.body)} at ${e.values.map((v) => `${v.name} = ${printResultExpression(v.value)}`).join(", ")})`;
    case "theory": return `${e.theory}.${e.quantity}(${[...e.arguments.map(printResultExpression), ...Object.entries(e.named).map(([name, value]) => `${name} = ${printResultExpression(value)}`)].join(", ")})`;
    case "integral": return e.from && e.to ? `integral(${e.variable} in ${printResultExpression(e.from)}..${printResultExpression(e.to)} : ${printResultExpression(e.body)})` : `gauss(${e.variable} : ${printResultExpression(e.body)})`;
    case "root": return `root(${e.variable} in ${printResultExpression(e.from)}..${printResultExpression(e.to)} : ${printResultExpression(e.body)})`;
  }
}
