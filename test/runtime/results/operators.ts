import type { ResultExpression } from "../../../runtime/results/expression.ts";

const apply = (operator: string, value: (...x: number[]) => number) => (...inputs: ResultExpression[]): ResultExpression =>
  ({ kind: "apply", operator, value, arguments: inputs });

export const add = apply("add", (a, b) => a + b);
export const sub = apply("sub", (a, b) => a - b);
export const mul = apply("mul", (a, b) => a * b);
export const div = apply("div", (a, b) => a / b);
export const pow = apply("pow", (a, b) => a ** b);
export const lt = apply("lt", (a, b) => (a < b ? 1 : 0));
