import type { RunRecords } from "./records.ts";

/** What the expressions of claims, plots and tables are evaluated against. */
export interface ResultEnvironment {
  readonly runs: ReadonlyMap<string, RunRecords>;
  readonly theory: (request: TheoryRequest) => TheoryAnswer;
}

/**
 * A quantity of a theory. Its parameters are looked up in this order: `named`, the arguments of the call; the values written in the
 * theory's declaration; `context`; the defaults of its model. The one who answers knows the second and the last.
 */
export interface TheoryRequest {
  readonly theory: string;
  readonly quantity: string;
  /** Positional arguments: `E[k]`, `complexity(u, k)`. */
  readonly arguments: readonly number[];
  readonly named: Readonly<Record<string, number>>;
  /** The sweep point that it is compared with, then the run's arguments. A name on which several runs differ is absent. */
  readonly context: Readonly<Record<string, number>>;
}

/** A prediction, or that somebody is working on it: then what depends on it has no value yet, and is evaluated again later. */
export type TheoryAnswer = SettledAnswer | { readonly pending: true };

export type SettledAnswer =
  | {
      readonly value: number;
      /** How far the equation behind the value is from being solved, in units of the value; 0 for closed forms. */
      readonly residual: number;
      /** "exact", "large-N", "ansatz(rs)", … */
      readonly status: string;
      readonly assumptions: readonly string[];
    }
  | { readonly refused: string };

/** Values of the free sweep variables, by name. */
export type Point = Readonly<Record<string, number>>;

/** Whether two sweep values are the same one: equal to a relative 1e-9. */
export function sameValue(a: number, b: number): boolean {
  return a === b || (Number.isFinite(a - b) && Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)));
}
