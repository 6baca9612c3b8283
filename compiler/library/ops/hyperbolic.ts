/** Hyperbolic functions. */
import { constant } from "../../ir/expression.ts";
import { tanh as vectorTanh } from "../../../runtime/vectorMath/tanh.ts";
import { call, named } from "./notation.ts";
import type { Operator } from "./operator.ts";

export const tanh: Operator = {
  doc: "Hyperbolic tangent.", arity: 1, syntax: { function: "tanh" }, type: () => "real",
  value: (x) => Math.tanh(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.sub(constant(1), b.mul(b.tanh(x!), b.tanh(x!))))],
  rules: (b, x) => [[b.tanh(b.neg(x)), b.neg(b.tanh(x))], [b.tanh(b.atanh(b.tanh(x))), b.tanh(x)]],
  typescript: call("Math.tanh", 1), vectorFunction: vectorTanh, tfjs: "tanh", mathematics: named("tanh", "\\tanh"),
  cost: 20, samples: [[0.7], [-2]],
};

export const atanh: Operator = {
  doc: "Inverse hyperbolic tangent.", arity: 1, syntax: { function: "atanh" }, type: () => "real",
  value: (x) => Math.atanh(x!),
  adjoint: (dy, [x], b) => [b.div(dy, b.sub(constant(1), b.mul(x!, x!)))],
  rules: (b, x) => [[b.atanh(b.tanh(x)), x]],
  typescript: call("Math.atanh", 1), tfjs: "atanh", mathematics: named("atanh", "\\operatorname{artanh}"),
  cost: 25, samples: [[0.5], [-0.8]],
};

export const sinh: Operator = {
  doc: "Hyperbolic sine.", arity: 1, syntax: { function: "sinh" }, type: () => "real",
  value: (x) => Math.sinh(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.cosh(x!))],
  rules: (b, x) => [[b.sinh(b.neg(x)), b.neg(b.sinh(x))]],
  typescript: call("Math.sinh", 1), tfjs: "sinh", mathematics: named("sinh", "\\sinh"),
  cost: 20, samples: [[0.7], [-2]],
};

export const cosh: Operator = {
  doc: "Hyperbolic cosine.", arity: 1, syntax: { function: "cosh" }, type: () => "real",
  value: (x) => Math.cosh(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.sinh(x!))],
  rules: (b, x) => [[b.cosh(b.neg(x)), b.cosh(x)]],
  typescript: call("Math.cosh", 1), tfjs: "cosh", mathematics: named("cosh", "\\cosh"),
  cost: 20, samples: [[0.7], [-2]],
};
