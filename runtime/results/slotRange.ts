import type { ResultEnvironment } from "./environment.ts";
import type { ResultExpression } from "./expression.ts";
import { parts } from "./walk.ts";

/** 1 … size for a variable that stands as a subscript of a recorded array, from the records; undefined where it doesn't. */
export function slotRange(expressions: readonly ResultExpression[], name: string, environment: ResultEnvironment): number[] | undefined {
  for (const part of expressions.flatMap((expression) => [...parts(expression)])) {
    if (part.kind !== "observable") continue;
    const slot = part.subscripts.findIndex((subscript) => subscript.kind === "variable" && subscript.name === name);
    const task = environment.runs.get(part.run)?.tasks.find((candidate) => candidate.records > 0);
    if (slot < 0 || task === undefined) continue;
    const size = task.shapes?.[part.name]?.[slot] ?? (task.values[part.name]?.length ?? 0) / task.records;
    return Array.from({ length: size }, (_, i) => i + 1);
  }
  return undefined;
}
