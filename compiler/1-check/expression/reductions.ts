/** `NAME(binders) body`. */
import type { ReductionExpression } from "../../../grammar/ast.ts";
import { isReductionName, reductions } from "../../library/reductions/index.ts";
import type { Reduction } from "../../library/reductions/index.ts";
import { unknownNode } from "../build.ts";
import type { CheckedExpression } from "../tree.ts";
import { scalar } from "../types.ts";
import type { Type } from "../types.ts";
import { openBinders, resolveBinders } from "./binders.ts";
import type { ExpressionChecker } from "./checker.ts";
import { checkReductionOfResults } from "./resultsOnly.ts";

export function checkReduction(c: ExpressionChecker, e: ReductionExpression): CheckedExpression {
  const name = e.name.name;
  // The parser makes reductions of the names in the table only.
  if (!isReductionName(name)) throw new Error(`internal: ${name} is no reduction`);
  const record: Reduction = reductions[name];
  if (record.scope === "results") return checkReductionOfResults(c, e);
  const binders = openBinders(c, e.binders, (binder) => `${name}(${binder})`);
  for (const b of binders) if (b.periodic) c.report.error("Q225", "`periodic` stands only in declarations: whatever reads the array then wraps", b.span);
  const body = c.within(binders.flatMap((b) => b.indices), binders.flatMap((b) => b.facts), () =>
    record.body === "truth" ? c.truth(e.body, `\`${name}\``) : c.number(e.body), binders.flatMap((b) => b.edgeFacts));
  resolveBinders(c, binders, body);
  for (const b of binders) {
    const [only] = b.indices;
    if (b.indices.length === 1 && !b.neighbours && !only!.used && !b.extent.failed && e.body.kind !== "number" && body.type.kind !== "unknown") {
      c.report.warning("Q208", `index \`${only!.name}\` isn't used in the body of this ${name}`, only!.span, `every term is the same: the ${name} runs over ${b.extent.resolved?.text ?? "its range"}`);
    }
  }
  if (record.result === "index" && (binders.length !== 1 || binders[0]!.indices.length !== 1)) {
    c.report.error("Q231", `\`${name}\` gives the value of one index, and this one binds several`, e.name.span);
    return unknownNode(e.span);
  }
  if (body.type.kind !== "scalar" || binders.some((b) => b.extent.failed)) return unknownNode(e.span);
  const values = record.result === "index" ? binders[0]!.extent.resolved : undefined;
  return { kind: "reduce", reduction: name, binders, body, type: resultType(record, body.type), status: body.status, span: e.span, ...(values ? { values } : {}) };
}

/** The type of a reduction over values of a type. */
export function resultType(record: Reduction, body: Type): Type {
  if (body.kind !== "scalar" && body.kind !== "array") return body;
  switch (record.result) {
    case "body": return scalar(body.element === "truth" ? "integer" : body.element);
    case "index": return scalar("integer");
    default: return scalar(record.result);
  }
}
