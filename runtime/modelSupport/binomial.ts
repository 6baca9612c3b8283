/** n over k as an exact integer, for n ≥ 0 and k ≥ 1 small: offsets and lengths of packed arrays. */
export function binomial(n: number, k: number): number {
  let result = n;
  for (let m = 2; m <= k; m++) result = (result * (n - m + 1)) / m;
  return result;
}
