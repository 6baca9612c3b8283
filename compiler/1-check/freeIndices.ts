import type { BoundIndex } from "./indices.ts";
import type { CheckedExpression } from "./tree.ts";

/** Whether an expression depends on the value of an index that is bound outside of it. */
export function hasFreeIndex(e: CheckedExpression): boolean {
  const free = (node: CheckedExpression, bound: ReadonlySet<BoundIndex>): boolean => {
    switch (node.kind) {
      case "index": return !bound.has(node.index);
      case "apply": case "library": case "inline": return node.arguments.some((a) => free(a, bound));
      case "reduce": {
        const inside = new Set([...bound, ...node.binders.flatMap((b) => b.indices)]);
        return node.binders.some((b) => b.neighbours && free(b.neighbours.of, inside)) || free(node.body, inside);
      }
      case "with": case "replica": return free(node.object, bound);
      case "reduceArray": return free(node.array, bound);
      case "element": case "slice": return free(node.array, bound) || node.subscripts.some((s) => s !== null && free(s, bound));
      default: return false;
    }
  };
  return free(e, new Set());
}
