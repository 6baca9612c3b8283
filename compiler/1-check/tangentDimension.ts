import type { Span } from "../../grammar/span.ts";
import { applyNode } from "./build.ts";
import { numberOfEntries } from "./expression/libraryCalls.ts";
import type { ModelScope } from "./model.ts";
import type { CheckedExpression } from "./tree.ts";

/** Dimension of the tangent space: number of state entries minus number of scalar equality constraints. */
export function tangentDimension(m: ModelScope, span: Span): CheckedExpression | undefined {
  const states = m.states();
  const constraints = m.constraints();
  if (!constraints) {
    m.report.error("Q210", "a constraint cannot depend on a Hessian: the tangent space on which that acts depends on the constraint", span);
    return undefined;
  }
  if (states.length === 0 || states.some((s) => !s.sound)) return undefined;
  const entries = numberOfEntries(states.map((s) => s.axes), span);
  const equalities = constraints.filter((c) => c.relation === "==");
  if (equalities.length === 0) return entries;
  const shapes = equalities.map((c) => c.indices.flatMap((i) => (i.extent.resolved ? [{ range: i.extent.resolved, periodic: false }] : [])));
  return applyNode("sub", [entries, numberOfEntries(shapes, span)], span);
}
