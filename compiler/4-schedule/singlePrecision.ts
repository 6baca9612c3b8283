/**
 * Kernels in float32 (`--precision f32`). Arrays of a kernel that its loops walk are float32: of what it reads a copy, of what it keeps to
 * itself the array, of what it gives the array that is copied back. Scalars stay float64, so that a sum is one of float32 over the lanes of an innermost
 * loop, and of float64 over everything else.
 *
 * What only the disorder determines is copied once after the draw (`copiedAtDraw`), states and mini-batches at every call. Nothing but kernels
 * of gradients and local moves is made so: energies, observables and Hessians that are recorded are float64.
 */
import { visitAtoms } from "./integer.ts";
import { constantValue, integerConstant, integerVariable } from "./integer.ts";
import type { Integer } from "./integer.ts";
import type { Kernel, KernelArray, KernelStatement, Scalar } from "./kernel.ts";
import { onArrays } from "./rewriteStatements.ts";
import { freeNames } from "./scheduleProcedure.ts";
import { assertKernel } from "./verifyKernel.ts";
import { visitParts } from "./visitParts.ts";

/** No name of a specification has spaces. */
export const singleName = (array: string): string => `${array} in float32`;

/** How a kernel treats its arrays. */
export interface SingleOptions {
  /** Whether an input is copied before the kernel is called, once for many calls, so that the kernel reads that copy. */
  readonly isCopied: (array: string) => boolean;
  /** Whether an array is kept in float32 alone: what is written stays there. */
  readonly isKept?: (array: string) => boolean;
  /** Whether an array is left as it is. */
  readonly isLeft?: (array: string) => boolean;
  /** Whether other inputs and outputs are copied at each call; they stay float64 if not. */
  readonly copiesStates?: boolean;
}

/** The kernel with float32 arrays; their names are `singleName` of what they stand for. */
export function inSinglePrecision(kernel: Kernel, { isCopied, isKept = () => false, isLeft = () => false, copiesStates = true }: SingleOptions): Kernel {
  const fixed = fixedArrays(kernel.body);
  const walks = hasVectorLoop(kernel.body);
  const names = new Map<string, string>();
  const before: KernelStatement[] = [];
  const after: KernelStatement[] = [];
  const arrays = kernel.arrays.flatMap((a): readonly KernelArray[] => {
    if (isLeft(a.name)) return [a];
    if (isKept(a.name)) return [rename(a)];
    // Single numbers and bits stay what they are, too.
    if (!walks || a.bits || constantValue(a.length) === 1 || fixed.has(a.name)) return [a];
    if (a.role === "temporary" || (a.role === "input" && isCopied(a.name))) return [rename(a)];
    if (!copiesStates || a.role === "updated") return [a];
    if (a.role === "input") before.push(copyOf(a.name, singleName(a.name), a.length));
    else after.push(copyOf(singleName(a.name), a.name, a.length));
    return [a, { ...rename(a), role: "temporary" }];
  });
  function rename(a: KernelArray): KernelArray {
    names.set(a.name, singleName(a.name));
    return { ...a, name: singleName(a.name), single: true };
  }
  const body = [...before, ...onArrays(kernel.body, names), ...after];
  const made: Kernel = { ...kernel, sizes: [...new Set([...kernel.sizes, ...freeNames(body).integers])], arrays, body };
  assertKernel(made);
  return made;
}

/** The kernel that copies arrays after a draw. */
export function copyingKernel(name: string, arrays: readonly { readonly name: string; readonly length: Integer }[]): Kernel {
  const body = arrays.map((a) => copyOf(a.name, singleName(a.name), a.length));
  return {
    name, doc: "What the draw determined, in float32.", sizes: [...freeNames(body).integers], reals: [],
    arrays: arrays.flatMap((a): readonly KernelArray[] => [{ name: a.name, role: "input", length: a.length }, { name: singleName(a.name), role: "output", length: a.length, single: true }]),
    body,
  };
}

export function copyOf(from: string, to: string, length: Integer): KernelStatement {
  const variable = `entry of ${to}`;
  const offset = integerVariable(variable);
  return { kind: "for", variable, from: integerConstant(0), to: length, vectorisable: true, body: [{ kind: "store", array: to, offset, value: { kind: "load", array: from, offset } }] };
}

/** Arrays that stay float64: those of which an entry is an index, or part of one, and those that functions of arrays take or give. */
export function fixedArrays(body: readonly KernelStatement[]): ReadonlySet<string> {
  const found = new Set<string>();
  visitParts(body, {
    statement: (s) => { if (s.kind === "call") for (const name of [s.target, ...s.arguments.map((a) => a.array)]) found.add(name); },
    atom: (a) => { if (a.kind === "scalar") visitScalars(a.value, (x) => { if (x.kind === "load") found.add(x.array); }); },
  });
  return found;
}

function visitScalars(root: Scalar, enter: (x: Scalar) => void): void {
  enter(root);
  if (root.kind === "apply") for (const a of root.arguments) visitScalars(a, enter);
  if (root.kind === "load") visitAtoms(root.offset, (a) => { if (a.kind === "scalar") visitScalars(a.value, enter); });
}

/** Whether there is anything to gain. */
export function hasVectorLoop(body: readonly KernelStatement[]): boolean {
  let found = false;
  visitParts(body, { statement: (s) => { if (s.kind === "for" && s.vectorisable) found = true; } });
  return found;
}
