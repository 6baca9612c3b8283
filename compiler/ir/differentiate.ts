/**
 * Derivatives of scalars in index notation: with respect to one entry A[a,b,…] of an array, where a, b, … are free indices.
 * A read of A gives Kronecker deltas, which `normalise` resolves. Operators enter by their adjoints alone. This is what `explain`
 * prints and what covariances are made from; kernels get their gradients by reverse mode over procedures, which is tested against this.
 */
import { build, ops } from "../library/ops/index.ts";
import { constant, freshIndex, indexValue, reduce, rewrite, substitute, visit } from "./expression.ts";
import type { Expression, Index, Reduce } from "./expression.ts";
import { inlinedBody, wrapped } from "./inline.ts";
import { fromNormal, normalise, positiveParameters } from "./normalise.ts";
import type { NormalForm } from "./normal.ts";
import { findArray } from "./program.ts";
import type { Program, Slot } from "./program.ts";
import { rangeText } from "./text.ts";

const zero = constant(0);
const one = constant(1);

/** The entry `array[subscripts]`; `slots` say which subscripts may be exchanged (none if absent). */
export interface Entry { readonly array: string; readonly subscripts: readonly Expression[]; readonly slots?: readonly Slot[] }

/**
 * ∂expression/∂entry. Definitions must be inlined first: every other array counts as independent of it. An operator without a
 * derivative on the way is an internal error: ask `obstacle` first. Reads of the array inside subscripts count as constant.
 */
export function differentiate(expression: Expression, entry: Entry): Expression {
  const known = new Map<Expression, Expression>();
  const go = (e: Expression): Expression => {
    let result = known.get(e);
    if (result === undefined) known.set(e, (result = derivativeOf(e)));
    return result;
  };
  const derivativeOf = (e: Expression): Expression => {
    switch (e.kind) {
      case "read": return e.array === entry.array ? deltas(e.subscripts, entry) : zero;
      case "apply": {
        const { adjoint } = ops[e.operator];
        if (adjoint === "none") {
          if (e.arguments.every((a) => go(a) === zero)) return zero;
          throw new Error(`internal: ${e.operator} has no derivative`);
        }
        return adjoint(one, e.arguments, build).reduce((sum: Expression, factor, k) => {
          // An adjoint of 0 comes first: the condition of a conditional may be a comparison.
          const inner = factor === zero ? zero : go(e.arguments[k]!);
          return plus(sum, times(withoutOnes(factor), inner));
        }, zero);
      }
      case "reduce": {
        const inner = go(e.body);
        return inner === zero ? zero : derivativeOfReduce(e, inner);
      }
      default: return zero;
    }
  };
  return go(expression);
}

/** Why `expression` has no derivative with respect to `array`: the operator that has none, or undefined. */
export function obstacle(expression: Expression, array: string): string | undefined {
  const reads = (e: Expression): boolean => {
    let found = false;
    visit(e, (node) => { found ||= node.kind === "read" && node.array === array; });
    return found;
  };
  const seen = new Set<Expression>();
  const go = (e: Expression): string | undefined => {
    if (seen.has(e)) return undefined;
    seen.add(e);
    if (e.kind === "reduce") return reads(e.where) ? "a condition" : go(e.body);
    if (e.kind !== "apply") return undefined;
    const { adjoint } = ops[e.operator];
    if (adjoint === "none") return e.arguments.some(reads) ? e.operator : undefined;
    const factors = adjoint(one, e.arguments, build);
    return e.arguments.map((a, k) => (factors[k] === zero ? undefined : go(a))).find((found) => found !== undefined);
  };
  return go(expression);
}

function derivativeOfReduce(e: Reduce, inner: Expression): Expression {
  if (e.combine === "sum") return reduce("sum", e.indices, inner, e.where);
  // A second copy of the indices, for the factors that stay or for the value that is attained.
  const copies = new Map(e.indices.map((i) => [i, indexValue(freshIndex(i.name, i.range))] as const));
  const [body, where] = [substitute(e.body, copies), substitute(e.where, copies)];
  const others = [...copies.values()].map((v) => v.index);
  if (e.combine === "product") {
    const different = [...copies].map(([i, j]): Expression => build.ne(indexValue(i), j)).reduce((a, b) => build.or(a, b));
    return reduce("sum", e.indices, build.mul(inner, reduce("product", others, body, build.and(where, different))), e.where);
  }
  // Where several entries attain the extremum this is the sum of their derivatives.
  return reduce("sum", e.indices, build.select(build.eq(e.body, reduce(e.combine, others, body, where)), inner, zero), e.where);
}

