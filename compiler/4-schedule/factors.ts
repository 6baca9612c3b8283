/**
 * A value as a product of factors, which is what the distributive law works on. This file and `sizes.ts` are the only ones of the
 * scheduler that know operators by name: those of the ring.
 */
import type { Expression } from "../ir/expression.ts";
import { apply, children, constant } from "../ir/expression.ts";
import { print } from "../ir/print.ts";

export interface Factor {
  readonly expression: Expression;
  /** Whether the factor is 1 / expression. */
  readonly reciprocal: boolean;
}

/** Π factors = e. Constants are merged into one factor, which is absent if it is 1. */
export function factorsOf(e: Expression): readonly Factor[] {
  let coefficient = 1;
  const factors: Factor[] = [];
  const go = (x: Expression, reciprocal: boolean): void => {
    if (x.kind === "constant" && !reciprocal) coefficient *= x.value;
    else if (x.kind === "apply" && x.operator === "mul") for (const a of x.arguments) go(a, reciprocal);
    else if (x.kind === "apply" && x.operator === "neg") { coefficient = -coefficient; go(x.arguments[0]!, reciprocal); }
    else if (x.kind === "apply" && x.operator === "div") { go(x.arguments[0]!, reciprocal); go(x.arguments[1]!, !reciprocal); }
    else if (x.kind === "apply" && x.operator === "pow" && smallPower(x.arguments[1]!) !== 0) {
      const power = smallPower(x.arguments[1]!);
      for (let k = 0; k < Math.abs(power); k++) go(x.arguments[0]!, power < 0 !== reciprocal);
    } else factors.push({ expression: x, reciprocal });
  };
  go(e, false);
  return coefficient === 1 ? factors : [{ expression: constant(coefficient), reciprocal: false }, ...factors];
}

const smallPower = (e: Expression): number => (e.kind === "constant" && Number.isInteger(e.value) && Math.abs(e.value) <= 4 ? e.value : 0);

/**
 * The product as an expression: factors of smaller depth first, so that what does not change in a loop is one subexpression;
 * equal products of one depth are the same expression whatever their order.
 */
export function productOf(factors: readonly Factor[], depth: (e: Expression) => number): Expression {
  // By text and not by identity: the order decides the last bit of a product, which must not depend on what was compiled before.
  const sorted = factors.map((f) => ({ ...f, depth: depth(f.expression), text: print(f.expression) }))
    .sort((a, b) => a.depth - b.depth || Number(a.reciprocal) - Number(b.reciprocal) || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  let negative = false;
  const magnitudes = sorted.flatMap((f): Factor[] => {
    if (f.expression.kind !== "constant" || f.reciprocal) return [f];
    negative = negative !== f.expression.value < 0;
    const value = Math.abs(f.expression.value);
    return value === 1 ? [] : [{ expression: constant(value), reciprocal: false }];
  });
  const product = magnitudes.reduce<Expression | undefined>((x, f) => {
    if (f.reciprocal) return apply("div", x ?? constant(1), f.expression);
    return x === undefined ? f.expression : apply("mul", x, f.expression);
  }, undefined) ?? constant(1);
  if (!negative) return product;
  return product.kind === "constant" ? constant(-product.value) : apply("neg", product);
}

export const sumOf = (a: Expression, b: Expression): Expression => apply("add", a, b);

/** A value that several loops use in powers: x^3 of a read as products, so that every target can compute it. */
export function withoutPowers(e: Expression): Expression {
  if (e.kind !== "apply") return e;
  const args = e.arguments.map(withoutPowers);
  const [x, y] = args;
  if (e.operator !== "pow" || y === undefined || smallPower(y) === 0) return args.some((a, k) => a !== e.arguments[k]) ? apply(e.operator, ...args) : e;
  const power = smallPower(y);
  const product = Array.from({ length: Math.abs(power) }, () => x!).reduce((a, b) => apply("mul", a, b));
  return power > 0 ? product : apply("div", constant(1), product);
}

/**
 * Whether the factor is finite for every finite input, so that it may be evaluated where the loop inside it is empty. An entry at a computed
 * place, or at a parameter that those ask for, may be one that exists only where the conditions of that loop hold.
 */
export function isTotal(factor: Factor, isAskedFor: (parameter: string) => boolean): boolean {
  const total = (e: Expression): boolean =>
    e.kind === "read" ? e.subscripts.every((s) => s.kind !== "apply" && s.kind !== "read" && !(s.kind === "parameter" && isAskedFor(s.name))) : e.kind !== "apply" || ((e.operator === "add" || e.operator === "sub" || e.operator === "mul" || e.operator === "neg") && children(e).every(total));
  return factor.reciprocal ? isParameter(factor.expression) : total(factor.expression) || isParameter(factor.expression);
}

/** Whether only parameters determine the value. */
export const isParameter = (e: Expression): boolean => e.kind === "constant" || e.kind === "parameter" || (e.kind === "apply" && e.arguments.every(isParameter));

/** Conditions as a flat list: `a and b` are two, a constant truth is none. */
export const conjuncts = (e: Expression): readonly Expression[] =>
  e.kind === "apply" && e.operator === "and" ? e.arguments.flatMap(conjuncts) : e.kind === "constant" && e.value !== 0 ? [] : [e];

/** i < j or i <= j between two expressions, whichever way it is written. */
export function asOrder(e: Expression): { readonly smaller: Expression; readonly larger: Expression; readonly strict: boolean } | undefined {
  if (e.kind !== "apply") return undefined;
  const [x, y] = e.arguments;
  switch (e.operator) {
    case "lt": return { smaller: x!, larger: y!, strict: true };
    case "le": return { smaller: x!, larger: y!, strict: false };
    case "gt": return { smaller: y!, larger: x!, strict: true };
    case "ge": return { smaller: y!, larger: x!, strict: false };
    default: return undefined;
  }
}

/** Whether the operator compares two numbers, so that both may be shifted alike. */
export const isComparison = (operator: string): boolean => ["eq", "ne", "lt", "le", "gt", "ge"].includes(operator);
