/**
 * Products of matrices, in the two forms in which kernels have them:
 *
 *     for m { for k { for n in lanes { C[m, n] += A[m, k] B[k, n] } } }           (the loops over m and k in either order)
 *     for m { for n { sum ← 0;  for k in lanes { sum += A[m, k] B[n, k] };  C[m, n] += sum } }
 *
 * As it stands, the first loads and stores each entry of C for every k; as a tile, a few rows and vectors of C stay in registers while k runs, in
 * the order in which the loops add, so that not even the rounding changes. The second forms several scalar products at once, of which
 * each entry that is loaded serves more than one.
 */
import { constantValue, integerConstant, integerDifference, integerSum, integerVariable, visitAtoms } from "./integer.ts";
import type { Integer } from "./integer.ts";
import type { KernelStatement, Scalar } from "./kernel.ts";
import { rewriteInteger } from "./rewriteStatements.ts";
import { strideOf } from "./vectorisable.ts";

type Loop = Extract<KernelStatement, { kind: "for" }>;

/** One array of a product: the entry at the origin, and how far it is to the next one along a loop. */
export interface Operand { readonly array: string; readonly origin: Integer; readonly byRow: Integer; readonly byColumn: Integer; readonly bySummed: Integer }

/** Turns of the loops over m, n and k. */
interface Extents { readonly rows: Integer; readonly columns: Integer; readonly summed: Integer }

export type ProductTile =
  /** C, A and B; with `negative` the products are subtracted. */
  | Extents & { readonly form: "rows"; readonly target: Operand; readonly factor: Operand; readonly walked: Operand; readonly negative: boolean }
  /** With `assigned` the entries of C are overwritten. */
  | Extents & { readonly form: "dots"; readonly target: Operand; readonly left: Operand; readonly right: Operand; readonly assigned: boolean };

/** The nest as a product; undefined where it is none. */
export function productTile(outer: Loop): ProductTile | undefined {
  const first = unfold(outer);
  const second = first && unfold(first.inner);
  if (!first || !second || first.after.length > 0) return undefined;
  const walk = second.inner;
  const loops = [outer, first.inner, walk];
  if (!walk.vectorisable || walk.body.length !== 1 || loops.some((l) => constantValue(l.from) !== 0 || loops.some((k) => mentions(l.to, k.variable)))) return undefined;
  return second.after.length === 0 ? rowsOf(loops, [...first.before, ...second.before]) : dotsOf(loops, [...first.before, ...second.before], second.after);
}

type Loops = readonly Loop[];

function rowsOf(loops: Loops, before: readonly KernelStatement[]): ProductTile | undefined {
  const walk = loops[2]!;
  const [store] = walk.body;
  if (store?.kind !== "store" || store.combine !== "sum" || store.bits || before.some((s) => s.kind === "let" && s.mutable)) return undefined;
  const negative = store.value.kind === "apply" && store.value.operator === "neg";
  const sides = sidesOf(store.value.kind === "apply" && negative ? store.value.arguments[0]! : store.value, before);
  const walked = sides?.find((s) => strideOf(s.offset, walk.variable) === "unit");
  const factor = sides?.find((s) => s !== walked);
  if (!walked || !factor || strideOf(store.offset, walk.variable) !== "unit" || walked.array === store.array || factor.array === store.array) return undefined;
  const operands = operandsOf([store, factor, walked], loops, before);
  if (!operands) return undefined;
  // The target stays where it is while one of the loops runs: that is the sum.
  const summed = [0, 1].find((k) => isStill(operands[0]!, k));
  if (summed === undefined) return undefined;
  const row = 1 - summed;
  if (isStill(operands[0]!, row) || !isStill(operands[2]!, row) || !isStill(operands[1]!, 2)) return undefined;
  const [target, a, b] = operands.map((o) => named(o, { row, column: 2, summed })) as [Operand, Operand, Operand];
  return { form: "rows", rows: loops[row]!.to, columns: walk.to, summed: loops[summed]!.to, target, factor: a, walked: b, negative };
}

