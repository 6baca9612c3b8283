/** Activation functions of neural networks. */
import * as special from "../../../runtime/special/index.ts";
import { constant } from "../../ir/expression.ts";
import { sigmoid as vectorSigmoid } from "../../../runtime/vectorMath/sigmoid.ts";
import { softplus as vectorSoftplus } from "../../../runtime/vectorMath/softplus.ts";
import { inFourLanes, shortConstant, simd, singleConstant, vectorConstant } from "../../../runtime/webassembly/simd.ts";
import { scalarConstant } from "./instructions.ts";
import { call, javascript, named } from "./notation.ts";
import type { Operator } from "./operator.ts";

export const sigmoid: Operator = {
  doc: "Logistic function 1/(1 + exp(-x)).", arity: 1, syntax: { function: "sigmoid" }, type: () => "real",
  value: (x) => special.sigmoid(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.mul(b.sigmoid(x!), b.sigmoid(b.neg(x!))))],
  rules: (b, x) => [[b.sigmoid(b.neg(b.neg(x))), b.sigmoid(x)]],
  typescript: call("special.sigmoid", 1), vectorFunction: vectorSigmoid, tfjs: "sigmoid", mathematics: named("sigmoid", "\\sigma"),
  cost: 25, samples: [[0.7], [-2]],
};

export const softplus: Operator = {
  doc: "log(1 + exp(x)) without overflow.", arity: 1, syntax: { function: "softplus" }, type: () => "real",
  value: (x) => special.softplus(x!),
  adjoint: (dy, [x], b) => [b.mul(dy, b.sigmoid(x!))],
  typescript: call("special.softplus", 1), vectorFunction: vectorSoftplus, tfjs: "softplus", mathematics: named("softplus", "\\operatorname{softplus}"),
  cost: 40, samples: [[0.7], [-2]],
};

export const relu: Operator = {
  doc: "The larger of x and 0.", arity: 1, syntax: { function: "relu" }, type: ([x]) => (x === "truth" ? "integer" : x!),
  value: (x) => Math.max(x!, 0),
  adjoint: (dy, [x], b) => [b.select(b.gt(x!, constant(0)), dy, constant(0))],
  rules: (b, x) => [[b.relu(b.relu(x)), b.relu(x)]],
  typescript: { precedence: javascript.call, arguments: [0], print: (x) => `Math.max(${x}, 0)` },
  wasm: { scalar: [...scalarConstant(0), 0xa5], vector: [...vectorConstant(0), ...simd(0xf5)], single: [...singleConstant(0), ...inFourLanes(0xf5)] },
  fixed: { code: [...shortConstant(0), ...simd(0x98)], aligned: false, range: (x) => x! },
  tfjs: "relu", mathematics: named("relu", "\\operatorname{relu}"),
  cost: 1, samples: [[0.7], [-2]],
};
