/** `until error(x) < y` of a `measure`, or several of these joined by `and`: how precise the averages of the records are to be. */
import type { Expression } from "../../../grammar/ast.ts";
import type { ObservableExpression, PerPoint, PrecisionCondition } from "../../../runtime/engine/plan.ts";
import { conditionSource } from "./conditionSource.ts";
import type { RunSymbol } from "./names.ts";
import { perPoint, pointText, runScope, valuesAtPoints } from "./runScope.ts";
import type { Context } from "./scope.ts";

type Call = Extract<Expression, { kind: "call" }>;
interface Part { readonly call: Call; readonly threshold: Expression }

/** The most units of a `measure` that names a precision and no amount. */
export const defaultCap = 1_000_000;

const isError = (e: Expression): e is Call => e.kind === "call" && e.callee.name === "error";

/** The parts of a condition in the form that can be tested; undefined where it has another one. */
function partsOf(e: Expression): readonly Part[] | undefined {
  if (e.kind === "binary" && e.operator === "and") {
    const [left, right] = [partsOf(e.left), partsOf(e.right)];
    return left && right && [...left, ...right];
  }
  if (e.kind !== "compare" || e.operands.length !== 2) return undefined;
  const [left, right] = e.operands as [Expression, Expression];
  const sign = e.operators[0]!;
  if ((sign === "<" || sign === "<=") && isError(left)) return [{ call: left, threshold: right }];
  if ((sign === ">" || sign === ">=") && isError(right)) return [{ call: right, threshold: left }];
  return undefined;
}

/** Whether `until` names a precision in the right form, so that the amount may be left out. */
export const namesPrecision = (e: Expression | undefined): boolean => e !== undefined && partsOf(e) !== undefined;

export function checkPrecision(context: Context, run: RunSymbol, e: Expression): PrecisionCondition | undefined {
  const parts = partsOf(e);
  if (parts === undefined) {
    context.report.error("Q444", "a precision stands alone, or is joined to others by `and`", e.span, "write `until error(e) < 1e-3`");
    return undefined;
  }
  const of: ObservableExpression[] = [];
  const below: PerPoint[] = [];
  for (const { call, threshold } of parts) {
    const bound = checkBound(context, run, threshold);
    const expression = checkArgument(context, run, call);
    if (bound === undefined || expression === undefined) continue;
    below.push(bound);
    of.push(expression);
  }
  return of.length === parts.length ? { kind: "error", of, below } : undefined;
}

function checkArgument(context: Context, run: RunSymbol, call: Call): ObservableExpression | undefined {
  const { report } = context;
  const [argument, ...more] = call.arguments;
  if (argument === undefined || more.length > 0 || argument.name !== undefined) {
    report.error("Q444", "`error` takes one expression of observables", call.span, "write `error(e)`");
    return undefined;
  }
  const typed = context.check(argument.value, runScope(context, run, true));
  if (typed.type === "unknown" || run.model === undefined) return undefined;
  if (typed.records.length === 0) {
    report.error("Q444", "this has no error: there is no observable in it", argument.value.span, "name an observable: `error(e)` is that of its average over the records");
    return undefined;
  }
  return conditionSource(context, run, typed.expression, argument.value.span, typed.type === "truth");
}

function checkBound(context: Context, run: RunSymbol, e: Expression): PerPoint | undefined {
  const values = valuesAtPoints(context, run, e);
  const bad = values?.findIndex((v) => !(v > 0)) ?? -1;
  if (bad < 0) return values && perPoint(values);
  context.report.error("Q444", `an error is never below ${values![bad]}${pointText(run, bad)}`, e.span, "write a positive number");
  return undefined;
}
