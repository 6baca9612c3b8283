/** `~ D`: distributions with their arguments, of ensembles and of initial states. */
import type { CallExpression, Expression } from "../../grammar/ast.ts";
import { distributions, isDistributionName } from "../library/distributions/index.ts";
import type { DistributionName, DistributionParameter, DistributionRecord } from "../library/distributions/index.ts";
import { applyNode, constantNode, rangeTo, sizeRange } from "./build.ts";
import type { ExpressionChecker } from "./expression/checker.ts";
import { positional } from "./expression/arguments.ts";
import { isBelow } from "./types.ts";
import { elsewhere } from "./elsewhere.ts";
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import { hasFreeIndex } from "./freeIndices.ts";
import type { Report } from "./report.ts";
import { nearest } from "../../grammar/nearest.ts";
import { constantValue, polynomialOf } from "./sizes.ts";
import type { SizeRange } from "./sizes.ts";
import { expressionText } from "./text.ts";
import type { CheckedExpression } from "./tree.ts";

export interface CheckedDistribution {
  readonly name: DistributionName;
  readonly record: DistributionRecord;
  /** One a parameter of the record, in its order: alternatives are converted (`sd = s` is `var = s²`). */
  readonly arguments: readonly CheckedExpression[];
  /** Range of the values, where they are integers. */
  readonly values?: SizeRange;
}

/** Checks a distribution; reports and returns nothing where it is none or its arguments are wrong. */
export function checkDistribution(c: ExpressionChecker, e: Expression): CheckedDistribution | undefined {
  const call: CallExpression | undefined =
    e.kind === "call" ? e : e.kind === "name" ? { kind: "call", callee: { kind: "identifier", name: e.name, span: e.span }, arguments: [], span: e.span } : undefined;
  if (!call) {
    c.report.error("Q247", "a distribution stands behind `~`", e.span, "a given value is declared with `let`, or with `=` behind the domain of a state");
    c.check(e);
    return undefined;
  }
  const { name } = call.callee;
  const key = isDistributionName(name) ? name : c.names.extensions.distributions.get(name);
  if (!key) {
    for (const a of call.arguments) c.check(a.value);
    if (c.names.excused(name, "callable")) return undefined;
    const near = nearest(name, [...Object.keys(distributions), ...c.names.extensions.distributions.keys()]);
    c.report.error("Q240", `unknown distribution \`${name}\``, call.callee.span, elsewhere("distribution", name) ?? (near ? `did you mean \`${near}\`?` : `there are: ${Object.keys(distributions).join(", ")}`), { name });
    return undefined;
  }
  const record: DistributionRecord = distributions[key];
  const given = gather(c, call, record);
  if (!given) return undefined;
  const values = Object.fromEntries([...given].map(([key, value]) => [key, constantOf(value)]));
  const reason = record.refuse?.(values);
  if (reason) c.report.error("Q242", `${name}: ${reason}`, call.span);
  const arguments_ = record.parameters.map((p) => valueOf(p, given, call));
  if (reason || arguments_.some((a) => a === undefined)) return undefined;
  const range = record.values && valuesOf(record, arguments_ as CheckedExpression[], call);
  return { name: key, record, arguments: arguments_ as CheckedExpression[], ...(range ? { values: range } : {}) };
}

