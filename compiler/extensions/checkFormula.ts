/** The formula of an operator against its values, at its samples. */
import { evaluate } from "../ir/evaluate.ts";
import { read } from "../ir/expression.ts";
import { ops } from "../library/ops/index.ts";
import type { OperatorName } from "../library/ops/index.ts";
import { messageOf } from "../../runtime/messageOf.ts";

/** What is wrong, or undefined. Relative differences up to 1e-9 are of rounding. */
export function checkFormula(operator: OperatorName): string | undefined {
  const { formula, arity, samples, value } = ops[operator];
  if (!formula) return undefined;
  const variables = Array.from({ length: arity }, (_, k) => read(`x${k}`));
  for (const sample of samples) {
    let found: number;
    try {
      found = evaluate(formula(variables), { parameters: {}, entry: (name) => sample[Number(name.slice(1))]! });
    } catch (error) {
      return `it is no expression made with the builder: ${messageOf(error)}`;
    }
    const expected = value(...sample);
    if (!(Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)))) return `at (${sample.join(", ")}) it is ${found}, and the value is ${expected}`;
  }
  return undefined;
}
