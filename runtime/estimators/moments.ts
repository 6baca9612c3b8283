import type { Unit } from "./estimator.ts";

/** Count, mean and sum of squared deviations from it. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  /** Whether these are moments of a distribution and not of a sample of it. */
  readonly exact?: boolean;
}

export const noMoments: Moments = { count: 0, mean: NaN, squares: 0 };

/** Of a single number. */
export const momentsOfOne = (value: number): Moments => ({ count: 1, mean: value, squares: 0 });

/** Unbiased for a sample; NaN where there is too little. */
export const varianceOf = ({ count, squares, exact }: Moments): number => (count > 0 ? squares / (exact ? count : count - 1) : NaN);

/**
 * Moments of some numbers. They are summed as deviations from the first, so that equal numbers have exactly their value as mean and
 * exactly 0 as spread whatever their count: a degenerate spread must give an error of 0, not of 1e-17.
 */
export function momentsOf(values: Float64Array, { weights, exact }: Pick<Unit, "weights" | "exact"> = {}): Moments {
  if (values.length === 0) return noMoments;
  const reference = values[0]!;
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i]! : 1;
    count += weight;
    sum += weight * (values[i]! - reference);
  }
  const mean = reference + sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (weights ? weights[i]! : 1) * (values[i]! - mean) ** 2;
  return { count, mean, squares, ...(exact ? { exact } : {}) };
}

/** Moments of the union (T. Chan et al., Am. Stat. 37, 242 (1983)). */
export function mergedMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const difference = b.mean - a.mean;
  return {
    count, mean: a.mean + (difference * b.count) / count, squares: a.squares + b.squares + (difference * difference * a.count * b.count) / count,
    ...(a.exact || b.exact ? { exact: true } : {}),
  };
}

/** The part of a fold that needs nothing but moments of its first argument. */
export const foldMoments = {
  init: (): Moments => noMoments,
  step: (part: Moments, unit: Unit): Moments => mergedMoments(part, momentsOf(unit.values[0]!, unit)),
  merge: mergedMoments,
};
