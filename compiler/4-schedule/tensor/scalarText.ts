/** Parameter expressions as JavaScript source for tensor programs: `(parameters["N"]) - (1)`. */
import type { Expression } from "../../ir/expression.ts";
import { visit } from "../../ir/expression.ts";
import { ops } from "../../library/ops/index.ts";

/** Whether `e` is a number that header parameters alone determine. */
export function isParameterScalar(e: Expression): boolean {
  let scalar = true;
  visit(e, (x) => { if (x.kind === "read" || x.kind === "index" || x.kind === "reduce") scalar = false; });
  return scalar;
}

/** Source with every argument in parentheses: it is for machines. */
export function scalarText(e: Expression): string {
  switch (e.kind) {
    case "constant": return String(e.value);
    case "parameter": return `parameters[${JSON.stringify(e.name)}]`;
    // A truth value counts as 0 or 1, and comparisons print as conditionals.
    case "apply": return ops[e.operator].typescript.print(...e.arguments.map((a) => `(${scalarText(a)})`));
    default: throw new Error(`internal: a scalar of a tensor program holds a ${e.kind}`);
  }
}