/** The arguments by name of parameter or alternative; `undefined` where one is missing, unknown or of a wrong type. */
function gather(c: ExpressionChecker, call: CallExpression, record: DistributionRecord): ReadonlyMap<string, CheckedExpression> | undefined {
  const name = call.callee.name;
  const names = record.parameters.flatMap((p) => [p.name, ...(p.alternative ? [p.alternative.name] : [])]);
  const bare = positional(c, call, names);
  const given = new Map<string, CheckedExpression>();
  let good = call.arguments.every((a) => !a.name || names.includes(a.name.name));
  if (bare.length > record.parameters.length) {
    c.report.error("Q231", `\`${name}\` takes ${record.parameters.length === 0 ? "no arguments" : `at most ${record.parameters.length} ${record.parameters.length === 1 ? "argument" : "arguments"}`}, not ${bare.length}`, call.span);
    good = false;
  }
  const take = (key: string, parameter: DistributionParameter, value: Expression, span: Expression["span"]): void => {
    const others = [parameter.name, parameter.alternative?.name].filter((n) => n !== undefined && given.has(n));
    if (others.length > 0) {
      c.report.error("Q232", `\`${others[0]}\` of \`${name}\` is given already`, span);
      good = false;
    }
    const checked = argument(c, call, parameter, value);
    if (checked) given.set(key, checked);
    else good = false;
  };
  bare.slice(0, record.parameters.length).forEach((a, k) => {
    const parameter = record.parameters[k]!;
    const ambiguous = parameter.bareValue !== undefined && !(a.value.kind === "number" && a.value.value === parameter.bareValue);
    if (ambiguous || parameter.namedOnly) {
      const choices = [parameter.name, ...(parameter.alternative ? [parameter.alternative.name] : [])].map((n) => `\`${name}(${k > 0 ? "…, " : ""}${n} = …)\``);
      c.report.error("Q241", `say what this argument of \`${name}\` is`, a.span, `write ${choices.join(" or ")}`);
      good = false;
    }
    take(parameter.name, parameter, a.value, a.span);
  });
  for (const a of call.arguments) {
    const parameter = a.name && record.parameters.find((p) => p.name === a.name!.name || p.alternative?.name === a.name!.name);
    if (parameter && a.name) take(a.name.name, parameter, a.value, a.span);
  }
  const missing = record.parameters.filter((p) => p.default === undefined && !given.has(p.name) && !(p.alternative && given.has(p.alternative.name)));
  if (missing.length > 0 && good) {
    c.report.error("Q231", `\`${name}\` needs ${missing.map((p) => `\`${p.name}\``).join(", ")}`, call.span, `write \`${name}(${record.parameters.map((p) => (p.namedOnly ? `${p.name} = …` : p.name)).join(", ")})\``);
    good = false;
  }
  return good ? given : undefined;
}

function argument(c: ExpressionChecker, call: CallExpression, parameter: DistributionParameter, value: Expression): CheckedExpression | undefined {
  const checked = c.number(value);
  if (checked.type.kind !== "scalar") return undefined;
  if (parameter.element === "integer" && checked.type.element !== "integer") {
    c.report.error("Q213", `\`${parameter.name}\` of \`${call.callee.name}\` is an integer, and \`${expressionText(checked)}\` is a real number`, checked.span);
    return undefined;
  }
  if (!isBelow(checked.status, "thermal")) {
    c.report.error("Q215", `a distribution cannot depend on a state: \`${expressionText(checked)}\` is thermal`, checked.span, "the disorder is drawn before the states move");
    return undefined;
  }
  return checked;
}

/** The value of an expression of literals. */
function constantOf(e: CheckedExpression): number | undefined {
  return constantValue(polynomialOf(e));
}

function valueOf(p: DistributionParameter, given: ReadonlyMap<string, CheckedExpression>, call: CallExpression): CheckedExpression | undefined {
  const direct = given.get(p.name);
  if (direct) return direct;
  const other = p.alternative && given.get(p.alternative.name);
  const constant = other && constantOf(other);
  if (p.alternative && constant !== undefined) return constantNode(constant ** p.alternative.power, call.span);
  if (other && p.alternative) return applyNode("pow", [other, constantNode(p.alternative.power, call.span)], call.span);
  return p.default === undefined ? undefined : constantNode(p.default, call.span);
}

function valuesOf(record: DistributionRecord, arguments_: readonly CheckedExpression[], call: CallExpression): SizeRange {
  const [lower, upper] = record.values!;
  const end = (v: number | string): CheckedExpression => (typeof v === "number" ? constantNode(v, call.span) : arguments_[record.parameters.findIndex((p) => p.name === v)]!);
  return lower === 1 ? rangeTo(end(upper)) : sizeRange(end(lower), end(upper));
}

/** Q242 where arguments that differ from entry to entry, or are drawn, are given to a distribution that has no entry-by-entry form. */
export function refuseVarying(report: Report, { name, record, arguments: given }: CheckedDistribution): void {
  const varying = given.find((a) => a.status !== "parameter" || hasFreeIndex(a));
  if (!varying || record.fromStandard) return;
  report.error("Q242", `the arguments of \`${nameOfKey(name)}\` are the same for all entries and made of parameters, and \`${expressionText(varying)}\` is not`, varying.span, `arguments that differ from entry to entry, or are drawn, can be given to ${Object.entries(distributions as Readonly<Record<string, DistributionRecord>>).flatMap(([known, r]) => (r.fromStandard ? [`\`${known}\``] : [])).join(", ")}`);
}
