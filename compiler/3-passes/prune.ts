/** Removes what no output of a procedure depends on: statements, temporaries and inputs. */
import { visit, type Expression } from "../ir/expression.ts";
import type { Procedure, Statement } from "../ir/procedure.ts";

/** Names of the arrays that a statement reads, in values, conditions and subscripts. */
export function arraysRead(statement: Statement): ReadonlySet<string> {
  const found = new Set<string>();
  const enter = (e: Expression): void => { if (e.kind === "read") found.add(e.array); };
  for (const e of [statement.value, ...statement.conditions, ...statement.subscripts]) visit(e, enter);
  return found;
}

/** The same outputs by fewer statements; order and objects of the kept statements don't change. */
export function prune(procedure: Procedure): Procedure {
  const needed = new Set(procedure.arrays.filter((a) => a.role === "output").map((a) => a.name));
  const kept: Statement[] = [];
  // An accumulation may stand after a reader of nothing but its own target, so one backward walk is enough.
  for (const statement of [...procedure.statements].reverse()) {
    if (!needed.has(statement.target)) continue;
    kept.push(statement);
    for (const array of arraysRead(statement)) needed.add(array);
  }
  return { ...procedure, arrays: procedure.arrays.filter((a) => needed.has(a.name)), statements: kept.reverse() };
}
