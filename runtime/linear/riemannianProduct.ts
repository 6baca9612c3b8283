import { projectGradient } from "../geometry/projectGradient.ts";
import { SmoothConstraints } from "../geometry/smoothConstraints.ts";
import type { ConstraintSet } from "../model.ts";
import { sphereBending } from "./sphereBending.ts";
import type { HessianProduct } from "./traceEstimate.ts";

/**
 * Products with the Riemannian Hessian of a function on a product of spheres, in the coordinates of the state vector: v ↦ P ∇²f P v − Σ_g
 * (x_g·∇f_g / x_g·x_g) P v on sphere g (as `riemannianHessian`, without the matrix). Tangent vectors stay tangent.
 *
 * @param gradient Euclidean gradient at `state`
 */
export function riemannianProduct(spheres: ConstraintSet, state: Float64Array, gradient: Float64Array, { run, direction, product }: HessianProduct): (vector: Float64Array, out: Float64Array) => void {
  if (spheres instanceof SmoothConstraints) {
    const bending = spheres.bending(state, gradient);
    const n = state.length;
    return (vector, out) => {
      projectGradient(spheres, state, vector, direction);
      const tangent = direction.slice();
      run();
      for (let i = 0; i < n; i++) {
        let bent = 0;
        for (let j = 0; j < n; j++) bent += bending[i * n + j]! * tangent[j]!;
        out[i] = product[i]! - bent;
      }
      projectGradient(spheres, state, out, out);
    };
  }
  const curvature = new Float64Array(state.length);
  for (const { offset, count, groupStride, length, elementStride } of spheres) {
    for (let group = 0; group < count; group++) {
      const first = offset + group * groupStride;
      const end = first + length * elementStride;
      const { bending } = sphereBending(state, gradient, first, end, elementStride);
      for (let p = first; p < end; p += elementStride) curvature[p] = bending;
    }
  }
  return (vector, out) => {
    projectGradient(spheres, state, vector, direction);
    run();
    for (let i = 0; i < out.length; i++) out[i] = product[i]! - curvature[i]! * direction[i]!;
    projectGradient(spheres, state, out, out);
  };
}
