import type { ConstraintSet } from "../model.ts";
import { backwardVelocity } from "./backwardVelocity.ts";
import { retract } from "./retract.ts";
import { SmoothConstraints } from "./smoothConstraints.ts";

/**
 * A proposal along a tangent vector v at x, and the tangent vector at the proposal y that the same rule leads back with: retract(x + v) on spheres,
 * x + v + Jᵀ λ on other sets. `to` is not a number where the rule does not lead back.
 *
 * @param backward not one of the others
 */
export function tangentProposal(spheres: ConstraintSet, from: Float64Array, velocity: Float64Array, to: Float64Array, backward: Float64Array): void {
  if (spheres instanceof SmoothConstraints) {
    to.set(from);
    backward.set(velocity);
    spheres.advance(to, backward, 1);
    for (let i = 0; i < backward.length; i++) backward[i] = -backward[i]!;
    return;
  }
  for (let i = 0; i < to.length; i++) to[i] = from[i]! + velocity[i]!;
  retract(spheres, to);
  backwardVelocity(spheres, from, to, velocity, backward);
}
