/**
 * Calls of functions of whole arrays are made for all values of the indices around them, also for those that ordered arrays don't hold: for
 * i >= j of `A[i < j in N, k in n]`. There the nearest entry that is held is read; nobody asks for the result.
 */
import { apply, constant, read, rewrite, type Expression, type Index } from "../ir/expression.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import type { Slot } from "../ir/program.ts";
import { applied } from "./applied.ts";
import type { Lowering } from "./lowering.ts";

/** `body` with every read of an ordered array at one of `indices` inside of the array. */
export const atEveryValue = (l: Lowering, body: Expression, indices: readonly Index[]): Expression => rewrite(body, (e) => {
  if (e.kind !== "read") return e;
  const slots = l.arrays.find((a) => a.name === e.array)?.slots ?? [];
  if (!slots.some((s) => s.order) || !e.subscripts.some((s) => freeIndices(s).some((i) => indices.includes(i)))) return e;
  const subscripts = [...e.subscripts];
  for (let first = 0; first < slots.length; first++) {
    let end = first + 1;
    while (end < slots.length && slots[end]!.order) end++;
    if (end > first + 1) subscripts.splice(first, end - first, ...held(subscripts.slice(first, end), slots.slice(first, end)));
    first = end - 1;
  }
  return read(e.array, subscripts);
});

/** Subscripts of one ordered group: in ascending order, strictly where the slots are, and in their range. */
function held(subscripts: readonly Expression[], slots: readonly Slot[]): readonly Expression[] {
  const sorted = [...subscripts];
  for (let end = sorted.length - 1; end > 0; end--) for (let k = 0; k < end; k++) {
    const [a, b] = [sorted[k]!, sorted[k + 1]!];
    [sorted[k], sorted[k + 1]] = [apply("min2", a, b), apply("max2", a, b)];
  }
  const gap = (k: number): Expression => constant(slots[k]!.order === "<" ? 1 : 0);
  for (let k = 1; k < sorted.length; k++) sorted[k] = apply("max2", sorted[k]!, applied("add", [sorted[k - 1]!, gap(k)]));
  for (let k = sorted.length - 1; k >= 0; k--) {
    const above = sorted[k + 1];
    sorted[k] = apply("min2", sorted[k]!, above ? applied("sub", [above, gap(k + 1)]) : slots[k]!.range.upper);
  }
  return sorted;
}
