/**
 * Operation counts of procedures as polynomials of the sizes, under the code that the scheduler makes of them: statements with
 * the same `indices` and `conditions` share one loop nest, orders between indices bound the loops, and in every loop the factors
 * that don't depend on its index are multiplied outside of it. The unit is one multiply-add; other operators count
 * half of their floating-point operations. Loops run in the order of `indices`.
 */
import { identity, visit, type Expression, type Index } from "../ir/expression.ts";
import { storageGroups } from "../ir/layout.ts";
import type { Procedure, Statement } from "../ir/procedure.ts";
import type { Slot } from "../ir/program.ts";
import { ops } from "../library/ops/index.ts";
import { asIndexRelation } from "./conditions.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import { addPolynomials, binomialPolynomial, constantPolynomial, dividePolynomials, multiplyPolynomials, rangeSize, scalePolynomial, type Polynomial } from "./polynomial.ts";
import { asProduct } from "./product.ts";
import { rangeText } from "./structureText.ts";

/** Number of stored entries of an array. */
export const arraySize = (slots: readonly Slot[]): Polynomial =>
  multiplyPolynomials(...storageGroups(slots).map(({ axes, weak }) => {
    const n = rangeSize(slots[axes[0]!]!.range);
    return binomialPolynomial(addPolynomials(n, constantPolynomial(weak.filter(Boolean).length)), axes.length);
  }));

/** Number of tuples of `indices` under the orders in `conditions`; conditions that are no chains of orders are not counted on. */
export function tupleCount(indices: readonly Index[], conditions: readonly Expression[]): Polynomial {
  const next = new Map<Index, { readonly index: Index; readonly weak: boolean }>();
  const follows = new Set<Index>();
  for (const condition of conditions) {
    const r = asIndexRelation(condition);
    if (!r || (r.relation !== "<" && r.relation !== "<=") || !indices.includes(r.left) || !indices.includes(r.right)) continue;
    if (next.has(r.left) || follows.has(r.right) || rangeText(r.left.range) !== rangeText(r.right.range)) continue;
    next.set(r.left, { index: r.right, weak: r.relation === "<=" });
    follows.add(r.right);
  }
  return multiplyPolynomials(...indices.filter((i) => !follows.has(i)).map((first) => {
    let length = 1;
    let weak = 0;
    for (let step = next.get(first); step; step = next.get(step.index)) {
      length++;
      if (step.weak) weak++;
    }
    const values = binomialPolynomial(addPolynomials(rangeSize(first.range), constantPolynomial(weak)), length);
    // One row of the list, of average length.
    return first.rows ? dividePolynomials(values, rangeSize(first.rows)) : values;
  }));
}

/** Statements that share a loop nest, in order. */
export function loopNests(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const nests: Statement[][] = [];
  for (const s of statements) {
    const last = nests.at(-1);
    if (last && last[0]!.indices === s.indices && last[0]!.conditions === s.conditions) last.push(s);
    else nests.push([s]);
  }
  return nests;
}

/** Multiply-adds of a procedure. */
export function procedureCost({ statements, arrays }: Pick<Procedure, "statements"> & Partial<Pick<Procedure, "arrays">>): Polynomial {
  const bits = new Set(arrays?.filter((a) => a.bits).map((a) => a.name));
  return addPolynomials(...loopNests(statements).map((nest) => {
    if (nest[0]!.call) return callCost(nest[0]!);
    return nest.every((s) => countsBits(s, bits)) ? scalePolynomial(nestCost(nest), 1 / BITS_AT_ONCE) : nestCost(nest);
  }));
}

/** A function of whole arrays is taken to look at each entry ten times. */
function callCost({ value, subscripts }: Statement): Polynomial {
  const of = (at: readonly Expression[]): Polynomial => scalePolynomial(tupleCount(at.flatMap(freeIndices), []), 10);
  const looked: Polynomial[] = [];
  visit(value, (e) => { if (e.kind === "read") looked.push(of(e.subscripts)); });
  return addPolynomials(of(subscripts), ...looked);
}

/** A word of 64 takes about four times as long as a vector of two numbers. */
const BITS_AT_ONCE = 16;

/** Whether a statement adds up truth values that are kept as bits. */
function countsBits(s: Statement, bits: ReadonlySet<string>): boolean {
  const reads = new Set<string>();
  visit(s.value, (e) => { if (e.kind === "read" && e.subscripts.some((x) => freeIndices(x).length > 0)) reads.add(e.array); });
  return reads.size > 0 && [...reads].every((name) => bits.has(name));
}

/** A factor, or a value kept from an inner loop: what identifies it and the indices that it depends on. */
interface Item { readonly key: string; readonly indices: ReadonlySet<Index> }

function nestCost(nest: readonly Statement[]): Polynomial {
  const { indices, conditions } = nest[0]!;
  const counts = [...indices, undefined].map((_, depth) => tupleCount(indices.slice(0, depth), conditions));
  const depthOf = (of: ReadonlySet<Index>): number => indices.reduce((depth, index, k) => (of.has(index) ? k + 1 : depth), 0);
  const costs: Polynomial[] = [];
  const charge = (depth: number, operations: number): void => { if (operations > 0) costs.push(scalePolynomial(counts[depth]!, operations)); };

  // Operators inside factors: each distinct one once, in the outermost loop where it is known.
  const applied = new Set<Expression>();
  const products = nest.map((s) => {
    const { coefficient, factors } = asProduct(s.value);
    for (const f of factors) visit(f, (e) => {
      if (e.kind !== "apply" || applied.has(e)) return;
      applied.add(e);
      charge(depthOf(new Set(freeIndices(e))), ops[e.operator].cost / 2);
    });
    const items = factors.map((f): Item => ({ key: String(identity(f)), indices: new Set(freeIndices(f)) }));
    return { scaled: coefficient !== 1, target: new Set(s.subscripts.flatMap(freeIndices)), items, done: false };
  });
  for (let depth = indices.length; depth > 0; depth--) {
    const index = indices[depth - 1]!;
    const sums = new Set<string>();
    for (const p of products) {
      if (p.done) continue;
      const inside = p.items.filter((f) => f.indices.has(index));
      const outside = p.items.filter((f) => !f.indices.has(index));
      if (p.target.has(index)) {
        const hoisted = outside.length > 0 || p.scaled;
        charge(depth, Math.max(1, inside.length - (hoisted ? 0 : 1)));
        if (outside.length > 1) charge(Math.max(...outside.map((f) => depthOf(f.indices))), outside.length - 1);
        p.done = true;
        continue;
      }
      const key = inside.map((f) => f.key).sort().join("*");
      if (!sums.has(key)) charge(depth, Math.max(1, inside.length - 1));
      sums.add(key);
      p.items = [...outside, { key: `sum ${depth} ${key}`, indices: new Set(indices.slice(0, depth - 1)) }];
    }
  }
  for (const p of products) if (!p.done) charge(0, Math.max(1, p.items.length - 1));
  return addPolynomials(...costs);
}