function dotsOf(loops: Loops, before: readonly KernelStatement[], after: readonly KernelStatement[]): ProductTile | undefined {
  const walk = loops[2]!;
  const [update] = walk.body;
  const [store, ...more] = after;
  const sum = before.find((s) => s.kind === "let" && s.mutable);
  if (update?.kind !== "update" || update.combine !== "sum" || store?.kind !== "store" || more.length > 0 || store.bits || sum?.kind !== "let" || sum.name !== update.name) return undefined;
  if (sum.value.kind !== "constant" || sum.value.value !== 0 || store.value.kind !== "real" || store.value.name !== sum.name || (store.combine ?? "sum") !== "sum") return undefined;
  const sides = sidesOf(update.value, before);
  if (!sides?.every((s) => strideOf(s.offset, walk.variable) === "unit" && s.array !== store.array)) return undefined;
  const operands = operandsOf([store, ...sides], loops, before);
  if (!operands || !isStill(operands[0]!, 2) || isStill(operands[0]!, 0) || isStill(operands[0]!, 1)) return undefined;
  const left = operands.slice(1).find((o) => isStill(o, 1) && !isStill(o, 0));
  const right = operands.slice(1).find((o) => isStill(o, 0) && !isStill(o, 1));
  if (!left || !right) return undefined;
  const [target, a, b] = [operands[0]!, left, right].map((o) => named(o, { row: 0, column: 1, summed: 2 })) as [Operand, Operand, Operand];
  return { form: "dots", rows: loops[0]!.to, columns: loops[1]!.to, summed: walk.to, target, left: a, right: b, assigned: store.combine === undefined };
}

/** The two entries of a product, given in place or by a name. */
function sidesOf(product: Scalar, before: readonly KernelStatement[]): readonly Extract<Scalar, { kind: "load" }>[] | undefined {
  if (product.kind !== "apply" || product.operator !== "mul") return undefined;
  const sides = product.arguments.flatMap((a) => {
    const definition = a.kind === "real" ? before.find((s) => s.kind === "let" && !s.mutable && s.name === a.name) : undefined;
    const side = definition?.kind === "let" ? definition.value : a;
    return side.kind === "load" && !side.bits ? [side] : [];
  });
  return sides.length === 2 ? sides : undefined;
}

/** Distances along the loops, from the outermost one; undefined where they are not the same everywhere. */
interface Strides { readonly array: string; readonly origin: Integer; readonly steps: readonly Integer[] }

function operandsOf(places: readonly { readonly array: string; readonly offset: Integer }[], loops: Loops, before: readonly KernelStatement[]): readonly Strides[] | undefined {
  const integers = new Map<string, Integer>();
  for (const s of before) if (s.kind === "integer") integers.set(s.name, rewriteInteger(s.value, { names: new Map(), integers }));
  const origin = new Map(loops.map((l) => [l.variable, integerConstant(0)]));
  const operands = places.map(({ array, offset }): Strides => {
    const whole = rewriteInteger(offset, { names: new Map(), integers });
    return { array, origin: rewriteInteger(whole, { names: new Map(), integers: origin }), steps: loops.map((l) => step(whole, l.variable)) };
  });
  return operands.every((o) => o.steps.every((x) => loops.every((l) => !mentions(x, l.variable)))) ? operands : undefined;
}

const isStill = ({ steps }: Strides, loop: number): boolean => constantValue(steps[loop]!) === 0;
const named = ({ array, origin, steps }: Strides, at: { readonly row: number; readonly column: number; readonly summed: number }): Operand => ({ array, origin, byRow: steps[at.row]!, byColumn: steps[at.column]!, bySummed: steps[at.summed]! });

/** A body of names, one loop and what stands behind it. */
function unfold(loop: Loop): { readonly before: readonly KernelStatement[]; readonly inner: Loop; readonly after: readonly KernelStatement[] } | undefined {
  const at = loop.body.findIndex((s) => s.kind === "for");
  const inner = loop.body[at];
  const before = loop.body.slice(0, at);
  if (inner?.kind !== "for" || !before.every((s) => s.kind === "let" || (s.kind === "integer" && !s.mutable))) return undefined;
  return { before, inner, after: loop.body.slice(at + 1) };
}

const step = (offset: Integer, variable: string): Integer =>
  integerDifference(rewriteInteger(offset, { names: new Map(), integers: new Map([[variable, integerSum(integerVariable(variable), integerConstant(1))]]) }), offset);

function mentions(x: Integer, variable: string): boolean {
  let found = false;
  visitAtoms(x, (a) => { if ((a.kind === "variable" && a.name === variable) || a.kind === "scalar") found = true; });
  return found;
}
