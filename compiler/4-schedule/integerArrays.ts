/**
 * What local moves walk in integers of 16 or 8 bits instead of float64: sums that are kept of spins and quenched signs, rows of the disorder.
 * Numbers are the same, since whole numbers that fit are exact in both. Whether they fit is known once the sizes are: kernels then have a
 * second form.
 */
import { integerName } from "../../runtime/backends/backend.ts";
import type { Expression } from "../ir/expression.ts";
import { constant } from "../ir/expression.ts";
import { build } from "../library/ops/index.ts";
import { LARGEST_ENTRY, isWalkedInIntegers, unfitArrays } from "./fixedPoint.ts";
import type { Kernel, KernelArray } from "./kernel.ts";

export interface IntegerArrays {
  readonly bits: ReadonlyMap<string, 8 | 16>;
  /** Largest absolute values of these, and of other arrays of whole numbers that stand beside them. */
  readonly bounds: ReadonlyMap<string, number>;
  /** Whether all entries fit, of parameters. */
  readonly fit: Expression;
}

/**
 * @param candidates arrays that only `moving` and what makes them touch
 * @param bounds of arrays of whole numbers
 * @param moving kernels of moves, with all that runs at each of them
 */
export function integerArrays(candidates: readonly string[], bounds: ReadonlyMap<string, Expression>, moving: readonly Kernel[]): IntegerArrays | undefined {
  const written = new Set(moving.flatMap(({ arrays }) => arrays.flatMap((a) => (a.role === "input" ? [] : [a.name]))));
  const small = new Map([...bounds].flatMap(([name, b]) => (b.kind === "constant" && b.value < 2 ** 7 ? [[name, b.value] as const] : [])));
  const bits = new Map(candidates.flatMap((name): [string, 8 | 16][] => {
    const bound = bounds.get(name);
    if (!bound || (bound.kind === "constant" && bound.value > LARGEST_ENTRY)) return [];
    return [[name, small.has(name) && !written.has(name) ? 8 : 16]];
  }));
  const known = (): IntegerArrays => ({
    bits, bounds: new Map([...small, ...[...bits].flatMap(([name, b]) => (b === 16 ? [[name, LARGEST_ENTRY] as const] : []))]),
    fit: [...bits.keys()].map((name) => bounds.get(name)!).filter((b) => b.kind !== "constant").map((b) => build.le(b, constant(LARGEST_ENTRY))).reduce<Expression>((a, b) => (a === constant(1) ? b : build.and(a, b)), constant(1)),
  });
  // What one loop makes float64 again may be the only gain of another: until nothing changes.
  for (let before = -1; before !== bits.size;) {
    before = bits.size;
    for (const kernel of moving) for (const name of unfitArrays(inIntegers(kernel, known()))) bits.delete(name);
  }
  for (const name of [...bits.keys()]) if (!moving.some((k) => isWalkedInIntegers(inIntegers(k, known()), name))) bits.delete(name);
  return bits.size > 0 ? known() : undefined;
}

/** The second form of a kernel. */
export function inIntegers(kernel: Kernel, { bits, bounds }: IntegerArrays): Kernel {
  return {
    ...kernel, name: integerName(kernel.name),
    arrays: kernel.arrays.map((a): KernelArray => {
      const [own, bound] = [bits.get(a.name), a.bits ? undefined : bounds.get(a.name)];
      return { ...a, ...(own === undefined ? {} : { integer: own }), ...(bound === undefined ? {} : { bound }) };
    }),
  };
}
