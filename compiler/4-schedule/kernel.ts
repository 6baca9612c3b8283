/**
 * The kernel IR: structured loops over typed arrays, printed as TypeScript and as WASM from the same value.
 *
 * Loop variables, sizes, row offsets and cursors are integers; everything else is a float64. Loop variables count from 0
 * whatever the range of the index (its values are `lower + variable`). `For` runs while variable < to; with `product` it is a product of
 * matrices, which WASM writes as tiles; with `fixed` all its vectors are integers of 16 bits.
 */
import type { FixedScope } from "./fixedPoint.ts";
import type { ProductTile } from "./productTile.ts";
import type { Combine } from "../ir/expression.ts";
import type { OperatorName } from "../library/ops/index.ts";
import type { Integer } from "./integer.ts";

export interface Kernel {
  readonly name: string;
  /** What it computes, in a sentence or a formula. */
  readonly doc: string;
  /** Integers that it takes: header parameters and derived sizes. */
  readonly sizes: readonly string[];
  /** Real header parameters that it takes. */
  readonly reals: readonly string[];
  readonly arrays: readonly KernelArray[];
  readonly body: readonly KernelStatement[];
}

export interface KernelArray {
  readonly name: string;
  readonly role: "input" | "output" | "temporary" | "updated";
  /** Number of entries. */
  readonly length: Integer;
  /** Entries are bits of 0 or 1, and not float64; rows are whole numbers of 128. */
  readonly bits?: true;
  /** Entries are float32. Scalars are float64 all the same. */
  readonly single?: true;
  /** Entries are integers of so many bits (`integerArrays.ts`). */
  readonly integer?: 8 | 16;
  /** Entries are whole numbers of at most this absolute value. */
  readonly bound?: number;
  /** Each entry stands for the numbers of so many states, side by side (`statesInLanes.ts`). */
  readonly states?: number;
}

export type KernelStatement =
  | { readonly kind: "for"; readonly variable: string; readonly from: Integer; readonly to: Integer; readonly body: readonly KernelStatement[]; readonly vectorisable: boolean; readonly product?: ProductTile; readonly fixed?: FixedScope }
  | { readonly kind: "if"; readonly condition: Scalar; readonly body: readonly KernelStatement[] }
  /** A new integer: an offset that does not change in the loops inside, or (mutable) a running cursor. */
  | { readonly kind: "integer"; readonly name: string; readonly value: Integer; readonly mutable: boolean }
  | { readonly kind: "advance"; readonly name: string; readonly by: Integer }
  /** A new scalar; accumulators are mutable. */
  | { readonly kind: "let"; readonly name: string; readonly value: Scalar; readonly mutable: boolean }
  | { readonly kind: "update"; readonly name: string; readonly combine: Combine; readonly value: Scalar }
  /** Without `combine` the entry is overwritten. */
  | { readonly kind: "store"; readonly array: string; readonly offset: Integer; readonly combine?: Combine; readonly value: Scalar; readonly bits?: true }
  | { readonly kind: "fill"; readonly array: string; readonly length: Integer; readonly value: number }
  /** A function of whole arrays, once for each of `blocks` parts of them; see `StatementCall`. */
  | { readonly kind: "call"; readonly function: string; readonly adjointOf?: number; readonly tangent?: true; readonly blocks: Integer; readonly arguments: readonly { readonly array: string; readonly shape: readonly Integer[] }[]; readonly target: string };

export type Scalar =
  | { readonly kind: "constant"; readonly value: number }
  /** A real parameter, or a scalar of an enclosing `let`. */
  | { readonly kind: "real"; readonly name: string }
  | { readonly kind: "integer"; readonly value: Integer }
  | { readonly kind: "load"; readonly array: string; readonly offset: Integer; readonly bits?: true }
  | { readonly kind: "apply"; readonly operator: OperatorName; readonly arguments: readonly Scalar[] };

/** Where an accumulation with `combine` starts. */
export const combineIdentity: Readonly<Record<Combine, number>> = { sum: 0, product: 1, max: -Infinity, min: Infinity };

/** The bodies of a statement, for traversals. */
export const bodyOf = (s: KernelStatement): readonly KernelStatement[] => (s.kind === "for" || s.kind === "if" ? s.body : []);

/** The scalars that a statement evaluates itself, those of its body not. */
export function scalarsOf(s: KernelStatement): readonly Scalar[] {
  switch (s.kind) {
    case "let": case "update": case "store": return [s.value];
    case "if": return [s.condition];
    default: return [];
  }
}

/** Visits a scalar and all its parts. */
export function visitScalar(s: Scalar, enter: (s: Scalar) => void): void {
  enter(s);
  if (s.kind === "apply") for (const a of s.arguments) visitScalar(a, enter);
}

/** Visits all statements, outer before inner. */
export function visitStatements(body: readonly KernelStatement[], enter: (s: KernelStatement) => void): void {
  for (const s of body) {
    enter(s);
    visitStatements(bodyOf(s), enter);
  }
}
