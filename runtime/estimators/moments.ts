import type { Multiplicity, Unit } from "./estimator.ts";

/** Count, mean and sum of squared deviations from it. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  /** Whether these are moments of a distribution and not of a sample of it. */
  readonly exact?: boolean;
}

/** The number by which `squares` is divided for a variance: unbiased for a sample. */
export const varianceDivisor = ({ count, exact }: Moments): number => (exact ? count : count - 1);

/**
 * Moments of some numbers. They are summed as deviations from `reference`, so that equal numbers have exactly their value as mean and
 * exactly 0 as spread whatever their count: a degenerate spread must give an error of 0, not of 1e-17.
 */
export function momentsOf(values: Float64Array, reference: number, { weights, exact }: Pick<Unit, "weights" | "exact"> = {}): Moments {
  if (weights) return { ...weightedMoments(values, reference, weights), ...(exact ? { exact } : {}) };
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - reference;
  const mean = reference + sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { count: values.length, mean, squares };
}

function weightedMoments(values: Float64Array, reference: number, weights: Float64Array): Moments {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    count += weights[i]!;
    sum += weights[i]! * (values[i]! - reference);
  }
  const mean = reference + sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += weights[i]! * (values[i]! - mean) ** 2;
  return { count, mean, squares };
}

/** Moments of each unit's argument `argument`, with one common reference. */
export function unitMoments(units: readonly Unit[], argument = 0): Moments[] {
  const reference = units.find((unit) => unit.values[argument].length > 0)?.values[argument][0] ?? 0;
  return units.map((unit) => momentsOf(unit.values[argument], reference, unit));
}

/** Moments of the union of units, each taken as often as its multiplicity says (T. Chan et al., Am. Stat. 37, 242 (1983)). */
export function pooledMoments(parts: readonly Moments[], multiplicity: Multiplicity): Moments {
  const reference = parts.find((part) => part.count > 0)?.mean ?? NaN;
  let count = 0;
  let sum = 0;
  for (let u = 0; u < parts.length; u++) {
    const weight = multiplicity[u] * parts[u].count;
    if (weight === 0) continue;
    count += weight;
    sum += weight * (parts[u].mean - reference);
  }
  const mean = reference + sum / count;
  let squares = 0;
  for (let u = 0; u < parts.length; u++) {
    const { count: n, mean: own, squares: within } = parts[u];
    if (multiplicity[u] * n !== 0) squares += multiplicity[u] * (within + n * (own - mean) ** 2);
  }
  return { count, mean, squares, ...(parts.some((part) => part.exact) ? { exact: true } : {}) };
}
