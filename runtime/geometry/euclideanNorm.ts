/** sqrt(Σ v²); 0 for an empty vector. Squares of entries beyond 1e154 overflow to inf. */
export function euclideanNorm(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return Math.sqrt(sum);
}
