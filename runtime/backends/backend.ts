/** Entries of an array of a model: float64, float32 in what kernels of that precision keep to themselves, or small integers. */
export type Entries = Float64Array | Float32Array | Integers;
/** Whole numbers that kernels of moves keep to themselves; as integers where these fit. */
export type Integers = Float64Array | Int16Array | Int8Array;

/** The form of a kernel for arrays of small integers. No name of a specification has spaces. */
export const integerName = (kernel: string): string => `${kernel} in integers`;

/** Where the arrays of a model live and what runs its kernels. */
export interface Backend {
  readonly target: "wasm" | "typescript";
  /** A new array of zeros. */
  readonly array: (length: number) => Float64Array;
  /** The same in float32. */
  readonly singleArray: (length: number) => Float32Array;
  /** The same in integers of so many bits. */
  readonly integerArray: (length: number, bits: 8 | 16) => Int16Array | Int8Array;
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
