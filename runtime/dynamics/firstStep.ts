import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { SmoothConstraints } from "../geometry/smoothConstraints.ts";
import type { Fold } from "../geometry/fold.ts";
import type { ConstraintSet } from "../model.ts";

/**
 * A first guess of a time step, from which tuning starts: one in which neither the drift nor the noise moves the state by more than a
 * tenth of its distance from the origin (of 1 where that is 0).
 */
export function firstStep(state: Float64Array, gradient: Float64Array, temperature: number): number {
  const length = 0.1 * (euclideanNorm(state) || 1);
  const drift = length / euclideanNorm(gradient);
  const noise = length ** 2 / (2 * temperature * state.length);
  const step = Math.min(drift, noise);
  return step > 0 && step < Infinity ? step : 1;
}

/**
 * The longest time step that tuning may reach: on a sphere noise of the length of the radius, beyond which a proposal can't get any farther
 * and a longer step is only a worse one; on a circle or between two walls noise of half their width. Free variables set no limit.
 */
export function longestStep(spheres: ConstraintSet, folds: readonly Fold[], temperature: number): number {
  const folded = folds.reduce((least, { width }) => Math.min(least, width ** 2 / (8 * temperature)), Infinity);
  if (spheres instanceof SmoothConstraints) return folded;
  return spheres.reduce((least, { norm2, length }) => Math.min(least, norm2 / (2 * temperature * length)), folded);
}
