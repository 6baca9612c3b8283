import type { CompiledModel } from "../model.ts";

/** The copies of the states in one task. An observable reads their states one after the other: first that of copy 1, then the model's others. */
export interface Copies {
  /** All of them, also those that nothing reads and nothing moves. */
  readonly all: Float64Array;
  /** Those that the task moves, copy 1 first. Their states are parts of `all`. */
  readonly moved: readonly MovedCopy[];
}

/** `replica` is the number or the name of the copy, as random streams are addressed by it. */
export interface MovedCopy { readonly name: string; readonly replica: number | string; readonly state: Float64Array }

/** @param others names of the copies to move beside copy 1 */
export function createCopies({ name: model, dimension, copies: known = [] }: CompiledModel, others: readonly string[]): Copies {
  const all = new Float64Array(dimension * (1 + known.length));
  const moved = ["1", ...others].map((name): MovedCopy => {
    const place = name === "1" ? 0 : 1 + known.indexOf(name);
    if (place === 0 && name !== "1") throw new Error(`internal: ${model} has no copy ${name}`);
    return { name, replica: /^[0-9]+$/.test(name) ? Number(name) : name, state: all.subarray(place * dimension, (place + 1) * dimension) };
  });
  return { all, moved };
}
