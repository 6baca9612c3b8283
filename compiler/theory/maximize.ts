/** The point in [a, b] where a unimodal `f` is largest, by golden section; the ends count. */
export function maximize(f: (x: number) => number, a: number, b: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  const ends: readonly [number, number] = [a, b];
  let left = b - ratio * (b - a), right = a + ratio * (b - a), fl = f(left), fr = f(right);
  while (b - a > 1e-10 * (1 + Math.abs(a) + Math.abs(b))) {
    if (fl < fr) { a = left; left = right; fl = fr; right = a + ratio * (b - a); fr = f(right); } else { b = right; right = left; fr = fl; left = b - ratio * (b - a); fl = f(left); }
  }
  const middle = (a + b) / 2;
  return [...ends, middle].reduce((best, x) => (f(x) > f(best) ? x : best));
}
