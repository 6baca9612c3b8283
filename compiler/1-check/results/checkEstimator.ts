/** Estimators over a run: `mean(R.e)`, `quantile(R.e, q = 0.9)`, `variance(mean(R.e))`. */
import type { Argument, CallExpression } from "../../../grammar/ast.ts";
import type { Estimator, EstimatorOption } from "../../../runtime/estimators/index.ts";
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import { needTruth } from "./needTruth.ts";
import type { Context, Scope } from "./scope.ts";
import { suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { unknown } from "./typed.ts";

export function checkEstimator(context: Context, e: CallExpression, estimator: Estimator, scope: Scope): Typed {
  const { report } = context;
  const inner: Scope = { ...scope, estimators: scope.estimators + 1 };
  const given = e.arguments.filter((a) => a.name === undefined);
  const values = given.slice(0, estimator.arguments.length).map((a) => context.check(a.value, inner));
  const options = checkOptions(context, e, estimator, given.slice(estimator.arguments.length), scope);

  if (values.length < estimator.arguments.length || given.length > estimator.arguments.length + estimator.options.length) {
    const form = [...estimator.arguments.map((a) => a.name), ...estimator.options.map((o) => `${o.name} = …`)].join(", ");
    report.error("Q706", `\`${estimator.name}\` takes ${estimator.arguments.map((a) => `\`${a.name}\``).join(" and ")}, and ${given.length === 0 ? "nothing" : `${given.length} argument${given.length === 1 ? "" : "s"}`} ${given.length > 1 ? "were" : "was"} given`, e.span, `${estimator.name}(${form})`);
    return unknown;
  }
  if (options === undefined || values.some((v) => v.type === "unknown")) return unknown;
  values.forEach((v, k) => { if (estimator.arguments[k]!.kind === "truth") needTruth(context, v, given[k]!.value, `\`${estimator.name}\``); });

  const records = [...new Set(values.flatMap((v) => v.records))];
  const estimated = [...new Set(values.flatMap((v) => v.estimated))];
  const runs = [...new Set([...records, ...estimated])];
  const depth = Math.max(...values.map((v) => v.depth));
  if (runs.length === 0) {
    report.error("Q707", `\`${estimator.name}\` estimates something of a run, and there is no observable of a run in it`, e.span, `write \`${estimator.name}(RUN.observable)\``);
    return unknown;
  }
  if (estimator.result === "histogram" && scope.estimators > 0) {
    report.error("Q720", "a histogram is no number: it cannot stand in an estimator", e.span, "`histogram(…)` is a whole expression of a plot");
    return unknown;
  }
  if (records.length > 0 && depth > 0) {
    report.error("Q708", `\`${estimator.name}\` mixes what changes from record to record with an estimate, which is one number for each sample`, e.span, "an estimator acts on observables, or on estimates within each sample: `mean(R.e^2)`, `mean(mean(R.e)^2)`");
    return unknown;
  }
  if (depth >= 2) {
    report.error("Q708", "estimators nest two deep: the inner one acts within each sample, the outer one over samples", e.span, "`mean(mean(R.e))` averages over the records of each sample, then over samples");
    return unknown;
  }
  if (runs.length > 1) {
    report.error("Q709", `\`${estimator.name}\` acts on the records of one run, and these are of ${runs.map((r) => `\`${r}\``).join(" and ")}`, e.span, "estimate each for itself, then combine the estimates: `mean(A.e) - mean(B.e)`");
    return unknown;
  }
  return {
    type: "number",
    expression: { kind: "estimator", estimator: estimator.name, runs, arguments: values.map((v) => v.expression), options },
    records: [],
    estimated: runs,
    depth: depth + 1,
  };
}

/** Options by name, or by position behind the arguments. Undefined where something is wrong with them. */
function checkOptions(context: Context, e: CallExpression, estimator: Estimator, positional: readonly Argument[], scope: Scope): Readonly<Record<string, number | ResultExpression>> | undefined {
  const { report } = context;
  const options: Record<string, number | ResultExpression> = {};
  const seen = new Set<string>();
  let sound = true;
  const fail = (code: string, message: string, argument: Argument | CallExpression, help?: string): void => {
    sound = false;
    report.error(code, message, argument.kind === "argument" ? (argument.name ?? argument.value).span : argument.span, help);
  };
  const take = (option: EstimatorOption, argument: Argument): void => {
    if (seen.has(option.name)) return fail("Q403", `\`${option.name}\` is given twice`, argument);
    seen.add(option.name);
    const typed = context.check(argument.value, { ...scope, estimators: 0 });
    if (typed.type === "unknown") return void (sound = false);
    const value = evaluateConstant(typed.expression);
    // A variable of the plot, or a parameter: its value comes with the point.
    if (value === undefined && typed.estimated.length === 0) return void (options[option.name] = typed.expression);
    const range = `${option.kind === "integer" ? "a whole number" : "a number"}${option.minimum === undefined ? "" : ` from ${option.minimum}`}${option.maximum === undefined ? "" : ` to ${option.maximum}`}`;
    if (value === undefined || Number.isNaN(value) || (option.kind === "integer" && !Number.isInteger(value)) || value < (option.minimum ?? -Infinity) || value > (option.maximum ?? Infinity)) {
      return fail("Q706", `\`${option.name}\` of \`${estimator.name}\` is ${range}${value === undefined ? "" : `, not ${value}`}`, argument);
    }
    options[option.name] = value;
  };
  positional.slice(0, estimator.options.length).forEach((a, k) => take(estimator.options[k]!, a));
  for (const argument of e.arguments) {
    if (argument.name === undefined) continue;
    const option = estimator.options.find((o) => o.name === argument.name!.name);
    if (option !== undefined) take(option, argument);
    else fail("Q706", `\`${estimator.name}\` has no option \`${argument.name.name}\``, argument, [...context.names.runs.values()].some((r) => r.sweep.some((s) => s.name === argument.name!.name)) ? `a sweep point is picked behind it: \`… at (${argument.name.name} = …)\`` : suggest(argument.name.name, estimator.options.map((o) => o.name), "it has"));
  }
  for (const option of estimator.options) {
    if (option.without === "required" && !seen.has(option.name)) fail("Q706", `\`${estimator.name}\` needs \`${option.name}\`: ${option.doc}`, e, `${estimator.name}(…, ${option.name} = …)`);
  }
  return sound ? options : undefined;
}
