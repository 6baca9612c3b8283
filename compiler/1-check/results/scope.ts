/** Where an expression stands: which names it sees, and what may stand in it. */
import type { Expression, NameExpression, WithExpression } from "../../../grammar/ast.ts";
import type { RunChanges } from "../changes.ts";
import type { CheckedModel } from "../checkModels.ts";
import type { Report } from "../report.ts";
import type { Names, RunSymbol } from "./names.ts";
import type { Typed } from "./typed.ts";

export interface Scope {
  /** "results" are claims, plots and tables: runs, theories and estimators may stand in them. */
  readonly place: "results" | "run" | "theory" | "function";
  /** What a bare name stands for; reports what it cannot be. */
  readonly resolve: (name: NameExpression, scope: Scope) => Typed;
  /** Variables that are bound around the expression by `root`, `for`, `vs` or a reduction. */
  readonly bound: ReadonlyMap<string, Typed>;
  /** Runs that the whole result speaks of: their sweep variables and parameters are in scope. */
  readonly runs: readonly RunSymbol[];
  /** The run of a table: its observables are in scope. */
  readonly home: RunSymbol | undefined;
  /** The `with` around the expression, the innermost first. */
  readonly under: readonly WithExpression[];
  /** How many estimators stand around the expression. */
  readonly estimators: number;
  /** How often the expression is written out by sums around it. */
  readonly copies: number;
  /** Names of the functions of the file that are being expanded. */
  readonly expanding: readonly string[];
}

/** What the checks of one file share. `check` is handed on so that the rules need not import each other in a circle. */
export interface Context {
  readonly report: Report;
  readonly names: Names;
  readonly check: (e: Expression, scope: Scope) => Typed;
  /** Takes in why what depends on a construct cannot be decided; the construct was reported where it stands. */
  /** The model of a run as the run changes it; reports what is wrong with the changes. */
  readonly change: (model: string, changes: RunChanges) => CheckedModel | undefined;
}

export const withBound = (scope: Scope, name: string, value: Typed): Scope => ({ ...scope, bound: new Map([...scope.bound, [name, value]]) });
