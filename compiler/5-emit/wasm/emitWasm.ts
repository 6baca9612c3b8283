/** All kernels of a model that WASM can express, as one module of SIMD code with an imported memory. */
import type { ScheduledModel } from "../../4-schedule/schedule.ts";
import { visitStatements } from "../../4-schedule/kernel.ts";
import type { Kernel } from "../../4-schedule/kernel.ts";
import { builtInConstants, type MeasuredConstants } from "../../../runtime/measuredConstants.ts";
import { withFixedLoops } from "../../4-schedule/fixedPoint.ts";
import { isInLanes } from "../../4-schedule/statesInLanes.ts";
import { tiled } from "../../4-schedule/tile.ts";
import { visitParts } from "../../4-schedule/visitParts.ts";
import { ops } from "../../library/ops/index.ts";
import type { Operator } from "../../library/ops/operator.ts";
import { withUsed, writeVectorFunction } from "../../../runtime/webassembly/vectorFunction.ts";
import { moduleBytes } from "../../../runtime/webassembly/bytes.ts";
import { stateLaneFunctions } from "../../../runtime/webassembly/stateLanes.ts";
import type { ImportedFunction, WasmFunction } from "../../../runtime/webassembly/bytes.ts";
import { precisionOf, tileFunctions } from "./productLoop.ts";
import type { TypedProduct } from "./productLoop.ts";
import { elementOf, importOfCall, wasmFunction } from "./kernelWriter.ts";
import type { NumberOf } from "./kernelWriter.ts";
import { StateWriter } from "./stateWriter.ts";

export interface EmittedWasm {
  readonly bytes: Uint8Array;
  /** Exported kernels. */
  readonly kernels: readonly string[];
  /** Kernels that stay TypeScript, and why. */
  readonly skipped: readonly { readonly kernel: string; readonly reason: string }[];
}

export interface EmitWasmOptions {
  /** Fused multiply-adds of relaxed SIMD in vectors: results then depend on the machine in the last bits. */
  readonly fused?: boolean;
  /** Sizes of tiles. */
  readonly constants?: MeasuredConstants;
}

export function emitWasm(scheduled: ScheduledModel, options: EmitWasmOptions = {}): EmittedWasm {
  const wanted = scheduled.kernels.filter((k) => k.target === "wasm");
  return {
    bytes: wasmModule(wanted.flatMap((k) => (k.integers ? [k.kernel, k.integers] : [k.kernel])), options),
    kernels: wanted.map((k) => k.kernel.name),
    skipped: scheduled.kernels.filter((k) => k.target !== "wasm").map((k) => ({ kernel: k.kernel.name, reason: k.reason })),
  };
}

/** A module that exports these kernels, with the functions that they call. */
export function wasmModule(kernels: readonly Kernel[], { fused = false, constants = builtInConstants }: EmitWasmOptions = {}): Uint8Array {
  const used = new Set(kernels.flatMap(operatorsOf));
  const imported = [...importedBy(used), ...importedArrayFunctions(kernels)];
  const functions = withUsed([...used].flatMap((o) => o.vectorFunction ?? []));
  const tiledKernels = kernels.map(tiled);
  const tiles = tileFunctions(tiledKernels.flatMap(productsOf), fused, constants);
  const indexOf: NumberOf = (f) => {
    if (typeof f !== "string") return imported.length + kernels.length + functions.indexOf(f);
    const tile = tiles.findIndex(({ name }) => name === f);
    return tile < 0 ? imported.findIndex(({ name }) => name === f) : imported.length + kernels.length + functions.length + tile;
  };
  const called = functions.map((f): WasmFunction => {
    const { name, locals, code } = writeVectorFunction(f, indexOf, fused);
    return { name, parameters: ["v128"], locals: Array.from({ length: locals }, () => "v128"), result: "v128", code };
  });
  return moduleBytes([...tiledKernels.map((k) => (isInLanes(k) ? wasmFunction(k, indexOf, fused, constants, StateWriter) : wasmFunction(withFixedLoops(k), indexOf, fused, constants))), ...called, ...tiles.map(({ write }) => write(indexOf)), ...(kernels.some(isInLanes) ? stateLaneFunctions() : [])], imported);
}

function productsOf({ arrays, body }: Kernel): readonly TypedProduct[] {
  const found: TypedProduct[] = [];
  visitStatements(body, (s) => {
    if (s.kind !== "for" || !s.product) return;
    const single = precisionOf(s.product, (name) => elementOf(arrays.find((a) => a.name === name)));
    if (single !== undefined) found.push({ tile: s.product, single });
  });
  return found;
}

/** What stands for operators without a form of their own: the functions that their TypeScript calls, each once. */
function importedBy(operators: ReadonlySet<Operator>): readonly ImportedFunction[] {
  const found = new Map<string, ImportedFunction>();
  for (const { wasm, vectorFunction, typescript, arity } of operators) {
    if (!wasm && !vectorFunction && typescript.callee !== undefined) found.set(typescript.callee, { name: typescript.callee, parameters: Array.from({ length: arity }, () => "f64"), result: "f64" });
  }
  return [...found.values()];
}

/** Functions of whole arrays: what the runtime must know beside the numbers that it is given stands in the name. */
function importedArrayFunctions(kernels: readonly Kernel[]): readonly ImportedFunction[] {
  const found = new Map<string, ImportedFunction>();
  for (const { body } of kernels) visitStatements(body, (s) => {
    if (s.kind !== "call") return;
    const name = importOfCall(s);
    found.set(name, { name, parameters: ["i32", ...s.arguments.flatMap(({ shape }) => ["i32" as const, ...shape.map(() => "i32" as const)]), "i32", "i32"] });
  });
  return [...found.values()];
}

function operatorsOf(kernel: Kernel): readonly Operator[] {
  const found = new Set<Operator>();
  visitParts(kernel.body, { scalar: (x) => { if (x.kind === "apply") found.add(ops[x.operator]); } });
  return [...found];
}
