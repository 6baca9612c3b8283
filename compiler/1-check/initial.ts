/** How a state array begins, as its declaration or a run says it: a draw, values, or the values of an array with some entries reversed. */
import type { StateDeclaration } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import { domains } from "../library/domains/index.ts";
import type { CheckedDistribution } from "./distributions.ts";
import { checkDistribution, refuseVarying } from "./distributions.ts";
import { ExpressionChecker } from "./expression/checker.ts";
import { sameShape } from "./expression/libraryCalls.ts";
import { checkFlip } from "./expression/replacements.ts";
import type { CheckedFlip } from "./expression/replacements.ts";
import type { ModelScope } from "./model.ts";
import { domainText, outsideDomain, valuesOf } from "./outsideDomain.ts";
import { reductionsIn } from "./reductionsIn.ts";
import type { ArraySymbol } from "./symbols.ts";
import type { CheckedExpression } from "./tree.ts";

export type CheckedInitial =
  | { readonly kind: "draw"; readonly distribution: CheckedDistribution }
  /** `body` is the entry at the symbol's indices. */
  | { readonly kind: "value"; readonly body: CheckedExpression }
  | ({ readonly kind: "flip" } & CheckedFlip);

/** Checks what stands behind `~` or `=` of a state; `place` is what a second label shows. */
export function checkInitial(m: ModelScope, symbol: ArraySymbol, { kind, expression: e }: NonNullable<StateDeclaration["initial"]>, place: Span): CheckedInitial | undefined {
  if (kind === "draw") return checkDraw(m, symbol, e, place);
  const c = new ExpressionChecker(m, reductionsIn(e));
  const depends = (span: Span): void => m.report.error("Q262", `the initial value of \`${symbol.name}\` depends on a state`, [{ span, message: "thermal" }, { span: place, message: "initial value" }]);
  if (e.kind === "call" && e.callee.name === "flip") {
    const flipped = checkFlip(c, e, symbol);
    c.finish();
    if (flipped?.of.status !== "thermal") return flipped && { kind: "flip", ...flipped };
    depends(flipped.of.span);
    return undefined;
  }
  const value = c.within(symbol.indices, [], () => c.check(e));
  const body = value.type.kind === "array" ? entryOf(m, symbol, value) : c.asNumber(value);
  c.finish();
  if (body?.type.kind !== "scalar") return undefined;
  if (body.status === "thermal") {
    depends(body.span);
    return undefined;
  }
  const outside = outsideDomain(symbol, body);
  if (!outside) return { kind: "value", body };
  m.report.error("Q245", outside.why, outside.part.span, `the values of \`${domainText(symbol)}\`: ${valuesOf(symbol)}`);
  return undefined;
}

function checkDraw(m: ModelScope, symbol: ArraySymbol, e: NonNullable<StateDeclaration["initial"]>["expression"], place: Span): CheckedInitial | undefined {
  const c = new ExpressionChecker(m, reductionsIn(e));
  const distribution = c.within(symbol.indices, [], () => checkDistribution(c, e));
  c.finish();
  if (!distribution) return undefined;
  const thermal = distribution.arguments.find((a) => a.status === "thermal");
  if (thermal) {
    m.report.error("Q262", `the initial value of \`${symbol.name}\` depends on a state`, [{ span: thermal.span, message: "thermal" }, { span: place, message: "initial value" }]);
    return undefined;
  }
  refuseVarying(m.report, distribution);
  const { domain } = symbol;
  if (!distribution.record.graph && (domain === undefined || domains[domain].continuous || distribution.record.domains.includes(domain))) return { kind: "draw", distribution };
  m.report.error("Q245", `\`${distribution.name}\` draws values that are not ${distribution.record.graph ? "numbers" : `in the domain \`${domain}\``}`, e.span,
    domain && !domains[domain].continuous ? `without a draw it starts uniform on \`${domain}\`` : undefined);
  return undefined;
}

/** `start s = xi[1,:]`: the entry of an array of the state's own shape. */
function entryOf(m: ModelScope, symbol: ArraySymbol, array: CheckedExpression): CheckedExpression | undefined {
  if (array.type.kind !== "array") return undefined;
  if (!sameShape(symbol.axes, array.type.axes)) {
    m.report.error("Q223", `\`${symbol.name}\` starts from something of another shape`, array.span);
    return undefined;
  }
  return {
    kind: "element", array, wraps: symbol.axes.map(() => false), unsorted: [], span: array.span, status: array.status, type: { kind: "scalar", element: array.type.element },
    subscripts: symbol.indices.map((index) => ({ kind: "index", index, type: { kind: "scalar", element: "integer" }, status: "parameter", span: array.span })),
  };
}
