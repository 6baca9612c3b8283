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
import { withIntegerSums } from "./keptAttempts.ts";
import { freeNames } from "./scheduleProcedure.ts";
import type { Integer } from "./integer.ts";
import { onArrays } from "./rewriteStatements.ts";
import { copyOf } from "./singlePrecision.ts";

export interface IntegerArrays {
  readonly bits: ReadonlyMap<string, 8 | 16>;
  /** Largest absolute values of these, and of other arrays of whole numbers that stand beside them. */
  readonly bounds: ReadonlyMap<string, number>;
  /** Whether all entries fit, of parameters. */
  readonly fit: Expression;
  /** Arrays of the disorder of which moves read a copy in integers, under the names of `copyName`. */
  readonly copies: readonly string[];
  /** Whether the sums of `keptAttempts.ts` are among them. */
  readonly keepsSums: boolean;
}

/** No name of a specification has spaces. */
export const copyName = (array: string): string => `${array} in integers`;

/** Kernels of moves that read the copies. */
export function readingCopies(kernel: Kernel, copies: readonly string[]): Kernel {
  const names = new Map(copies.map((name) => [name, copyName(name)]));
  return copies.length === 0 ? kernel : { ...kernel, arrays: kernel.arrays.map((a) => ({ ...a, name: names.get(a.name) ?? a.name })), body: onArrays(kernel.body, names) };
}

/**
 * @param candidates arrays that only `moving` and what makes them touch
 * @param quenched arrays of the disorder, of which moves would read copies
 * @param kept arrays of `keptAttempts.ts`
 * @param bounds of arrays of whole numbers
 * @param moving kernels of moves, with all that runs at each of them
 */
export function integerArrays({ candidates, quenched, kept }: { readonly candidates: readonly string[]; readonly quenched: readonly string[]; readonly kept: readonly string[] }, bounds: ReadonlyMap<string, Expression>, moving: readonly Kernel[]): IntegerArrays | undefined {
  const written = new Set(moving.flatMap(({ arrays }) => arrays.flatMap((a) => (a.role === "input" ? [] : [a.name]))));
  const small = new Map([...bounds].flatMap(([name, b]) => (b.kind === "constant" && b.value < 2 ** 7 ? [[name, b.value] as const] : [])));
  const bits = new Map([...candidates, ...kept, ...quenched].flatMap((name): [string, 8 | 16][] => {
    const bound = bounds.get(name);
    if (!bound || (quenched.includes(name) && (!small.has(name) || written.has(name))) || (bound.kind === "constant" && bound.value > LARGEST_ENTRY)) return [];
    return [[name, small.has(name) && !written.has(name) ? 8 : 16]];
  }));
  const known = (): IntegerArrays => ({
    bits, bounds: new Map([...small, ...[...bits].flatMap(([name, b]) => (b === 16 ? [[name, LARGEST_ENTRY] as const] : []))]),
    copies: [], keepsSums: kept.every((name) => bits.has(name)),
    fit: [...bits.keys()].map((name) => bounds.get(name)!).filter((b) => b.kind !== "constant").map((b) => build.le(b, constant(LARGEST_ENTRY))).reduce<Expression>((a, b) => (a === constant(1) ? b : build.and(a, b)), constant(1)),
  });
  // What one loop makes float64 again may be the only gain of another: until nothing changes.
  for (let before = -1; before !== bits.size;) {
    before = bits.size;
    for (const kernel of moving) for (const name of unfitArrays(inIntegers(kernel, known()))) bits.delete(name);
  }
  for (const name of [...bits.keys()]) if (!moving.some((k) => isWalkedInIntegers(inIntegers(k, known()), name))) bits.delete(name);
  // Copies for the sake of nothing but themselves gain nothing.
  if (![...bits.keys()].some((name) => !quenched.includes(name))) return undefined;
  const found = known();
  const copies = quenched.filter((name) => bits.has(name));
  const named = <T>(all: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map([...all].map(([name, x]) => [copies.includes(name) ? copyName(name) : name, x]));
  return { ...found, bits: named(found.bits), bounds: named(found.bounds), copies };
}

/** The kernel that makes the copies after a draw. */
export function integerCopies(name: string, arrays: readonly { readonly name: string; readonly length: Integer }[]): Kernel {
  const body = arrays.map((a) => copyOf(a.name, copyName(a.name), a.length));
  return {
    name, doc: "What moves read of the draw, in integers where these fit.", sizes: [...freeNames(body).integers], reals: [],
    arrays: arrays.flatMap((a): readonly KernelArray[] => [{ name: a.name, role: "input", length: a.length }, { name: copyName(a.name), role: "output", length: a.length }]),
    body,
  };
}

/** The second form of a kernel. */
export function inIntegers(kernel: Kernel, { bits, bounds, keepsSums }: IntegerArrays): Kernel {
  return {
    ...kernel, name: integerName(kernel.name), body: keepsSums ? withIntegerSums(kernel.body) : kernel.body,
    arrays: kernel.arrays.map((a): KernelArray => {
      const [own, bound] = [bits.get(a.name), a.bits ? undefined : bounds.get(a.name)];
      return { ...a, ...(own === undefined ? {} : { integer: own }), ...(bound === undefined ? {} : { bound }) };
    }),
  };
}
