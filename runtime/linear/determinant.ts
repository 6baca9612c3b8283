/** Determinant of a square matrix by Gaussian elimination with partial pivoting; 1 for an empty one. */
export function determinant(matrix: Float64Array): number {
  const n = Math.sqrt(matrix.length);
  const a = matrix.slice();
  let result = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    const head = a[pivot * n + k]!;
    if (head === 0) return 0;
    if (pivot !== k) {
      result = -result;
      for (let j = k; j < n; j++) [a[k * n + j], a[pivot * n + j]] = [a[pivot * n + j]!, a[k * n + j]!];
    }
    result *= head;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / head;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
    }
  }
  return result;
}
