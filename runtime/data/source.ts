/**
 * A source of given data as a record: what it is called, what it takes, and how it is read. The compiler reads the descriptor;
 * `readData` calls `read`, when sizes are bound and again in every worker that needs the entries.
 */

export interface SourceParameter {
  readonly name: string;
  readonly doc: string;
  readonly kind: "text" | "integer";
  /** For texts that are words: all that may stand there. */
  readonly choices?: readonly string[];
  readonly optional?: boolean;
}

export type SourceArguments = Readonly<Record<string, string | number>>;

/** An array that a `data` declaration or a `with` binds, by its name in the specification. */
export interface WantedArray { readonly name: string; readonly axes: number }

/** Entries in row-major order. */
export interface DataArray { readonly values: Float64Array; readonly shape: readonly number[] }

/** An array whose entries are made when they are first asked for: who only wants its shape doesn't wait for them. */
export function lazyArray(shape: readonly number[], make: () => Float64Array): DataArray {
  let values: Float64Array | undefined;
  return { shape, get values() { return (values ??= make()); } };
}

export interface DataSource {
  readonly name: string;
  /** One sentence: what it reads, and into which arrays. */
  readonly doc: string;
  /** In the order of positional arguments. */
  readonly parameters: readonly SourceParameter[];
  /** How many arrays it has, where it has a fixed number. */
  readonly arrays?: number;
  /** Whether the array at this position holds class labels 1 … k; the others, and all where it is absent, hold real numbers. */
  readonly holdsClasses?: (given: SourceArguments, array: string, position: number) => boolean;
  /**
   * One array for each that is wanted, in their order.
   * @param directory where relative paths of files start
   * @throws DataError where a file is missing or malformed
   */
  readonly read: (given: SourceArguments, wanted: readonly WantedArray[], directory: string) => readonly DataArray[];
}

/** What is wrong with given data, in words for the user: the file, the row, and what was expected. */
export class DataError extends Error {
  readonly help: string | undefined;
  constructor(message: string, help?: string) {
    super(message);
    this.name = "DataError";
    this.help = help;
  }
}

/** `1 row`, `2 rows` */
export const countOf = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** What an array has in a file, where the declaration has another number of axes. */
export function expectAxes(file: string, name: string, { shape }: DataArray, axes: number): void {
  if (shape.length === axes) return;
  throw new DataError(`${file}: \`${name}\` has ${countOf(shape.length, "axis", "axes")}${shape.length === 0 ? "" : ` (${shape.join(" × ")})`}, and ${axes} ${axes === 1 ? "was" : "were"} expected`, shape.length === 0 ? undefined : `declare it as \`${name}[${["mu in P", "d in D", "e in E", "f in F"].slice(0, shape.length).join(", ")}]\``);
}

/** The names in a text such as "y, z". */
export const listed = (text: string | number | undefined): readonly string[] =>
  String(text ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");

/** The parameter that names the arrays of class labels, for sources whose files don't say. */
export const classesParameter: SourceParameter = {
  name: "classes", kind: "text", optional: true,
  doc: "Names of the arrays that hold class labels, such as \"y\": they become integers from 1, and labels that start at 0 are shifted by 1.",
};
export const classesByName: NonNullable<DataSource["holdsClasses"]> = (given, array) => listed(given["classes"]).includes(array);

/** The parameter that limits the number of entries along the first axis. */
export const takeParameter: SourceParameter = { name: "take", kind: "integer", optional: true, doc: "Number of entries along the first axis to take, from the beginning; all if not given." };

/** The number of entries to take of those that there are. */
export function taken(given: SourceArguments, available: number, where: string, what: string): number {
  const take = given["take"];
  if (take === undefined) return available;
  if (typeof take !== "number" || !Number.isInteger(take) || take < 1) throw new DataError(`take = ${take}: the number of ${what} to take is a whole number from 1`);
  if (take > available) throw new DataError(`${where} has ${available === 1 ? countOf(1, what.replace(/ies$/, "y").replace(/s$/, "")) : `${available} ${what}`}, and take = ${take} asks for more`);
  return take;
}

/** The first `count` entries along the first axis. */
export const firstOf = ({ values, shape }: DataArray, count: number): DataArray =>
  ({ values: values.subarray(0, count * shape.slice(1).reduce((n, size) => n * size, 1)), shape: [count, ...shape.slice(1)] });

/** Class labels from 1: those that start at 0 are shifted by 1. */
export function shiftedClasses(array: DataArray, where: string): DataArray {
  let smallest = Infinity;
  array.values.forEach((label, k) => {
    if (!Number.isInteger(label) || label < 0) throw new DataError(`${where}: entry ${k + 1} is ${label}, and a class label is a whole number from 0 or 1`);
    smallest = Math.min(smallest, label);
  });
  return smallest === 0 ? { ...array, values: array.values.map((label) => label + 1) } : array;
}
