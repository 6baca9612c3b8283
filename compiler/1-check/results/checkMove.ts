/** `evolve D for AMOUNT UNIT [until COND]` and `measure D for AMOUNT UNIT every K [until COND]`. */
import type { MoveStep } from "../../../grammar/ast.ts";
import type { Dynamics } from "../../../runtime/dynamics/dynamics.ts";
import type { PerPoint, PlannedStep } from "../../../runtime/engine/plan.ts";
import { checkDynamics } from "./checkDynamics.ts";
import { defaultCap, namesPrecision } from "./checkPrecision.ts";
import { checkUntil } from "./checkUntil.ts";
import { hasContinuousState } from "./fitsModel.ts";
import type { RunSymbol } from "./names.ts";
import { perPoint, pointText, valuesAtPoints } from "./runScope.ts";
import type { Context } from "./scope.ts";
import { inQuotes, suggest } from "./suggest.ts";

type Unit = PlannedStep["unit"];
const units: readonly Unit[] = ["sweeps", "steps", "epochs", "time"];

/** The plan of a step; undefined where something was reported. */
export function checkMove(context: Context, run: RunSymbol, step: MoveStep, tuned: ReadonlySet<string>): PlannedStep | undefined {
  const { report } = context;
  const checked = checkDynamics(context, run, step.dynamics);
  const entry = checked?.entry;
  const amount = checkAmount(context, run, step, entry);
  const every = checkEvery(context, run, step, entry, amount?.values);
  const until = step.until && checkUntil(context, run, step.until, step.kind);

  // All that dynamics with a stationary distribution tune are sizes of continuous moves.
  if (step.kind === "measure" && entry?.stationary && run.model && hasContinuousState(run.model) && !tuned.has(checked!.key)) {
    const open = entry.parameters.filter((p) => p.optional === true && p.default === undefined && !checked!.given.has(p.name)).map((p) => p.name);
    if (open.length > 0) {
      report.error("Q428", `\`${entry.name}\` tunes ${inQuotes(open)} during \`evolve\`, and nothing evolves it before this \`measure\``, step.dynamics.span, `evolve it first, or give ${inQuotes(open)}`);
    }
  }
  if (checked === undefined || amount === undefined || every === undefined || (step.until !== undefined && until === undefined)) return undefined;
  return {
    kind: step.kind, dynamics: checked.key, arguments: checked.arguments, amount: perPoint(amount.values), unit: amount.unit, every,
    ...(until ? { until } : {}),
  };
}

interface Amount { readonly values: readonly number[]; readonly unit: Unit }

function checkAmount(context: Context, run: RunSymbol, { kind, dynamics, amount, until }: MoveStep, entry: Dynamics | undefined): Amount | undefined {
  const { report } = context;
  const word = entry?.units[0] ?? "steps";
  if (entry?.units.length === 0) {
    if (amount !== undefined) report.error("Q435", `\`${entry.name}\` visits every state once: it has no amount`, amount.value.span, `write \`${kind} ${entry.name}(…)\``);
    // Once, whatever that is counted in.
    return { values: run.points.map(() => 1), unit: "steps" };
  }
  if (amount === undefined && kind === "measure" && entry !== undefined && namesPrecision(until)) return { values: run.points.map(() => defaultCap), unit: entry.units[0]! };
  if (amount === undefined) {
    if (entry !== undefined) report.error("Q430", `\`${kind}\` must say for how long`, dynamics.span, `write \`${kind} ${entry.name}(…) for 1000 ${word}\``);
    return undefined;
  }
  const values = valuesAtPoints(context, run, amount.value);
  const unit = units.find((u) => u === amount.unit?.name);
  if (amount.unit === undefined) report.error("Q431", "the amount has no unit", amount.value.span, `write \`for ${amount.value.kind === "number" ? amount.value.text : "…"} ${word}\``);
  else if (unit === undefined) report.error("Q431", `\`${amount.unit.name}\` is no unit of time`, amount.unit.span, suggest(amount.unit.name, entry?.units ?? units, entry ? `\`${entry.name}\` counts in` : "units are"));
  else if (entry !== undefined && !entry.units.includes(unit)) {
    report.error("Q431", `\`${entry.name}\` does not count in ${unit}`, amount.unit.span, `it counts in ${inQuotes(entry.units)}`);
    return undefined;
  }
  if (values === undefined || unit === undefined) return undefined;
  const bad = values.findIndex((v) => !(v > 0) || !Number.isFinite(v) || (unit !== "time" && !Number.isInteger(v)));
  if (bad < 0) return { values, unit };
  report.error("Q432", `the amount is a ${unit === "time" ? "positive number" : "whole number from 1"}, not ${values[bad]}${pointText(run, bad)}`, amount.value.span, unit === "time" ? undefined : "`round(x)` makes a whole number");
  return undefined;
}

function checkEvery(context: Context, run: RunSymbol, step: MoveStep, entry: Dynamics | undefined, amount: readonly number[] | undefined): PerPoint | undefined {
  const { report } = context;
  // `every` behind `evolve` is the parser's finding.
  if (step.kind === "evolve") return 1;
  if (entry?.units.length === 0) {
    if (step.every !== undefined) report.error("Q435", `\`${entry.name}\` visits every state once: it has no \`every\``, step.every.span);
    return 1;
  }
  if (step.every === undefined) {
    report.error("Q433", "`measure` must say how often it records", step.dynamics.span, "add `every 10`, or `every 1`");
    return undefined;
  }
  const values = valuesAtPoints(context, run, step.every);
  if (values === undefined) return undefined;
  const bad = values.findIndex((v) => !Number.isInteger(v) || v < 1);
  if (bad >= 0) {
    report.error("Q434", `\`every\` takes a whole number of the amount's units, not ${values[bad]}${pointText(run, bad)}`, step.every.span,
      step.amount?.unit?.name === "time" && values[bad]! > 0 ? "shorter intervals are counted in steps: `for 10000 steps every 10`" : "it records after every so many: `every 10`");
    return undefined;
  }
  const late = amount === undefined ? -1 : values.findIndex((v, k) => v > amount[k]!);
  if (late >= 0) {
    report.error("Q434", `nothing is recorded: \`every\` is ${values[late]}, and the whole amount ${amount![late]}${pointText(run, late)}`, step.every.span);
    return undefined;
  }
  return perPoint(values);
}
