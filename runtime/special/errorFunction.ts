/**
 * The error function and its complement, plain and scaled, to about one unit in the last place.
 *
 * W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969) 631, with the
 * coefficients of his CALERF (netlib/specfun, 1990). Three ranges: |x| ≤ 0.46875, up to 4, and beyond. The tail never goes
 * through 1 − erf. All arguments and values are dimensionless; NaN gives NaN.
 */

const smallNumerator = [1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
const smallDenominator = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
const middleNumerator = [
  2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1, 2.98635138197400131e2,
  8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
];
const middleDenominator = [
  1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
  4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
];
const tailNumerator = [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4];
const tailDenominator = [1, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];
const inverseRootPi = 5.6418958354775628695e-1;
const smallLimit = 0.46875;

const polynomial = (coefficients: readonly number[], x: number): number => {
  let sum = 0;
  for (const c of coefficients) sum = sum * x + c;
  return sum;
};

/** erf for |x| ≤ 0.46875. */
const erfSmall = (x: number): number => (x * polynomial(smallNumerator, x * x)) / polynomial(smallDenominator, x * x);

/** exp(x²) erfc(x) for x > 0.46875. */
function scaledTail(x: number): number {
  if (x <= 4) return polynomial(middleNumerator, x) / polynomial(middleDenominator, x);
  if (x > 6.71e7) return inverseRootPi / x;
  const z = 1 / (x * x);
  return (inverseRootPi - (z * polynomial(tailNumerator, z)) / polynomial(tailDenominator, z)) / x;
}

/** exp(s x²), s = ±1 or ±½, with x² split so that its rounding error (up to x² units in the last place) doesn't reach the result. */
export function exponentialOfSquare(x: number, s: 1 | -1 | 0.5 | -0.5): number {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(s * head * head) * Math.exp(s * (x - head) * (x + head));
}

/** erf(x) = 2/√π ∫₀ˣ exp(−t²) dt. */
export function erf(x: number): number {
  const y = Math.abs(x);
  if (y <= smallLimit) return erfSmall(x);
  if (y > 6) return Math.sign(x);
  // (0.5 − tail) + 0.5 as in CALERF: one rounding less than 1 − tail.
  const magnitude = 0.5 - exponentialOfSquare(y, -1) * scaledTail(y) + 0.5;
  return x < 0 ? -magnitude : magnitude;
}

/** erfc(x) = 1 − erf(x), accurate in its upper tail; 0 beyond 27.3. */
export function erfc(x: number): number {
  const y = Math.abs(x);
  if (y <= smallLimit) return 1 - erfSmall(x);
  if (y > 27.3) return x < 0 ? 2 : 0;
  const tail = exponentialOfSquare(y, -1) * scaledTail(y);
  return x < 0 ? 2 - tail : tail;
}

/** erfcx(x) = exp(x²) erfc(x); about 1/(x √π) for large x; infinity below −26.6. */
export function erfcx(x: number): number {
  const y = Math.abs(x);
  if (y <= smallLimit) return Math.exp(x * x) * (1 - erfSmall(x));
  if (x > 0) return scaledTail(x);
  if (x < -26.7) return x === x ? Infinity : NaN;
  return 2 * exponentialOfSquare(y, 1) - scaledTail(y);
}
