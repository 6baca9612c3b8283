/** Which bound indices an expression mentions without binding them, in the order in which they first stand. */
import { children, type Expression, type Index } from "./expression.ts";

const known = new WeakMap<Expression, readonly Index[]>();

/** Free indices of `e` in order of first occurrence. Ranges have status parameter and never mention an index. */
export function freeIndices(e: Expression): readonly Index[] {
  const cached = known.get(e);
  if (cached) return cached;
  const found = new Set<Index>();
  if (e.kind === "index") found.add(e.index);
  // The body first: a condition should not decide the order of what it restricts.
  const parts = e.kind === "reduce" ? [e.body, e.where] : children(e);
  for (const part of parts) for (const index of freeIndices(part)) found.add(index);
  if (e.kind === "reduce") for (const index of e.indices) found.delete(index);
  const result = [...found];
  known.set(e, result);
  return result;
}
