/** The standard normal distribution function, its complement (the Q-function) and their logarithms, stable in both tails. */
import { erfc, erfcx, exponentialOfSquare } from "./errorFunction.ts";

/** Φ(x) = ∫ from −∞ to x of exp(−t²/2) dt / √(2π). */
export const gaussCdf = (x: number): number => gaussTail(-x);

/** Q(x) = 1 − Φ(x). In the tail through exp(−x²/2): the rounding of x/√2 alone would cost erfc x² units in the last place. */
export const gaussTail = (x: number): number =>
  x > 1 && x < 40 ? 0.5 * erfcx(x * Math.SQRT1_2) * exponentialOfSquare(x, -0.5) : 0.5 * erfc(x * Math.SQRT1_2);

/** log Q(x), finite for every finite x: the tail goes through exp(x²/2) Q(x), which doesn't underflow. */
export const logGaussTail = (x: number): number =>
  x > 0.5 ? Math.log(0.5 * erfcx(x * Math.SQRT1_2)) - 0.5 * x * x : Math.log1p(-gaussTail(-x));

/** log Φ(x). */
export const logGaussCdf = (x: number): number => logGaussTail(-x);
