import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { TridiagonalSpectrum } from "./lanczos.ts";

/** Eigenvalues, by Householder tridiagonalisation and QL, and both ends of the eigenvectors of a symmetric tridiagonal matrix. O(m³) time. */
export const tridiagonalSpectrum: TridiagonalSpectrum = (diagonal, beside) => {
  const m = diagonal.length;
  const matrix = Matrix.diag(Array.from(diagonal));
  beside.forEach((x, k) => {
    matrix.set(k, k + 1, x);
    matrix.set(k + 1, k, x);
  });
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const order = Array.from({ length: m }, (_, k) => k).sort((a, b) => realEigenvalues[a]! - realEigenvalues[b]!);
  return {
    values: Float64Array.from(order, (k) => realEigenvalues[k]!),
    first: Float64Array.from(order, (k) => eigenvectorMatrix.get(0, k)),
    last: Float64Array.from(order, (k) => eigenvectorMatrix.get(m - 1, k)),
  };
};

/**
 * Eigenvalues of a symmetric matrix in ascending order, by Householder tridiagonalisation and QL (ml-matrix, the one file that
 * imports it). O(n³) time.
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
  const symmetric = new Matrix(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) {
    const mean = 0.5 * (matrix[i * n + j]! + matrix[j * n + i]!);
    symmetric.set(i, j, mean);
    symmetric.set(j, i, mean);
  }
  out.set(new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues);
  out.sort();
}
