import type { ResultExpression } from "../../../runtime/results/expression.ts";

/** The value of an expression of numbers, operators and the given variables; undefined where it needs a run, a theory or another variable. */
export function evaluateConstant(e: ResultExpression, variables: Readonly<Record<string, number>> = {}): number | undefined {
  switch (e.kind) {
    case "constant": return e.value;
    case "variable": return Object.hasOwn(variables, e.name) ? variables[e.name] : undefined;
    case "apply": {
      const values = e.arguments.map((a) => evaluateConstant(a, variables));
      return values.every((v) => v !== undefined) ? e.value(...values) : undefined;
    }
    default: return undefined;
  }
}

/** Names of the variables that are free in an expression, the bound one of a `root` left out. */
export function freeVariables(e: ResultExpression): ReadonlySet<string> {
  const found = new Set<string>();
  const go = (x: ResultExpression, bound: readonly string[]): void => {
    switch (x.kind) {
      case "constant": case "runParameter": return;
      case "variable": if (!bound.includes(x.name)) found.add(x.name); return;
      case "apply": case "estimator": x.arguments.forEach((a) => go(a, bound)); return;
      case "observable": x.subscripts.forEach((a) => go(a, bound)); return;
      case "at": x.values.forEach((v) => go(v.value, bound)); go(x.body, bound); return;
      case "theory": [...x.arguments, ...Object.values(x.named)].forEach((a) => go(a, bound)); return;
      case "integral":
        if (x.from) go(x.from, bound);
        if (x.to) go(x.to, bound);
        go(x.body, [...bound, x.variable]);
        return;
      case "root": go(x.from, bound); go(x.to, bound); go(x.body, [...bound, x.variable]);
    }
  };
  go(e, []);
  return found;
}
