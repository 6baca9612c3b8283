/** Expressions of parameters alone (sizes, arguments of distributions, squared radii) as TypeScript in the scope of `createModel`. */
import type { Expression } from "../../ir/expression.ts";
import type { Scalar } from "../../4-schedule/kernel.ts";
import type { Sizes } from "../../4-schedule/sizes.ts";
import { printCondition, printScalar } from "./scalar.ts";

export const printParameterExpression = (e: Expression, sizes: Sizes): string => printScalar(scalarOf(e, sizes));
/** A truth value as a boolean. */
export const printParameterCondition = (e: Expression, sizes: Sizes): string => printCondition(scalarOf(e, sizes));

function scalarOf(e: Expression, sizes: Sizes): Scalar {
  const scalar = (x: Expression): Scalar => {
    switch (x.kind) {
      case "constant": return x;
      case "parameter": return { kind: "real", name: x.name };
      case "apply": return { kind: "apply", operator: x.operator, arguments: x.arguments.map(scalar) };
      default: throw new Error(`internal: a ${x.kind} where only parameters may stand`);
    }
  };
  return scalar(sizes.inline(e));
}
