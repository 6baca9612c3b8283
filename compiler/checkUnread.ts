/** Ensembles that nothing reads: a warning, as a factor may have been forgotten. */
import type { SourceFile } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { CheckedModel } from "./1-check/checkModels.ts";
import { ingredients } from "./1-check/dependencies.ts";

/** Silent about models with errors: what is wrong may be what would read it. */
export function checkUnread({ symbols, constraints, valid }: CheckedModel, file: SourceFile): readonly Diagnostic[] {
  if (!valid) return [];
  const named = namesInRuns(file);
  const all = [...symbols.values()];
  return all.flatMap((ensemble): Diagnostic[] => {
    if (ensemble.kind !== "graph" && !(ensemble.kind === "array" && ensemble.role === "ensemble")) return [];
    const { arrays, graphs } = ingredients(...all.filter((s) => s !== ensemble && s.kind !== "parameter"), ...constraints);
    if (named.has(ensemble.name) || (ensemble.kind === "graph" ? graphs.has(ensemble) : arrays.has(ensemble))) return [];
    return [{ severity: "warning", code: "Q265", message: `nothing reads the ensemble \`${ensemble.name}\``, labels: [{ span: ensemble.span, message: "" }], help: "read it, or remove it", arguments: { ensemble: ensemble.name } }];
  });
}

/** Names that stand in runs: a run may start from an ensemble, or have a bias that reads it. */
function namesInRuns(file: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("kind" in node && node.kind === "name" && "name" in node && typeof node.name === "string") names.add(node.name);
    Object.values(node).forEach(visit);
  };
  for (const item of file.items) if (item.kind === "run") visit(item);
  return names;
}
