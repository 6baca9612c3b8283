/** Functions that are linear in pieces: absolute value, sign, minimum, maximum and the conditional. */
import { constant } from "../../ir/expression.ts";
import { inFourLanes, shortConstant, simd, singleConstant, vectorConstant } from "../../../runtime/webassembly/simd.ts";
import { fixedChoice, instruction, scalarConstant } from "./instructions.ts";
import { call, infix, javascript, named, paper } from "./notation.ts";
import type { Operator, ScalarType } from "./operator.ts";

const widest = (types: readonly ScalarType[]): ScalarType =>
  types.includes("real") ? "real" : types.includes("integer") ? "integer" : types[0]!;

export const abs: Operator = {
  doc: "Absolute value.", arity: 1, syntax: { function: "abs" }, type: ([x]) => (x === "truth" ? "integer" : x!),
  value: (x) => Math.abs(x!),
  // Not dy · sign(x): sign has no derivative to use, and the second derivative of |x| is 0 almost everywhere.
  adjoint: (dy, [x], b) => [b.select(b.gt(x!, constant(0)), dy, b.select(b.lt(x!, constant(0)), b.neg(dy), constant(0)))],
  rules: (b, x) => [[b.abs(b.neg(x)), b.abs(x)], [b.abs(b.abs(x)), b.abs(x)]],
  typescript: call("Math.abs", 1), wasm: instruction(0x99, 0xec), fixed: fixedChoice(0x80), tfjs: "abs",
  mathematics: {
    text: { precedence: paper.atom, arguments: [0], print: (x) => `|${x}|` },
    latex: { precedence: paper.atom, arguments: [0], print: (x) => `\\left|${x}\\right|` },
  },
  cost: 1, samples: [[1.5], [-3]],
};

export const sign: Operator = {
  doc: "-1, 0 or 1: the sign of x; sign(0) is 0.", arity: 1, syntax: { function: "sign" }, type: () => "integer",
  value: (x) => Math.sign(x!),
  adjoint: "none",
  rules: (b, x) => [[b.sign(b.neg(x)), b.neg(b.sign(x))], [b.sign(b.sign(x)), b.sign(x)]],
  typescript: call("Math.sign", 1),
  // x · 10⁶¹⁶, clamped to [−1, 1]: ±1 for the smallest numbers and for infinities, 0 for 0, without a branch.
  wasm: {
    scalar: [...scalarConstant(1e308), 0xa2, ...scalarConstant(1e308), 0xa2, ...scalarConstant(1), 0xa4, ...scalarConstant(-1), 0xa5],
    vector: [
      ...vectorConstant(1e308), ...simd(0xf2), ...vectorConstant(1e308), ...simd(0xf2),
      // pmin and pmax: one instruction each, where IEEE's minimum takes eight; what is not a number passes both.
      ...vectorConstant(1), ...simd(0xf6), ...vectorConstant(-1), ...simd(0xf7),
    ],
    single: [
      ...singleConstant(3e38), ...inFourLanes(0xf2), ...singleConstant(3e38), ...inFourLanes(0xf2),
      ...singleConstant(1), ...inFourLanes(0xf4), ...singleConstant(-1), ...inFourLanes(0xf5),
    ],
  },
  fixed: { code: [...shortConstant(1), ...simd(0x96), ...shortConstant(-1), ...simd(0x98)], aligned: false, range: () => ({ bound: 1, places: 0 }) },
  tfjs: "sign", mathematics: named("sign", "\\operatorname{sign}"),
  cost: 4, samples: [[1.5], [-3], [0]],
};

export const straightThroughSign: Operator = {
  ...sign,
  doc: "The sign of x, which passes derivatives on where |x| <= 1 as if it were x (Hubara et al. 2016).", syntax: {},
  adjoint: (dy, [x], b) => [b.select(b.le(b.abs(x!), constant(1)), dy, constant(0))],
  rules: () => [], mathematics: named("sign", "\\operatorname{sign}"),
  // Where nothing is passed on: inside, the derivative is no limit of differences.
  samples: [[1.5], [-3]],
};

export const min2: Operator = {
  doc: "The smaller of two numbers.", arity: 2, syntax: { function: "min" }, type: widest,
  value: (x, y) => Math.min(x!, y!),
  adjoint: (dy, [x, y], b) => [b.select(b.le(x!, y!), dy, constant(0)), b.select(b.le(x!, y!), constant(0), dy)],
  rules: (b, x) => [[b.min2(x, x), x]],
  typescript: call("Math.min", 2), wasm: instruction(0xa4, 0xf4), fixed: fixedChoice(0x96), tfjs: "minimum", mathematics: named("min", "\\min", 2),
  cost: 1, samples: [[1.5, 2], [-3, -4]],
};

export const max2: Operator = {
  doc: "The larger of two numbers.", arity: 2, syntax: { function: "max" }, type: widest,
  value: (x, y) => Math.max(x!, y!),
  adjoint: (dy, [x, y], b) => [b.select(b.ge(x!, y!), dy, constant(0)), b.select(b.ge(x!, y!), constant(0), dy)],
  rules: (b, x) => [[b.max2(x, x), x], [b.max2(x, constant(0)), b.relu(x)], [b.max2(constant(0), x), b.relu(x)]],
  typescript: call("Math.max", 2), wasm: instruction(0xa5, 0xf5), fixed: fixedChoice(0x98), tfjs: "maximum", mathematics: named("max", "\\max", 2),
  cost: 1, samples: [[1.5, 2], [-3, -4]],
};

export const select: Operator = {
  doc: "y if the condition x holds (is not 0), else z; written `if x then y else z`.", arity: 3, syntax: {},
  type: ([, y, z]) => (y === z ? y! : widest([y!, z!])),
  value: (x, y, z) => (x !== 0 ? y! : z!),
  adjoint: (dy, [x], b) => [constant(0), b.select(x!, dy, constant(0)), b.select(x!, constant(0), dy)],
  rules: (b, x, y, z) => [
    [b.select(x, y, y), y], [b.select(constant(1), y, z), y], [b.select(constant(0), y, z), z], [b.select(b.not(x), y, z), b.select(x, z, y)],
  ],
  typescript: {
    precedence: javascript.conditional,
    arguments: [infix("!==", javascript.equality).arguments[0]!, javascript.conditional + 1, javascript.conditional],
    print: (x, y, z) => `${x} !== 0 ? ${y} : ${z}`,
  },
  // Both branches are evaluated, so a branch must not trap; f64 arithmetic never does.
  wasm: {
    order: [1, 2, 0],
    scalar: [...scalarConstant(0), 0x62, 0x1b],
    vector: [...vectorConstant(0), ...simd(0x48), ...simd(0x52)],
    single: [...singleConstant(0), ...inFourLanes(0x48), ...simd(0x52)],
  },
  tfjs: "where",
  mathematics: {
    text: { precedence: 0, arguments: [0, 1, 0], print: (x, y, z) => `if ${x} then ${y} else ${z}` },
    latex: { precedence: paper.atom, arguments: [0, 0, 0], print: (x, y, z) => `\\begin{cases} ${y} & ${x} \\\\ ${z} & \\text{otherwise} \\end{cases}` },
  },
  cost: 1, samples: [[1, 2, 3], [0, 2.5, -3]],
};
