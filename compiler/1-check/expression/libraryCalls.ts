/** Calls of functions of whole arrays, by their table: kinds of arguments, shape of the result. */
import type { CallExpression } from "../../../grammar/ast.ts";
import { domains } from "../../library/domains/index.ts";
import { libraryFunctions } from "../../library/functions/index.ts";
import type { ArgumentKind, LibraryFunction, LibraryFunctionName } from "../../library/functions/index.ts";
import { applyNode, constantNode, lengthNode, rangeTo, unknownNode } from "../build.ts";
import { equalRanges } from "../sizes.ts";
import { expressionText } from "../text.ts";
import type { CheckedExpression } from "../tree.ts";
import { arrayType, describeType, maximalStatus, scalar } from "../types.ts";
import type { Axis, Type } from "../types.ts";
import { arity, positional } from "./arguments.ts";
import type { ExpressionChecker } from "./checker.ts";

export function checkLibraryCall(c: ExpressionChecker, e: CallExpression, key: LibraryFunctionName): CheckedExpression {
  // The derivative of what another copy makes is that at the other copy.
  const [only] = e.arguments;
  if (libraryFunctions[key].arguments.some((kind) => kind === "differentiable") && only?.value.kind === "replica") {
    const { object, replica, span } = only.value;
    return c.check({ kind: "replica", object: { ...e, arguments: [{ ...only, value: object }, ...e.arguments.slice(1)] }, replica, span });
  }
  const record: LibraryFunction = libraryFunctions[key];
  const { name } = e.callee;
  const given = positional(c, e, Object.keys(record.options ?? {}));
  const arguments_ = given.map((a) => c.check(a.value));
  const options: Record<string, CheckedExpression> = {};
  for (const option of e.arguments) {
    if (!option.name || !Object.hasOwn(record.options ?? {}, option.name.name)) continue;
    const value = c.number(option.value);
    if (value.type.kind !== "scalar") continue;
    if (value.type.element !== "integer" || value.status !== "parameter" || (value.kind === "constant" && value.value < 1)) {
      c.report.error("Q213", `\`${option.name.name}\` of \`${name}\` is a whole number from 1, made of parameters`, option.value.span);
    } else if (arguments_[0] && !(arguments_[0].kind === "library" && arguments_[0].function === "hessian")) {
      c.report.error("Q232", `\`${option.name.name}\` estimates the trace of a Hessian, and this is another matrix`, [{ span: option.span, message: "" }, { span: arguments_[0].span, message: "not a call of `hessian`" }], "leave it out: this trace is exact, and cheap");
    } else options[option.name.name] = value;
  }
  if (!arity(c, e, record.arguments.length, arguments_.length)) return unknownNode(e.span);
  const [first] = arguments_;
  // The gradient of a model of one variable is a number.
  if (key === "norm" && first?.kind === "library" && first.function === "grad" && first.type.kind === "scalar") return applyNode("abs", [first], e.span);
  const good = record.arguments.map((kind, k) => checkArgument(c, name, kind, arguments_[k]!, arguments_[k - 1]));
  if (good.includes(false)) return unknownNode(e.span);
  const type = resultOf(c, record, arguments_, e);
  const status = record.fold || record.arguments.includes("differentiable") ? "thermal" : maximalStatus(...arguments_.map((a) => a.status));
  if (type.kind === "unknown") return unknownNode(e.span);
  if (name === "laplacian") {
    const matrix: CheckedExpression = { kind: "library", function: "hessian", arguments: arguments_, type: resultOf(c, libraryFunctions.hessian, arguments_, e), status, span: e.span };
    return { kind: "library", function: "trace", arguments: [matrix], type, status, span: e.span };
  }
  return { kind: "library", function: key, arguments: arguments_, ...(Object.keys(options).length > 0 ? { options } : {}), type, status, span: e.span };
}

/** A vector for each site is an array with one more slot. */
function helpForNumber(name: string, e: CheckedExpression): string | undefined {
  if (e.kind === "name" && e.status === "thermal" && (name === "eigenvalues" || name === "det" || name === "trace")) return `those of its matrix of second derivatives are \`${name}(hessian(${e.symbol.name}))\``;
  if (e.kind !== "element") return undefined;
  const array = expressionText(e.array);
  const place = e.subscripts.map(expressionText).join(",");
  return `the whole array is \`${array}\`; a vector for each \`${place}\` is an array with one more slot, of which \`${name}\` takes a row: \`${array}[${place},:]\``;
}

