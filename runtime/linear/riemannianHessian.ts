import type { Sphere } from "../model.ts";

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
export function riemannianHessian(spheres: readonly Sphere[], state: Float64Array, gradient: Float64Array, matrix: Float64Array, radial = 0): void {
  const n = state.length;
  for (const { offset, count, groupStride, length, elementStride } of spheres) {
    for (let group = 0; group < count; group++) {
      const first = offset + group * groupStride;
      const end = first + length * elementStride;
      let norm2 = 0;
      let slope = 0;
      for (let p = first; p < end; p += elementStride) {
        norm2 += state[p] ** 2;
        slope += state[p] * gradient[p];
      }
      for (let p = first; p < end; p += elementStride) matrix[p * n + p] -= slope / norm2;
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
