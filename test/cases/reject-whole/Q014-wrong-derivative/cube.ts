import { defineFunction } from "quench/extend";

export const cube = defineFunction({
  doc: "x³, with the derivative of x².",
  arity: 1,
  value: (x) => x ** 3,
  adjoint: (dy, [x], b) => [b.mul(dy, b.mul(b.constant(2), x))],
  cost: 2,
  samples: [[0.5], [-1.5]],
});
