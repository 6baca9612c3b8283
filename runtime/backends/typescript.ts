/** Arrays and kernels of the `typescript` target: each array is a `Float64Array` of its own. */
import type { Backend } from "./backend.ts";
import { bound } from "./backend.ts";

export function typescriptBackend(): Backend {
  return {
    target: "typescript",
    array: (length) => new Float64Array(length),
    bind: (_, kernel, ...args) => bound(kernel, args),
  };
}
