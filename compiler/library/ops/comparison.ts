/** Comparisons: truth values that count as 0 or 1. */
import { constant } from "../../ir/expression.ts";
import { comparison, fixedComparison } from "./instructions.ts";
import { infixOnPaper, javascript, paper, truth } from "./notation.ts";
import type { Operator } from "./operator.ts";

const samples = [[1, 2], [2, 1], [1.5, 1.5]] as const;

export const eq: Operator = {
  doc: "Whether two numbers are equal.", arity: 2, syntax: { infix: "==" }, type: () => "truth",
  value: (x, y) => (x === y ? 1 : 0), adjoint: "none",
  rules: (b, x) => [[b.eq(x, x), constant(1)]],
  typescript: truth("===", javascript.equality), wasm: comparison(0x61, 0x47), fixed: fixedComparison(0x2d), tfjs: "equal",
  mathematics: infixOnPaper("=", "=", paper.comparison), cost: 1, samples,
};

export const ne: Operator = {
  doc: "Whether two numbers differ.", arity: 2, syntax: { infix: "!=" }, type: () => "truth",
  value: (x, y) => (x !== y ? 1 : 0), adjoint: "none",
  rules: (b, x) => [[b.ne(x, x), constant(0)]],
  typescript: truth("!==", javascript.equality), wasm: comparison(0x62, 0x48), fixed: fixedComparison(0x2e), tfjs: "notEqual",
  mathematics: infixOnPaper("≠", "\\neq", paper.comparison), cost: 1, samples,
};

export const lt: Operator = {
  doc: "Whether x is below y.", arity: 2, syntax: { infix: "<" }, type: () => "truth",
  value: (x, y) => (x! < y! ? 1 : 0), adjoint: "none",
  rules: (b, x) => [[b.lt(x, x), constant(0)]],
  typescript: truth("<", javascript.relational), wasm: comparison(0x63, 0x49), fixed: fixedComparison(0x2f), tfjs: "less",
  mathematics: infixOnPaper("<", "<", paper.comparison), cost: 1, samples,
};

export const le: Operator = {
  doc: "Whether x is at most y.", arity: 2, syntax: { infix: "<=" }, type: () => "truth",
  value: (x, y) => (x! <= y! ? 1 : 0), adjoint: "none",
  rules: (b, x) => [[b.le(x, x), constant(1)]],
  typescript: truth("<=", javascript.relational), wasm: comparison(0x65, 0x4b), fixed: fixedComparison(0x33), tfjs: "lessEqual",
  mathematics: infixOnPaper("≤", "\\leq", paper.comparison), cost: 1, samples,
};

export const gt: Operator = {
  doc: "Whether x is above y.", arity: 2, syntax: { infix: ">" }, type: () => "truth",
  value: (x, y) => (x! > y! ? 1 : 0), adjoint: "none",
  rules: (b, x) => [[b.gt(x, x), constant(0)]],
  typescript: truth(">", javascript.relational), wasm: comparison(0x64, 0x4a), fixed: fixedComparison(0x31), tfjs: "greater",
  mathematics: infixOnPaper(">", ">", paper.comparison), cost: 1, samples,
};

export const ge: Operator = {
  doc: "Whether x is at least y.", arity: 2, syntax: { infix: ">=" }, type: () => "truth",
  value: (x, y) => (x! >= y! ? 1 : 0), adjoint: "none",
  rules: (b, x) => [[b.ge(x, x), constant(1)]],
  typescript: truth(">=", javascript.relational), wasm: comparison(0x66, 0x4c), fixed: fixedComparison(0x35), tfjs: "greaterEqual",
  mathematics: infixOnPaper("≥", "\\geq", paper.comparison), cost: 1, samples,
};
