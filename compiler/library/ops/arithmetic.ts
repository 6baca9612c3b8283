/** The four operations, negation and powers. */
import { constant } from "../../ir/expression.ts";
import { simd } from "../../../runtime/webassembly/simd.ts";
import { fixedChoice, fixedSum, instruction } from "./instructions.ts";
import { call, infix, infixOnPaper, javascript, paper } from "./notation.ts";
import type { Notation, Operator, ScalarType } from "./operator.ts";

const integerIfAll = (types: readonly ScalarType[]): ScalarType => (types.every((t) => t !== "real") ? "integer" : "real");

/** A product on paper: side by side, with a sign only between two digits. */
const juxtaposed = (sign: string): Notation => ({
  precedence: paper.multiplicative,
  arguments: [paper.multiplicative, paper.multiplicative],
  print: (x, y) => (/^[\d-]/.test(y!) ? `${x} ${sign} ${y}` : `${x} ${y}`),
});

export const add: Operator = {
  doc: "Sum of two numbers.", arity: 2, syntax: { infix: "+" }, type: integerIfAll,
  value: (x, y) => x! + y!,
  adjoint: (dy) => [dy, dy],
  rules: (b, x) => [[b.add(x, constant(0)), x], [b.add(constant(0), x), x]],
  typescript: infix("+", javascript.additive), wasm: instruction(0xa0, 0xf0), fixed: fixedSum(0x8e), tfjs: "add",
  mathematics: infixOnPaper("+", "+", paper.additive, true),
  cost: 1, samples: [[1, 2], [-1.5, 0.25]],
};

export const sub: Operator = {
  doc: "Difference of two numbers.", arity: 2, syntax: { infix: "-" }, type: integerIfAll,
  value: (x, y) => x! - y!,
  adjoint: (dy, _, b) => [dy, b.neg(dy)],
  rules: (b, x) => [
    [b.sub(x, constant(0)), x], [b.sub(constant(0), x), b.neg(x)], [b.sub(x, x), constant(0)],
    [b.sub(constant(1), b.erf(x)), b.erfc(x)], [b.sub(constant(1), b.gauss_cdf(x)), b.gauss_tail(x)],
    [b.sub(constant(1), b.gauss_tail(x)), b.gauss_cdf(x)], [b.sub(b.exp(x), constant(1)), b.expm1(x)],
  ],
  typescript: infix("-", javascript.additive), wasm: instruction(0xa1, 0xf1), fixed: fixedSum(0x91), tfjs: "sub",
  mathematics: infixOnPaper("-", "-", paper.additive),
  cost: 1, samples: [[1, 2], [-1.5, 0.25]],
};

export const mul: Operator = {
  doc: "Product of two numbers.", arity: 2, syntax: { infix: "*" }, type: integerIfAll,
  value: (x, y) => x! * y!,
  adjoint: (dy, [x, y], b) => [b.mul(dy, y!), b.mul(dy, x!)],
  rules: (b, x) => [
    [b.mul(x, constant(1)), x], [b.mul(constant(1), x), x], [b.mul(x, constant(0)), constant(0)], [b.mul(constant(0), x), constant(0)],
    [b.mul(x, constant(-1)), b.neg(x)], [b.mul(constant(-1), x), b.neg(x)],
  ],
  typescript: infix("*", javascript.multiplicative), wasm: instruction(0xa2, 0xf2), fixed: { code: simd(0x95), aligned: false, range: (x, y) => ({ bound: x!.bound * y!.bound, places: x!.places + y!.places }) }, tfjs: "mul",
  mathematics: { text: juxtaposed("·"), latex: juxtaposed("\\cdot") },
  cost: 1, samples: [[1, 2], [-1.5, 0.25]],
};

