import type { ModelModule } from "../model.ts";

/**
 * Where a model comes from, in a form that can be sent to a worker: what the compiler has just emitted, or the URL of an ES module that
 * exports its `ModelModule` as `model` (a built or hand-written one).
 */
export type ModelSource =
  | { readonly javascript: string; readonly wasm?: Uint8Array }
  | { readonly url: string };

/** @throws Error if the code does not evaluate, or the module has no such export */
export async function loadModel(source: ModelSource): Promise<ModelModule> {
  if ("javascript" in source) {
    // Only here, as it brings along all that generated code may call.
    const { evaluateModule } = await import("../loadModule.ts");
    return evaluateModule(source.javascript, source.wasm);
  }
  const { model } = (await import(/* @vite-ignore */ source.url)) as { model?: ModelModule };
  if (!model) throw new Error(`${source.url} exports no \`model\``);
  return model;
}
