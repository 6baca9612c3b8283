/** Limits that hold wherever a value lies in its range: `1 <= i` of an i from 1 to N. */
import type { Expression, Range } from "../../ir/expression.ts";
import { key, normalise } from "../../ir/normalise.ts";
import { build } from "../../library/ops/index.ts";

export interface Ranged { readonly value: Expression; readonly range: Range }

const room = (from: Expression, to: Expression): string => key(normalise(build.sub(to, from)));

export function isSure(limit: Expression, known: readonly Ranged[]): boolean {
  if (limit.kind !== "apply" || limit.operator !== "le") return false;
  const [lower, upper] = limit.arguments as [Expression, Expression];
  const left = room(lower, upper);
  return known.some(({ value, range }) => room(range.lower, value) === left || room(value, range.upper) === left);
}
