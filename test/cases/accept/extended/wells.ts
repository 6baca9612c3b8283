/** A double well with its barrier at 0 and its minima at ±a, where the curvature is 2 a². */
import { defineFunction } from "quench/extend";

export const double_well = defineFunction({
  doc: "(x² − a²)²/4.",
  arity: 2,
  value: (x, a) => (x * x - a * a) ** 2 / 4,
  adjoint: (dy, [x, a], b) => {
    const inside = b.sub(b.mul(x, x), b.mul(a, a));
    return [b.mul(dy, b.mul(x, inside)), b.neg(b.mul(dy, b.mul(a, inside)))];
  },
  cost: 4,
  samples: [[0.5, 1], [-2, 1.5], [3, 0.2]],
});
