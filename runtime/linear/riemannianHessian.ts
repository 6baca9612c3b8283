import { SmoothConstraints } from "../geometry/smoothConstraints.ts";
import type { ConstraintSet } from "../model.ts";
import { sphereBending } from "./sphereBending.ts";

/**
 * The Riemannian Hessian of a function on a product of spheres in the coordinates of the state vector, in place:
 *
 *     P (∇²f − Σ_g (x_g·∇f_g / x_g·x_g) 1_g) P,
 *
 * with the projector P on the tangent space (Absil, Mahony, Sepulchre 2008, section 5.3). The radial directions are eigenvectors, with the eigenvalue `radial`.
 * `tangentHessian` is the same operator in a basis of the tangent space.
 *
 * @param gradient Euclidean gradient at `state`, n numbers
 * @param matrix the Euclidean Hessian, n × n, row-major
 * @param radial 0 for the operator itself; 1, say, for one that is invertible wherever the tangent part is
 */
export function riemannianHessian(spheres: ConstraintSet, state: Float64Array, gradient: Float64Array, matrix: Float64Array, radial = 0): void {
  if (spheres instanceof SmoothConstraints) return onSmoothConstraints(spheres, state, gradient, matrix, radial);
  const n = state.length;
  for (const { offset, count, groupStride, length, elementStride } of spheres) {
    for (let group = 0; group < count; group++) {
      const first = offset + group * groupStride;
      const end = first + length * elementStride;
      const { bending, norm2 } = sphereBending(state, gradient, first, end, elementStride);
      for (let p = first; p < end; p += elementStride) matrix[p * n + p] -= bending;
      for (let other = 0; other < n; other++) {
        let column = 0;
        for (let p = first; p < end; p += elementStride) column += state[p] * matrix[p * n + other];
        for (let p = first; p < end; p += elementStride) matrix[p * n + other] -= (column / norm2) * state[p];
      }
      for (let other = 0; other < n; other++) {
        let row = 0;
        for (let p = first; p < end; p += elementStride) row += state[p] * matrix[other * n + p];
        for (let p = first; p < end; p += elementStride) matrix[other * n + p] -= (row / norm2) * state[p];
      }
      if (radial === 0) continue;
      for (let p = first; p < end; p += elementStride) for (let q = first; q < end; q += elementStride) matrix[p * n + q] += (radial * state[p] * state[q]) / norm2;
    }
  }
}

/** P (∇²f − Σ_k λ_k ∇²c_k) P + radial (1 − P), λ the multipliers of the gradient. */
function onSmoothConstraints(set: SmoothConstraints, state: Float64Array, gradient: Float64Array, matrix: Float64Array, radial: number): void {
  const n = state.length;
  const inside = matrix.slice();
  const bending = set.bending(state, gradient);
  for (let k = 0; k < inside.length; k++) inside[k]! -= bending[k]!;
  const row = new Float64Array(n);
  const projectRows = (of: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      row.set(of.subarray(i * n, (i + 1) * n));
      set.project(state, row, row);
      of.set(row, i * n);
    }
  };
  const transpose = (of: Float64Array): Float64Array => of.map((_, k) => of[(k % n) * n + Math.floor(k / n)]!);
  projectRows(inside);
  const both = transpose(inside);
  projectRows(both);
  matrix.set(both);
  if (radial === 0) return;
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  projectRows(identity);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j]! += radial * ((i === j ? 1 : 0) - identity[i * n + j]!);
}
