/** Draws of which the arguments differ from entry to entry or are drawn: a standard array is drawn, and transformed entry by entry. */
import type { CheckedDistribution } from "../1-check/distributions.ts";
import { hasFreeIndex } from "../1-check/freeIndices.ts";
import type { ArraySymbol } from "../1-check/symbols.ts";
import { constant, indexValue, read } from "../ir/expression.ts";
import type { Expression, Index } from "../ir/expression.ts";
import type { Initial, Origin, Slot } from "../ir/program.ts";
import { emptyEnvironment } from "./environment.ts";
import type { LoweringEnvironment } from "./environment.ts";
import { internal } from "./internal.ts";
import type { Lowering } from "./lowering.ts";

export const isVarying = (d: CheckedDistribution): boolean => d.arguments.some((a) => a.status !== "parameter" || hasFreeIndex(a));

/** Declares the standard array under `name`, with the random stream of the ensemble, and gives the definition of the ensemble. */
export function varyingEntry(l: Lowering, symbol: ArraySymbol, d: CheckedDistribution, name: string, slots: readonly Slot[], outer: LoweringEnvironment, stream: string): Origin {
  const form = d.record.fromStandard ?? internal(`${d.name} has no standard form`);
  l.arrays.push({ name, status: "quenched", element: "real", slots, span: symbol.span, origin: { kind: "ensemble", distribution: form.of ?? d.name, arguments: form.standard.map(constant), stream } });
  return { kind: "definition", role: "derived", ...transformed(l, symbol, d, form, name, outer) };
}

/** The same for the initial value of a state: the standard array is drawn at each start. */
export function varyingStart(l: Lowering, symbol: ArraySymbol, d: CheckedDistribution): Initial {
  const form = d.record.fromStandard ?? internal(`${d.name} has no standard form`);
  const name = l.freshName(`standard_${symbol.name}`);
  l.arrays.push({ name, status: "thermal", element: "real", slots: l.slots(symbol.axes, emptyEnvironment), span: symbol.span, origin: { kind: "gathered" } });
  return { kind: "value", ...transformed(l, symbol, d, form, name, emptyEnvironment), noise: { array: name, distribution: form.of ?? d.name, arguments: form.standard.map(constant) } };
}

/** Each entry, made of that of the standard array. */
function transformed(l: Lowering, symbol: ArraySymbol, d: CheckedDistribution, form: NonNullable<CheckedDistribution["record"]["fromStandard"]>, name: string, outer: LoweringEnvironment): { readonly indices: readonly Index[]; readonly body: Expression } {
  const { indices, env } = l.slotIndices(symbol, outer);
  return { indices, body: form.entry(read(name, indices.map(indexValue)), d.arguments.map((a) => l.expression(a, env))) };
}