/** Π δ(subscript, entry's subscript), summed over the exchanges that read the same entry. */
function deltas(subscripts: readonly Expression[], entry: Entry): Expression {
  if (subscripts.length === 0) return one;
  const product = (order: readonly number[]): Expression =>
    subscripts.map((s, k) => delta(s, entry.subscripts[order[k]!]!, entry.slots?.[k])).reduce((a, b) => build.mul(a, b));
  return exchanges(entry.slots ?? [], subscripts.length).map(product).reduce((a, b) => build.add(a, b));
}

/** δ(subscript, place). In a periodic slot `x + 1 = a` means x = a − 1 around the period. */
function delta(subscript: Expression, place: Expression, slot: Slot | undefined): Expression {
  if (!slot?.periodic || subscript.kind === "index") return build.eq(subscript, place);
  const { terms } = normalise(subscript);
  const shifted = terms.find(({ coefficient, factors: [only, ...more] }) =>
    coefficient === 1 && more.length === 0 && only?.exponent === 1 && only.base.kind === "index" && rangeText(only.base.index.range) === rangeText(slot.range));
  if (!shifted) return build.eq(wrapped(subscript, slot.range), place);
  const shift = fromNormal({ terms: terms.filter((t) => t !== shifted) });
  return build.eq(shifted.factors[0]!.base, wrapped(build.sub(place, shift), slot.range));
}

/**
 * Permutations of slots that read the same entry: those within each group of strictly ordered slots. With `<=` a diagonal entry
 * would be counted for each of its equal orders, so such slots are taken as written.
 */
function exchanges(slots: readonly Slot[], count: number): readonly (readonly number[])[] {
  let orders: number[][] = [[]];
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && slots[end]?.order === "<") end++;
    const group = Array.from({ length: end - start }, (_, k) => start + k);
    orders = orders.flatMap((before) => permutations(group).map((g) => [...before, ...g]));
    start = end;
  }
  return orders;
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((first) => permutations(items.filter((i) => i !== first)).map((rest) => [first, ...rest]));
}

/** Adjoints of dy = 1 begin with `1 * …`. */
const withoutOnes = (e: Expression): Expression =>
  rewrite(e, (node) => (node.kind === "apply" && node.operator === "mul" ? (node.arguments[0] === one ? node.arguments[1]! : node.arguments[1] === one ? node.arguments[0]! : node) : node));

const plus = (a: Expression, b: Expression): Expression => (a === zero ? b : b === zero ? a : build.add(a, b));
const times = (a: Expression, b: Expression): Expression => (a === zero || b === zero ? zero : a === one ? b : b === one ? a : build.mul(a, b));

/** Fresh free indices for the slots of an array, named a, b, c, … */
export const entryIndices = (slots: readonly Slot[], names = "abcdefgh"): readonly Index[] =>
  slots.map((slot, k) => freshIndex(names[k % names.length]!, slot.range));

export interface Derivative { readonly indices: readonly Index[]; readonly form: NormalForm }

/** ∂(scalar definition)/∂array[a,b,…] with everything inlined, in normal form. */
export function gradientForm(program: Program, of: string, array: string): Derivative {
  const { slots } = findArray(program, array);
  const indices = entryIndices(slots);
  const derivative = differentiate(inlinedBody(program, of).body, { array, subscripts: indices.map(indexValue), slots });
  return { indices, form: normalise(derivative, { positive: positiveParameters(program) }) };
}

/** ∂²(scalar definition)/∂first[a,…]∂second[b,…]; `indices` are those of `first`, then those of `second`. */
export function hessianForm(program: Program, of: string, first: string, second: string): Derivative {
  const [a, b] = [findArray(program, first).slots, findArray(program, second).slots];
  const [left, right] = [entryIndices(a), entryIndices(b, "abcdefgh".slice(a.length) || "xyz")];
  const gradient = differentiate(inlinedBody(program, of).body, { array: first, subscripts: left.map(indexValue), slots: a });
  const second_ = differentiate(gradient, { array: second, subscripts: right.map(indexValue), slots: b });
  return { indices: [...left, ...right], form: normalise(second_, { positive: positiveParameters(program) }) };
}
