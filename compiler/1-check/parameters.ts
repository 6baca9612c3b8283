import type { Parameter } from "../../grammar/ast.ts";
import { noExtensions } from "../library/extensionNames.ts";
import { ops } from "../library/ops/index.ts";
import { ExpressionChecker } from "./expression/checker.ts";
import type { Names } from "./expression/checker.ts";
import { constants } from "./expression/names.ts";
import { refusesResults } from "./expression/resultsOnly.ts";
import type { Report } from "./report.ts";
import type { ParameterSymbol } from "./symbols.ts";
import { syntaxChildren } from "./text.ts";
import type { CheckedExpression } from "./tree.ts";
import type { Expression } from "../../grammar/ast.ts";

/** A header parameter: its default is a number, an integer one for sizes and counts. */
export function checkParameter(p: Parameter, report: Report): ParameterSymbol {
  const symbol = (number: "integer" | "real", value: number): ParameterSymbol => ({ kind: "parameter", name: p.name.name, span: p.name.span, number, default: value });
  const name = firstName(p.value);
  if (name) {
    report.error("Q258", `the default of \`${p.name.name}\` is a number: it cannot read \`${name.name}\``, name.span, `declare what follows from parameters with \`let ${p.name.name} = …\``);
    return symbol("real", NaN);
  }
  const checked = new ExpressionChecker(noNames(report), new Map()).check(p.value);
  const value = constantOf(checked);
  if (checked.type.kind !== "scalar" || value === undefined || Number.isNaN(value)) {
    if (checked.type.kind !== "unknown") report.error("Q258", `the default of \`${p.name.name}\` is no number`, p.value.span);
    return symbol("real", NaN);
  }
  return symbol(checked.type.element === "integer" ? "integer" : "real", value);
}

const firstName = (e: Expression): (Expression & { kind: "name" }) | undefined =>
  e.kind === "name" ? (constants[e.name] === undefined ? e : undefined) : syntaxChildren(e).map(firstName).find((n) => n !== undefined);

/** The value of an expression of literals. */
export function constantOf(e: CheckedExpression): number | undefined {
  if (e.kind === "constant") return e.value;
  if (e.kind !== "apply") return undefined;
  const values = e.arguments.map(constantOf);
  return values.includes(undefined) ? undefined : ops[e.operator].value(...(values as number[]));
}

const noNames = (report: Report): Names => ({
  report, kind: "model", lookup: () => undefined, names: () => [], resolve: () => {}, resultsOnly: refusesResults(report),
  function: () => undefined, functionNames: () => [], extensions: noExtensions, excused: () => false, states: () => [], tangentDimension: () => undefined,
});
