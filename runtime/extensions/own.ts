/**
 * What an extension remembers between two calls: an object of its own making. Its numbers, truth values, Float64Arrays and Int32Arrays are saved in
 * checkpoints; everything else in it (functions, lists, views of the model) must be what `init` makes again from the same model.
 */
import type { Memory, Numbers } from "../dynamics/memory.ts";

export type Own = Record<string, unknown>;

const isNumbers = (value: unknown): value is Numbers => value instanceof Float64Array || value instanceof Int32Array;
const isValue = (value: unknown): value is number | boolean => typeof value === "number" || typeof value === "boolean";
const entriesOf = <Kind>(own: object, is: (value: unknown) => value is Kind): readonly (readonly [string, Kind])[] =>
  Object.entries(own).flatMap(([name, value]: readonly [string, unknown]) => (is(value) ? [[name, value] as const] : []));

/** Its arrays may be others at each save: those that it has then. */
export const memoryOfOwn = (own: object): Memory => ({
  save: () => ({ values: Object.fromEntries(entriesOf(own, isValue)), arrays: entriesOf(own, isNumbers).map(([, array]) => array.slice()), parts: [] }),
  restore: ({ values, arrays }) => {
    const places = entriesOf(own, isNumbers);
    if (places.length !== arrays.length) throw new Error("it remembers another number of arrays than `init` makes");
    for (const [k, [name, array]] of places.entries()) {
      const saved = arrays[k]!;
      if (array.length === saved.length) array.set(saved);
      else Object.assign(own, { [name]: saved.slice() });
    }
    Object.assign(own, values);
  },
});
