/** Decompositions of dense matrices, row-major: by ml-matrix, of which this is the one file that imports it. O(n³) time. */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";

export interface SymmetricDecomposition {
  /** In ascending order. */
  readonly values: Float64Array;
  /** n × n: entry (i, k) is component i of the unit eigenvector of value k. */
  readonly vectors: Float64Array;
}

/** Eigenvalues and eigenvectors, by Householder tridiagonalisation and QL, of a matrix that is symmetric up to rounding: the mean of both triangles is taken. */
export function symmetricDecomposition(matrix: Float64Array, n: number): SymmetricDecomposition {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric(matrix, n), { assumeSymmetric: true });
  const order = Array.from({ length: n }, (_, k) => k).sort((a, b) => realEigenvalues[a]! - realEigenvalues[b]!);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) vectors[i * n + k] = eigenvectorMatrix.get(i, order[k]!);
  return { values: Float64Array.from(order, (k) => realEigenvalues[k]!), vectors };
}

/** The eigenvalues alone, in no order. */
export const symmetricEigenvalues = (matrix: Float64Array, n: number): readonly number[] =>
  new EigenvalueDecomposition(symmetric(matrix, n), { assumeSymmetric: true }).realEigenvalues;

function symmetric(matrix: Float64Array, n: number): Matrix {
  const result = new Matrix(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) {
    const mean = 0.5 * (matrix[i * n + j]! + matrix[j * n + i]!);
    result.set(i, j, mean);
    result.set(j, i, mean);
  }
  return result;
}

/** matrix = left · diag(values) · rightᵀ with orthogonal n × n matrices. */
export interface SingularDecomposition { readonly left: Float64Array; readonly values: Float64Array; readonly right: Float64Array }

export function singularDecomposition(matrix: Float64Array, n: number): SingularDecomposition {
  const { leftSingularVectors, diagonal, rightSingularVectors } = new SingularValueDecomposition(Matrix.from1DArray(n, n, matrix));
  return { left: Float64Array.from(leftSingularVectors.to1DArray()), values: Float64Array.from(diagonal), right: Float64Array.from(rightSingularVectors.to1DArray()) };
}

/** Small products: a · b, and aᵀ · b, of n × n matrices. */
export function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) {
    const x = a[i * n + k]!;
    for (let j = 0; j < n; j++) out[i * n + j]! += x * b[k * n + j]!;
  }
  return out;
}
export const transposed = (a: Float64Array, n: number): Float64Array => Float64Array.from(a, (_, p) => a[(p % n) * n + Math.floor(p / n)]!);
