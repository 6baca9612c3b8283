import { symmetricDecomposition, symmetricEigenvalues } from "./decompositions.ts";
import type { TridiagonalSpectrum } from "./lanczos.ts";

/** Eigenvalues and both ends of the eigenvectors of a symmetric tridiagonal matrix. O(m³) time. */
export const tridiagonalSpectrum: TridiagonalSpectrum = (diagonal, beside) => {
  const m = diagonal.length;
  const matrix = new Float64Array(m * m);
  diagonal.forEach((x, k) => { matrix[k * m + k] = x; });
  beside.forEach((x, k) => {
    matrix[k * m + k + 1] = x;
    matrix[(k + 1) * m + k] = x;
  });
  const { values, vectors } = symmetricDecomposition(matrix, m);
  return { values, first: vectors.slice(0, m), last: vectors.slice((m - 1) * m) };
};

/**
 * Eigenvalues of a symmetric matrix in ascending order. O(n³) time.
 *
 * @param matrix n × n, row-major, symmetric up to rounding: the mean of both triangles is taken
 * @param out n numbers; all NaN if the matrix has an entry that is not finite
 */
export function eigenvalues(matrix: Float64Array, out: Float64Array): void {
  const n = out.length;
  if (matrix.length !== n * n) throw new RangeError(`eigenvalues: a matrix of ${matrix.length} entries has no ${n} eigenvalues`);
  if (n === 0) return;
  if (!matrix.every(Number.isFinite)) {
    out.fill(NaN);
    return;
  }
  out.set(symmetricEigenvalues(matrix, n));
  out.sort();
}
