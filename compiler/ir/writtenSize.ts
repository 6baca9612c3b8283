/**
 * How many nodes an expression has when it is written out: a node that stands in several places counts in each. Expressions share their parts,
 * while sums of terms, loops and printed code do not, so that thirty doublings in a row make 2³⁰ nodes of sixty.
 */
import { children, type Expression } from "./expression.ts";

const known = new WeakMap<Expression, number>();

export function writtenSize(e: Expression): number {
  let size = known.get(e);
  if (size === undefined) known.set(e, (size = children(e).reduce((sum, c) => sum + writtenSize(c), 1)));
  return size;
}

/** A formula above this is not used where another form will do. */
export const longFormula = 20_000;
