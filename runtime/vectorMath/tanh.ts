import { exp, exponentialInFloat32 } from "./exp.ts";
import type { VectorFunction } from "../webassembly/vectorFunction.ts";

/** Rational approximation of (tanh(x) − x) / x³ in x² for |x| < 0.625 (Moshier, Cephes tanh.c; after Cody, Waite 1980), lowest power first. */
const numerator = [-1.61468768441708447952e3, -9.92877231001918586564e1, -9.64399179425052238628e-1];
const denominator = [4.84406305325125486048e3, 2.23548839060100448583e3, 1.12811678491632931402e2, 1];

/** (tanh(x) − x)/x³ in x² for |x| < 0.625 (Moshier, Cephes tanhf.c), lowest power first. */
const singleSeries = [-3.33332819422e-1, 1.33314422036e-1, -5.37397155531e-2, 2.06390887954e-2, -5.70498872745e-3];

/** tanh(x) = x + x³ P(x²)/Q(x²) for |x| < 0.625, else ±(1 − 2/(exp(2|x|) + 1)): one division for both. */
export const tanh: VectorFunction = {
  name: "tanh", ulps: 2, uses: [exp],
  body: (b, x) => {
    const magnitude = b.keep(b.abs(x));
    const z = b.keep(b.mul(magnitude, magnitude));
    const isNear = b.keep(b.less(magnitude, b.constant(0.625)));
    const above = b.keep(b.call(exp, b.add(magnitude, magnitude)));
    const top = b.choose(isNear, b.mul(b.mul(magnitude, z), b.polynomial(z, numerator)), b.constant(-2));
    const bottom = b.choose(isNear, b.polynomial(z, denominator), b.add(above, b.constant(1)));
    const result = b.add(b.choose(isNear, magnitude, b.constant(1)), b.div(top, bottom));
    return b.or(result, b.and(x, b.bits(0, -0x80000000)));
  },
  single: {
    ulps: 3,
    body: (b, x) => {
      const magnitude = b.keep(b.abs(x));
      const z = b.keep(b.mul(magnitude, magnitude));
      const near = b.add(magnitude, b.mul(b.mul(magnitude, z), b.polynomial(z, singleSeries)));
      const far = b.sub(b.constant(1), b.div(b.constant(2), b.add(exponentialInFloat32(b, b.keep(b.add(magnitude, magnitude))), b.constant(1))));
      return b.or(b.choose(b.less(magnitude, b.constant(0.625)), near, far), b.and(x, b.bits(-0x80000000)));
    },
  },
};
