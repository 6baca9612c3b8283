import type { Identifier } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/span.ts";
import { noCopies } from "./modelView.ts";
import type { ObservableView } from "./modelView.ts";
import type { RunSymbol } from "./names.ts";
import type { Context, Scope } from "./scope.ts";
import { nameUnder } from "./replacedObservables.ts";
import { onDiagonal, storedPlaces } from "./storedPlaces.ts";
import { subscriptError } from "./subscripts.ts";
import type { Typed } from "./typed.ts";
import { over, unknown } from "./typed.ts";

/** An observable of the run's model, or a quantity that one of its dynamics adds. */
export const findObservable = (run: RunSymbol, name: string): ObservableView | undefined =>
  run.model?.observables.get(name) ?? run.added.get(name) ?? (run.quantities.has(name) ? { name, axes: 0, ranges: [], orders: [], copies: noCopies } : undefined);

/** An observable of a run, or an entry of it: below an estimator only, and only what the run records. */
export function observableOf(context: Context, run: RunSymbol, { name: own, ...place }: Identifier, at: Span, scope: Scope, subscripts: readonly Typed[] | undefined): Typed {
  const { report } = context;
  const name: Identifier = { ...place, name: nameUnder(own, scope.under) };
  const view = findObservable(run, name.name);
  // What is wrong with the replacements was reported where they stand.
  if (view === undefined) return unknown;
  const { axes, ranges } = view;
  const isAlways = name.name === run.model!.energy || !run.model!.observables.has(name.name);
  const prefix = scope.home === run && scope.place === "results" || scope.place === "run" ? "" : `${run.name}.`;
  if (axes !== undefined && axes !== (subscripts?.length ?? 0)) {
    report.error("Q704", axes === 0 ? `\`${prefix}${name.name}\` is a number and has no entries`
      : `\`${prefix}${name.name}\` is an array with ${axes} ${axes === 1 ? "axis" : "axes"}, and ${subscripts === undefined ? "no entry is named" : `${subscripts.length} subscripts are given`}`,
      at, axes === 0 ? undefined : `name an entry: \`${prefix}${name.name}[${Array.from({ length: axes }, (_, k) => String(view.orders[k] ? k + 1 : 1)).join(", ")}]\``);
    return unknown;
  }
  if (run.recorded !== undefined && !run.recorded.has(name.name) && !isAlways && scope.place === "results") {
    const record = run.item.steps.find((s) => s.kind === "record");
    report.error("Q718", `\`${run.name}\` doesn't record \`${name.name}\``, [{ span: at, message: "" }, ...(record ? [{ span: record.span, message: "this is what it records" }] : [])], `add \`${name.name}\` to \`record\``);
    return unknown;
  }
  if (scope.place === "results" && scope.estimators === 0) {
    report.error("Q703", `\`${prefix}${name.name}\` has a value at every record of \`${run.name}\`: an estimator must say which number is meant`, at, `for instance \`mean(${prefix}${name.name}${subscripts ? "[…]" : ""})\``);
    return unknown;
  }
  const wrong = subscripts?.map((s, k) => (ranges[k] ? subscriptError(run, ranges[k], s) : undefined)).find((reason) => reason !== undefined);
  if (wrong !== undefined) {
    report.error("Q704", `\`${prefix}${name.name}\` has no such entry: ${wrong}`, at);
    return unknown;
  }
  if (subscripts !== undefined && onDiagonal(view, subscripts)) {
    report.error("Q704", `\`${prefix}${name.name}\` has no such entry: ordered indices are different from each other`, at);
    return unknown;
  }
  const entries = storedPlaces(context, run, view, subscripts ?? [], scope.place === "run" ? "bare" : "named");
  if (entries === undefined) {
    report.error("Q704", `\`${prefix}${name.name}\` is stored in an order that depends on a size which data bind: its entries have no names here`, at, "declare an observable for the entry that is meant, or the whole array without `<` between its indices");
    return unknown;
  }
  const result = over(entries, "number", { kind: "observable", run: run.name, name: name.name, subscripts: entries.map((s) => s.expression) });
  return axes === undefined ? { ...result, type: "unknown", records: [run.name] } : { ...result, records: [run.name] };
}
