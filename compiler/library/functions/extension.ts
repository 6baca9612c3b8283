/** The public forms of functions of arrays and of folds over states, and their way into the table of functions. */
import type { ArrayView } from "../../../runtime/extensions/arrayFunctions.ts";
import type { ExtensionKey } from "../../../runtime/extensions/addEntry.ts";
import { addLibraryFunction } from "./index.ts";
import type { LibraryFunctionName } from "./index.ts";

export const extensionArguments = ["number", "array", "sameShape", "vector", "matrix"] as const;
export const extensionResults = ["scalar", "sameShape", "row"] as const;

/** "number": a scalar; "array": any array; "sameShape": one of the shape of the argument before; "vector": one axis; "matrix": two axes of one length. */
export type ExtensionArgument = (typeof extensionArguments)[number];
/** "scalar"; "sameShape": an array of the shape of the first argument; "row": a vector along the first axis of the first argument. */
export type ExtensionResult = (typeof extensionResults)[number];

type GivenAs<Kind extends ExtensionArgument> = Kind extends "number" ? number : ArrayView;
type Given<Kinds extends readonly ExtensionArgument[]> = { readonly [K in keyof Kinds]: GivenAs<Kinds[K]> };
type AdjointOf<Kind extends ExtensionArgument> = Kind extends "number" ? number : Float64Array;
type Adjoints<Kinds extends readonly ExtensionArgument[]> = { readonly [K in keyof Kinds]: AdjointOf<Kinds[K]> };
type GivenOfResult<Result extends ExtensionResult> = Result extends "scalar" ? number : ArrayView;
type Made<Result extends ExtensionResult> = Result extends "scalar" ? number : Float64Array;

/** Numbers, or lists of numbers, or lists of such lists: an argument as it is written in samples. */
export type SampleArgument = number | readonly number[] | readonly (readonly number[])[];
type Sample<Kinds extends readonly ExtensionArgument[]> = { readonly [K in keyof Kinds]: Kinds[K] extends "number" ? number : Kinds[K] extends "vector" ? readonly number[] : Kinds[K] extends "matrix" ? readonly (readonly number[])[] : readonly number[] | readonly (readonly number[])[] };
type AtLeastTwo<Item> = readonly [Item, Item, ...Item[]];

interface Signature<Kinds extends readonly ExtensionArgument[], Result extends ExtensionResult> {
  /** One sentence. */
  readonly doc: string;
  /** What it takes; the first is an array. */
  readonly arguments: Kinds;
  readonly result: Result;
}

/** A function of arrays: its name is that of the export. */
export interface ArrayFunctionExtension<Kinds extends readonly ExtensionArgument[] = readonly ExtensionArgument[], Result extends ExtensionResult = ExtensionResult> extends Signature<Kinds, Result> {
  /** A function of its arguments and nothing else: it is called in any order, in any thread. */
  readonly value: (...x: Given<Kinds>) => Made<Result>;
  /**
   * Adjoints of the arguments, given the adjoint `dy` of the result: for entry j of an argument Σ_i dy_i ∂value_i/∂x_j. "none" for a function that
   * can be observed and read by energies whose dynamics need no derivative.
   */
  readonly adjoint: ((dy: GivenOfResult<Result>, x: Given<Kinds>) => Adjoints<Kinds>) | "none";
  /** Lists of arguments, away from jumps and kinks: derivatives are checked there. */
  readonly samples: AtLeastTwo<Sample<Kinds>>;
}

/** A fold over the recorded states of a task. Its value at a record is that of all records so far. */
export interface ObservableExtension<Memory extends object, Kinds extends readonly ExtensionArgument[] = readonly ExtensionArgument[], Result extends ExtensionResult = ExtensionResult> extends Signature<Kinds, Result> {
  /**
   * What it remembers, made from the arguments at the first record. Numbers, truth values and typed arrays in it are saved in checkpoints; everything
   * else must be the same whenever it is made.
   */
  readonly init: (...x: Given<Kinds>) => Memory;
  /** Takes in a record, the first included. */
  readonly update: (memory: Memory, ...x: Given<Kinds>) => void;
  readonly value: (memory: Memory) => Made<Result>;
  /** Histories: lists of records, each a list of arguments. */
  readonly samples: AtLeastTwo<readonly Sample<Kinds>[]>;
}

export const addArrayExtension = (key: ExtensionKey, { doc, arguments: arguments_, result, ...rest }: Signature<readonly ExtensionArgument[], ExtensionResult>): LibraryFunctionName =>
  addLibraryFunction(key, { doc, arguments: arguments_, result, runtime: key, ...("update" in rest ? { fold: true } : { inEnergies: "adjoint" in rest && typeof rest.adjoint === "function" ? "derivative" : "value" }) });
