/** Which statements of a procedure share a loop nest, and over which indices in which order the nest runs. */
import type { Expression, Index } from "../ir/expression.ts";
import { indexValue, substitute, visit } from "../ir/expression.ts";
import type { Statement } from "../ir/procedure.ts";
import { conjuncts } from "./factors.ts";

/** Statements over the very same indices and conditions. */
export interface Group {
  readonly indices: readonly Index[];
  readonly conditions: readonly Expression[];
  readonly statements: readonly Statement[];
}

/**
 * Statements over equal indices and conditions are fused, also across others that neither write what they read nor read or write
 * what they write, but those that read bits only with each other: they run over words. A call of a function stands alone. A statement never joins one whose target it reads: that sum is complete only after the loops.
 */
export function groupStatements(statements: readonly Statement[], isBits: (array: string) => boolean = () => false): readonly Group[] {
  const takesBits = (s: Statement): boolean => [...readsOf(s)].some(isBits);
  const groups: Group[] = [];
  for (const statement of statements) {
    let home = -1;
    for (let k = groups.length - 1; k >= 0; k--) {
      const conflict = groups[k]!.statements.some((s) => depends(statement, s));
      if (conflict) break;
      const first = groups[k]!.statements[0]!;
      if (!statement.call && !first.call && takesBits(statement) === takesBits(first) && renamed(statement, groups[k]!)) { home = k; break; }
    }
    const conditions = statement.conditions.flatMap(conjuncts);
    if (home < 0) groups.push({ indices: statement.indices, conditions, statements: [{ ...statement, conditions }] });
    else groups[home] = { ...groups[home]!, statements: [...groups[home]!.statements, renamed(statement, groups[home]!)!] };
  }
  return groups;
}

/** Whether `later` must run after all of `earlier`. Accumulations of one kind into one array commute. */
function depends(later: Statement, earlier: Statement): boolean {
  return readsOf(later).has(earlier.target) || readsOf(earlier).has(later.target) || (later.target === earlier.target && later.combine !== earlier.combine);
}

export function readsOf(statement: Statement): ReadonlySet<string> {
  const before = known.get(statement);
  if (before) return before;
  const names = new Set<string>();
  for (const root of [statement.value, ...statement.subscripts, ...statement.conditions]) visit(root, (e) => { if (e.kind === "read") names.add(e.array); });
  known.set(statement, names);
  return names;
}
/** Grouping asks for each statement once for every other. */
const known = new WeakMap<Statement, ReadonlySet<string>>();

/** The statement in the indices of the group, if these have the same ranges in the same order under the same conditions. */
function renamed(statement: Statement, group: Group): Statement | undefined {
  if (statement.indices.length !== group.indices.length) return undefined;
  const names = new Map<Index, Expression>();
  for (const [k, index] of statement.indices.entries()) {
    const own = group.indices[k]!;
    if (index.range.lower !== own.range.lower || index.range.upper !== own.range.upper) return undefined;
    if (index !== own) names.set(index, indexValue(own));
  }
  const conditions = statement.conditions.flatMap(conjuncts).map((c) => substitute(c, names));
  if (conditions.length !== group.conditions.length || conditions.some((c) => !group.conditions.includes(c))) return undefined;
  return {
    ...statement,
    indices: group.indices,
    conditions: group.conditions,
    subscripts: statement.subscripts.map((s) => substitute(s, names)),
    value: substitute(statement.value, names),
  };
}
