/**
 * Attempted moves with differences that are kept for all sites (`3-passes/delta/keptDifferences.ts`): as long as none is accepted after these were
 * brought up to date a proposal reads its difference. That is done once so many attempts have failed that doing it at once would have paid, and
 * right after an accepted move where so many had failed before it. Numbers are the same in both ways, so that nothing depends on when.
 */
import type { KeptDifferences, StateMoves } from "../3-passes/delta/moveProcedures.ts";
import { constantValue, integerConstant } from "./integer.ts";
import type { Kernel, KernelArray, KernelStatement, Scalar } from "./kernel.ts";
import { promoteScalars } from "./promoteScalars.ts";
import { definedNames, parameterNames, scheduleProcedure } from "./scheduleProcedure.ts";
import type { Sizes } from "./sizes.ts";

/**
 * Failed attempts that cost as much as bringing all differences up to date, where sums are float64 and where they are small integers; measured for
 * perceptrons of a hundred to some thousand inputs, where it varies by a factor of three.
 */
const ATTEMPTS = 1000;
const ATTEMPTS_OF_INTEGERS = 200;
// No name of a specification has spaces.
const worthIt = "attempts that pay";

/** The statements of a kernel of attempted moves where what it keeps is small integers. */
export const withIntegerSums = (body: readonly KernelStatement[]): readonly KernelStatement[] =>
  body.map((s) => (s.kind === "let" && s.name === worthIt ? { ...s, value: { kind: "constant", value: ATTEMPTS_OF_INTEGERS } } : s));

export interface KeptAttempts {
  readonly arrays: readonly KernelArray[];
  /** Before and after the loop over attempts. */
  readonly before: readonly KernelStatement[];
  readonly after: readonly KernelStatement[];
  /** The statements of a proposal, given those that find the difference otherwise. */
  readonly propose: (otherwise: readonly KernelStatement[]) => readonly KernelStatement[];
  /** What else an accepted move does. */
  readonly accepted: readonly KernelStatement[];
}

/** A scalar that the kernel makes itself and that nobody else reads. */
export const isOwnScalar = (a: KernelArray): boolean => a.role === "output" ? constantValue(a.length) === 1 : isTemporaryScalar(a);
export const isTemporaryScalar = (a: KernelArray): boolean => a.role === "temporary" && constantValue(a.length) === 1;

export function keptAttempts({ names }: StateMoves, { propose, update, arrays }: KeptDifferences, sizes: Sizes, taken: readonly string[]): KeptAttempts {
  const own = [propose, update].flatMap((p) => [...parameterNames(p), ...p.arrays.map((a) => a.name)]);
  const difference: Kernel = scheduleProcedure(propose, sizes, [...taken, ...own]);
  const made: Kernel = scheduleProcedure(update, sizes, [...taken, ...own, ...definedNames(difference.body)]);
  const memory = arrays.at(-1)!.name;
  // Whether differences are up to date, attempts since a move was accepted, and a head start of these.
  const [known, failed, start] = ["differences are known", "attempts that failed", "attempts ahead"];
  const real = (name: string): Scalar => ({ kind: "real", name });
  const number = (value: number): Scalar => ({ kind: "constant", value });
  const isAbove = (x: Scalar): Scalar => ({ kind: "apply", operator: "gt", arguments: [x, real(worthIt)] });
  const is = (value: 0 | 1): Scalar => ({ kind: "apply", operator: value === 1 ? "ne" : "eq", arguments: [real(known), number(0)] });
  const set = (name: string, value: Scalar): readonly KernelStatement[] => [{ kind: "update", name, combine: "product", value: number(0) }, { kind: "update", name, combine: "sum", value }];
  const kept = [known, failed, start];
  const rest = new Map<string, KernelArray>();
  for (const a of [...difference.arrays, ...made.arrays]) {
    if (isTemporaryScalar(a) || a.name === names.difference) continue;
    rest.set(a.name, a.role === "output" || arrays.some(({ name }) => name === a.name) ? { ...a, role: "updated" } : (rest.get(a.name) ?? a));
  }
  rest.set(memory, { name: memory, role: "updated", length: integerConstant(kept.length) });
  const isDifference = (s: KernelStatement): boolean => s.kind === "let" && s.name === names.difference;
  const without = (body: readonly KernelStatement[]): readonly KernelStatement[] => body.filter((s) => !isDifference(s));
  return {
    arrays: [...rest.values()],
    before: [
      { kind: "let", name: worthIt, value: number(ATTEMPTS), mutable: false },
      ...kept.map((name, k): KernelStatement => ({ kind: "let", name, value: { kind: "load", array: memory, offset: integerConstant(k) }, mutable: true })),
    ],
    after: kept.map((name, k) => ({ kind: "store", array: memory, offset: integerConstant(k), value: real(name) })),
    propose: (otherwise) => [
      { kind: "update", name: failed, combine: "sum", value: number(1) },
      { kind: "if", condition: is(0), body: [{
        kind: "if", condition: isAbove({ kind: "apply", operator: "add", arguments: [real(failed), real(start)] }),
        body: [...promoteScalars(made.body, made.arrays.filter(isTemporaryScalar).map((a) => a.name), (n) => `${n} of all`), { kind: "update", name: known, combine: "sum", value: number(1) }],
      }] },
      ...otherwise.filter(isDifference),
      { kind: "if", condition: is(0), body: without(otherwise) },
      { kind: "if", condition: is(1), body: without(promoteScalars(difference.body, difference.arrays.filter(isOwnScalar).map((a) => a.name), (n) => (n === names.difference ? n : `${n} of all`))) },
    ],
    accepted: [
      ...set(start, { kind: "apply", operator: "mul", arguments: [isAbove(real(failed)), real(worthIt)] }),
      ...set(failed, number(0)), ...set(known, number(0)),
    ],
  };
}
