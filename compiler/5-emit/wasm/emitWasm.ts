/** All kernels of a model that WASM can express, as one module of SIMD code with an imported memory. */
import type { ScheduledModel } from "../../4-schedule/schedule.ts";
import { moduleBytes } from "./bytes.ts";
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
    bytes: moduleBytes(wanted.map((k) => wasmFunction(k.kernel))),
    kernels: wanted.map((k) => k.kernel.name),
    skipped: scheduled.kernels.filter((k) => k.target !== "wasm").map((k) => ({ kernel: k.kernel.name, reason: k.reason })),
  };
}
