import type { CallExpression } from "../../grammar/ast.ts";
import { isSourceName, sources } from "../library/sources/index.ts";
import type { SourceRecord } from "../library/sources/index.ts";
import { nearest } from "../../grammar/nearest.ts";
import type { ExpressionChecker } from "./expression/checker.ts";

/** A call of a data source, behind `=` of `data` or of `with`. */
export function checkSource(c: ExpressionChecker, e: CallExpression): void {
  const name = e.callee.name;
  if (!isSourceName(name)) {
    const near = nearest(name, Object.keys(sources));
    c.report.error("Q246", `unknown data source \`${name}\``, e.callee.span, near ? `did you mean \`${near}\`?` : `there are: ${Object.keys(sources).join(", ")}`);
    for (const a of e.arguments) c.check(a.value);
    return;
  }
  const record: SourceRecord = sources[name];
  e.arguments.forEach((a, k) => {
    const parameter = a.name ? record.parameters.find((p) => p.name === a.name!.name) : record.parameters[k];
    if (!parameter) {
      const known = record.parameters.map((p) => p.name);
      if (a.name) c.report.error("Q232", `\`${name}\` has no argument \`${a.name.name}\``, a.name.span, `it has: ${known.join(", ")}`);
      else c.report.error("Q231", `\`${name}\` takes at most ${known.length} arguments`, a.span);
      return;
    }
    if (parameter.kind === "text") {
      if (a.value.kind !== "string") c.report.error("Q224", `\`${parameter.name}\` of \`${name}\` is a text in quotes`, a.value.span);
    } else c.number(a.value);
  });
}

