/** The tensor program of a model with the code of its fused steps: WASM for the memory of that backend, JavaScript for the cpu. */
import type { TensorProgram } from "../runtime/backends/tensorProgram.ts";
import type { ModelProcedures } from "./3-passes/procedures.ts";
import { tensorProgram } from "./4-schedule/tensor/tensorProgram.ts";
import { printKernelFunction } from "./5-emit/typescript/kernelFunction.ts";
import { wasmModule } from "./5-emit/wasm/emitWasm.ts";

export type TensorCode = { readonly ok: true; readonly program: TensorProgram } | { readonly ok: false; readonly reason: string };

export function tensorCode(procedures: Pick<ModelProcedures, "program" | "reference">): TensorCode {
  const made = tensorProgram(procedures);
  if (!made.ok || made.kernels.length === 0) return made;
  const functions = made.kernels.map((kernel) => printKernelFunction(kernel, { types: false }));
  const javascript = `"use strict";\n${functions.join("")}return { ${made.kernels.map((k) => k.name).join(", ")} };`;
  return { ok: true, program: { ...made.program, kernels: { wasm: wasmModule(made.kernels), javascript } } };
}
