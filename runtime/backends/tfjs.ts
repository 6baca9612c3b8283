/**
 * TensorFlow.js, loaded when it is first asked for: the only file that imports its packages. The backends are tried in the order of
 * speed, `tensorflow` (the optional package tfjs-node), `wasm`, `cpu`; each that can't be used costs one line that says why. `webgpu` (the
 * optional packages webgpu, which is Dawn for Node, and tfjs-backend-webgpu) is tried only where it is asked for.
 */
import { createRequire } from "node:module";
import { tfjsBackends, type TfjsBackend } from "./tfjsBackend.ts";

export type TensorFlow = typeof import("@tensorflow/tfjs-core");

export type TfjsLoad =
  | { readonly ok: true; readonly tf: TensorFlow; readonly backend: TfjsBackend; readonly notes: readonly string[] }
  /** None of them works: the kernels of the model run instead. */
  | { readonly ok: false; readonly notes: readonly string[] };

/** Gives the exports of a package; tests put failing ones in its place. */
export type PackageLoader = (name: string) => Promise<unknown>;

const CORE = "@tensorflow/tfjs-core";
const packages: Readonly<Record<TfjsBackend, string>> = {
  webgpu: "@tensorflow/tfjs-backend-webgpu",
  tensorflow: "@tensorflow/tfjs-node",
  wasm: "@tensorflow/tfjs-backend-wasm",
  cpu: "@tensorflow/tfjs-backend-cpu",
};
/** Dawn, without which Node has no `navigator.gpu`. */
const DAWN = "webgpu";
const here = createRequire(import.meta.url);

/**
 * The best backend, or the one that `preference` names and those after it. Never throws: whatever a package does wrong becomes a note.
 *
 * @param preference "auto" starts with the fastest that needs no graphics card
 */
export async function loadTfjs(preference: "auto" | TfjsBackend = "auto", loader: PackageLoader = loadPackage): Promise<TfjsLoad> {
  const notes: string[] = [];
  const candidates = tfjsBackends.slice(tfjsBackends.indexOf(preference === "auto" ? "tensorflow" : preference));
  for (const [k, backend] of candidates.entries()) {
    try {
      return { ok: true, tf: await start(backend, loader), backend, notes };
    } catch (error) {
      const next = candidates[k + 1];
      const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
      notes.push(`tfjs: the ${backend} backend can't be used (${missing ? `${missingPackage(error, backend)} is not installed` : firstLine(error)}); ${next ? `trying ${next}` : "the model's own kernels run instead"}`);
    }
  }
  return { ok: false, notes };
}

/** Of the optional packages of a backend the one that the error names. */
const missingPackage = (error: unknown, backend: TfjsBackend): string => (backend === "webgpu" && !firstLine(error).includes(packages.webgpu) ? DAWN : packages[backend]);

async function start(backend: TfjsBackend, loader: PackageLoader): Promise<TensorFlow> {
  // tfjs-node 4.22 calls a function of Node that Node 23 no longer has.
  const util = here("node:util") as { isNullOrUndefined?: (x: unknown) => boolean };
  if (backend === "tensorflow") util.isNullOrUndefined ??= (x) => x === null || x === undefined;
  const tf = (backend === "tensorflow" ? await loader(packages.tensorflow) : await loader(CORE)) as TensorFlow;
  // Otherwise the cpu backend prints an advertisement on first use.
  tf.enableProdMode();
  if (backend === "wasm") {
    const wasm = (await loader(packages.wasm)) as { readonly setWasmPaths: (prefix: string) => void };
    // Its threads do nothing in Node; whole chunks of tasks run in threads of ours.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    // A started backend refuses another path.
    if (!tf.engine().registry[backend]) wasm.setWasmPaths(here.resolve(packages.wasm).replace(/[^/\\]*$/, ""));
  } else if (backend === "cpu") await loader(packages.cpu);
  else if (backend === "webgpu") await startWebgpu(loader);
  if (!(await tf.setBackend(backend)) || tf.getBackend() !== backend) throw new Error("it refuses to start");
  probe(tf);
  return tf;
}

/** Puts Dawn where browsers have it, and registers the backend. */
async function startWebgpu(loader: PackageLoader): Promise<void> {
  const dawn = (await loader(DAWN)) as { readonly create: (options: readonly string[]) => unknown; readonly globals: object };
  Object.assign(globalThis, dawn.globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: dawn.create([]) }, configurable: true });
  await loader(packages.webgpu);
}

/** A backend may load and fail at its first kernel, or compute nonsense. */
function probe(tf: TensorFlow): void {
  const result = tf.tidy(() => tf.matMul(tf.tensor([1, 2, 3, 4], [2, 2]), tf.tensor([5, 6, 7, 8], [2, 2])).dataSync());
  if (Array.from(result).join() !== "19,22,43,50") throw new Error(`its product of two matrices is wrong: ${Array.from(result).join()}`);
}

/** The packages are CommonJS: what they export is the default. A missing optional package must not be resolved before it is asked for. */
async function loadPackage(name: string): Promise<unknown> {
  if (name === packages.tensorflow || name === packages.webgpu || name === DAWN) return exportsOf(await import(/* @vite-ignore */ name));
  if (name === packages.wasm) return exportsOf(await import("@tensorflow/tfjs-backend-wasm"));
  if (name === packages.cpu) return exportsOf(await import("@tensorflow/tfjs-backend-cpu"));
  return exportsOf(await import("@tensorflow/tfjs-core"));
}

const exportsOf = (module: unknown): unknown => (module as { readonly default?: unknown }).default ?? module;
const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
