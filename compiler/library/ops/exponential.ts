/** Exponentials and logarithms. The rules of `log` replace what would underflow by functions that don't. */
import { constant } from "../../ir/expression.ts";
import { exp as vectorExp } from "../../../runtime/vectorMath/exp.ts";
import { log as vectorLog } from "../../../runtime/vectorMath/log.ts";
import { log1p as vectorLog1p } from "../../../runtime/vectorMath/log1p.ts";
import { call, named, paper } from "./notation.ts";
import type { Operator } from "./operator.ts";

export const exp: Operator = {
  doc: "Exponential.", arity: 1, syntax: { function: "exp" }, type: () => "real",
  value: (x) => Math.exp(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.exp(x!))],
  rules: (b, x) => [[b.exp(b.log(b.exp(x))), b.exp(x)]],
  typescript: call("Math.exp", 1), vectorFunction: vectorExp, tfjs: "exp",
  mathematics: { text: call("exp", 1, paper.atom), latex: { precedence: paper.power, arguments: [0], print: (x) => `e^{${x}}` } },
  cost: 20, samples: [[1], [-2.5]],
};

export const log: Operator = {
  doc: "Natural logarithm.", arity: 1, syntax: { function: "log" }, type: () => "real",
  value: (x) => Math.log(x!),
  adjoint: (dy, [x], b) => [b.div(dy, x!)],
  rules: (b, x) => [
    [b.log(b.exp(x)), x],
    [b.log(b.gauss_cdf(x)), b.log_gauss_cdf(x)], [b.log(b.gauss_tail(x)), b.log_gauss_tail(x)],
    [b.log(b.sigmoid(x)), b.neg(b.softplus(b.neg(x)))],
    [b.log(b.add(constant(1), x)), b.log1p(x)], [b.log(b.add(x, constant(1))), b.log1p(x)],
    [b.log(b.sub(constant(1), x)), b.log1p(b.neg(x))],
  ],
  typescript: call("Math.log", 1), vectorFunction: vectorLog, tfjs: "log", mathematics: named("log", "\\log"),
  cost: 20, samples: [[2], [0.3]],
};

export const log1p: Operator = {
  doc: "log(1 + x), accurate for small x.", arity: 1, syntax: { function: "log1p" }, type: () => "real",
  value: (x) => Math.log1p(x!),
  adjoint: (dy, [x], b) => [b.div(dy, b.add(constant(1), x!))],
  rules: (b, x) => [[b.log1p(b.exp(x)), b.softplus(x)]],
  typescript: call("Math.log1p", 1), vectorFunction: vectorLog1p, tfjs: "log1p",
  mathematics: {
    text: { precedence: paper.atom, arguments: [paper.additive], print: (x) => `log(1 + ${x})` },
    latex: { precedence: paper.atom, arguments: [paper.additive], print: (x) => `\\log\\left(1 + ${x}\\right)` },
  },
  cost: 20, samples: [[0.5], [-0.4]],
};

export const expm1: Operator = {
  doc: "exp(x) - 1, accurate for small x.", arity: 1, syntax: { function: "expm1" }, type: () => "real",
  value: (x) => Math.expm1(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.exp(x!))],
  typescript: call("Math.expm1", 1), tfjs: "expm1",
  mathematics: {
    text: { precedence: paper.additive, arguments: [0], print: (x) => `exp(${x}) - 1` },
    latex: { precedence: paper.additive, arguments: [0], print: (x) => `e^{${x}} - 1` },
  },
  cost: 20, samples: [[0.5], [-1.4]],
};
