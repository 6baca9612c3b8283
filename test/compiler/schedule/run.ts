/** Runs a procedure as the kernel that the scheduler makes of it, on either target, and by brute force. */
import { evaluate } from "../../../compiler/ir/evaluate.ts";
import type { Expression } from "../../../compiler/ir/expression.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { arrayLength } from "../../../compiler/ir/layout.ts";
import type { Procedure } from "../../../compiler/ir/procedure.ts";
import { scheduleProcedure } from "../../../compiler/4-schedule/scheduleProcedure.ts";
import { Sizes } from "../../../compiler/4-schedule/sizes.ts";
import { printKernelFunction } from "../../../compiler/5-emit/typescript/kernelFunction.ts";
import { wasmModule } from "../../../compiler/5-emit/wasm/emitWasm.ts";
import { binomial } from "../../../runtime/modelSupport/binomial.ts";
import { typescriptBackend } from "../../../runtime/backends/typescript.ts";
import { wasmBackend } from "../../../runtime/backends/wasm.ts";
import * as special from "../../../runtime/special/index.ts";
import { program } from "./procedures.ts";

export type Values = Readonly<Record<string, number>>;

/** Numbers in (-1, 1) that depend on the seed alone. */
export function numbers(seed: number, length: number): Float64Array {
  let s = seed;
  return Float64Array.from({ length }, () => {
    s = (Math.imul(s ^ (s >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const t = Math.imul(s ^ (s >>> 12), 0x297a2d39);
    return ((t ^ (t >>> 15)) >>> 0) / 2 ** 31 - 1;
  });
}

const lengthOf = (p: Procedure, array: string, parameters: Values): number => {
  const { slots } = p.arrays.find((a) => a.name === array)!;
  const value = (e: Expression): number => evaluate(e, { parameters, entry: () => { throw new Error("no arrays in a size"); } });
  return arrayLength(slots, slots.map((s) => Math.max(0, value(s.range.upper) - value(s.range.lower) + 1)));
};

/** Inputs for a procedure: `given` ones, and random numbers for the others. */
export function inputsFor(p: Procedure, parameters: Values, given: Readonly<Record<string, Float64Array>> = {}): Map<string, Float64Array> {
  return new Map(p.arrays.filter((a) => a.role === "input").map((a, k) => [a.name, given[a.name] ?? numbers(k + 1, lengthOf(p, a.name, parameters))]));
}

export const byBruteForce = (p: Procedure, parameters: Values, inputs: ReadonlyMap<string, Float64Array>): Map<string, Float64Array> => interpret(p, parameters, new Map(inputs));

export function asKernel(p: Procedure, parameters: Values, inputs: ReadonlyMap<string, Float64Array>, target: "typescript" | "wasm"): Map<string, Float64Array> {
  const sizes = new Sizes(program("Test", [], [], parameters as Record<string, number>));
  const kernel = scheduleProcedure(p, sizes);
  const value = (e: Expression): number => evaluate(e, { parameters, entry: () => { throw new Error("no arrays in a size"); } });
  const scalars: Record<string, number> = { ...parameters, ...Object.fromEntries([...sizes.derived, ...sizes.derivedReals].map((d) => [d.name, value(d.value)])) };
  const lengths = kernel.arrays.map((a) => lengthOf(p, a.name, parameters));
  const backend = target === "typescript" ? typescriptBackend() : wasmBackend(wasmModule([kernel]), lengths);
  const arrays = kernel.arrays.map((a, k) => {
    const view = backend.array(lengths[k]!);
    // Outputs hold rubbish before: a kernel must not rely on zeros.
    view.set(inputs.get(a.name) ?? numbers(99, view.length));
    return view;
  });
  const name = kernel.name;
  const typescript = new Function("binomial", "special", `${printKernelFunction(kernel, { types: false })}\nreturn ${name};`)(binomial, special) as (...args: (number | Float64Array)[]) => void;
  backend.bind(name, typescript, ...[...kernel.sizes, ...kernel.reals].map((s) => scalars[s]!), ...arrays)();
  return new Map(kernel.arrays.map((a, k) => [a.name, arrays[k]!]));
}

/** The largest difference between two sets of outputs, relative to the largest entry where that is above 1. */
export function difference(p: Procedure, a: ReadonlyMap<string, Float64Array>, b: ReadonlyMap<string, Float64Array>): number {
  let worst = 0;
  for (const { name, role } of p.arrays) {
    if (role === "input") continue;
    const [x, y] = [a.get(name)!, b.get(name)!];
    if (x.length !== y.length) return Infinity;
    const scale = x.reduce((m, v) => Math.max(m, Number.isFinite(v) ? Math.abs(v) : 0), 1);
    x.forEach((v, k) => { if (!Object.is(v, y[k])) worst = Math.max(worst, Math.abs(v - y[k]!) / scale || (v === y[k] ? 0 : Infinity)); });
  }
  return worst;
}
