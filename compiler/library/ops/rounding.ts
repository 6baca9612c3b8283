/** Rounding and the remainder. */
import * as special from "../../../runtime/special/index.ts";
import { instruction } from "./instructions.ts";
import { call, named, paper } from "./notation.ts";
import type { Operator } from "./operator.ts";

export const round: Operator = {
  doc: "The nearest integer; halves go up.", arity: 1, syntax: { function: "round" }, type: () => "integer",
  value: (x) => Math.round(x!),
  adjoint: "none",
  rules: (b, x) => [[b.round(b.round(x)), b.round(x)]],
  // No WASM form: f64.nearest sends halves to the even neighbour, which would make targets disagree.
  typescript: call("Math.round", 1), mathematics: named("round", "\\operatorname{round}"),
  cost: 2, samples: [[1.5], [-3.2], [2.5]],
};

export const floor: Operator = {
  doc: "The largest integer not above x.", arity: 1, syntax: { function: "floor" }, type: () => "integer",
  value: (x) => Math.floor(x!),
  adjoint: "none",
  rules: (b, x) => [[b.floor(b.floor(x)), b.floor(x)]],
  typescript: call("Math.floor", 1), wasm: instruction(0x9c, 0x75), tfjs: "floor",
  mathematics: {
    text: { precedence: paper.atom, arguments: [0], print: (x) => `⌊${x}⌋` },
    latex: { precedence: paper.atom, arguments: [0], print: (x) => `\\lfloor ${x} \\rfloor` },
  },
  cost: 1, samples: [[1.5], [-3.2]],
};

export const ceil: Operator = {
  doc: "The smallest integer not below x.", arity: 1, syntax: { function: "ceil" }, type: () => "integer",
  value: (x) => Math.ceil(x!),
  adjoint: "none",
  rules: (b, x) => [[b.ceil(b.ceil(x)), b.ceil(x)]],
  typescript: call("Math.ceil", 1), wasm: instruction(0x9b, 0x74), tfjs: "ceil",
  mathematics: {
    text: { precedence: paper.atom, arguments: [0], print: (x) => `⌈${x}⌉` },
    latex: { precedence: paper.atom, arguments: [0], print: (x) => `\\lceil ${x} \\rceil` },
  },
  cost: 1, samples: [[1.5], [-3.2]],
};

export const mod: Operator = {
  doc: "x - y·floor(x/y): the remainder, with the sign of y.", arity: 2, syntax: { function: "mod" },
  type: (types) => (types.every((t) => t !== "real") ? "integer" : "real"),
  value: (x, y) => special.modulo(x!, y!),
  adjoint: (dy, [x, y], b) => [dy, b.neg(b.mul(dy, b.floor(b.div(x!, y!))))],
  typescript: call("special.modulo", 2), tfjs: "mod",
  mathematics: {
    text: { precedence: paper.multiplicative, arguments: [paper.multiplicative + 1, paper.multiplicative + 1], print: (x, y) => `${x} mod ${y}` },
    latex: { precedence: paper.multiplicative, arguments: [paper.multiplicative + 1, paper.multiplicative + 1], print: (x, y) => `${x} \\bmod ${y}` },
  },
  cost: 8, samples: [[5.5, 3], [-1.25, 7], [2.5, -2]],
};
