import type { SourceFile } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import type { Report } from "./report.ts";

/** No two models of a file have one name. (Clashes with runs and theories are found with these; functions have a name space of their own.) */
export function checkTopLevelNames(file: SourceFile, report: Report): void {
  const first = new Map<string, Span>();
  for (const item of file.items) {
    if (item.kind !== "model") continue;
    const { name, span } = item.name;
    const before = first.get(name);
    if (before) report.error("Q201", `\`${name}\` is declared twice`, [{ span, message: "again" }, { span: before, message: "first" }]);
    else first.set(name, span);
  }
}
