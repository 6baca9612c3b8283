import type { Expression } from "../../../grammar/ast.ts";
import type { Context } from "./scope.ts";
import type { Typed } from "./typed.ts";

/** Reports a number where only a truth value makes sense. */
export function needTruth(context: Context, value: Typed, at: Expression, where: string): void {
  if (value.type !== "number") return;
  context.report.error("Q713", `${where} needs a truth value, and this is a number`, at.span, "compare it with something: `x > 0`, `E == 0`");
}
