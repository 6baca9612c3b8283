import { exp } from "./exp.ts";
import type { VectorFunction } from "../../../runtime/webassembly/vectorFunction.ts";

/** Rational approximation of (tanh(x) − x) / x³ in x² for |x| < 0.625 (Moshier, Cephes tanh.c; after Cody, Waite 1980), lowest power first. */
const numerator = [-1.61468768441708447952e3, -9.92877231001918586564e1, -9.64399179425052238628e-1];
const denominator = [4.84406305325125486048e3, 2.23548839060100448583e3, 1.12811678491632931402e2, 1];

/** tanh(x) = x + x³ P(x²)/Q(x²) for |x| < 0.625, else ±(1 − 2/(exp(2|x|) + 1)). */
export const tanh: VectorFunction = {
  name: "tanh", ulps: 2, uses: [exp],
  body: (b, x) => {
    const magnitude = b.keep(b.abs(x));
    const z = b.keep(b.mul(x, x));
    const near = b.add(x, b.mul(b.mul(x, z), b.div(b.polynomial(z, numerator), b.polynomial(z, denominator))));
    const large = b.sub(b.constant(1), b.div(b.constant(2), b.add(b.call(exp, b.add(magnitude, magnitude)), b.constant(1))));
    const signed = b.or(large, b.and(x, b.bits(0, -0x80000000)));
    return b.choose(b.less(magnitude, b.constant(0.625)), near, signed);
  },
};
