/** Calls `NAME(…)` in results and runs: functions of numbers, functions of the file, and estimators over a run. */
import type { Argument, CallExpression, FunctionItem } from "../../../grammar/ast.ts";
import { estimators } from "../../../runtime/estimators/index.ts";
import { ops } from "../../library/ops/index.ts";
import { applyOperator, functionNames, operatorOfFunction } from "./applyOperator.ts";
import { checkEstimator } from "./checkEstimator.ts";
import type { Context, Scope } from "./scope.ts";
import { elsewhere } from "../elsewhere.ts";
import { suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { over, unknown } from "./typed.ts";

export function checkCall(context: Context, e: CallExpression, scope: Scope): Typed {
  const name = e.callee.name;
  const operator = operatorOfFunction(name) ?? context.names.extensions.functions.get(name);
  const estimator = Object.hasOwn(estimators, name) ? estimators[name] : undefined;
  // `max(a, b)` is the larger of two numbers, `max(R.e)` the largest record of a run.
  const plainCall = operator !== undefined && (estimator === undefined || positional(e.arguments).length > 1);
  if (estimator !== undefined && !plainCall && scope.place === "results") return checkEstimator(context, e, estimator, scope);
  if (operator !== undefined && plainCall) {
    const arguments_ = checkPositional(context, e, scope);
    if (arguments_ === undefined) return unknown;
    const { arity } = ops[operator];
    // Those that are estimators too take any number of arguments.
    if (estimator !== undefined && arguments_.length > 2) return arguments_.reduce((both, next) => applyOperator(operator, [both, next]));
    if (arguments_.length !== arity) return wrongCount(context, e, arity, arguments_.length);
    return applyOperator(operator, arguments_);
  }
  const fn = context.names.functions.get(name);
  if (fn !== undefined) return expandFunction(context, e, fn, scope);

  // Whether an estimator was meant isn't known: observables may stand in it.
  e.arguments.forEach((a) => context.check(a.value, { ...scope, estimators: scope.estimators + 1 }));
  if (estimator !== undefined) {
    context.report.error("Q705", `\`${name}\` is an estimator over a run, which has no place here`, e.callee.span, "estimators stand in claims, plots and tables");
    return unknown;
  }
  if (context.names.open(name)) return unknown;
  const known = [...functionNames, ...(scope.place === "results" ? Object.keys(estimators) : []), ...context.names.functions.keys(), ...context.names.extensions.functions.keys()];
  context.report.error("Q705", `there is no function \`${name}\` of numbers${scope.place === "results" ? ", and no estimator of that name" : ""}`, e.callee.span, elsewhere("function", name) ?? suggestNear(name, known));
  return unknown;
}

const suggestNear = (name: string, known: readonly string[]): string =>
  suggest(name, known, "")?.startsWith("did") ? suggest(name, known, "")! : "`quench functions` lists them; functions of whole arrays stand in observables of the model";

const positional = (arguments_: readonly Argument[]): readonly Argument[] => arguments_.filter((a) => a.name === undefined);

/** The arguments of a function without named ones. */
function checkPositional(context: Context, e: CallExpression, scope: Scope): readonly Typed[] | undefined {
  const values = e.arguments.map((a) => context.check(a.value, scope));
  const named = e.arguments.find((a) => a.name !== undefined);
  if (named === undefined) return values;
  context.report.error("Q706", `\`${e.callee.name}\` has no named arguments`, named.name!.span, `write \`${e.callee.name}(x)\``);
  return undefined;
}

function wrongCount(context: Context, e: CallExpression, expected: number, found: number): Typed {
  context.report.error("Q706", `\`${e.callee.name}\` takes ${expected} argument${expected === 1 ? "" : "s"}, not ${found}`, e.span);
  return unknown;
}

/** A `fn` of numbers is expanded where it is called: its parameters stand for the arguments, and it sees nothing else. */
function expandFunction(context: Context, e: CallExpression, fn: FunctionItem, scope: Scope): Typed {
  const arguments_ = checkPositional(context, e, scope);
  if (arguments_ === undefined) return unknown;
  const array = fn.parameters.find((p) => p.slots !== undefined);
  if (array !== undefined) {
    context.report.error("Q706", `\`${e.callee.name}\` takes an array, and here are numbers only`, [
      { span: e.span, message: "" }, { span: array.span, message: "an array" },
    ], "call it in an observable of the model");
    return unknown;
  }
  if (arguments_.length !== fn.parameters.length) return wrongCount(context, e, fn.parameters.length, arguments_.length);
  // A circle of functions is the model checker's finding.
  if (scope.expanding.includes(fn.name.name)) return unknown;
  const body = context.check(fn.body, {
    place: "function",
    resolve: () => unknown, // unknown names in a `fn` are the model checker's finding
    bound: new Map(fn.parameters.map((p, k) => [p.name.name, arguments_[k]!])),
    runs: [],
    home: undefined,
    under: [], estimators: scope.estimators,
    copies: scope.copies,
    expanding: [...scope.expanding, fn.name.name],
  });
  return over([body, ...arguments_], body.type === "truth" ? "truth" : "number", body.expression);
}
