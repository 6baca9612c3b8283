import type { Expression } from "../../grammar/ast.ts";
import { syntaxChildren } from "./text.ts";

/** The names that reductions in an expression bind, each with the first reduction that binds it. */
export function reductionsIn(e: Expression): ReadonlyMap<string, Expression> {
  const found = new Map<string, Expression>();
  const go = (node: Expression): void => {
    if (node.kind === "reduction") for (const { name } of node.binders.flatMap((b) => b.names)) if (!found.has(name)) found.set(name, node);
    syntaxChildren(node).forEach(go);
  };
  go(e);
  return found;
}
