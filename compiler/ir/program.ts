/**
 * A model in the IR: what `2-lower` makes, `3-passes` transform and `verify` holds to its promises.
 * Arrays stand in dependency order: a definition reads only arrays before it.
 */
import type { Span } from "../../grammar/span.ts";
import type { Expression, Index, Range } from "./expression.ts";

/** parameter < quenched < thermal: the status of an expression is the largest of what it reads. */
export type Status = "parameter" | "quenched" | "thermal";

export interface Program {
  readonly model: string;
  readonly parameters: readonly ProgramParameter[];
  readonly arrays: readonly ArrayDeclaration[];
  /** Name of the scalar that is the energy. */
  readonly energy: string;
  /** Names of the arrays that can be recorded: the energy first, then the observables in the order of declaration. */
  readonly observables: readonly string[];
  readonly constraints: readonly Constraint[];
}

export interface ProgramParameter {
  readonly name: string;
  /** Integers are sizes or counts. */
  readonly kind: "integer" | "real";
  readonly default: number;
  readonly span: Span;
}

/** One axis of an array. `order` relates it to the axis before it: `J[i < j in N]` has "<" on its second slot. */
export interface Slot {
  readonly range: Range;
  readonly periodic: boolean;
  readonly order?: "<" | "<=";
}

export type Element = "real" | "integer" | "truth";

export interface ArrayDeclaration {
  readonly name: string;
  readonly status: Status;
  readonly element: Element;
  /** Empty for a scalar. */
  readonly slots: readonly Slot[];
  readonly origin: Origin;
  readonly span: Span;
}

export type Origin =
  | { readonly kind: "ensemble"; readonly distribution: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "state"; readonly domain: Domain; readonly initial?: Initial }
  /** `let`, `energy` and `observable`: for each value of `indices` (one a slot) the entry is `body`. */
  | { readonly kind: "definition"; readonly role: "let" | "energy" | "observable" | "derived"; readonly indices: readonly Index[]; readonly body: Expression }
  /** A whole array that a library function makes from others: `eigenvalues(hessian(L))`, `grad(L)`. Options are numbers made of parameters. */
  | { readonly kind: "call"; readonly function: string; readonly arguments: readonly string[]; readonly options?: Readonly<Record<string, Expression>> };

export interface Domain { readonly name: "real" | "spin" | "bit" | "potts" | "interval" | "angle"; readonly arguments: readonly Expression[] }
export type Initial =
  | { readonly kind: "draw"; readonly distribution: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "value"; readonly indices: readonly Index[]; readonly body: Expression };

/** `left == right` or `left <= right` for every value of `indices` (the indices that were free in it). */
export interface Constraint {
  readonly relation: "==" | "<=";
  readonly indices: readonly Index[];
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

export const findArray = (program: Program, name: string): ArrayDeclaration => {
  const found = program.arrays.find((a) => a.name === name);
  if (!found) throw new Error(`internal: the program of ${program.model} has no array ${name}`);
  return found;
};
