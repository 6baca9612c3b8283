/** Whether all entries are finite: x · 0 is 0 of these and NaN of all others, and four sums need not wait for each other. */
export function allFinite(vector: Float64Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < vector.length; k += 4) {
    a += vector[k] * 0;
    b += vector[k + 1] * 0;
    c += vector[k + 2] * 0;
    d += vector[k + 3] * 0;
  }
  for (; k < vector.length; k++) a += vector[k] * 0;
  return a + b + c + d === 0;
}
