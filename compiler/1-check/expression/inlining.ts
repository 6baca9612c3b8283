/** Calls of a `fn`: its parameters' sizes are bound by the shapes of the arguments. */
import type { CallExpression } from "../../../grammar/ast.ts";
import { lengthNode, unknownNode } from "../build.ts";
import { equalPolynomials, polynomialOf } from "../sizes.ts";
import { expressionText } from "../text.ts";
import type { ArraySymbol, CheckedFunction, SizeSymbol } from "../symbols.ts";
import type { CheckedExpression } from "../tree.ts";
import { describeType, maximalStatus } from "../types.ts";
import type { Axis } from "../types.ts";
import { arity, positional } from "./arguments.ts";
import type { ExpressionChecker } from "./checker.ts";

export function checkInline(c: ExpressionChecker, e: CallExpression, f: CheckedFunction): CheckedExpression {
  const arguments_ = positional(c, e, []).map((a) => c.check(a.value));
  if (f.resultsOnly !== undefined) c.names.resultsOnly(e.callee.span, f.resultsOnly, f);
  if (!arity(c, e, f.parameters.length, arguments_.length) || !f.body) return unknownNode(e.span);
  const sizes = new Map<SizeSymbol, CheckedExpression>();
  const boundAt = new Map<SizeSymbol, CheckedExpression>();
  const good = f.parameters.map((p, k) => bind(c, f, p, arguments_[k]!, sizes, boundAt));
  if (good.includes(false)) return unknownNode(e.span);
  return { kind: "inline", function: f, arguments: arguments_, sizes, type: f.body.type, status: maximalStatus(...arguments_.map((a) => a.status)), span: e.span };
}

function bind(c: ExpressionChecker, f: CheckedFunction, parameter: ArraySymbol, argument: CheckedExpression, sizes: Map<SizeSymbol, CheckedExpression>, boundAt: Map<SizeSymbol, CheckedExpression>): boolean {
  if (parameter.axes.length === 0) return c.asNumber(argument).type.kind === "scalar";
  const { type } = argument;
  if (type.kind === "unknown") return false;
  if (type.kind !== "array" || type.axes.length !== parameter.axes.length) {
    const takes = `\`${parameter.name}\` of \`${f.name}\` is an array of ${parameter.axes.length} ${parameter.axes.length === 1 ? "slot" : "slots"}`;
    c.report.error(type.kind === "array" ? "Q223" : "Q221", `${takes}, and \`${expressionText(argument)}\` is ${describeType(type)}`, argument.span);
    return false;
  }
  if (type.axes.some((a) => a.edges)) {
    c.report.error("Q223", `\`${parameter.name}\` of \`${f.name}\` has an entry for each pair of indices, and \`${expressionText(argument)}\` is ${describeType(type)}`, argument.span, "write the sum over the edges here: `sum((i, j) in G) …`");
    return false;
  }
  if (type.axes.some((a, k) => a.order !== parameter.axes[k]!.order)) {
    const slots = (axes: readonly Axis[]): string => axes.map((a, k) => (k === 0 ? "i" : `${a.order ? ` ${a.order} ` : ", "}${"ijklmn"[k] ?? `i${k}`}`)).join("");
    c.report.error("Q223", `\`${parameter.name}\` of \`${f.name}\` is read as [${slots(parameter.axes)}], and \`${expressionText(argument)}\` holds [${slots(type.axes)}]`, argument.span, "ordered slots hold each set of indices once: a parameter says so in the same way, `fn f(J[i < j in n])`");
    return false;
  }
  return parameter.axes.every((axis, k) => {
    const found = lengthNode(type.axes[k]!.range);
    const wanted = axis.range.upper;
    if (wanted.kind === "size") {
      const before = sizes.get(wanted.symbol);
      if (!before) {
        sizes.set(wanted.symbol, found);
        boundAt.set(wanted.symbol, argument);
        return true;
      }
      if (equalPolynomials(polynomialOf(before), polynomialOf(found))) return true;
      c.report.error("Q204", `size \`${wanted.symbol.name}\` of \`${f.name}\` is bound to two different sizes`,
        [{ span: boundAt.get(wanted.symbol)!.span, message: expressionText(before) }, { span: argument.span, message: expressionText(found) }]);
      return false;
    }
    if (equalPolynomials(polynomialOf(wanted), polynomialOf(found))) return true;
    c.report.error("Q223", `slot ${k + 1} of \`${parameter.name}\` of \`${f.name}\` has ${expressionText(wanted)} values, and that of \`${expressionText(argument)}\` has ${expressionText(found)}`, argument.span);
    return false;
  });
}
