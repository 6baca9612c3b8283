/**
 * Solves matrix · out = right by Gaussian elimination with partial pivoting; n³/3 multiplications.
 *
 * @param matrix n × n, row-major; destroyed
 * @param right n numbers
 * @param out n numbers; not finite where the matrix is singular
 */
export function solve(matrix: Float64Array, right: Float64Array, out: Float64Array): void {
  const n = right.length;
  out.set(right);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i * n + k]) > Math.abs(matrix[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      for (let j = k; j < n; j++) [matrix[k * n + j], matrix[pivot * n + j]] = [matrix[pivot * n + j], matrix[k * n + j]];
      [out[k], out[pivot]] = [out[pivot], out[k]];
    }
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i * n + k] / matrix[k * n + k];
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) matrix[i * n + j] -= factor * matrix[k * n + j];
      out[i] -= factor * out[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = out[i];
    for (let j = i + 1; j < n; j++) sum -= matrix[i * n + j] * out[j];
    out[i] = sum / matrix[i * n + i];
  }
}
