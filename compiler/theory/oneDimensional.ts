/** Float64 solvers on the line, for functions that theories make. */

/**
 * The zero of a continuous `f` between `a` and `b` by Brent's method (Brent 1973, chapter 4): bracketing, superlinear.
 * Undefined when f(a) and f(b) have the same sign.
 */
export function findRoot(f: (x: number) => number, a: number, b: number, tolerance = 1e-14): number | undefined {
  let fa = f(a), fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa * fb < 0)) return undefined;
  let c = a, fc = fa, step = b - a, previous = step;
  for (let iteration = 0; iteration < 200; iteration++) {
    if (fb * fc > 0) { c = a; fc = fa; step = previous = b - a; }
    if (Math.abs(fc) < Math.abs(fb)) { a = b; b = c; c = a; fa = fb; fb = fc; fc = fa; }
    const precision = 2 * Number.EPSILON * Math.abs(b) + 0.5 * tolerance;
    const half = 0.5 * (c - b);
    if (Math.abs(half) <= precision || fb === 0) return b;
    if (Math.abs(previous) >= precision && Math.abs(fa) > Math.abs(fb)) {
      const s = fb / fa;
      let p: number, q: number;
      if (a === c) { p = 2 * half * s; q = 1 - s; } else {
        const r = fb / fc, t = fa / fc;
        p = s * (2 * half * t * (t - r) - (b - a) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      p = Math.abs(p);
      if (2 * p < Math.min(3 * half * q - Math.abs(precision * q), Math.abs(previous * q))) { previous = step; step = p / q; } else { step = previous = half; }
    } else { step = previous = half; }
    a = b; fa = fb;
    b += Math.abs(step) > precision ? step : Math.sign(half) * precision;
    fb = f(b);
  }
  return b;
}

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
