import { LOG_2_HIGH, LOG_2_LOW, LOGARITHM } from "../vectorMath/polynomials.ts";

const [L1, L2, L3, L4, L5, L6, L7] = LOGARITHM;

/** −log(m 2^-exponent) for m = 1 + f in [sqrt(1/2), sqrt(2)): the logarithm of all streams, in operations that IEEE 754 fixes. `vectorKernels.ts` has its SIMD form. */
export function minusLog(f: number, exponent: number): number {
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const even = s4 * (L2 + s4 * (L4 + s4 * L6));
  const odd = s2 * (L1 + s4 * (L3 + s4 * (L5 + s4 * L7)));
  const halfSquare = 0.5 * f * f;
  return exponent * LOG_2_HIGH + (halfSquare - (s * (halfSquare + (even + odd)) - exponent * LOG_2_LOW) - f);
}
