import type { PlotVariable, ResultExpression } from "../../../runtime/results/expression.ts";
import { freeVariables } from "./evaluateConstant.ts";
import type { RunSymbol } from "./names.ts";
import { rangeAtPoints } from "./subscripts.ts";
import { constant } from "./typed.ts";

/**
 * The values of a name that stands for the place in a slot: `plot mean(R.q[r]) vs r`. Given where the range of that slot doesn't
 * begin at 1; where it does, or differs from point to point, it is left to the records.
 */
export function slotValues(runs: readonly RunSymbol[], name: string, expressions: readonly ResultExpression[]): readonly PlotVariable[] {
  for (const observable of expressions.flatMap(observablesOf)) {
    const run = runs.find((r) => r.name === observable.run);
    const slot = observable.subscripts.findIndex((s) => freeVariables(s).has(name));
    const range = run?.model?.observables.get(observable.name)?.ranges[slot];
    if (run === undefined || range === undefined) continue;
    const ends = rangeAtPoints(run, range);
    const [first] = ends;
    if (first === undefined || first[0] === 1 || ends.some((e) => e === undefined || e[0] !== first[0] || e[1] !== first[1])) continue;
    return [{ name, values: Array.from({ length: first[1] - first[0] + 1 }, (_, k) => constant(first[0] + k).expression) }];
  }
  return [];
}

function observablesOf(e: ResultExpression): readonly Extract<ResultExpression, { kind: "observable" }>[] {
  switch (e.kind) {
    case "observable": return [e];
    case "apply": case "estimator": return e.arguments.flatMap(observablesOf);
    case "at": return observablesOf(e.body);
    default: return [];
  }
}
