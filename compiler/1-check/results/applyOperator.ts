/** Operators of the one table, found by how they are written. */
import { operatorNames, ops } from "../../library/ops/index.ts";
import type { OperatorName } from "../../library/ops/index.ts";
import type { Typed } from "./typed.ts";
import { over } from "./typed.ts";

const byFunction = new Map<string, OperatorName>();
const byInfix = new Map<string, OperatorName>();
const byPrefix = new Map<string, OperatorName>();
for (const name of operatorNames) {
  const { syntax } = ops[name];
  if (syntax.function !== undefined) byFunction.set(syntax.function, name);
  if (syntax.infix !== undefined) byInfix.set(syntax.infix, name);
  if (syntax.prefix !== undefined) byPrefix.set(syntax.prefix, name);
}

export const functionNames: readonly string[] = [...byFunction.keys()];
export const operatorOfFunction = (name: string): OperatorName | undefined => byFunction.get(name);

const found = (name: OperatorName | undefined, sign: string): OperatorName => {
  if (name === undefined) throw new Error(`internal: the table of operators has no \`${sign}\``);
  return name;
};
export const operatorOfInfix = (sign: string): OperatorName => found(byInfix.get(sign), sign);
export const operatorOfPrefix = (sign: string): OperatorName => found(byPrefix.get(sign), sign);

/** The application of an operator to as many arguments as it takes. */
export function applyOperator(operator: OperatorName, arguments_: readonly Typed[]): Typed {
  const { type, value } = ops[operator];
  const result = type(arguments_.map((a) => (a.type === "truth" ? "truth" : "real")));
  return over(arguments_, result === "truth" ? "truth" : "number", { kind: "apply", operator, value, arguments: arguments_.map((a) => a.expression) });
}
