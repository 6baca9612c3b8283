/** The order between the indices of an array's slots, as conditions: `J[i < j]` is defined where i < j. */
import { indexValue, type Expression, type Index } from "../ir/expression.ts";
import type { Slot } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";

/** One condition for each slot with an order, on it and the slot before it. */
export const orderConditions = (slots: readonly Slot[], indices: readonly Index[]): readonly Expression[] =>
  slots.flatMap((slot, k) => slot.order === undefined ? [] : [build[slot.order === "<" ? "lt" : "le"](indexValue(indices[k - 1]!), indexValue(indices[k]!))]);
