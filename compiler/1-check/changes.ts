/** What a run changes of its model: where the states start, a bias on the energy, copies that are held, arrays that another run gives. */
import type { Expression, Identifier, ObservableDeclaration, StartValueStep } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import { ingredients } from "./dependencies.ts";
import { ExpressionChecker } from "./expression/checker.ts";
import { checkInitial } from "./initial.ts";
import type { CheckedInitial } from "./initial.ts";
import type { ModelScope } from "./model.ts";
import { reductionsIn } from "./reductionsIn.ts";
import { reportUnmovable } from "./rules/moved.ts";
import type { ArraySymbol } from "./symbols.ts";
import type { CheckedExpression } from "./tree.ts";

export interface RunChanges {
  /** Sweep variables that are no parameters of the model, with one of their values. */
  readonly parameters: readonly { readonly name: string; readonly span: Span; readonly number: "integer" | "real"; readonly value: number }[];
  readonly starts: readonly StartValueStep[];
  readonly bias: readonly Expression[];
  /** Names of the copies that the run's observables and conditions read. */
  readonly copies: readonly string[];
  /** Names of the copies that do not move. */
  readonly held: ReadonlySet<string>;
  /** Observables that claims, plots and tables add. */
  readonly observables: readonly ObservableDeclaration[];
  /** Names of the arrays that another run gives. */
  readonly given: readonly Identifier[];
}

export interface CheckedChanges {
  readonly starts: readonly CheckedStart[];
  readonly bias: readonly CheckedExpression[];
  /** Copies beside copy 1 that a bias makes move together with it: all that the run has, but those that are held. */
  readonly coupled: readonly string[];
  readonly given: ReadonlySet<ArraySymbol>;
}

/** `replica` is undefined for all copies. */
export interface CheckedStart { readonly symbol: ArraySymbol; readonly replica: string | undefined; readonly initial: CheckedInitial }

export function checkChanges(m: ModelScope, changes: RunChanges): CheckedChanges {
  const starts = changes.starts.flatMap(({ targets, initial, span }) => targets.flatMap(({ name, replica }): CheckedStart[] => {
    const symbol = m.lookup(name.name);
    if (symbol?.kind !== "array" || symbol.role !== "state" || !symbol.sound) return [];
    const checked = checkInitial(m, symbol, initial, span);
    return checked ? [{ symbol, replica: replica?.name, initial: checked }] : [];
  }));
  const bias = changes.bias.flatMap((e) => {
    const c = new ExpressionChecker(m, reductionsIn(e));
    const value = c.number(e);
    c.finish();
    if (value.type.kind !== "scalar") return [];
    reportUnmovable(m.report, [value], e.span);
    return [value];
  });
  const coupled = bias.length > 0 ? [...new Set([...ingredients(...bias).replicas, ...changes.copies])].filter((name) => !changes.held.has(name)).sort() : [];
  const given = new Set(changes.given.flatMap(({ name }) => {
    const symbol = m.lookup(name);
    return symbol?.kind === "array" ? [symbol] : [];
  }));
  return { starts, bias, coupled, given };
}
