/** Modified Bessel functions of the first kind, which the language lacks (Abramowitz and Stegun, Handbook of Mathematical Functions, 9.6). */
import { defineFunction } from "quench/extend";

/** I_n(x) exp(-|x|) by the mean of exp(x (cos t - 1)) cos(n t) over a circle: exact to rounding once the points are dense beside the peak. */
function scaledBessel(order: number, x: number): number {
  const points = 64 + 16 * Math.ceil(Math.sqrt(Math.abs(x)));
  let sum = 0;
  for (let k = 0; k < points; k++) {
    const angle = (2 * Math.PI * k) / points;
    sum += Math.exp(x * Math.cos(angle) - Math.abs(x)) * Math.cos(order * angle);
  }
  return sum / points;
}

export const log_bessel_i0 = defineFunction({
  doc: "Logarithm of the modified Bessel function I_0(x).",
  arity: 1,
  value: (x) => Math.abs(x) + Math.log(scaledBessel(0, x)),
  adjoint: (dy, [x], b) => [b.mul(dy, b.call("bessel_ratio", x))],
  cost: 1000,
  samples: [[0.3], [-2], [8]],
});

export const bessel_ratio = defineFunction({
  doc: "I_1(x) / I_0(x), the mean of cos(t) under the von Mises density exp(x cos(t)).",
  arity: 1,
  value: (x) => scaledBessel(1, x) / scaledBessel(0, x),
  adjoint: (dy, [x], b) => {
    const r = b.call("bessel_ratio", x);
    return [b.mul(dy, b.sub(b.sub(b.constant(1), b.div(r, x)), b.mul(r, r)))];
  },
  cost: 2000,
  samples: [[0.3], [-2], [8]],
});
