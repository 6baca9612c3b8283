/** Logic on truth values, which are 0 and 1; any other number counts as true. */
import { constant } from "../../ir/expression.ts";
import { inFourLanes, simd, singleConstant, vectorConstant } from "../../../runtime/webassembly/simd.ts";
import { instruction, scalarConstant } from "./instructions.ts";
import { infix, infixOnPaper, javascript, paper } from "./notation.ts";
import type { Notation, Operator } from "./operator.ts";

const test = javascript.equality + 1;
const both = (sign: string, precedence: number): Notation & { readonly condition: Notation } => {
  const condition: Notation = { precedence, arguments: [test, test], print: (x, y) => `${x} !== 0 ${sign} ${y} !== 0` };
  return { precedence: javascript.conditional, arguments: [test, test], print: (x, y) => `${condition.print(x!, y!)} ? 1 : 0`, condition };
};

export const and: Operator = {
  doc: "Whether both hold.", arity: 2, syntax: { infix: "and" }, type: () => "truth",
  value: (x, y) => (x !== 0 && y !== 0 ? 1 : 0), adjoint: "none",
  rules: (b, x) => [
    [b.and(x, constant(1)), x], [b.and(constant(1), x), x], [b.and(x, constant(0)), constant(0)], [b.and(constant(0), x), constant(0)], [b.and(x, x), x],
  ],
  // On 0 and 1 the product is the conjunction.
  typescript: both("&&", javascript.and), wasm: instruction(0xa2, 0xf2), tfjs: "logicalAnd",
  mathematics: { text: infix("and", paper.and, true), latex: infix("\\wedge", paper.and, true) },
  cost: 1, samples: [[0, 0], [0, 1], [1, 0], [1, 1]],
};

export const or: Operator = {
  doc: "Whether at least one holds.", arity: 2, syntax: { infix: "or" }, type: () => "truth",
  value: (x, y) => (x !== 0 || y !== 0 ? 1 : 0), adjoint: "none",
  rules: (b, x) => [
    [b.or(x, constant(0)), x], [b.or(constant(0), x), x], [b.or(x, constant(1)), constant(1)], [b.or(constant(1), x), constant(1)], [b.or(x, x), x],
  ],
  typescript: both("||", javascript.or), wasm: instruction(0xa5, 0xf5), tfjs: "logicalOr",
  mathematics: infixOnPaper("or", "\\vee", paper.or, true),
  cost: 1, samples: [[0, 0], [0, 1], [1, 0], [1, 1]],
};

export const not: Operator = {
  doc: "Whether it does not hold.", arity: 1, syntax: { prefix: "not" }, type: () => "truth",
  value: (x) => (x === 0 ? 1 : 0), adjoint: "none",
  rules: (b, x, y) => [
    [b.not(b.not(x)), x], [b.not(b.eq(x, y)), b.ne(x, y)], [b.not(b.ne(x, y)), b.eq(x, y)],
    [b.not(b.lt(x, y)), b.ge(x, y)], [b.not(b.le(x, y)), b.gt(x, y)], [b.not(b.gt(x, y)), b.le(x, y)], [b.not(b.ge(x, y)), b.lt(x, y)],
  ],
  typescript: {
    precedence: javascript.conditional, arguments: [test], print: (x) => `${x} === 0 ? 1 : 0`,
    condition: { precedence: javascript.equality, arguments: [test], print: (x) => `${x} === 0` },
  },
  wasm: { scalar: [...scalarConstant(0), 0x61, 0xb7], vector: [...vectorConstant(0), ...simd(0x47), ...vectorConstant(1), ...simd(0x4e)], single: [...singleConstant(0), ...inFourLanes(0x47), ...singleConstant(1), ...simd(0x4e)] },
  tfjs: "logicalNot",
  mathematics: {
    text: { precedence: paper.not, arguments: [paper.not], print: (x) => `not ${x}` },
    latex: { precedence: paper.not, arguments: [paper.not], print: (x) => `\\neg ${x}` },
  },
  cost: 1, samples: [[0], [1]],
};
