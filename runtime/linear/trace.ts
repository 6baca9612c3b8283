/** Sum of the diagonal of a square matrix. */
export function trace(matrix: Float64Array): number {
  const n = Math.sqrt(matrix.length);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i]!;
  return sum;
}
