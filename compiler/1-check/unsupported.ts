/** Which parts of a model this version cannot run: all of it, or some of its observables, which are then not recorded. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { ingredients } from "./dependencies.ts";
import type { ModelScope, UnsupportedConstruct } from "./model.ts";
import type { ArraySymbol } from "./symbols.ts";

export interface Unsupported {
  /** At most one warning (Q901) for all constructs without which the model cannot run. */
  readonly model: readonly Diagnostic[];
  /** What keeps each observable, by name, from being recorded while the model runs. */
  readonly observables: ReadonlyMap<string, string>;
  /** Declarations that are not compiled. */
  readonly declarations: ReadonlySet<ArraySymbol>;
  readonly diagnostics: readonly Diagnostic[];
}

export function findUnsupported(scope: ModelScope): Unsupported {
  const constructs = [...scope.unsupportedConstructs].sort((a, b) => a.span.start - b.span.start);
  const inside = (symbol: ArraySymbol): readonly UnsupportedConstruct[] => {
    const { arrays, graphs } = ingredients(symbol);
    return constructs.filter(({ within }) => within !== undefined && (within.kind === "graph" ? graphs.has(within) : arrays.has(within)));
  };
  const needed = [...scope.arrays("energy"), ...scope.arrays("state")];
  const stopped = [...constructs.filter((c) => c.within === undefined), ...needed.flatMap(inside)];
  if (stopped.length > 0) {
    const warning = warn(scope, constructs.filter((c) => stopped.includes(c)), `runs of ${scope.item.name.name} are skipped and claims about them stay undecided`);
    return { model: [warning], observables: new Map(), declarations: new Set(), diagnostics: [warning] };
  }
  const observables = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const told = new Set<UnsupportedConstruct>();
  for (const symbol of scope.arrays("observable")) {
    const found = inside(symbol);
    if (found.length === 0) continue;
    observables.set(symbol.name, found[0]!.what);
    if (found.every((c) => told.has(c))) continue;
    found.forEach((c) => told.add(c));
    diagnostics.push(warn(scope, found, `\`${symbol.name}\` is not recorded and claims about it stay undecided`));
  }
  return { model: [], observables, declarations: new Set(scope.ordered.filter((s) => inside(s).length > 0)), diagnostics };
}

const warn = (scope: ModelScope, constructs: readonly UnsupportedConstruct[], consequence: string): Diagnostic => ({
  severity: "warning", code: "Q901",
  message: `${constructs[0]!.what} is not supported by this version yet; ${consequence}`,
  labels: constructs.map((u) => ({ span: u.span, message: u.what })), arguments: { model: scope.item.name.name },
});
