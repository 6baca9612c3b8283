/** The arrays of one model instance. */
import type { Backend, Entries, Integers } from "../backends/backend.ts";
import { typescriptBackend } from "../backends/typescript.ts";
import { fitsWasm, wasmBackend } from "../backends/wasm.ts";

export interface Allocation<V extends string, A extends string, S extends string = never, I extends string = never> {
  readonly target: "wasm" | "typescript";
  /** Vectors over all thermal variables. */
  readonly vector: Readonly<Record<V, Float64Array>>;
  readonly array: Readonly<Record<Exclude<A, S | I>, Float64Array> & Record<S, Float32Array> & Record<I, Integers>>;
  readonly bind: Backend["bind"];
  /** Bytes of each. */
  readonly memory: readonly { readonly name: string; readonly bytes: number }[];
}

export const bytesIn = (memory: Allocation<string, string>["memory"]): number => memory.reduce((sum, a) => sum + a.bytes, 0);

/** All arrays of a model take more than they may. */
export class OverBudget extends RangeError {
  readonly memory: Allocation<string, string>["memory"];

  constructor(memory: Allocation<string, string>["memory"], budget: number) {
    super(`the arrays take ${bytesIn(memory)} bytes, more than the ${budget} that they may`);
    this.memory = memory;
  }
}

/**
 * Allocates arrays of the given lengths (numbers of entries), zero at first, where kernels of the target can reach them.
 *
 * @param budget most bytes of all arrays together
 * @param target "wasm" by default; "typescript" is used without bytes, and where 4 GiB do not hold all arrays
 * @param singles names of those of float32; the others are float64
 * @param integers those of small integers with their bits on the "wasm" target, if all their entries `fit`
 * @throws OverBudget with the sizes of all arrays, before anything is allocated
 * @throws RangeError for a length that is no integer ≥ 0, or memory that can't be had
 */
export function allocate<V extends string, A extends string, S extends A = never, I extends A = never>(
  vectors: Readonly<Record<V, number>>,
  arrays: Readonly<Record<A, number>>,
  wasm: Uint8Array | undefined,
  target: "wasm" | "typescript" = "wasm",
  budget = Infinity,
  singles: readonly S[] = [],
  integers?: { readonly fit: boolean; readonly bits: Readonly<Record<I, 8 | 16>> },
): Allocation<V, A, S, I> {
  const single = new Set<string>(singles);
  const small = new Map(target === "wasm" && wasm !== undefined && integers?.fit ? Object.entries<8 | 16>(integers.bits) : []);
  const vectorLengths = Object.entries<number>(vectors);
  const arrayLengths = Object.entries<number>(arrays);
  const all = [...vectorLengths, ...arrayLengths];
  for (const [name, length] of all) {
    if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`array ${name} has a size of ${length} entries: sizes are integers that are not negative`);
  }
  const memory = all.map(([name, length]) => ({ name, bytes: (single.has(name) ? 4 : (small.get(name) ?? 64) / 8) * length }));
  if (bytesIn(memory) > budget) throw new OverBudget(memory, budget);
  const bytes = memory.map((a) => a.bytes);
  const backend = target === "wasm" && wasm !== undefined && fitsWasm(bytes) ? wasmBackend(wasm, bytes, small.size > 0) : typescriptBackend();
  const one = (name: string, length: number): Entries => {
    try {
      const bits = small.get(name);
      return bits !== undefined ? backend.integerArray(length, bits) : single.has(name) ? backend.singleArray(length) : backend.array(length);
    } catch {
      throw new RangeError(`array ${name} needs ${((8 * length) / 2 ** 30).toPrecision(3)} GiB, which can't be had`);
    }
  };
  const make = (entries: readonly [string, number][]): Record<string, Entries> => Object.fromEntries(entries.map(([name, length]) => [name, one(name, length)]));
  return {
    target: backend.target,
    vector: make(vectorLengths) as Record<V, Float64Array>,
    array: make(arrayLengths) as Allocation<V, A, S, I>["array"],
    bind: backend.bind,
    memory,
  };
}
