/** The loops of a nest: order conditions between indices of one range become loop bounds, the others guards. */
import type { Expression, Index } from "../ir/expression.ts";
import { visit } from "../ir/expression.ts";
import { asOrder } from "./factors.ts";
import type { Group } from "./group.ts";
import { integerConstant, integerSum, integerVariable } from "./integer.ts";
import type { Integer } from "./integer.ts";
import type { Names } from "./names.ts";
import type { Sizes } from "./sizes.ts";

export interface Loop {
  readonly index: Index;
  /** Name of its variable, which is 0 for the lower end of the range. */
  readonly variable: string;
  readonly from: Integer;
  readonly to: Integer;
  /** Where the loop starts at or after the variable of another loop: that one, and whether it may be equal to it. */
  readonly above?: { readonly index: Index; readonly weak: boolean };
  readonly full: boolean;
  /** Ends of a loop over one row of a list, which entries of an array hold; `from` and `to` are then those of the whole list. */
  readonly row?: { readonly first: Expression; readonly end: Expression };
  /** Conditions of the body: those of which it is the innermost index. */
  readonly guards: readonly Expression[];
}

export function loopsOf(group: Group, order: readonly Index[], sizes: Sizes, names: Names, isRowStart: (array: string) => boolean): readonly Loop[] {
  const variables = new Map(order.map((index) => [index, names.fresh(index.name)]));
  const remaining = new Set(group.conditions);
  return order.map((index, level): Loop => {
    let from = integerConstant(0);
    let to = sizes.count(index.range);
    let above: Loop["above"];
    let below = false;
    const row = rowOf([...remaining], index, isRowStart);
    if (row) for (const condition of row.conditions) remaining.delete(condition);
    for (const condition of [...remaining]) {
      const bound = boundOf(condition, index, order.slice(0, level));
      if (!bound) continue;
      const other = integerVariable(variables.get(bound.other)!);
      if (bound.side === "from" && above === undefined) {
        from = integerSum(other, integerConstant(bound.strict ? 1 : 0));
        above = { index: bound.other, weak: !bound.strict };
      } else if (bound.side === "to" && !below) {
        to = integerSum(other, integerConstant(bound.strict ? 0 : 1));
        below = true;
      } else continue;
      remaining.delete(condition);
    }
    const guards = [...remaining].filter((c) => innermost(c, order) <= level);
    for (const guard of guards) remaining.delete(guard);
    return { index, variable: variables.get(index)!, from, to, ...(above ? { above } : {}), full: above === undefined && !below && !row, ...(row ? { row: { first: row.first, end: row.end } } : {}), guards };
  });
}

/** `starts[r] <= index < starts[r + 1]`: the index runs over a row. */
function rowOf(conditions: readonly Expression[], index: Index, isRowStart: (array: string) => boolean): { readonly first: Expression; readonly end: Expression; readonly conditions: readonly Expression[] } | undefined {
  const isIndex = (e: Expression): boolean => e.kind === "index" && e.index === index;
  const isStart = (e: Expression): boolean => e.kind === "read" && isRowStart(e.array);
  const lower = conditions.find((c) => { const o = asOrder(c); return o && !o.strict && isStart(o.smaller) && isIndex(o.larger); });
  const upper = conditions.find((c) => { const o = asOrder(c); return o?.strict && isIndex(o.smaller) && isStart(o.larger); });
  return lower && upper ? { first: asOrder(lower)!.smaller, end: asOrder(upper)!.larger, conditions: [lower, upper] } : undefined;
}

/** The bound that a condition puts on `index`, given a loop outside it over an index of the same range. */
function boundOf(condition: Expression, index: Index, outer: readonly Index[]): { readonly side: "from" | "to"; readonly other: Index; readonly strict: boolean } | undefined {
  const order = asOrder(condition);
  if (order?.smaller.kind !== "index" || order.larger.kind !== "index") return undefined;
  const { smaller, larger } = { smaller: order.smaller.index, larger: order.larger.index };
  if (smaller.range.lower !== larger.range.lower || smaller.range.upper !== larger.range.upper) return undefined;
  if (larger === index && outer.includes(smaller)) return { side: "from", other: smaller, strict: order.strict };
  if (smaller === index && outer.includes(larger)) return { side: "to", other: larger, strict: order.strict };
  return undefined;
}

function innermost(e: Expression, order: readonly Index[]): number {
  let level = -1;
  visit(e, (x) => { if (x.kind === "index") level = Math.max(level, order.indexOf(x.index)); });
  return level;
}
