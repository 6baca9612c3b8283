/** `sweep NAME in [a, b, c] | linear(a, b, n) | geometric(a, b, n) | a..b by c`: the values, in the order of the sweep. */
import type { Expression } from "../../../grammar/ast.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { RunSymbol } from "./names.ts";
import { runScope } from "./runScope.ts";
import type { Context, Scope } from "./scope.ts";
import { isReason, spaced, stepped } from "./spacing.ts";
import type { Spaced } from "./spacing.ts";

/** The values of a sweep of a run, or of a list of temperatures; `fixed` holds the parameters that no sweep changes. */
export const checkSweepValues = (context: Context, run: RunSymbol, range: Expression, fixed: Readonly<Record<string, number>>): readonly number[] | undefined =>
  checkValues(context, runScope(context, run), range, fixed);

/** The values of a list; undefined where something was reported. */
export function checkValues(context: Context, scope: Scope, range: Expression, fixed: Readonly<Record<string, number>>): readonly number[] | undefined {
  const { report } = context;
  const forms = "write `[a, b, c]`, `linear(a, b, n)`, `geometric(a, b, n)` or `a..b by c`";
  const numbers = (parts: readonly Expression[]): readonly number[] | undefined => {
    const values = parts.map((part) => {
      const typed = context.check(part, scope);
      if (typed.type === "unknown") return undefined;
      const value = evaluateConstant(typed.expression, fixed);
      if (value === undefined) report.error("Q407", "this isn't known before the run: it depends on what is swept or measured", part.span, "the values of a sweep are the same at all points of the others");
      else if (Number.isNaN(value)) report.error("Q407", "this is not a number", part.span);
      else return value;
      return undefined;
    });
    return values.every((v) => v !== undefined) ? values : undefined;
  };
  const make = (parts: readonly Expression[], values: (...x: number[]) => Spaced): readonly number[] | undefined => {
    const known = numbers(parts);
    const made = known && values(...known);
    if (made === undefined || !isReason(made)) return made;
    report.error("Q407", made.reason, range.span);
    return undefined;
  };

  let values: readonly number[] | undefined;
  if (range.kind === "list") {
    if (range.entries.length === 0) report.error("Q407", "the list is empty", range.span, "a sweep needs at least one value");
    else values = numbers(range.entries);
  } else if (range.kind === "range") {
    const ends = range.by ? undefined : numbers([range.from, range.to]);
    if (ends && !ends.every(Number.isInteger)) {
      report.error("Q406", `nothing says which values between ${ends[0]} and ${ends[1]} are meant`, range.span, "write `a..b by c`, or `linear(a, b, n)` for n of them");
      return undefined;
    }
    values = make(range.by ? [range.from, range.to, range.by] : [range.from, range.to], (from, to, step = 1) => stepped(from!, to!, step));
  } else if (range.kind === "call") {
    const shape = range.callee.name;
    if (shape !== "linear" && shape !== "geometric") report.error("Q406", `\`${shape}\` is no list of values`, range.callee.span, spacedElsewhere(shape) ?? forms);
    else if (range.arguments.length !== 3 || range.arguments.some((a) => a.name !== undefined)) report.error("Q406", `\`${shape}\` takes the first value, the last one and their number`, range.span, `write \`${shape}(a, b, n)\``);
    else values = make(range.arguments.map((a) => a.value), (from, to, count) => spaced(shape, from!, to!, count!));
  } else report.error("Q406", "a list of values is expected", range.span, forms);

  const twice = values?.find((v, k) => values!.indexOf(v) < k);
  if (twice === undefined) return values;
  report.error("Q407", `the value ${twice} stands twice`, range.span, "each point is run once");
  return undefined;
}

/** Lists of values as other languages call them. */
const spacedElsewhere = (name: string): string | undefined =>
  ["linspace", "arange", "range"].includes(name) ? "n equally spaced values are `linear(a, b, n)`, steps of c `a..b by c`"
  : ["logspace", "geomspace", "log", "exp"].includes(name) ? "n values with equal ratios are `geometric(a, b, n)`" : undefined;
