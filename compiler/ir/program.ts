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
  /** Where the arrays of origin "data" come from; absent for none. */
  readonly data?: readonly DataBinding[];
  /** The energy over some of its examples, where a dynamics asks for it (pass `miniBatch`). */
  readonly batch?: BatchedEnergy;
  /** Name of the scalar that is the energy. */
  readonly energy: string;
  /** Names of the arrays that can be recorded: the energy first, then the observables in the order of declaration. */
  readonly observables: readonly string[];
  readonly constraints: readonly Constraint[];
  /** The constraints that are no spheres as arrays of the program (pass `constraintFunctions`). */
  readonly constraintFunctions?: ConstraintFunctions;
}

export interface ConstraintFunctions {
  /** Left side minus right side of what states are tested for. */
  readonly tested: readonly { readonly residual: string; readonly relation: "==" | "<=" }[];
  /** Of the equalities on which states are projected: residuals, multipliers that the runtime fills in, and the scalar Σ multiplier · residual. */
  readonly smooth?: { readonly residuals: readonly string[]; readonly multipliers: readonly string[]; readonly combined: string };
}

export interface ProgramParameter {
  readonly name: string;
  /** Integers are sizes or counts. */
  readonly kind: "integer" | "real";
  readonly default: number;
  readonly span: Span;
  /** A size that a data source binds: no parameter of the header. Its default is NaN until the data were looked at (`bindData`). */
  readonly boundBy?: "data" | "batch";
}

/** The energy over a mini-batch, as a definition of the program, and what it reads. */
export interface BatchedEnergy {
  /** Name of the scalar. */
  readonly energy: string;
  /** Name of the parameter that is the number of examples in the batch. */
  readonly size: string;
  /** What the energy's sum over all examples runs over. */
  readonly examples: Range;
  /** Factor of that sum in the energy: 1, or 1/P for a mean over P examples. */
  readonly weight: Expression;
  /** Arrays over the examples of the batch, which are filled before the energy is computed. */
  readonly gathered: readonly { readonly of: string; readonly array: string; readonly axis: number }[];
}

/** One `= source(…)`. */
export interface DataBinding {
  readonly source: string;
  /** Texts, and numbers that parameters of the header determine. */
  readonly arguments: Readonly<Record<string, string | Expression>>;
  /** In the order in which the source gives them; `name` is what the specification, and a file of named arrays, calls it. */
  readonly arrays: readonly { readonly array: string; readonly name: string }[];
  readonly span: Span;
}

/** The sizes that a binding sets: the first entry of `array` along `axis` says how large each is. */
export function boundSizes(program: Program): readonly { readonly size: string; readonly array: string; readonly axis: number }[] {
  const found = new Map<string, { size: string; array: string; axis: number }>();
  const open = new Set(program.parameters.filter((p) => p.boundBy === "data").map((p) => p.name));
  for (const { arrays } of program.data ?? []) for (const { array } of arrays) {
    findArray(program, array).slots.forEach(({ range: { upper } }, axis) => {
      if (upper.kind === "parameter" && open.has(upper.name) && !found.has(upper.name)) found.set(upper.name, { size: upper.name, array, axis });
    });
  }
  return [...found.values()];
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
  | { readonly kind: "ensemble"; readonly distribution: string; readonly arguments: readonly Expression[];
    /** Name of its random stream, where that isn't the name of the array. */
    readonly stream?: string }
  /** Given by one of the program's `data`; quenched, and the same for all samples. */
  | { readonly kind: "data" }
  /** Filled by the runtime: the entries of another array that belong to the examples of a mini-batch, the value of an index for which a call is made. */
  | { readonly kind: "gathered" }
  /** With `copy` it is that of another copy, which a bias ties to copy 1; it starts as that does, if it has no `initial` of its own. */
  | { readonly kind: "state"; readonly domain: Domain; readonly initial?: Initial; readonly copy?: CopyOf }
  /** A state array of another copy, which the energy does not move; its name is `w@2`. */
  | { readonly kind: "copy"; readonly copy: CopyOf; readonly initial?: Initial }
  /** Given by another run, for each task anew; quenched. */
  | { readonly kind: "given" }
  /** `let`, `energy` and `observable`: for each value of `indices` (one a slot) the entry is `body`. */
  | { readonly kind: "definition"; readonly role: "let" | "energy" | "observable" | "derived"; readonly indices: readonly Index[]; readonly body: Expression }
  | LibraryCall;

/** A whole array that a library function makes from others: `eigenvalues(hessian(L))`, `grad(L)`. Options are numbers made of parameters. */
export interface LibraryCall {
  readonly kind: "call";
  readonly function: string;
  readonly arguments: readonly string[];
  readonly options?: Readonly<Record<string, Expression>>;
  /** The first slots of the array are those of indices for each value of which the function is called; absent for one call. */
  readonly each?: EachValue;
  /** A derivative where these states have the values of other arrays of their shapes: those of another copy, say. */
  readonly at?: readonly { readonly state: string; readonly array: string }[];
}

export interface EachValue {
  readonly ranges: readonly Range[];
  /** Of a derivative: the numbers that say which values are meant, which the scalar reads and the runtime sets before each call. Otherwise the argument has these slots too. */
  readonly selected?: readonly string[];
}

export interface Domain { readonly name: "real" | "spin" | "bit" | "potts" | "interval" | "angle"; readonly arguments: readonly Expression[] }
/** The state array `of` in the copy `replica`. */
export interface CopyOf { readonly of: string; readonly replica: string }
/** How a state array begins; "flip" are the entries of a declared array with round(fraction · length) of them reversed. */
export type Initial =
  | { readonly kind: "flip"; readonly of: string; readonly fraction: Expression; readonly bits: boolean }
  | { readonly kind: "draw"; readonly distribution: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "value"; readonly indices: readonly Index[]; readonly body: Expression;
    /** An array that `body` reads and that is drawn before. */
    readonly noise?: { readonly array: string; readonly distribution: string; readonly arguments: readonly Expression[] } };

/** `left == right` or `left <= right` for every value of `indices` (the indices that were free in it). */
export interface Constraint {
  readonly relation: "==" | "<=";
  readonly indices: readonly Index[];
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** Names of the copies that the program reads beside the states that move, each once. */
export const copiesIn = (program: Program): readonly string[] => [...new Set(program.arrays.flatMap((a) => (a.origin.kind === "copy" ? [a.origin.copy.replica] : [])))];

/** The state arrays in the order of the state vector: those of copy 1, then copy by copy those that a bias ties to it. */
export function statesOf(program: Program): readonly StateArrayDeclaration[] {
  const states = program.arrays.filter(isState);
  const own = states.filter((s) => s.origin.copy === undefined);
  const replicas = [...new Set(states.flatMap((s) => s.origin.copy?.replica ?? []))].sort();
  return [...own, ...replicas.flatMap((replica) => own.map(({ name }) => states.find((s) => s.origin.copy?.replica === replica && s.origin.copy.of === name)!))];
}

/** Names of the copies that a bias ties to copy 1. */
export const coupledIn = (program: Program): readonly string[] => [...new Set(statesOf(program).flatMap((s) => s.origin.copy?.replica ?? []))];

export type StateArrayDeclaration = ArrayDeclaration & { readonly origin: Extract<Origin, { readonly kind: "state" }> };
const isState = (a: ArrayDeclaration): a is StateArrayDeclaration => a.origin.kind === "state";

export const findArray = (program: Program, name: string): ArrayDeclaration => {
  const found = program.arrays.find((a) => a.name === name);
  if (!found) throw new Error(`internal: the program of ${program.model} has no array ${name}`);
  return found;
};
