/** The adjoint of an operator over placeholders, to be lowered with any operands in their place. */
import { read } from "../../ir/expression.ts";
import type { Expression } from "../../ir/expression.ts";
import { build, ops } from "../../library/ops/index.ts";
import type { OperatorName } from "../../library/ops/index.ts";
import { simplify } from "../../3-passes/simplify.ts";

/** Names that no specification can contain. */
export const resultAdjoint = "?dy";
export const argumentName = (k: number): string => `?${k}`;

/** For each argument its adjoint, an expression of `read("?dy")` and of the arguments `read("?0")`, `read("?1")`, …; "none" where there is no derivative. */
export function primitiveAdjoint(operator: OperatorName): readonly Expression[] | "none" {
  const { adjoint, arity } = ops[operator];
  if (adjoint === "none") return "none";
  return adjoint(read(resultAdjoint), Array.from({ length: arity }, (_, k) => read(argumentName(k))), build).map(simplify);
}
