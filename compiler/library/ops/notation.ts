/** The few ways in which operators are written, as notations with their precedences. */
import type { Notation } from "./operator.ts";

/** Precedences of JavaScript operators (MDN). */
export const javascript = { or: 3, and: 4, conditional: 2, equality: 8, relational: 9, additive: 11, multiplicative: 12, unary: 14, call: 17 } as const;

/** Precedences of mathematics on paper. */
export const paper = { or: 1, and: 2, not: 3, comparison: 4, additive: 5, quotient: 5.75, multiplicative: 6, negation: 5.5, power: 8, atom: 20 } as const;

/** `NAME(x, y)`. */
export const call = (name: string, arity: number, precedence: number = javascript.call): Notation & { readonly callee: string } => ({
  callee: name,
  precedence,
  arguments: Array.from({ length: arity }, () => 0),
  print: (...x) => `${name}(${x.join(", ")})`,
});

/** `x SIGN y`, grouping to the left: an equal precedence on the right keeps its parentheses unless `associative`. */
export const infix = (sign: string, precedence: number, associative = false): Notation => ({
  precedence,
  arguments: [precedence, associative ? precedence : precedence + 0.25],
  print: (x, y) => `${x} ${sign} ${y}`,
});

/** `\name(x)` in LaTeX. */
export const latexCall = (command: string, arity = 1): Notation => ({
  precedence: paper.atom,
  arguments: Array.from({ length: arity }, () => 0),
  print: (...x) => `${command}\\left(${x.join(", ")}\\right)`,
});

/** A function that paper writes as `name(x)` and LaTeX as `\name(x)`. */
export const named = (name: string, command: string, arity = 1): { readonly text: Notation; readonly latex: Notation } => ({
  text: call(name, arity, paper.atom),
  latex: latexCall(command, arity),
});

/** Infix on paper: `text` and `latex` signs. */
export const infixOnPaper = (text: string, latex: string, precedence: number, associative = false): { readonly text: Notation; readonly latex: Notation } => ({
  text: infix(text, precedence, associative),
  latex: infix(latex, precedence, associative),
});

/** A truth value: a boolean as a condition, 1 or 0 as a number. */
export const truth = (sign: string, precedence: number): Notation & { readonly condition: Notation } => {
  const condition: Notation = { precedence, arguments: [precedence + 1, precedence + 1], print: (x, y) => `${x} ${sign} ${y}` };
  return { precedence: javascript.conditional, arguments: condition.arguments, print: (x, y) => `${x} ${sign} ${y} ? 1 : 0`, condition };
};
