/**
 * The normal form of an expression: a sum of products over bound indices, canonical up to renaming of indices,
 * order of factors and terms, expansion and split `let`s. Equal mathematics of polynomial expressions give equal text (`key`).
 */
import type { Expression, Index } from "./expression.ts";

export interface NormalForm { readonly terms: readonly Term[] }

/** coefficient × Π factors, summed over all values of `indices` for which all `conditions` hold. */
export interface Term {
  readonly coefficient: number;
  /** Sorted; no two with the same base. */
  readonly factors: readonly Factor[];
  /** Canonically named and ordered. Each occurs in a factor or a condition. */
  readonly indices: readonly Index[];
  /** Truth values that are not constant: `i < j`, `i != j`, …; sorted. */
  readonly conditions: readonly Expression[];
}

/** base^exponent. The base is an atom: a read, a parameter, an index value, or an operator that is not + − × ÷ or an integer power. */
export interface Factor { readonly base: Expression; readonly exponent: number }
