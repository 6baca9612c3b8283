import { apply, constant } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";

/** An operator on lowered arguments; literals with a sign and shifts by nothing are written as what they are. */
export function applied(operator: Parameters<typeof apply>[0], arguments_: readonly Expression[]): Expression {
  const [x, y] = arguments_;
  if (operator === "neg" && x?.kind === "constant") return constant(-x.value);
  if ((operator === "add" || operator === "sub") && x?.kind === "constant" && y?.kind === "constant") return constant(operator === "add" ? x.value + y.value : x.value - y.value);
  if ((operator === "add" || operator === "sub") && x && y?.kind === "constant") return shiftedBy(x, operator === "add" ? y.value : -y.value);
  return apply(operator, ...arguments_);
}

/** x + shift, where x may be a shifted expression itself: x + 1 − 1 is x. */
function shiftedBy(x: Expression, shift: number): Expression {
  if (x.kind === "apply" && (x.operator === "add" || x.operator === "sub")) {
    const [inner, constantTerm] = x.arguments;
    if (constantTerm?.kind === "constant") return shiftedBy(inner!, shift + (x.operator === "add" ? constantTerm.value : -constantTerm.value));
  }
  if (shift === 0) return x;
  return shift > 0 ? apply("add", x, constant(shift)) : apply("sub", x, constant(-shift));
}
