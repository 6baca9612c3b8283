/** Trigonometric functions of angles in radians, and their inverses. */
import { constant } from "../../ir/expression.ts";
import type { Expression } from "../../ir/expression.ts";
import type { Build } from "./index.ts";
import { call, named } from "./notation.ts";
import type { Operator } from "./operator.ts";

/** √(1 − x²) */
const leg = (x: Expression, b: Build): Expression => b.sqrt(b.sub(constant(1), b.mul(x, x)));

export const sin: Operator = {
  doc: "Sine of an angle in radians.", arity: 1, syntax: { function: "sin" }, type: () => "real",
  value: (x) => Math.sin(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.cos(x!))],
  rules: (b, x) => [[b.sin(b.neg(x)), b.neg(b.sin(x))]],
  typescript: call("Math.sin", 1), tfjs: "sin", mathematics: named("sin", "\\sin"),
  cost: 20, samples: [[0.3], [-2]],
};

export const cos: Operator = {
  doc: "Cosine of an angle in radians.", arity: 1, syntax: { function: "cos" }, type: () => "real",
  value: (x) => Math.cos(x!),
  adjoint: (dy, [x], b) => [b.neg(b.mul(dy, b.sin(x!)))],
  rules: (b, x) => [[b.cos(b.neg(x)), b.cos(x)]],
  typescript: call("Math.cos", 1), tfjs: "cos", mathematics: named("cos", "\\cos"),
  cost: 20, samples: [[0.3], [-2]],
};

export const tan: Operator = {
  doc: "Tangent of an angle in radians.", arity: 1, syntax: { function: "tan" }, type: () => "real",
  value: (x) => Math.tan(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.add(constant(1), b.mul(b.tan(x!), b.tan(x!))))],
  rules: (b, x) => [[b.tan(b.neg(x)), b.neg(b.tan(x))]],
  typescript: call("Math.tan", 1), tfjs: "tan", mathematics: named("tan", "\\tan"),
  cost: 25, samples: [[0.3], [-1]],
};

export const asin: Operator = {
  doc: "Angle in [-π/2, π/2] whose sine is x.", arity: 1, syntax: { function: "asin" }, type: () => "real",
  value: (x) => Math.asin(x!),
  adjoint: (dy, [x], b) => [b.div(dy, leg(x!, b))],
  rules: (b, x) => [[b.asin(b.neg(x)), b.neg(b.asin(x))]],
  typescript: call("Math.asin", 1), tfjs: "asin", mathematics: named("asin", "\\arcsin"),
  cost: 25, samples: [[0.3], [-0.8]],
};

export const acos: Operator = {
  doc: "Angle in [0, π] whose cosine is x.", arity: 1, syntax: { function: "acos" }, type: () => "real",
  value: (x) => Math.acos(x!),
  adjoint: (dy, [x], b) => [b.neg(b.div(dy, leg(x!, b)))],
  typescript: call("Math.acos", 1), tfjs: "acos", mathematics: named("acos", "\\arccos"),
  cost: 25, samples: [[0.3], [-0.8]],
};

export const atan: Operator = {
  doc: "Angle in [-π/2, π/2] whose tangent is x.", arity: 1, syntax: { function: "atan" }, type: () => "real",
  value: (x) => Math.atan(x!),
  adjoint: (dy, [x], b) => [b.div(dy, b.add(constant(1), b.mul(x!, x!)))],
  rules: (b, x) => [[b.atan(b.neg(x)), b.neg(b.atan(x))]],
  typescript: call("Math.atan", 1), tfjs: "atan", mathematics: named("atan", "\\arctan"),
  cost: 25, samples: [[0.3], [-2]],
};
