/** `NAME(arguments)`: operators, reductions over whole arrays or over arguments, functions of arrays, and `fn`s. */
import { estimators } from "../../../runtime/estimators/index.ts";
import type { CallExpression } from "../../../grammar/ast.ts";
import { isDistributionName } from "../../library/distributions/index.ts";
import { isLibraryFunctionName, libraryFunctions } from "../../library/functions/index.ts";
import { ops } from "../../library/ops/index.ts";
import { isReductionName, reductions } from "../../library/reductions/index.ts";
import type { Reduction, ReductionName } from "../../library/reductions/index.ts";
import { isSourceName, sources } from "../../library/sources/index.ts";
import { constantNode, unknownNode } from "../build.ts";
import { elsewhere } from "../elsewhere.ts";
import { nearest } from "../../../grammar/nearest.ts";
import { expressionText } from "../text.ts";
import type { CheckedExpression } from "../tree.ts";
import { describeType } from "../types.ts";
import { arity, positional } from "./arguments.ts";
import type { ExpressionChecker } from "./checker.ts";
import { checkCallOfResults } from "./resultsOnly.ts";
import { checkInline } from "./inlining.ts";
import { checkLibraryCall } from "./libraryCalls.ts";
import { replacementFunctions } from "../builtIns.ts";
import { functionOperators, infixOperator } from "./operators.ts";
import { resultType } from "./reductions.ts";

export function checkCall(c: ExpressionChecker, e: CallExpression): CheckedExpression {
  const name = e.callee.name;
  // Reductions come first: `max(a)` is over an array, `max(a, b)` over its arguments.
  if (isReductionName(name)) return checkReductionCall(c, e, name);
  const operator = functionOperators.get(name) ?? c.names.extensions.functions.get(name);
  if (operator) {
    const arguments_ = positional(c, e, []).map((a) => c.number(a.value));
    return arity(c, e, ops[operator].arity, arguments_.length) ? c.apply(operator, arguments_, e.span) : unknownNode(e.span);
  }
  const arrayFunction = isLibraryFunctionName(name) ? name : c.names.extensions.arrayFunctions.get(name);
  if (arrayFunction) return checkLibraryCall(c, e, arrayFunction);
  const inline = c.names.function(name, e.callee.span);
  if (inline) return checkInline(c, e, inline);
  for (const a of e.arguments) c.check(a.value);
  reportUnknown(c, e);
  return unknownNode(e.span);
}

/** `mean(s)` is over all entries of an array, `max(a, b)` over the arguments. */
function checkReductionCall(c: ExpressionChecker, e: CallExpression, name: ReductionName): CheckedExpression {
  const record: Reduction = reductions[name];
  if (record.scope === "results") return checkCallOfResults(c, e);
  const arguments_ = positional(c, e, []);
  if (arguments_.length === 1) return overArray(c, e, name, c.check(arguments_[0]!.value));
  const values = arguments_.map((a) => (record.body === "truth" ? c.truth(a.value, `\`${name}\``) : c.number(a.value)));
  if (values.length === 0 || !record.pairwise) {
    c.report.error("Q231", `\`${name}\` takes ${record.pairwise ? "an array, or several numbers" : "one array"}`, e.span, `over an index: \`${name}(i) …\``);
    return unknownNode(e.span);
  }
  const operator = functionOperators.get(record.pairwise) ?? infixOperator(record.pairwise);
  const combined = values.reduce((a, b) => c.apply(operator, [a, b], e.span));
  return name === "mean" ? c.apply(infixOperator("/"), [combined, constantNode(values.length, e.span)], e.span) : combined;
}

function overArray(c: ExpressionChecker, e: CallExpression, name: ReductionName, array: CheckedExpression): CheckedExpression {
  const record: Reduction = reductions[name];
  if (array.type.kind === "unknown") return unknownNode(e.span);
  if (array.type.kind !== "array") {
    c.report.error("Q221", `\`${name}\` runs over an array, and \`${expressionText(array)}\` is ${describeType(array.type)}`, array.span,
      name === "mean" && array.status === "thermal" ? "averages over the records of a run are made of it in claims, plots and tables: `mean(R.m)`" : `over an index: \`${name}(i) …\``);
    return unknownNode(e.span);
  }
  if (record.body === "truth" && array.type.element !== "truth") {
    c.report.error("Q222", `\`${name}\` needs truth values, and the entries of \`${expressionText(array)}\` are numbers`, array.span, `over an index: \`${name}(i) (… > 0)\``);
    return unknownNode(e.span);
  }
  if (record.result === "index" && array.type.axes.length !== 1) {
    c.report.error("Q231", `\`${name}\` gives the value of one index, and \`${expressionText(array)}\` has ${array.type.axes.length} slots`, array.span);
    return unknownNode(e.span);
  }
  const values = record.result === "index" ? array.type.axes[0]!.range : undefined;
  return { kind: "reduceArray", reduction: name, array, type: resultType(record, array.type), status: array.status, span: e.span, ...(values ? { values } : {}) };
}

function reportUnknown(c: ExpressionChecker, e: CallExpression): void {
  const name = e.callee.name;
  if (c.names.excused(name, "callable")) return;
  if (isDistributionName(name) || c.names.extensions.distributions.has(name)) {
    c.report.error("Q225", `\`${name}\` is a distribution: it stands behind \`~\``, e.span, `declare \`ensemble z[i in N] ~ ${name}(…)\` and read it`);
  } else if (isSourceName(name) || c.names.extensions.sources.has(name)) {
    c.report.error("Q225", `\`${name}\` is a data source: it stands behind \`=\` of \`data\` or \`with\``, e.span);
  } else if (replacementFunctions.has(name)) {
    c.report.error("Q225", `\`${name}\` stands only behind \`with\`${name === "flip" ? ", or where a state starts" : ""}`, e.span);
  } else if (Object.hasOwn(estimators, name)) {
    c.report.error("Q230", `\`${name}\` is an estimator over the records of a run: no state has one`, e.callee.span, `measure what it is of, and write \`${name}(R.e)\` in claims, plots and tables`);
  } else if (c.names.lookup(name)) {
    c.report.error("Q230", `\`${name}\` is no function: it cannot be called`, e.callee.span, `entries are read with \`${name}[…]\``);
  } else {
    const known = [...Object.keys(reductions), ...functionOperators.keys(), ...c.names.extensions.functions.keys(), ...c.names.extensions.arrayFunctions.keys(), ...Object.keys(libraryFunctions), ...c.names.functionNames(), ...Object.keys(sources)];
    const near = nearest(name, known);
    c.report.error("Q230", `unknown function \`${name}\``, e.callee.span, elsewhere("function", name) ?? (near ? `did you mean \`${near}\`?` : "`quench functions` lists what there is"), { name });
  }
}
