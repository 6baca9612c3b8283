/**
 * x·∇f / x·x and x·x on one sphere, the entries first, first + step, … before `end` of the state vector: what the Riemannian Hessian takes off the
 * Euclidean one on its tangent space (Absil, Mahony, Sepulchre 2008, section 5.3).
 */
export function sphereBending(state: Float64Array, gradient: Float64Array, first: number, end: number, step: number): { readonly bending: number; readonly norm2: number } {
  let norm2 = 0;
  let slope = 0;
  for (let p = first; p < end; p += step) {
    norm2 += state[p]! ** 2;
    slope += state[p]! * gradient[p]!;
  }
  return { bending: slope / norm2, norm2 };
}
