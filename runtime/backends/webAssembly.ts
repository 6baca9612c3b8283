import { setFlagsFromString } from "node:v8";

/** The little of the WebAssembly JavaScript interface that is used here: TypeScript declares it only together with the whole DOM. */
interface WebAssemblyInterface {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: { new (bytes: Uint8Array): WasmModule; readonly imports: (module: WasmModule) => readonly { readonly name: string }[] };
  readonly Instance: new (module: WasmModule, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly validate: (bytes: Uint8Array) => boolean;
}
/** A compiled module. */
export interface WasmModule { readonly [Symbol.toStringTag]?: string }

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }).WebAssembly;

/**
 * A module whose functions are optimised now: V8 would first compile them quickly and badly, and may do so for many calls of a long kernel. Modules
 * are small, so that this takes milliseconds. Other modules of the process are compiled as they were.
 *
 * @throws WebAssembly.CompileError if the bytes are no module
 */
export function optimisedModule(bytes: Uint8Array): WasmModule {
  // Only modules with instructions of relaxed SIMD are none without it.
  if (!webAssembly.validate(bytes)) enableRelaxedSimd();
  setFlagsFromString("--no-liftoff");
  setFlagsFromString("--no-wasm-tier-up");
  try {
    return new webAssembly.Module(bytes);
  } finally {
    setFlagsFromString("--liftoff");
    setFlagsFromString("--wasm-tier-up");
  }
}

/** Node 20 knows relaxed SIMD behind this flag; newer engines know it anyway, and complain of flags that they don't know. */
export function enableRelaxedSimd(): void {
  if (Number(process.versions.node.split(".")[0]) < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");
}
