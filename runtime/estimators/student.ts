/**
 * The half width, in standard errors, of the interval that holds a mean with probability 0.95 when its error was estimated with `freedom`
 * degrees of freedom: the 0.975 quantile of Student's t. 12.706 for one degree, 1.960 for infinitely many; need not be an integer.
 *
 * The quantile solves P(|t| > x) = 0.05 by bisection; the tail is an integral of the density over the angle θ = atan(x/√ν), where it is
 * cos^(ν−1) θ up to a constant and smooth (M. Abramowitz, I. Stegun, 26.7.3). Relative error below 2e-5.
 */
export function studentFactor(freedom: number): number {
  if (!(freedom > 0)) return NaN;
  if (freedom > 1e6) return NORMAL;
  const half = tail(0, freedom);
  let low = 0;
  let high = Math.PI / 2;
  for (let step = 0; step < 60; step++) {
    const middle = 0.5 * (low + high);
    if (tail(middle, freedom) > 0.05 * half) low = middle;
    else high = middle;
  }
  return Math.sqrt(freedom) * Math.tan(low);
}

/** The 0.975 quantile of the standard normal distribution. */
const NORMAL = 1.959963984540054;
const NODES = 200;

/**
 * ∫_θ^{π/2} cos^{ν−1}, up to a constant: with cos t = (cos θ) v^{1/ν} the singularity of ν < 1 at the upper end is gone, and what is left, a
 * power of sin, is smooth but at θ = 0, where v = 1 − y² removes the root. Midpoint rule in y.
 */
function tail(angle: number, freedom: number): number {
  const cosine = Math.cos(angle);
  let sum = 0;
  for (let k = 0; k < NODES; k++) {
    const y = (k + 0.5) / NODES;
    const cosineThere = cosine * (1 - y * y) ** (1 / freedom);
    sum += y / Math.sqrt(1 - cosineThere * cosineThere);
  }
  return cosine ** freedom * sum;
}
