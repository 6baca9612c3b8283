/** What parts of a program read by name: arrays and parameters, in the ranges of slots and bound indices too. */
import { visit, type Expression, type Index, type Range } from "./expression.ts";
import type { ArrayDeclaration, Constraint, Initial, Origin } from "./program.ts";

export interface Reads { readonly arrays: ReadonlySet<string>; readonly parameters: ReadonlySet<string> }

export function readsOf(expressions: Iterable<Expression>): Reads {
  const arrays = new Set<string>();
  const parameters = new Set<string>();
  const ranges = new Set<Range>();
  const go = (root: Expression): void => visit(root, (e) => {
    if (e.kind === "read") arrays.add(e.array);
    if (e.kind === "parameter") parameters.add(e.name);
    if (e.kind === "index") follow(e.index);
    if (e.kind === "reduce") e.indices.forEach(follow);
  });
  const follow = ({ range }: Index): void => {
    if (ranges.has(range)) return;
    ranges.add(range);
    go(range.lower);
    go(range.upper);
  };
  for (const e of expressions) go(e);
  return { arrays, parameters };
}

const boundsOf = (ranges: readonly Range[]): readonly Expression[] => ranges.flatMap((r) => [r.lower, r.upper]);
const rangesOf = (indices: readonly Index[]): readonly Expression[] => boundsOf(indices.map((i) => i.range));

/** The arrays that a declaration reads: what it is made of, and what says how large it is. */
export function arraysReadBy({ slots, origin }: ArrayDeclaration): ReadonlySet<string> {
  const { named, expressions } = partsOf(origin);
  return new Set([...named, ...readsOf([...boundsOf(slots.map((s) => s.range)), ...expressions]).arrays]);
}

export const arraysInConstraints = (constraints: readonly Constraint[]): ReadonlySet<string> =>
  readsOf(constraints.flatMap(({ left, right, indices }) => [left, right, ...rangesOf(indices)])).arrays;

interface Parts { readonly named: readonly string[]; readonly expressions: readonly Expression[] }

function partsOf(origin: Origin): Parts {
  switch (origin.kind) {
    case "ensemble": return { named: [], expressions: origin.arguments };
    case "state": case "copy": {
      const initial = origin.initial ? partsOfInitial(origin.initial) : { named: [], expressions: [] };
      return { named: [...(origin.copy ? [origin.copy.of] : []), ...initial.named], expressions: [...(origin.kind === "state" ? origin.domain.arguments : []), ...initial.expressions] };
    }
    case "definition": return { named: [], expressions: [origin.body, ...rangesOf(origin.indices)] };
    case "call": return { named: [...origin.arguments, ...(origin.each?.selected ?? [])], expressions: [...Object.values(origin.options ?? {}), ...boundsOf(origin.each?.ranges ?? [])] };
    case "data": case "gathered": case "given": return { named: [], expressions: [] };
  }
}

function partsOfInitial(initial: Initial): Parts {
  switch (initial.kind) {
    case "flip": return { named: [initial.of], expressions: [initial.fraction] };
    case "draw": return { named: [], expressions: initial.arguments };
    case "value": return { named: initial.noise ? [initial.noise.array] : [], expressions: [initial.body, ...rangesOf(initial.indices), ...(initial.noise?.arguments ?? [])] };
  }
}
