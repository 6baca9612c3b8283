/** Whole arrays while an expression is lowered: their slots and how an entry is read. Nothing is stored for them. */
import { apply, constant, freshIndex, indexValue } from "../ir/expression.ts";
import type { Expression, Index, Range } from "../ir/expression.ts";
import type { Slot } from "../ir/program.ts";

export interface ArrayValue {
  readonly slots: readonly Slot[];
  readonly entry: (subscripts: readonly Expression[]) => Expression;
  /** Its name, if it is a declared array as it stands. */
  readonly declared?: string;
  /** Of an array over random edges: how many entries that slot has in truth, and whether subscripts are of one. */
  readonly count?: { readonly slot: number; readonly entries: Expression };
  readonly isEntry?: (subscripts: readonly Expression[]) => Expression;
}

/** Fresh indices that run over all entries of an array, with the condition under which an entry is stored. */
export function overEntries(array: ArrayValue): { readonly indices: readonly Index[]; readonly where: Expression; readonly entry: Expression } {
  const letters = ["i", "j", "k", "l", "m", "n"];
  const indices = array.slots.map((s, k) => freshIndex(letters[k] ?? `i${k}`, s.range));
  const conditions: Expression[] = array.slots.flatMap((s, k) => (s.order ? [apply(s.order === "<" ? "lt" : "le", indexValue(indices[k - 1]!), indexValue(indices[k]!))] : []));
  if (array.isEntry) conditions.push(array.isEntry(indices.map(indexValue)));
  return { indices, where: allOf(conditions), entry: array.entry(indices.map(indexValue)) };
}

/** The conjunction of conditions; 1 for none. */
export const allOf = (conditions: readonly Expression[]): Expression =>
  conditions.length === 0 ? constant(1) : conditions.reduce((a, b) => apply("and", a, b));

/** Number of values of a range: `N` for 1..N. */
export function rangeLength({ lower, upper }: Range): Expression {
  if (lower.kind !== "constant") return apply("add", apply("sub", upper, lower), constant(1));
  if (upper.kind === "constant") return constant(upper.value - lower.value + 1);
  return lower.value === 1 ? upper : lower.value < 1 ? apply("add", upper, constant(1 - lower.value)) : apply("sub", upper, constant(lower.value - 1));
}

/** n (n−1) … / m! for m strictly ordered indices over n values, n (n+1) … / m! where equal ones are allowed. */
export function orderedCount(n: Expression, m: number, strict: boolean): Expression {
  let product: Expression = n;
  let factorial = 1;
  for (let k = 1; k < m; k++) {
    product = apply("mul", product, apply(strict ? "sub" : "add", n, constant(k)));
    factorial *= k + 1;
  }
  return factorial === 1 ? product : apply("div", product, constant(factorial));
}

/** Number of entries of an array; ordered slots hold each set of indices once. */
export function entryCount(array: ArrayValue): Expression {
  const factors: Expression[] = [];
  for (let first = 0; first < array.slots.length; ) {
    let last = first;
    while (array.slots[last + 1]?.order) last++;
    const orders = array.slots.slice(first + 1, last + 1).map((s) => s.order);
    const n = array.count?.slot === first ? array.count.entries : rangeLength(array.slots[first]!.range);
    if (orders.every((o) => o === orders[0])) factors.push(orderedCount(n, last - first + 1, orders[0] !== "<="));
    else {
      // m weak orders among g indices: strict ones over a range that is longer by m.
      const weak = orders.filter((o) => o === "<=").length;
      factors.push(orderedCount(apply("add", n, constant(weak)), last - first + 1, true));
    }
    first = last + 1;
  }
  return factors.length === 0 ? constant(1) : factors.reduce((a, b) => apply("mul", a, b));
}
