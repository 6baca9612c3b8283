/**
 * What an extension remembers between two calls: an object of its own making. Its numbers, truth values and typed arrays are saved in checkpoints;
 * everything else in it (functions, lists, views of the model) must be what `init` makes again from the same model.
 */
import { memoryOf } from "../dynamics/memory.ts";
import type { Memory, Numbers } from "../dynamics/memory.ts";

export type Own = Record<string, unknown>;

const isNumbers = (value: unknown): value is Numbers => value instanceof Float64Array || value instanceof Int32Array;
const isValue = (value: unknown): value is number | boolean => typeof value === "number" || typeof value === "boolean";

export function memoryOfOwn(own: object): Memory {
  const arrays = memoryOf({}, Object.values(own).filter(isNumbers));
  return {
    save: () => ({ ...arrays.save(), values: Object.fromEntries(Object.entries(own).filter((entry): entry is [string, number | boolean] => isValue(entry[1]))) }),
    restore: (saved) => {
      arrays.restore({ ...saved, values: {} });
      Object.assign(own, saved.values);
    },
  };
}
