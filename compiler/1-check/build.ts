/** Makes checked expressions that nobody wrote: sizes of tangent spaces, lower ends of ranges, shifted subscripts. */
import type { Span } from "../../grammar/span.ts";
import { ops } from "../library/ops/index.ts";
import type { OperatorName } from "../library/ops/index.ts";
import type { ScalarType } from "../library/ops/operator.ts";
import type { SizeRange } from "./sizes.ts";
import { rangeText } from "./text.ts";
import type { ModelSymbol } from "./symbols.ts";
import type { CheckedExpression, OpaqueNode } from "./tree.ts";
import { maximalStatus, scalar, unknownType } from "./types.ts";
import type { Type } from "./types.ts";

const elementOf = (type: Type): ScalarType => (type.kind === "scalar" ? type.element : "real");

export const constantNode = (value: number, span: Span, element: "integer" | "real" = Number.isInteger(value) ? "integer" : "real"): CheckedExpression =>
  ({ kind: "constant", value, type: scalar(element), status: "parameter", span });

/** An operator on scalars, or an unknown where an argument is one. */
export function applyNode(operator: OperatorName, arguments_: readonly CheckedExpression[], span: Span): CheckedExpression {
  if (arguments_.some((a) => a.type.kind === "unknown")) return unknownNode(span);
  return { kind: "apply", operator, arguments: arguments_, type: scalar(isWholePower(operator, arguments_) ? "integer" : ops[operator].type(arguments_.map((a) => elementOf(a.type)))), status: maximalStatus(...arguments_.map((a) => a.status)), span };
}

/** `L^3`, and `L^d` with a size d: powers of integers that are integers. */
function isWholePower(operator: OperatorName, [base, exponent]: readonly CheckedExpression[]): boolean {
  if (operator !== "pow" || !base || !exponent || elementOf(base.type) !== "integer" || elementOf(exponent.type) !== "integer") return false;
  return (exponent.kind === "constant" && exponent.value >= 0) || (exponent.kind === "parameter" && exponent.symbol.default >= 0) || exponent.kind === "size";
}

/** Stands for what was reported: silences everything that follows from it. */
export const unknownNode = (span: Span): OpaqueNode => ({ kind: "opaque", type: unknownType, status: "parameter", span });

/** lower..upper */
export const sizeRange = (lower: CheckedExpression, upper: CheckedExpression): SizeRange => ({ lower, upper, text: rangeText(lower, upper) });
/** 1..size */
export const rangeTo = (size: CheckedExpression): SizeRange => sizeRange(constantNode(1, size.span), size);

/** A range with other sizes in the place of those that it names itself. */
export function withSizes(range: SizeRange, sizes: ReadonlyMap<ModelSymbol, CheckedExpression>): SizeRange {
  const replaced = (e: CheckedExpression): CheckedExpression => {
    if (e.kind === "parameter" || e.kind === "size" || e.kind === "name") return sizes.get(e.symbol) ?? e;
    return e.kind === "apply" ? { ...e, arguments: e.arguments.map(replaced) } : e;
  };
  return sizeRange(replaced(range.lower), replaced(range.upper));
}

/** Number of values of a range as an expression: `N` for 1..N. */
export function lengthNode(range: SizeRange): CheckedExpression {
  if (range.lower.kind === "constant" && range.lower.value === 1) return range.upper;
  const span = range.upper.span;
  return applyNode("add", [applyNode("sub", [range.upper, range.lower], span), constantNode(1, span)], span);
}
