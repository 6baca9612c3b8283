import { SmoothConstraints } from "../geometry/smoothConstraints.ts";
import type { ConstraintSet } from "../model.ts";

/**
 * The Riemannian Hessian of a function on a product of spheres, in an orthonormal basis of the tangent space at x:
 *
 *     Bᵀ (∇²f − Σ_g (x_g·∇f_g / x_g·x_g) 1_g) B,
 *
 * where the second term is the curvature of sphere g (Absil, Mahony, Sepulchre, "Optimization Algorithms on Matrix Manifolds", 2008,
 * section 5.3). The columns of B come from one Householder reflection a sphere: the reflection that takes x_g / |x_g| to ∓ the
 * first unit vector of the sphere takes the other unit vectors to a basis of its tangent space. Free entries are their own basis.
 *
 * Basis vectors stand in the order of the state vector, less the first entry of each sphere. At most O(n · length)
 * operations a sphere, since reflections are applied and not multiplied out.
 *
 * @param gradient Euclidean gradient at `state`, of dimension n
 * @param hessian Euclidean Hessian, n × n; not changed
 * @param out m × m with m = n − number of spheres, row-major
 */
export function tangentHessian(spheres: ConstraintSet, state: Float64Array, gradient: Float64Array, hessian: Float64Array, out: Float64Array): void {
  if (spheres instanceof SmoothConstraints) {
    const inside = hessian.slice();
    spheres.bending(state, gradient).forEach((x, k) => { inside[k]! -= x; });
    out.set(spheres.inTangentBasis(state, inside));
    return;
  }
  const n = state.length;
  const matrix = hessian.slice();
  const dropped = new Set<number>();
  for (const { offset, count, groupStride, length, elementStride } of spheres) {
    for (let g = 0; g < count; g++) {
      const places = Int32Array.from({ length }, (_, e) => offset + g * groupStride + e * elementStride);
      if (length === 0) continue;
      dropped.add(places[0]!);
      let norm2 = 0;
      let radial = 0;
      for (const p of places) {
        norm2 += state[p]! ** 2;
        radial += state[p]! * gradient[p]!;
      }
      for (const p of places) matrix[p * n + p]! -= radial / norm2;
      reflect(matrix, n, places, householder(state, places, Math.sqrt(norm2)));
    }
  }
  const kept = Int32Array.from(Array.from({ length: n }, (_, i) => i).filter((i) => !dropped.has(i)));
  const m = kept.length;
  if (out.length !== m * m) throw new Error(`internal: the tangent space has ${m} dimensions, not ${Math.sqrt(out.length)}`);
  for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) out[a * m + b] = matrix[kept[a]! * n + kept[b]!]!;
}

/** v with (1 − v vᵀ) x ∝ first unit vector, |v|² = 2; its sign avoids cancellation. */
function householder(state: Float64Array, places: Int32Array, norm: number): Float64Array {
  const v = Float64Array.from(places, (p) => state[p]! / norm);
  v[0]! += v[0]! < 0 ? -1 : 1;
  const scale = Math.SQRT2 / Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return v.map((x) => x * scale);
}

/** matrix ← (1 − v vᵀ) matrix (1 − v vᵀ), with v on the given places. */
function reflect(matrix: Float64Array, n: number, places: Int32Array, v: Float64Array): void {
  for (let column = 0; column < n; column++) {
    let inner = 0;
    for (let e = 0; e < v.length; e++) inner += v[e]! * matrix[places[e]! * n + column]!;
    for (let e = 0; e < v.length; e++) matrix[places[e]! * n + column]! -= inner * v[e]!;
  }
  for (let row = 0; row < n; row++) {
    let inner = 0;
    for (let e = 0; e < v.length; e++) inner += v[e]! * matrix[row * n + places[e]!]!;
    for (let e = 0; e < v.length; e++) matrix[row * n + places[e]!]! -= inner * v[e]!;
  }
}
