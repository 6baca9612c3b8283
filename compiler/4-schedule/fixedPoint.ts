/**
 * Loops on integers of 16 bits, eight a vector: all that they walk are arrays of small integers, and every value is a whole multiple of
 * a power of 1/2 that fits. What they compute is exact, so that it is the same as in float64.
 */
import { ops } from "../library/ops/index.ts";
import type { Fixed, Operator } from "../library/ops/operator.ts";
import type { Kernel, KernelArray, KernelStatement, Scalar } from "./kernel.ts";
import { scalarsOf, visitScalar } from "./kernel.ts";
import { strideOf } from "./vectorisable.ts";

/** What is known where a loop stands: of entries of arrays, which of these are integers in memory, and of scalars. */
export interface FixedScope { readonly arrays: ReadonlyMap<string, Fixed>; readonly integers: ReadonlySet<string>; readonly reals: ReadonlyMap<string, Fixed> }

/** Of 16 bits. */
const LARGEST = 2 ** 15 - 1;
/** The largest absolute value of entries of arrays of 16 bits: what is computed of them may be twice, or with one binary place. */
export const LARGEST_ENTRY = 2 ** 13 - 1;
const MOST_PLACES = 3;

/** Undefined for a value that may not fit. */
export function fixedOf(x: Scalar, scope: FixedScope): Fixed | undefined {
  switch (x.kind) {
    case "constant": {
      const places = Array.from({ length: MOST_PLACES + 1 }, (_, p) => p).find((p) => Number.isInteger(x.value * 2 ** p));
      return places === undefined ? undefined : fitting({ bound: Math.abs(x.value), places });
    }
    case "real": return scope.reals.get(x.name);
    case "integer": return undefined;
    case "load": return x.bits ? undefined : scope.arrays.get(x.array);
    case "apply": break;
  }
  const { fixed }: Operator = ops[x.operator];
  const given = x.arguments.map((a) => fixedOf(a, scope));
  if (!fixed || !given.every((a) => a !== undefined)) return undefined;
  const places = fixed.aligned ? Math.max(...given.map((a) => a.places)) : 0;
  return given.every((a) => fitting({ bound: a.bound, places: Math.max(places, a.places) })) ? fitting(fixed.range(...given)) : undefined;
}

const fitting = (x: Fixed): Fixed | undefined => (x.bound * 2 ** x.places <= LARGEST ? x : undefined);

/** The kernel with its loops on integers marked. */
export function withFixedLoops(kernel: Kernel): Kernel {
  if (!kernel.arrays.some((a) => a.integer !== undefined)) return kernel;
  return { ...kernel, body: marked(kernel.body, scopeOf(kernel.arrays)) };
}

/** Arrays of small integers that a loop over vectors walks which would have to make them float64. */
export function unfitArrays(kernel: Kernel): ReadonlySet<string> {
  const integers = new Set(kernel.arrays.flatMap((a) => (a.integer === undefined ? [] : [a.name])));
  const unfit = new Set<string>();
  const visit = (body: readonly KernelStatement[]): void => {
    for (const s of body) {
      if (s.kind === "if" || (s.kind === "for" && !s.vectorisable)) visit(s.body);
      else if (s.kind === "for" && !s.fixed) for (const array of walkedBy(s)) if (integers.has(array)) unfit.add(array);
    }
  };
  visit(withFixedLoops(kernel).body);
  return unfit;
}

/** Whether a loop on integers walks the array. */
export function isWalkedInIntegers(kernel: Kernel, array: string): boolean {
  const visit = (body: readonly KernelStatement[]): boolean => body.some((s) => (s.kind === "for" && s.fixed !== undefined && walkedBy(s).has(array)) || ((s.kind === "for" || s.kind === "if") && visit(s.body)));
  return visit(withFixedLoops(kernel).body);
}

const scopeOf = (arrays: readonly KernelArray[]): FixedScope =>
  ({ arrays: new Map(arrays.flatMap((a) => (a.bound === undefined ? [] : [[a.name, { bound: a.bound, places: 0 }] as const]))), integers: new Set(arrays.flatMap((a) => (a.integer === undefined ? [] : [a.name]))), reals: new Map() });

function marked(body: readonly KernelStatement[], outer: FixedScope): readonly KernelStatement[] {
  const reals = new Map(outer.reals);
  const scope: FixedScope = { ...outer, reals };
  return body.map((s): KernelStatement => {
    if (s.kind === "let") define(s, reals, scope);
    if (s.kind === "if") return { ...s, body: marked(s.body, scope) };
    if (s.kind !== "for") return s;
    if (!s.vectorisable) return { ...s, body: marked(s.body, scope) };
    const fixed = scopeIn(s, scope);
    return fixed ? { ...s, fixed } : s;
  });
}

/** Two locals of one name may stand in blocks side by side. */
function define(s: Extract<KernelStatement, { kind: "let" }>, reals: Map<string, Fixed>, scope: FixedScope): Fixed | undefined {
  const value = s.mutable ? undefined : fixedOf(s.value, scope);
  if (value) reals.set(s.name, value);
  else reals.delete(s.name);
  return value;
}

/** What is known in the body of a loop, where it may run on integers. */
function scopeIn(loop: Extract<KernelStatement, { kind: "for" }>, outer: FixedScope): FixedScope | undefined {
  const reals = new Map(outer.reals);
  const scope: FixedScope = { ...outer, reals };
  for (const s of loop.body) {
    if (s.kind === "let") {
      if (!define(s, reals, scope)) return undefined;
    } else if (s.kind === "store") {
      const value = fixedOf(s.value, scope);
      if (!value || value.places > 0) return undefined;
    } else return undefined;
  }
  const walked = walkedBy(loop);
  return walked.size > 0 && [...walked].every((array) => scope.integers.has(array)) ? scope : undefined;
}

function walkedBy(loop: Extract<KernelStatement, { kind: "for" }>): ReadonlySet<string> {
  const walked = new Set<string>();
  for (const s of loop.body) {
    if (s.kind === "store" && !s.bits) walked.add(s.array);
    for (const root of scalarsOf(s)) visitScalar(root, (x) => { if (x.kind === "load" && !x.bits && strideOf(x.offset, loop.variable) === "unit") walked.add(x.array); });
  }
  return walked;
}
