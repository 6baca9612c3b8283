/**
 * A local move: one entry of one state array gets a new value. Kernels know it by scalars that the loop over attempts defines:
 * the index values of the site, the new value, and by how much the entry changes.
 */
import { parameter, read, type Expression } from "../../ir/expression.ts";
import type { ArrayDeclaration, Program, Slot } from "../../ir/program.ts";

export interface Move {
  readonly state: string;
  readonly slots: readonly Slot[];
  /** The site's index value on each axis. */
  readonly site: readonly Expression[];
  readonly names: MoveNames;
  readonly proposed: Expression;
  /** proposed − the entry as it is. */
  readonly change: Expression;
  /** The entry as it is. */
  readonly entry: Expression;
}

export interface MoveNames { readonly site: readonly string[]; readonly proposed: string; readonly change: string; readonly difference: string }

/** The move of one state array, under names that nothing in the program has. */
export function moveOf(program: Program, state: ArrayDeclaration): Move {
  const taken = new Set([...program.arrays.map((a) => a.name), ...program.parameters.map((p) => p.name)]);
  const fresh = (base: string): string => { let name = base; while (taken.has(name)) name += "_"; return name; };
  const names: MoveNames = {
    site: state.slots.map((_, k) => fresh(state.slots.length === 1 ? "site" : `site${k + 1}`)),
    proposed: fresh("proposed"), change: fresh("change"), difference: fresh("difference"),
  };
  const site = names.site.map(parameter);
  return { state: state.name, slots: state.slots, site, names, proposed: parameter(names.proposed), change: parameter(names.change), entry: read(state.name, site) };
}
