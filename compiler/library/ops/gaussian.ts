/** The error function and the standard normal distribution, with logarithms that hold in the tails. */
import * as special from "../../../runtime/special/index.ts";
import * as vector from "../../../runtime/vectorMath/errorFunction.ts";
import { constant } from "../../ir/expression.ts";
import type { Expression } from "../../ir/expression.ts";
import type { Build } from "./index.ts";
import { call, named } from "./notation.ts";
import type { Operator } from "./operator.ts";

const rootHalf = constant(Math.SQRT1_2);
/** 2/√π · exp(−x²), the derivative of erf. */
const errorDensity = (x: Expression, b: Build): Expression => b.mul(constant(2 / Math.sqrt(Math.PI)), b.exp(b.neg(b.mul(x, x))));
/** exp(−x²/2)/√(2π). */
const gaussDensity = (x: Expression, b: Build): Expression =>
  b.mul(constant(1 / Math.sqrt(2 * Math.PI)), b.exp(b.mul(constant(-0.5), b.mul(x, x))));
/** φ(x)/Q(x) = √(2/π) / erfcx(x/√2), which neither under- nor overflows where Q does. */
const hazard = (x: Expression, b: Build): Expression => b.div(constant(Math.sqrt(2 / Math.PI)), b.erfcx(b.mul(rootHalf, x)));

export const erf: Operator = {
  doc: "Error function.", arity: 1, syntax: { function: "erf" }, type: () => "real",
  value: (x) => special.erf(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, errorDensity(x!, b))],
  rules: (b, x) => [[b.erf(b.neg(x)), b.neg(b.erf(x))]],
  typescript: call("special.erf", 1), mathematics: named("erf", "\\operatorname{erf}"),
  cost: 40, samples: [[0.3], [-1.2], [2.4]],
};

export const erfc: Operator = {
  doc: "Complementary error function 1 - erf(x), accurate in its tail.", arity: 1, syntax: { function: "erfc" }, type: () => "real",
  value: (x) => special.erfc(x!),
  adjoint: (dy, [x], b) => [b.neg(b.mul(dy, errorDensity(x!, b)))],
  typescript: call("special.erfc", 1), vectorFunction: vector.erfc, mathematics: named("erfc", "\\operatorname{erfc}"),
  cost: 40, samples: [[0.3], [-1.2], [2.4]],
};

export const erfcx: Operator = {
  doc: "Scaled complementary error function exp(x^2) erfc(x).", arity: 1, syntax: { function: "erfcx" }, type: () => "real",
  value: (x) => special.erfcx(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.sub(b.mul(constant(2), b.mul(x!, b.erfcx(x!))), constant(2 / Math.sqrt(Math.PI))))],
  typescript: call("special.erfcx", 1), vectorFunction: vector.erfcx, mathematics: named("erfcx", "\\operatorname{erfcx}"),
  cost: 40, samples: [[0.3], [-1.2], [2.4]],
};

export const gauss_cdf: Operator = {
  doc: "Probability that a standard normal number is below x.", arity: 1, syntax: { function: "gauss_cdf" }, type: () => "real",
  value: (x) => special.gaussCdf(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, gaussDensity(x!, b))],
  rules: (b, x) => [[b.gauss_cdf(b.neg(x)), b.gauss_tail(x)]],
  typescript: call("special.gaussCdf", 1), vectorFunction: vector.gaussCdf, mathematics: named("Φ", "\\Phi"),
  cost: 40, samples: [[0.3], [-1.2], [2.4]],
};

export const gauss_tail: Operator = {
  doc: "Probability that a standard normal number is above x (the Q-function).", arity: 1, syntax: { function: "gauss_tail" }, type: () => "real",
  value: (x) => special.gaussTail(x!),
  adjoint: (dy, [x], b) => [b.neg(b.mul(dy, gaussDensity(x!, b)))],
  rules: (b, x) => [[b.gauss_tail(b.neg(x)), b.gauss_cdf(x)]],
  typescript: call("special.gaussTail", 1), vectorFunction: vector.gaussTail, mathematics: named("Q", "Q"),
  cost: 40, samples: [[0.3], [-1.2], [2.4]],
};

export const log_gauss_cdf: Operator = {
  doc: "Logarithm of gauss_cdf(x), finite in the tail; made from log(gauss_cdf(x)).", arity: 1, syntax: {}, type: () => "real",
  value: (x) => special.logGaussCdf(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, hazard(b.neg(x!), b))],
  rules: (b, x) => [[b.log_gauss_cdf(b.neg(x)), b.log_gauss_tail(x)]],
  typescript: call("special.logGaussCdf", 1), vectorFunction: vector.logGaussCdf, mathematics: named("log Φ", "\\log\\Phi"),
  cost: 60, samples: [[0.3], [-1.2], [-7], [2.4]],
};

export const log_gauss_tail: Operator = {
  doc: "Logarithm of gauss_tail(x), finite in the tail; made from log(gauss_tail(x)).", arity: 1, syntax: {}, type: () => "real",
  value: (x) => special.logGaussTail(x!),
  adjoint: (dy, [x], b) => [b.neg(b.mul(dy, hazard(x!, b)))],
  rules: (b, x) => [[b.log_gauss_tail(b.neg(x)), b.log_gauss_cdf(x)]],
  typescript: call("special.logGaussTail", 1), vectorFunction: vector.logGaussTail, mathematics: named("log Q", "\\log Q"),
  cost: 60, samples: [[0.3], [-1.2], [7], [2.4]],
};
