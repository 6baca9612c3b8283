/** All kernels of a model that WASM can express, as one module of SIMD code with an imported memory. */
import type { ScheduledModel } from "../../4-schedule/schedule.ts";
import type { Kernel } from "../../4-schedule/kernel.ts";
import { visitParts } from "../../4-schedule/visitParts.ts";
import { ops } from "../../library/ops/index.ts";
import { withUsed, writeVectorFunction } from "../../library/vectorMath/vectorFunction.ts";
import type { VectorFunction } from "../../library/vectorMath/vectorFunction.ts";
import { moduleBytes } from "./bytes.ts";
import type { WasmFunction } from "./bytes.ts";
import { wasmFunction } from "./kernelWriter.ts";

export interface EmittedWasm {
  readonly bytes: Uint8Array;
  /** Exported kernels. */
  readonly kernels: readonly string[];
  /** Kernels that stay TypeScript, and why. */
  readonly skipped: readonly { readonly kernel: string; readonly reason: string }[];
}

export function emitWasm(scheduled: ScheduledModel): EmittedWasm {
  const wanted = scheduled.kernels.filter((k) => k.target === "wasm");
  return {
    bytes: wasmModule(wanted.map((k) => k.kernel)),
    kernels: wanted.map((k) => k.kernel.name),
    skipped: scheduled.kernels.filter((k) => k.target !== "wasm").map((k) => ({ kernel: k.kernel.name, reason: k.reason })),
  };
}

/** A module that exports these kernels, with the functions that they call. */
export function wasmModule(kernels: readonly Kernel[]): Uint8Array {
  const functions = withUsed(kernels.flatMap(vectorFunctionsOf));
  const indexOf = (f: VectorFunction): number => kernels.length + functions.indexOf(f);
  const called = functions.map((f): WasmFunction => {
    const { name, locals, code } = writeVectorFunction(f, indexOf);
    return { name, parameters: ["v128"], locals: Array.from({ length: locals }, () => "v128"), result: "v128", code };
  });
    return moduleBytes([...kernels.map((k) => wasmFunction(k, indexOf)), ...called]);
}

/** The functions that a kernel's operators are. */
function vectorFunctionsOf(kernel: Kernel): readonly VectorFunction[] {
  const found = new Set<VectorFunction>();
  visitParts(kernel.body, {
    scalar: (x) => {
      const f = x.kind === "apply" ? ops[x.operator].vectorFunction : undefined;
      if (f) found.add(f);
    },
  });
  return [...found];
}