/** Whether an argument is of its kind; reports where it isn't, and stays silent about what was reported. */
function checkArgument(c: ExpressionChecker, name: string, kind: ArgumentKind, argument: CheckedExpression, before: CheckedExpression | undefined): boolean {
  const { type } = argument;
  if (type.kind === "unknown") return false;
  if (kind === "differentiable") return checkDifferentiable(c, name, argument);
  if (kind === "number") return c.asNumber(argument).type.kind === "scalar";
  if (kind === "class") return checkClass(c, name, argument, before);
  if (type.kind !== "array") {
    c.report.error("Q221", `\`${name}\` takes an array, and \`${expressionText(argument)}\` is ${describeType(type)}`, argument.span, helpForNumber(name, argument));
    return false;
  }
  if (kind === "vector" && type.axes.length !== 1) {
    c.report.error("Q223", `\`${name}\` takes an array of one slot, and this is ${describeType(type)}`, argument.span);
    return false;
  }
  if (kind === "matrix" && (type.axes.length !== 2 || !equalRanges(type.axes[0]!.range, type.axes[1]!.range) || type.axes[1]!.order || type.axes[1]!.edges)) {
    c.report.error("Q223", `\`${name}\` takes a square matrix, and this is ${describeType(type)}`, argument.span, type.axes[1]?.order ? `ordered slots hold half of a matrix: \`let M[i, j] = ${type.axes[1].order === "<" ? `if i == j then 0 else ${expressionText(argument)}[i,j]` : `${expressionText(argument)}[i,j]`}\`, then \`${name}(M)\`` : undefined);
    return false;
  }
  if (kind === "sameShape" && before?.type.kind === "array" && !sameShape(before.type.axes, type.axes)) {
    c.report.error("Q223", `\`${name}\` takes two arrays of one shape`, [{ span: before.span, message: describeType(before.type) }, { span: argument.span, message: describeType(type) }]);
    return false;
  }
  return true;
}

export const sameShape = (a: readonly Axis[], b: readonly Axis[]): boolean =>
  a.length === b.length && a.every((axis, k) => equalRanges(axis.range, b[k]!.range) && axis.order === b[k]!.order && axis.edges === b[k]!.edges);

function checkDifferentiable(c: ExpressionChecker, name: string, argument: CheckedExpression): boolean {
  if (argument.type.kind === "array") {
    c.report.error("Q220", `\`${name}\` differentiates a number, and \`${expressionText(argument)}\` is ${describeType(argument.type)}`, argument.span, `by all states at once: \`${name}(H)\` of an energy H or another number`);
    return false;
  }
  const number = c.asNumber(argument);
  if (number.type.kind !== "scalar") return false;
  if (c.names.kind === "fn") {
    c.report.error("Q239", `\`${name}\` differentiates with respect to the states of a model, and a \`fn\` has none`, argument.span);
    return false;
  }
  if (number.status !== "thermal") {
    c.report.error("Q239", `\`${name}\` differentiates with respect to the states, and \`${expressionText(number)}\` depends on none`, argument.span);
    return false;
  }
  const discrete = c.names.states().find((s) => s.domain !== undefined && !domains[s.domain].continuous);
  if (discrete) {
    c.report.error("Q239", `\`${name}\` needs continuous states, and \`${discrete.name}\` is ${discrete.domain}`, [{ span: argument.span, message: "differentiated here" }, { span: discrete.span, message: discrete.domain! }]);
    return false;
  }
  return true;
}

function checkClass(c: ExpressionChecker, name: string, argument: CheckedExpression, logits: CheckedExpression | undefined): boolean {
  const number = c.asNumber(argument);
  if (number.type.kind !== "scalar") return false;
  if (number.type.element === "integer") return true;
  c.report.error("Q211", `\`${name}\` takes a class: an integer that picks an entry${logits ? ` of \`${expressionText(logits)}\`` : ""}`, argument.span);
  return false;
}

function resultOf(c: ExpressionChecker, record: LibraryFunction, arguments_: readonly CheckedExpression[], e: CallExpression): Type {
  const [first] = arguments_;
  switch (record.result) {
    case "scalar": return scalar("real");
    case "sameShape": return first!.type.kind === "array" ? arrayType("real", first!.type.axes) : first!.type;
    case "row": return first!.type.kind === "array" ? arrayType("real", first!.type.axes.slice(0, 1)) : first!.type;
    case "tangentMatrix": {
      const dimension = c.names.tangentDimension(e.span);
      if (!dimension) return { kind: "unknown" };
      const axis: Axis = { range: rangeTo(dimension), periodic: false };
      return arrayType("real", [axis, axis]);
    }
    case "gradient": {
      const states = c.names.states();
      if (states.some((s) => !s.sound)) return { kind: "unknown" };
      const [only] = states;
      if (states.length === 1 && only) return arrayType("real", only.axes);
      return arrayType("real", [{ range: rangeTo(numberOfEntries(states.map((s) => s.axes), e.span)), periodic: false }]);
    }
  }
}

/** Number of entries of arrays with these axes, as an expression; ordered axes `i < j < k` hold each set of indices once. */
export function numberOfEntries(shapes: readonly (readonly Axis[])[], span: CallExpression["span"]): CheckedExpression {
  const times = (a: CheckedExpression, b: CheckedExpression): CheckedExpression =>
    a.kind === "constant" && a.value === 1 ? b : b.kind === "constant" && b.value === 1 ? a : applyNode("mul", [a, b], span);
  const sizes = shapes.map((axes) => {
    let total: CheckedExpression = constantNode(1, span);
    let group = 1;
    for (const axis of axes) {
      group = axis.order ? group + 1 : 1;
      const length = lengthNode(axis.range);
      // The m-th index of an ordered group brings a factor (n − m + 1)/m, or (n + m − 1)/m where equal ones are allowed.
      const factor = group === 1 ? length : applyNode(axis.order === "<" ? "sub" : "add", [length, constantNode(group - 1, span)], span);
      total = times(total, factor);
      if (group > 1) total = applyNode("round", [applyNode("div", [total, constantNode(group, span)], span)], span);
    }
    return total;
  });
  return sizes.reduce((a, b) => applyNode("add", [a, b], span));
}
