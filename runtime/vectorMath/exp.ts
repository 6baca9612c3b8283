import { LOG_2_HIGH, LOG_2_LOW } from "./polynomials.ts";
import type { VectorFunction } from "../webassembly/vectorFunction.ts";

/** 1.5 · 2^52: added to a small integer, it leaves that integer in the lowest bits. */
const INTEGER_IN_LOW_BITS = 6755399441055744;
const inverseFactorials = Array.from({ length: 14 }, (_, k) => 1 / Array.from({ length: k }, (__, j) => j + 1).reduce((a, b) => a * b, 1));

/**
 * exp(x) = 2^n e^r with n the integer next to x / log 2 and |r| ≤ 0.35, e^r by its series to r^13 (what is left out is below 4e-18). 2^n is
 * applied in two halves, so that overflow gives inf and underflow is gradual.
 */
export const exp: VectorFunction = {
  name: "exp", ulps: 2, uses: [],
  body: (b, x) => {
    // Beyond these ends the result is inf or 0, and n must stay in its bits. NaN passes both.
    const clamped = b.keep(b.greater(b.lesser(x, b.constant(710)), b.constant(-746)));
    const n = b.keep(b.nearest(b.mul(clamped, b.constant(Math.LOG2E))));
    const r = b.keep(b.sub(b.sub(clamped, b.mul(n, b.constant(LOG_2_HIGH))), b.mul(n, b.constant(LOG_2_LOW))));
    const series = b.keep(b.polynomial(r, inverseFactorials));
    const half = b.keep(b.nearest(b.mul(n, b.constant(0.5))));
    const power = (exponent: readonly number[]): readonly number[] =>
      b.addIntegers(b.shiftLeft(b.add(exponent, b.constant(INTEGER_IN_LOW_BITS)), 52), b.constant(1));
    return b.mul(b.mul(series, power(half)), power(b.sub(n, half)));
  },
};
