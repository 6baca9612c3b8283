import type { ArrayDeclaration, Program } from "./program.ts";
import { arraysReadBy } from "./readsOf.ts";

/** The declarations of these arrays and of all that they read, in the order of the program. */
export function closure(program: Program, roots: Iterable<string>): readonly ArrayDeclaration[] {
  const byName = new Map(program.arrays.map((a) => [a.name, a]));
  const found = new Set<ArrayDeclaration>();
  const add = (name: string): void => {
    const array = byName.get(name);
    if (!array || found.has(array)) return;
    found.add(array);
    for (const other of arraysReadBy(array)) add(other);
  };
  for (const root of roots) add(root);
  return program.arrays.filter((a) => found.has(a));
}
