import type { ModelModule } from "./model.ts";
import * as support from "./modelSupport/index.ts";

/**
 * Evaluates what the compiler emitted as JavaScript (`emitModule` without types): the body of a function of the runtime and the WASM
 * bytes that returns the module. No files, no import resolution, so that it works in workers and in a bundle.
 *
 * The code is the compiler's own, made from a checked program: names are identifiers, numbers are numbers, texts are JSON.
 *
 * @param wasm bytes of `emitWasm`; without them the kernels run as TypeScript
 */
export function evaluateModule(javascript: string, wasm?: Uint8Array): ModelModule {
  const make = new Function("quench", "wasm", javascript) as (quench: typeof support, wasm: Uint8Array | undefined) => ModelModule;
  return make(support, wasm);
}
