/**
 * Reads of ordered arrays: `J[i < j]` holds each pair once and "any order of the pair reads the same entry". Kernels read
 * stored entries only, so the subscripts of every ordered group are sorted here: at compile time where the conditions decide
 * the order, else by `min` and `max` at run time.
 */
import { read, rewrite, type Expression } from "../ir/expression.ts";
import { storageGroups } from "../ir/layout.ts";
import type { Slot } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";
import { impliedOrder } from "./conditions.ts";

/** The smaller and the larger of the same two, which are in order. */
const isPair = (a: Expression, b: Expression): boolean =>
  a.kind === "apply" && a.operator === "min2" && b.kind === "apply" && b.operator === "max2" && a.arguments.every((x) => b.arguments.includes(x)) && b.arguments.every((x) => a.arguments.includes(x));

/** `slotsOf` gives the slots of an array. Conditions are those under which `e` is evaluated. */
export function sortSubscripts(e: Expression, conditions: readonly Expression[], slotsOf: (array: string) => readonly Slot[]): Expression {
  const order = impliedOrder(conditions);
  const atMost = (a: Expression, b: Expression): boolean =>
    a === b || isPair(a, b) || (a.kind === "index" && b.kind === "index" && order.atMost(a.index, b.index))
    || (a.kind === "constant" && b.kind === "constant" && a.value <= b.value);
  return rewrite(e, (node) => {
    if (node.kind !== "read") return node;
    const slots = slotsOf(node.array);
    if (!slots.some((s) => s.order !== undefined)) return node;
    const subscripts = [...node.subscripts];
    for (const { axes } of storageGroups(slots)) {
      // A network of comparators in bubble order: correct for any size, and each one vanishes where the order is known.
      for (let end = axes.length - 1; end > 0; end--)
        for (let k = 0; k < end; k++) {
          const [low, high] = [axes[k]!, axes[k + 1]!];
          const [a, b] = [subscripts[low]!, subscripts[high]!];
          if (atMost(a, b)) continue;
          [subscripts[low], subscripts[high]] = atMost(b, a) ? [b, a] : [build.min2(a, b), build.max2(a, b)];
        }
    }
    return subscripts.some((s, k) => s !== node.subscripts[k]) ? read(node.array, subscripts) : node;
  });
}
