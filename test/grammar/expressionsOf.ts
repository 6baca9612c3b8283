import type { Expression } from "../../grammar/ast.ts";

const expressionKinds: ReadonlySet<string> = new Set<Expression["kind"]>([
  "number", "string", "name", "tuple", "list", "unary", "binary", "compare", "conditional", "reduction", "call", "member", "subscript", "replica", "at", "with", "schedule", "range",
]);

/** Every node with a place, of any tree. */
export function nodesOf(tree: unknown): { readonly kind?: string; readonly span: { readonly start: number; readonly end: number } }[] {
  if (Array.isArray(tree)) return tree.flatMap(nodesOf);
  if (typeof tree !== "object" || tree === null) return [];
  const below = Object.values(tree).flatMap(nodesOf);
  return "span" in tree ? [tree as ReturnType<typeof nodesOf>[number], ...below] : below;
}

/** Every expression of a tree. */
export const expressionsOf = (tree: unknown): Expression[] => nodesOf(tree).filter((node) => expressionKinds.has(node.kind ?? "")) as Expression[];
