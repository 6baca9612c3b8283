import { symmetricDecomposition } from "./eigenvalues.ts";

/** Eigenvalues below this fraction of the largest in magnitude count as null directions. */
const NULL = 1e-12;

/**
 * The solution of least norm of `matrix · out = right` for a symmetric matrix of any signature: null directions of the matrix get no part. O(n³).
 *
 * @param matrix n × n, row-major
 * @param right n numbers
 * @param out n numbers; all NaN if the matrix has an entry that is not finite
 */
export function solveSymmetric(matrix: Float64Array, right: Float64Array, out: Float64Array): void {
  const n = right.length;
  out.fill(matrix.every(Number.isFinite) ? 0 : NaN);
  if (n === 0 || Number.isNaN(out[0])) return;
  const { values, vector } = symmetricDecomposition(matrix, n);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  values.forEach((value, k) => {
    if (Math.abs(value) <= NULL * largest) return;
    let part = 0;
    for (let i = 0; i < n; i++) part += vector(i, k) * right[i];
    for (let i = 0; i < n; i++) out[i] += (part / value) * vector(i, k);
  });
}
