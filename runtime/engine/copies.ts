import type { CompiledModel } from "../model.ts";

/** The copies of the states in one task. An observable reads their states one after the other: first that of copy 1, then the model's others. */
export interface Copies {
  /** All of them, also those that nothing reads and nothing moves. */
  readonly all: Float64Array;
  /** Those that the task has, copy 1 first, whether they move or not. Their states are parts of `all`. */
  readonly states: readonly CopyState[];
  /** What moves independently of each other: each copy by itself, or copy 1 together with those that a bias ties to it. */
  readonly moved: readonly CopyState[];
}

/** `replica` is the number or the name of the copy, as random streams are addressed by it. */
export interface CopyState { readonly name: string; readonly replica: number | string; readonly state: Float64Array }

/** @param others names of the copies beside copy 1; @param held names of those that do not move */
export function createCopies({ name: model, dimension, coupled = [], copies: known = [] }: CompiledModel, others: readonly string[] = [], held: readonly string[] = []): Copies {
  const order = ["1", ...coupled, ...known];
  const length = dimension / (1 + coupled.length);
  const all = new Float64Array(length * order.length);
  const states = ["1", ...others].map((name): CopyState => {
    const place = order.indexOf(name);
    if (place < 0) throw new Error(`internal: ${model} has no copy ${name}`);
    return { name, replica: /^[0-9]+$/.test(name) ? Number(name) : name, state: all.subarray(place * length, (place + 1) * length) };
  });
  const [first, ...rest] = states;
  const together = { ...first!, state: all.subarray(0, dimension) };
  return { all, states, moved: [together, ...rest.filter(({ name }) => !coupled.includes(name) && !held.includes(name))] };
}
