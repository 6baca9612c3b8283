/**
 * Arrays and kernels of the `wasm` target: all arrays are views of one linear memory, and a kernel takes the byte offsets of its
 * arrays. A kernel that the module lacks runs as TypeScript on the same views.
 */
import { readFileSync } from "node:fs";
import type { Backend } from "./backend.ts";
import { extensionCallables } from "../extensions/extension.ts";
import { importedArrayFunctions } from "../extensions/importedArrayFunctions.ts";
import * as special from "../special/index.ts";
import { scratch } from "../webassembly/scratch.ts";
import { bound, integerName } from "./backend.ts";
import { optimisedModule, webAssembly } from "./webAssembly.ts";
import type { WasmModule } from "./webAssembly.ts";

const page = 65536;
/** Of a 32-bit linear memory. */
const largest = 2 ** 32;

/** Bytes of an array in the memory: a multiple of 16, so that all arrays are aligned for SIMD. */
const aligned = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** Bytes behind the last array that kernels may read, a turn of a loop over vectors. */
const BEYOND = 128;

/** Whether arrays of so many bytes fit into one memory. */
export const fitsWasm = (arrays: readonly number[]): boolean => page * pagesFor(arrays) <= largest;

const pagesFor = (arrays: readonly number[]): number => Math.ceil(arrays.reduce((sum, bytes) => sum + aligned(bytes), scratch.start + scratch.bytes + BEYOND) / page);

/**
 * @param arrays bytes of all arrays that will be asked for
 * @param integers whether kernels that have a form for small integers are bound to that
 * @throws WebAssembly.CompileError, RangeError if the bytes are no module or the memory can't be had
 */
export function wasmBackend(bytes: Uint8Array, arrays: readonly number[], integers = false): Backend {
  const pages = pagesFor(arrays);
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages });
  const module = compiled(bytes);
  const ofArrays = importedArrayFunctions(webAssembly.Module.imports(module).map(({ name }) => name), memory);
  const { exports } = new webAssembly.Instance(module, { quench: { memory, ...importedFunctions, ...extensionCallables, ...ofArrays } });
  let next = scratch.start + scratch.bytes;
  const place = (size: number): number => {
    const start = next;
    next += aligned(size);
    return start;
  };
  return {
    target: "wasm",
    array: (length) => new Float64Array(memory.buffer, place(8 * length), length),
    singleArray: (length) => new Float32Array(memory.buffer, place(4 * length), length),
    integerArray: (length, bits) => (bits === 8 ? new Int8Array(memory.buffer, place(length), length) : new Int16Array(memory.buffer, place(2 * length), length)),
    bind: (name, kernel, ...args) => {
      const form = (integers ? exports[integerName(name)] : undefined) ?? exports[name];
      if (typeof form !== "function") return bound(kernel, args);
      return bound(form as (...args: number[]) => void, args.map((a) => (typeof a === "number" ? a : a.byteOffset)));
    },
  };
}

/** What kernels may call where WASM has no instruction: the functions that their TypeScript form calls, under the same names. */
export const importedFunctions = Object.fromEntries([
  ...Object.getOwnPropertyNames(Math).map((name) => [`Math.${name}`, Math[name as keyof Math]] as const),
  ...Object.entries(special).map(([name, f]) => [`special.${name}`, f] as const),
].filter(([, f]) => typeof f === "function"));

const modules = new WeakMap<Uint8Array, WasmModule>();

function compiled(bytes: Uint8Array): WasmModule {
  let module = modules.get(bytes);
  if (!module) modules.set(bytes, (module = optimisedModule(bytes)));
  return module;
}

/** The bytes beside a built module; without them (one line on stderr says so) its kernels run as TypeScript. */
export function loadWasm(url: URL): Uint8Array | undefined {
  try {
    return readFileSync(url);
  } catch (error) {
    process.stderr.write(`${url.pathname.split("/").at(-1)} cannot be read (${error instanceof Error ? error.message : String(error)}); its kernels run as TypeScript\n`);
    return undefined;
  }
}
