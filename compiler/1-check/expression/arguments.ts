/** Positional and named arguments of calls. */
import type { Argument, CallExpression } from "../../../grammar/ast.ts";
import { nearest } from "../../../grammar/nearest.ts";
import type { ExpressionChecker } from "./checker.ts";

/** The positional arguments; an unknown named one is reported. */
export function positional(c: ExpressionChecker, e: CallExpression, allowed: readonly string[]): readonly Argument[] {
  for (const a of e.arguments) {
    if (!a.name || allowed.includes(a.name.name)) continue;
    const near = nearest(a.name.name, allowed);
    c.report.error("Q232", `\`${e.callee.name}\` has no argument \`${a.name.name}\``, a.name.span, near ? `did you mean \`${near}\`?` : allowed.length > 0 ? `it has: ${allowed.join(", ")}` : undefined);
    c.check(a.value);
  }
  return e.arguments.filter((a) => !a.name);
}

export function arity(c: ExpressionChecker, e: CallExpression, wanted: number, found: number): boolean {
  if (wanted === found) return true;
  if (!e.arguments.some((a) => a.name)) {
    c.report.error("Q231", `\`${e.callee.name}\` takes ${wanted} ${wanted === 1 ? "argument" : "arguments"}, not ${found}`, e.span, undefined, { function: e.callee.name, wanted, found });
  }
  return false;
}
