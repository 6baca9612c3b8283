/**
 * Folds constants and applies the rules of the operator table from left to right until none fits: removes what adjoints and
 * substitutions leave behind, and puts the stable forms in place (`log(gauss_tail(x))`, `1 - erf(x)`, `log(1 + exp(x))`).
 * Products become flat chains with the coefficient first. It never expands, so values stay as well conditioned as they were.
 */
import { constant, read, rewrite, type Expression } from "../ir/expression.ts";
import { build, operatorNames, ops, type OperatorName } from "../library/ops/index.ts";
import { asProduct, fromProduct } from "./product.ts";

/** Pattern variables: names that no specification can contain. */
const [X, Y, Z] = [read("?x"), read("?y"), read("?z")];
const patternVariables: ReadonlySet<Expression> = new Set<Expression>([X, Y, Z]);
const rules = new Map<OperatorName, (readonly [Expression, Expression])[]>();
for (const name of operatorNames)
  for (const rule of ops[name].rules?.(build, X, Y, Z) ?? [])
    if (rule[0].kind === "apply") rules.set(rule[0].operator, [...(rules.get(rule[0].operator) ?? []), rule]);

function matches(pattern: Expression, e: Expression, bound: Map<Expression, Expression>): boolean {
  if (patternVariables.has(pattern)) {
    const known = bound.get(pattern);
    if (known === undefined) bound.set(pattern, e);
    return known === undefined || known === e;
  }
  if (pattern.kind !== "apply" || e.kind !== "apply") return pattern === e;
  return pattern.operator === e.operator && pattern.arguments.every((p, k) => matches(p, e.arguments[k]!, bound));
}

const isConstant = (e: Expression | undefined, value: number): boolean => e?.kind === "constant" && e.value === value;

function fold(e: Expression): Expression {
  if (e.kind !== "apply") return e;
  const numbers = e.arguments.map((a) => (a.kind === "constant" ? a.value : undefined));
  if (numbers.every((x) => x !== undefined)) {
    const value = (ops[e.operator].value as (...x: number[]) => number)(...(numbers as number[]));
    return Number.isFinite(value) ? constant(value) : e;
  }
  for (const [left, right] of rules.get(e.operator) ?? []) {
    const bound = new Map<Expression, Expression>();
    if (matches(left, e, bound)) return simplify(rewrite(right, (r) => bound.get(r) ?? r));
  }
  const [a, b] = e.arguments;
  if (e.operator === "mul" || e.operator === "neg" || (e.operator === "div" && !isConstant(b, 0))) return fromProduct(asProduct(e));
  if (e.operator === "select" && a!.kind === "constant") return a!.value !== 0 ? b! : e.arguments[2]!;
  return e;
}

/** `e` simplified, bottom-up. */
export const simplify = (e: Expression): Expression => rewrite(e, fold);
