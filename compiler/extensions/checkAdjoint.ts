/** The derivative of an operator against differences of its values, at its samples: what is proved of an extension before it is used. */
import { evaluate } from "../ir/evaluate.ts";
import { constant, read } from "../ir/expression.ts";
import { build, ops } from "../library/ops/index.ts";
import type { OperatorName } from "../library/ops/index.ts";
import { messageOf } from "../../runtime/messageOf.ts";
import { derivativeDifference, differs } from "./differences.ts";

/** What is wrong, or undefined. */
export function checkAdjoint(operator: OperatorName): string | undefined {
  const { adjoint, arity, samples, value } = ops[operator];
  if (adjoint === "none") return undefined;
  const variables = Array.from({ length: arity }, (_, k) => read(`x${k}`));
  for (const sample of samples) {
    const at = `(${sample.join(", ")})`;
    let found: readonly number[];
    try {
      const adjoints: unknown = adjoint(constant(1), variables, build);
      const isExpression = (e: unknown): boolean => typeof e === "object" && e !== null && "kind" in e;
      if (!Array.isArray(adjoints) || adjoints.length !== arity) return `it is no list of ${arity}`;
      if (!adjoints.every(isExpression)) return "it is no list of expressions made with the builder";
      found = adjoint(constant(1), variables, build).map((e) => evaluate(e, { parameters: {}, entry: (name) => sample[Number(name.slice(1))]! }));
    } catch (error) {
      return `it is no list of expressions made with the builder: ${messageOf(error)}`;
    }
    for (const [k, derivative] of found.entries()) {
      const difference = derivativeDifference((by) => value(...sample.map((x, j) => (j === k ? x + by : x))), sample[k]!);
      if (differs(derivative, difference)) {
        return `at ${at} it is ${Number(derivative.toPrecision(6))}${arity > 1 ? ` for argument ${k + 1}` : ""}, and differences of the value give ${Number(difference.toPrecision(6))}`;
      }
    }
  }
  return undefined;
}
