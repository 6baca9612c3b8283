import { SmoothConstraints } from "./smoothConstraints.ts";
import type { ConstraintSet } from "../model.ts";

/**
 * Brings a point back to a product of spheres, in place: the entries of each sphere are scaled to Σ x² = norm2, which is the
 * nearest point of the manifold; free entries stay. As a map from tangent vectors, v ↦ retract(x + v) agrees with the
 * geodesic to second order (Absil, Mahony, Sepulchre 2008, example 4.1.1).
 *
 * A sphere whose entries are all 0 has no nearest point: its entries become NaN, which callers see as an energy that is not finite.
 */
export function retract(spheres: ConstraintSet, state: Float64Array): void {
  if (spheres instanceof SmoothConstraints) return spheres.retract(state);
  for (const { offset, count, groupStride, length, elementStride, norm2 } of spheres) {
    for (let group = 0; group < count; group++) {
      const first = offset + group * groupStride;
      const end = first + length * elementStride;
      let sum = 0;
      for (let i = first; i < end; i += elementStride) sum += state[i] * state[i];
      const scale = Math.sqrt(norm2 / sum);
      for (let i = first; i < end; i += elementStride) state[i] *= scale;
    }
  }
}
