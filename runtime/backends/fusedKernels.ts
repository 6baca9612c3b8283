/**
 * The fused steps of a tensor program as custom kernels of tfjs. On the wasm backend they are WASM that works in the backend's own memory, where
 * its tensors are, without a copy; on the cpu backend they are JavaScript on its arrays. Other backends have none, and do the steps one by one.
 */
import type { KernelFunc, NamedTensorInfoMap, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import * as special from "../special/index.ts";
import type { TensorProgram } from "./tensorProgram.ts";
import type { TensorFlow } from "./tfjs.ts";
import { importedFunctions } from "./wasm.ts";
import { optimisedModule, webAssembly } from "./webAssembly.ts";

/** Runs a fused step: sizes of its loops, its operands, the shape of the result. */
export type FusedKernels = (kernel: string, sizes: readonly number[], operands: readonly Tensor[], shape: readonly number[]) => Tensor;

interface Arguments { readonly sizes: readonly number[]; readonly shape: readonly number[] }
type Compiled = (kernel: string, arguments_: Arguments, inputs: readonly TensorInfo[], backend: unknown) => TensorInfo;

const known = new WeakMap<object, Map<string, FusedKernels>>();
let programs = 0;

/** The kernels of a program on the backend that is at work; undefined where it has no fused steps, or they cannot be had there. */
export function fusedKernels(program: TensorProgram, tf: TensorFlow): FusedKernels | undefined {
  const { kernels } = program;
  const backend = tf.getBackend();
  if (!kernels || !(backend === "wasm" || backend === "cpu")) return undefined;
  let found = known.get(kernels)?.get(backend);
  if (found) return found;
  const compiled = backend === "wasm" ? onWasm(kernels.wasm, tf) : onCpu(kernels.javascript);
  if (!compiled) return undefined;
  const prefix = `quench ${programs++} `;
  const registered = new Set<string>();
  found = (kernel, sizes, operands, shape) => {
    const kernelName = prefix + kernel;
    if (!registered.has(kernel)) {
      registered.add(kernel);
      const kernelFunc: KernelFunc = ({ inputs, backend: at, attrs }) => compiled(kernel, attrs as unknown as Arguments, ordered(inputs), at);
      tf.registerKernel({ kernelName, backendName: backend, kernelFunc });
    }
    const inputs = Object.fromEntries(operands.map((tensor, k) => [String(k), tensor]));
    return tf.engine().runKernel(kernelName, inputs, { sizes: [...sizes], shape: [...shape] }) as Tensor;
  };
  known.set(kernels, (known.get(kernels) ?? new Map<string, FusedKernels>()).set(backend, found));
  return found;
}

const ordered = (inputs: NamedTensorInfoMap): readonly TensorInfo[] => Object.keys(inputs).sort((a, b) => Number(a) - Number(b)).map((k) => inputs[k]!);

/** What is used of the two backends (tfjs 4.22). */
interface WasmBackend {
  readonly wasm: { readonly asm?: { readonly memory?: { readonly buffer: ArrayBuffer } } };
  readonly makeOutput: (shape: readonly number[], type: "float32") => TensorInfo;
  readonly dataIdMap: { readonly get: (id: object) => { readonly memoryOffset: number } };
}
interface CpuBackend {
  readonly data: { readonly get: (id: object) => { readonly values: Float32Array } };
  readonly makeTensorInfo: (shape: readonly number[], type: "float32", values: Float32Array) => TensorInfo;
}

function onWasm(bytes: Uint8Array, tf: TensorFlow): Compiled | undefined {
  const { wasm } = tf.backend() as unknown as WasmBackend;
  const memory = wasm.asm?.memory;
  if (!memory) return undefined;
  const { exports } = new webAssembly.Instance(optimisedModule(bytes), { quench: { memory, ...importedFunctions } });
  return (kernel, { sizes, shape }, inputs, at) => {
    const backend = at as WasmBackend;
    const out = backend.makeOutput(shape, "float32");
    const offset = ({ dataId }: TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset;
    (exports[kernel] as (...numbers: number[]) => void)(...sizes, ...inputs.map(offset), offset(out));
    return out;
  };
}

function onCpu(javascript: string): Compiled {
  // The compiler wrote this text, from a specification that the user runs.
  const functions = (new Function("special", javascript) as (s: typeof special) => Readonly<Record<string, (...a: unknown[]) => void>>)(special);
  return (kernel, { sizes, shape }, inputs, at) => {
    const backend = at as CpuBackend;
    const out = new Float32Array(shape.reduce((n, size) => n * size, 1));
    functions[kernel]!(...sizes, ...inputs.map(({ dataId }) => backend.data.get(dataId).values), out);
    return backend.makeTensorInfo(shape, "float32", out);
  };
}
