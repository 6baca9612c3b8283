/** Entries of an array of a model: float64, or float32 in what kernels of that precision keep to themselves. */
export type Entries = Float64Array | Float32Array;

/** Where the arrays of a model live and what runs its kernels. */
export interface Backend {
  readonly target: "wasm" | "typescript";
  /** A new array of zeros. */
  readonly array: (length: number) => Float64Array;
  /** The same in float32. */
  readonly singleArray: (length: number) => Float32Array;
  /** The kernel of this name with its arguments fixed. `kernel` is its TypeScript form. */
  readonly bind: <A extends readonly (number | Entries)[]>(name: string, kernel: (...args: A) => void, ...args: A) => () => void;
}

/** Stands for the TypeScript form of a kernel that has none, and is asked for where kernels run as WASM only. */
export function onlyInWasm(): never {
  throw new Error("internal: a kernel that runs as WASM only");
}

/** A kernel with its arguments fixed: `bind` of the engine is faster than a closure that spreads them. */
export const bound = <A extends readonly (number | Entries)[]>(kernel: (...args: A) => void, args: A): (() => void) =>
  (kernel as unknown as (...args: (number | Entries)[]) => void).bind(undefined, ...args);
