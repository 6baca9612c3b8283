import { SmoothConstraints } from "./smoothConstraints.ts";
import type { ConstraintSet } from "../model.ts";

/**
 * Projects a vector on the tangent space of a product of spheres at `state`: out = v − Σ_g x_g (x_g·v_g) / (x_g·x_g), where g runs
 * over all spheres. Free entries are copied. Applied to the Euclidean gradient this is the Riemannian gradient; applied to a
 * tangent vector of another point it is its transport to `state` (vector transport by projection; Absil, Mahony,
 * Sepulchre, "Optimization Algorithms on Matrix Manifolds", 2008, section 8.1.3).
 *
 * x·x is summed and not taken from `norm2`, so that out·x vanishes to rounding even where the state has drifted.
 *
 * @param state dimension numbers, each sphere with x·x > 0 (else its entries of `out` are NaN)
 * @param vector dimension numbers
 * @param out dimension numbers; may be `vector` itself
 */
export function projectGradient(spheres: ConstraintSet, state: Float64Array, vector: Float64Array, out: Float64Array): void {
  if (spheres instanceof SmoothConstraints) return spheres.project(state, vector, out);
  if (out !== vector) out.set(vector);
  for (const { offset, count, groupStride, length, elementStride } of spheres) {
    for (let group = 0; group < count; group++) {
      const first = offset + group * groupStride;
      const end = first + length * elementStride;
      let inner = 0;
      let norm2 = 0;
      for (let i = first; i < end; i += elementStride) {
        inner += state[i] * vector[i];
        norm2 += state[i] * state[i];
      }
      const radial = inner / norm2;
      for (let i = first; i < end; i += elementStride) out[i] = vector[i] - radial * state[i];
    }
  }
}
