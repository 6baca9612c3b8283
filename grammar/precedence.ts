/**
 * How tightly each form binds, from loose to tight: the one table that the tree builder and the printer share.
 * The levels are those of LANGUAGE.md section 2, "Operators" and "Reductions".
 */
import type { BinaryOperator, CompareOperator } from "./ast.ts";

export const Level = {
  /** `a -> b`, in arguments only. */
  schedule: 0,
  /** `if c then a else b` */
  conditional: 1,
  or: 2,
  and: 3,
  not: 4,
  compare: 5,
  /** `e at (…)`, `e with …` */
  applied: 6,
  sum: 7,
  product: 8,
  /** `-x`, and reductions: prefixes that a product may contain. */
  prefix: 9,
  power: 10,
  /** Atoms with their `.name`, `@k`, `[…]`, `(…)`. */
  postfix: 11,
} as const;

export type Level = (typeof Level)[keyof typeof Level];

/** The level of each infix operator. */
export const operatorLevel: Readonly<Record<BinaryOperator | CompareOperator, Level>> = {
  or: Level.or,
  and: Level.and,
  "==": Level.compare,
  "!=": Level.compare,
  "<": Level.compare,
  "<=": Level.compare,
  ">": Level.compare,
  ">=": Level.compare,
  "+": Level.sum,
  "-": Level.sum,
  "*": Level.product,
  "/": Level.product,
  "^": Level.power,
};

/** The next tighter level: what an operand must have that may not contain its own level again. */
export const tighter = (level: Level): Level => Math.min(level + 1, Level.postfix) as Level;

/** Whether an operator compares. */
export const isCompare = (operator: string): operator is CompareOperator => operatorLevel[operator as CompareOperator] === Level.compare;
