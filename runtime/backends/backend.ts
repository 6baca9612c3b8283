/** Where the arrays of a model live and what runs its kernels. */
export interface Backend {
  readonly target: "wasm" | "typescript";
  /** A new array of zeros. */
  readonly array: (length: number) => Float64Array;
  /** The kernel of this name with its arguments fixed. `kernel` is its TypeScript form. */
  readonly bind: <A extends readonly (number | Float64Array)[]>(name: string, kernel: (...args: A) => void, ...args: A) => () => void;
}

/** A kernel with its arguments fixed: `bind` of the engine is faster than a closure that spreads them. */
export const bound = <A extends readonly (number | Float64Array)[]>(kernel: (...args: A) => void, args: A): (() => void) =>
  (kernel as unknown as (...args: (number | Float64Array)[]) => void).bind(undefined, ...args);
