/**
 * What a library call makes of the disorder (`eigenvalues(J)`) is evaluated with the observables, not by the kernels of the draw. So it, and
 * all that reads it, counts as thermal: nothing hoists it.
 */
import { visit } from "../ir/expression.ts";
import type { ArrayDeclaration, Program } from "../ir/program.ts";

export function libraryCallsAreThermal(program: Program): Program {
  const late = new Set<string>();
  const arrays = program.arrays.map((array): ArrayDeclaration => {
    if (array.status === "thermal" || !isLate(array, late)) return array;
    late.add(array.name);
    return { ...array, status: "thermal" };
  });
  return late.size === 0 ? program : { ...program, arrays };
}

/** Arrays stand in dependency order. */
function isLate({ origin }: ArrayDeclaration, late: ReadonlySet<string>): boolean {
  if (origin.kind === "call") return true;
  if (origin.kind !== "definition") return false;
  let found = false;
  visit(origin.body, (e) => { if (e.kind === "read" && late.has(e.array)) found = true; });
  return found;
}
