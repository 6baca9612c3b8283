/** Arithmetic, comparisons, logic and conditionals: all through the operator table, by how an operator is written. */
import type { BinaryExpression, CompareExpression, ConditionalExpression, Expression, UnaryExpression } from "../../../grammar/ast.ts";
import { operatorNames, ops } from "../../library/ops/index.ts";
import type { OperatorName } from "../../library/ops/index.ts";
import type { CheckedExpression } from "../tree.ts";
import type { ExpressionChecker, OrderFact } from "./checker.ts";

const written = (position: "infix" | "prefix" | "function"): ReadonlyMap<string, OperatorName> =>
  new Map(operatorNames.flatMap((name) => (ops[name].syntax[position] !== undefined ? [[ops[name].syntax[position], name] as const] : [])));
const infix = written("infix");
const prefix = written("prefix");
/** Operators that are written as functions, by that name. */
export const functionOperators = written("function");

export function infixOperator(sign: string): OperatorName {
  const found = infix.get(sign);
  if (!found) throw new Error(`internal: no operator is written ${sign}`);
  return found;
}

export function checkUnary(c: ExpressionChecker, e: UnaryExpression): CheckedExpression {
  if (e.operator === "not") return c.apply(prefix.get("not")!, [c.truth(e.operand, "`not`")], e.span);
  const operand = c.number(e.operand);
  return e.operator === "+" ? operand : c.apply(prefix.get("-")!, [operand], e.span);
}

export function checkBinary(c: ExpressionChecker, e: BinaryExpression): CheckedExpression {
  const operand = (side: Expression): CheckedExpression =>
    e.operator === "and" || e.operator === "or" ? c.truth(side, `\`${e.operator}\``) : c.number(side);
  return c.apply(infixOperator(e.operator), [operand(e.left), operand(e.right)], e.span);
}

/** `a < b < c` is `a < b and b < c`. */
export function checkCompare(c: ExpressionChecker, e: CompareExpression): CheckedExpression {
  const operands = e.operands.map((o) => c.number(o));
  return e.operators
    .map((operator, k) => c.apply(infixOperator(operator), [operands[k]!, operands[k + 1]!], e.span))
    .reduce((both, next) => c.apply(infixOperator("and"), [both, next], e.span));
}

export function checkConditional(c: ExpressionChecker, e: ConditionalExpression): CheckedExpression {
  const condition = c.truth(e.condition, "`if`");
  const then = c.within([], factsOf(condition, true), () => c.number(e.then));
  const otherwise = c.within([], factsOf(condition, false), () => c.number(e.otherwise));
  return c.apply("select", [condition, then, otherwise], e.span);
}

const negated: Readonly<Partial<Record<OperatorName, OperatorName>>> = { eq: "ne", ne: "eq", lt: "ge", ge: "lt", gt: "le", le: "gt" };

/** What a condition between two indices says about their order where it holds, or where it doesn't. */
function factsOf(condition: CheckedExpression, holds: boolean): readonly OrderFact[] {
  if (condition.kind !== "apply") return [];
  if (condition.operator === "and" && holds) return condition.arguments.flatMap((a) => factsOf(a, true));
  const [x, y] = condition.arguments;
  if (x?.kind !== "index" || y?.kind !== "index") return [];
  const operator = holds ? condition.operator : negated[condition.operator];
  switch (operator) {
    case "lt": return [{ smaller: x.index, larger: y.index, relation: "<" }];
    case "le": return [{ smaller: x.index, larger: y.index, relation: "<=" }];
    case "gt": return [{ smaller: y.index, larger: x.index, relation: "<" }];
    case "ge": return [{ smaller: y.index, larger: x.index, relation: "<=" }];
    case "ne": return [{ smaller: x.index, larger: y.index, relation: "!=" }];
    default: return [];
  }
}