export const div: Operator = {
  doc: "Quotient of two numbers.", arity: 2, syntax: { infix: "/" }, type: () => "real",
  value: (x, y) => x! / y!,
  adjoint: (dy, [x, y], b) => [b.div(dy, y!), b.neg(b.div(b.mul(dy, x!), b.mul(y!, y!)))],
  rules: (b, x) => [[b.div(x, constant(1)), x], [b.div(x, constant(-1)), b.neg(x)]],
  typescript: infix("/", javascript.multiplicative), wasm: instruction(0xa3, 0xf3), tfjs: "div",
  // Below a product, so that `(1 / N) x` keeps its parentheses.
  mathematics: { text: { precedence: paper.quotient, arguments: [paper.multiplicative, paper.multiplicative + 0.25], print: (x, y) => `${x} / ${y}` }, latex: { precedence: paper.atom, arguments: [0, 0], print: (x, y) => `\\frac{${x}}{${y}}` } },
  cost: 4, samples: [[1, 2], [-1.5, 0.25]],
};

export const neg: Operator = {
  doc: "The number with the other sign.", arity: 1, syntax: { prefix: "-" }, type: integerIfAll,
  value: (x) => -x!,
  adjoint: (dy, _, b) => [b.neg(dy)],
  rules: (b, x, y) => [[b.neg(b.neg(x)), x], [b.neg(b.sub(x, y)), b.sub(y, x)]],
  // `--x` would be a decrement.
  typescript: { precedence: javascript.unary, arguments: [javascript.unary], print: (x) => (x!.startsWith("-") ? `-(${x})` : `-${x}`) },
  wasm: instruction(0x9a, 0xed), fixed: fixedChoice(0x81), tfjs: "neg",
  mathematics: {
    text: { precedence: paper.negation, arguments: [paper.multiplicative], print: (x) => `-${x}` },
    latex: { precedence: paper.negation, arguments: [paper.multiplicative], print: (x) => `-${x}` },
  },
  cost: 1, samples: [[1], [-3]],
};

export const pow: Operator = {
  doc: "x to the power of y.", arity: 2, syntax: { infix: "^" },
  type: () => "real",
  value: (x, y) => x! ** y!,
  // The derivative with respect to the exponent exists for x > 0 only; elsewhere the exponent must be constant.
  adjoint: (dy, [x, y], b) => [
    b.mul(dy, b.mul(y!, b.pow(x!, b.sub(y!, constant(1))))),
    b.mul(dy, b.mul(b.pow(x!, y!), b.log(b.select(b.gt(x!, constant(0)), x!, constant(1))))),
  ],
  rules: (b, x) => [
    [b.pow(x, constant(0)), constant(1)], [b.pow(x, constant(1)), x], [b.pow(x, constant(2)), b.mul(x, x)],
    [b.pow(x, constant(3)), b.mul(b.mul(x, x), x)], [b.pow(x, constant(4)), b.mul(b.mul(x, x), b.mul(x, x))],
    [b.pow(x, constant(-1)), b.div(constant(1), x)], [b.pow(x, constant(0.5)), b.sqrt(x)],
  ],
  typescript: call("Math.pow", 2), tfjs: "pow",
  mathematics: {
    text: { precedence: paper.power, arguments: [paper.power + 1, paper.power], print: (x, y) => `${x}^${y}` },
    latex: { precedence: paper.power, arguments: [paper.power + 1, 0], print: (x, y) => `${x}^{${y}}` },
  },
  cost: 40, samples: [[2, 3], [0.5, -1.5], [1.7, 0.5]],
};

export const sqrt: Operator = {
  doc: "Square root.", arity: 1, syntax: { function: "sqrt" }, type: () => "real",
  value: (x) => Math.sqrt(x!),
  adjoint: (dy, [x], b) => [b.div(dy, b.mul(constant(2), b.sqrt(x!)))],
  rules: (b, x) => [[b.sqrt(b.mul(x, x)), b.abs(x)]],
  typescript: call("Math.sqrt", 1), wasm: instruction(0x9f, 0xef), tfjs: "sqrt",
  mathematics: {
    text: { precedence: paper.atom, arguments: [0], print: (x) => (/^[\p{L}\p{N}_.]+$/u.test(x!) ? `√${x}` : `√(${x})`) },
    latex: { precedence: paper.atom, arguments: [0], print: (x) => `\\sqrt{${x}}` },
  },
  cost: 6, samples: [[2], [0.3]],
};
