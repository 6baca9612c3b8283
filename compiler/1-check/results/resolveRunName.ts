/** Sweep variables, parameters and scalar `let`s of a run as plain numbers. */
import type { RunSymbol } from "./names.ts";
import type { Context, Scope } from "./scope.ts";
import type { Typed } from "./typed.ts";
import { number, unknown } from "./typed.ts";

/**
 * What `name` stands for in `run`: a sweep variable, a parameter of its model, or a scalar `let` made of parameters, which is written
 * out. "bare" names the value at the point that is looked at, "named" that of this run (`R.N`). Undefined where there is none.
 */
export function resolveRunName(context: Context, run: RunSymbol, name: string, form: "bare" | "named", path: readonly string[] = []): Typed | undefined {
  const { model } = run;
  if (run.sweep.some((s) => s.name === name) || model?.parameters.has(name)) {
    return number(form === "bare" ? { kind: "variable", name } : { kind: "runParameter", run: run.name, name });
  }
  const body = model?.scalars.get(name);
  if (body === undefined || path.includes(name)) return undefined;
  const scope: Scope = {
    place: "function",
    resolve: (e) => resolveRunName(context, run, e.name, form, [...path, name]) ?? unknown,
    bound: new Map(), runs: [], home: undefined, estimators: 0, under: [], copies: 1, expanding: [],
  };
  return context.check(body, scope);
}
