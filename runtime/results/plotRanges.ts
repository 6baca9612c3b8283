/** The values of the variables of a plot. */
import type { PlotVariable, ResultExpression } from "./expression.ts";
import type { FreeVariable } from "./points.ts";

/** How the x axis is walked: through given values, or continuously between two. */
export type XRange = { readonly values: readonly number[] } | { readonly from: number; readonly to: number };

export function rangeOf(variable: PlotVariable, number: (expression: ResultExpression) => number): XRange | undefined {
  if ("values" in variable) return { values: variable.values.map(number) };
  const range = { from: number(variable.from), to: number(variable.to) };
  return Number.isFinite(range.from) && Number.isFinite(range.to) ? range : undefined;
}

/** A further variable: its values, or the integers between its ends. */
export function listed(variable: PlotVariable, number: (expression: ResultExpression) => number): FreeVariable {
  const range = rangeOf(variable, number);
  return { name: variable.name, values: range === undefined ? [] : integersOf(range) };
}

export function integersOf(range: XRange): number[] {
  if ("values" in range) return [...range.values];
  const first = Math.ceil(range.from - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(range.to + 1e-9) - first + 1) }, (_, i) => first + i);
}
