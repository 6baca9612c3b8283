/** Derivatives by differences of five points: of smooth functions in float64 better than the errors that pass. */

/** The derivative at x of a function of the distance from x. */
export function derivativeDifference(shifted: (by: number) => number, x: number): number {
  const h = 1e-4 * Math.max(1, Math.abs(x));
  return (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h);
}

/** Relative errors up to 1e-5 pass. */
export const differs = (derivative: number, difference: number): boolean => !(Math.abs(derivative - difference) <= 1e-5 * Math.max(1, Math.abs(difference)));
