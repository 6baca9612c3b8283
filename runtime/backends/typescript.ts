/** Arrays and kernels of the `typescript` target: each array is a typed array of its own. */
import type { Backend } from "./backend.ts";
import { bound } from "./backend.ts";

export function typescriptBackend(): Backend {
  return {
    target: "typescript",
    array: (length) => new Float64Array(length),
    singleArray: (length) => new Float32Array(length),
    integerArray: (length, bits) => (bits === 8 ? new Int8Array(length) : new Int16Array(length)),
    bind: (_, kernel, ...args) => bound(kernel, args),
  };
}
