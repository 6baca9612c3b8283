/** Functions of whole arrays: those of matrices, and what extensions bring, folds over states among it; generated code calls them by their key. */
import { messageOf } from "../messageOf.ts";
import type { EvaluationNoise } from "../model.ts";
import { matrixFunctions } from "../linear/arrayFunctions.ts";
import { addEntry, nameOfKey, type ExtensionKey } from "./addEntry.ts";
import type { Own } from "./own.ts";

/** An array as an extension gets it: entries in row-major order, and the length of each axis. */
export interface ArrayView { readonly values: Float64Array; readonly shape: readonly number[] }

type Given = number | ArrayView;

export interface ArrayFunctionForm {
  readonly arguments: readonly string[];
  readonly value: (...x: Given[]) => number | Float64Array;
  /** Adjoints of the arguments, given that of the result: a number where that is one. */
  readonly adjoint?: ((dy: Given, x: readonly Given[]) => readonly (number | Float64Array)[]) | "none";
  /** By how much the value changes along a direction of the arguments, and the adjoints along one of dy and the arguments: of functions that have second derivatives. */
  readonly tangent?: (x: readonly Given[], dx: readonly Given[]) => number | Float64Array;
  readonly adjointTangent?: (dy: Given, x: readonly Given[], ddy: Given, dx: readonly Given[]) => readonly (number | Float64Array)[];
}

/** Made at the first record of a task from what is recorded there, then told of every record, the first included. */
export interface FoldForm {
  readonly arguments: readonly string[];
  readonly init: (...x: Given[]) => Own;
  readonly update: (own: Own, ...x: Given[]) => void;
  readonly value: (own: Own) => number | Float64Array;
}

type Entry = (ArrayFunctionForm | FoldForm) & { readonly file: string };
const table: Record<string, Entry> = Object.fromEntries(Object.entries(matrixFunctions).map(([key, form]) => [key, { ...form, file: "the language" }]));

export const addArrayFunction = (key: ExtensionKey, form: ArrayFunctionForm | FoldForm, file: string): void => addEntry(table, key, { ...form, file });

/** Writes what a function makes of its arguments into `out`. */
export function applyFunction(key: string, given: readonly ArrayView[], out: Float64Array): void {
  const entry = find(key);
  if ("update" in entry) throw new Error(`internal: ${key} is a fold`);
  write(key, entry, out, () => entry.value(...asArguments(entry, given)));
}

/** Adds to `out` what the adjoint of the result, the first of `given`, makes of that of an argument; the arguments follow. */
export function applyAdjoint(key: string, argument: number, [dy, ...given]: readonly ArrayView[], out: Float64Array): void {
  const entry = find(key);
  if ("update" in entry || typeof entry.adjoint !== "function") throw new Error(`internal: ${key} has no adjoint`);
  const { adjoint } = entry;
  add(key, entry, out, () => {
    const found = adjoint(numberOr(dy!), asArguments(entry, given))[argument];
    if (found === undefined) throw new Error(`its adjoint gives nothing for argument ${argument + 1}`);
    return found;
  });
}

/** Adds to `out` by how much the value changes along a direction, or the adjoint of an argument: of (arguments, directions), or (dy, arguments, direction of dy, directions). */
export function applyTangent(key: string, adjointOf: number | undefined, given: readonly ArrayView[], out: Float64Array): void {
  const entry = find(key);
  if ("update" in entry || !entry.tangent || !entry.adjointTangent) throw new Error(`internal: ${key} has no second derivative`);
  const { tangent, adjointTangent } = entry;
  const [at, along] = [given.slice(0, given.length / 2), given.slice(given.length / 2)];
  add(key, entry, out, () => (adjointOf === undefined ? tangent(asArguments(entry, at), asArguments(entry, along))
    : adjointTangent(numberOr(at[0]!), asArguments(entry, at.slice(1)), numberOr(along[0]!), asArguments(entry, along.slice(1)))[adjointOf]!));
}

function add(key: string, entry: Entry, out: Float64Array, make: () => number | Float64Array): void {
  const own = new Float64Array(out.length);
  write(key, entry, own, make);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! + own[i]!;
}

/** The same of a fold over the states of a task, which `context` remembers; outside of a task it is that of one state. */
export function applyFold(key: string, given: readonly ArrayView[], out: Float64Array, context: EvaluationNoise, purpose: string): void {
  const entry = find(key);
  if (!("update" in entry)) throw new Error(`internal: ${key} is no fold`);
  write(key, entry, out, () => {
    // Copies: what it keeps of a record must not change with the state.
    const x = asArguments(entry, given.map(({ values, shape }) => ({ values: values.slice(), shape })));
    const own = context.remembered?.(purpose, () => entry.init(...x)) ?? entry.init(...x);
    entry.update(own, ...x);
    return entry.value(own);
  });
}

function find(key: string): Entry {
  const entry = table[key];
  if (!entry) throw new Error(`internal: there is no function ${key}`);
  return entry;
}

const numberOr = (view: ArrayView): Given => (view.shape.length === 0 ? view.values[0]! : view);
const asArguments = (entry: Entry, given: readonly ArrayView[]): readonly Given[] => given.map((view, k) => (entry.arguments[k] === "number" ? view.values[0]! : view));

function write(key: string, { file }: Entry, out: Float64Array, make: () => number | Float64Array): void {
  const failed = (what: string, cause?: unknown): Error => new Error(`\`${nameOfKey(key)}\` of ${file} ${what}`, { cause });
  let made: number | Float64Array;
  try {
    made = make();
  } catch (error) {
    throw failed(`failed: ${messageOf(error)}`, error);
  }
  if (typeof made === "number") {
    if (out.length !== 1) throw failed(`gave a number, and ${out.length} were expected`);
    out[0] = made;
  } else {
    if (made.length !== out.length) throw failed(`gave ${made.length} numbers, and ${out.length} were expected`);
    out.set(made);
  }
}
