import { layoutOf } from "../../4-schedule/layout.ts";
import type { ScheduledModel } from "../../4-schedule/schedule.ts";
import type { Slot } from "../../ir/program.ts";
import { printOffset } from "./scalar.ts";

/** Sizes of the axes; an ordered group counts as one. */
export const shapeText = (m: ScheduledModel, slots: readonly Slot[]): string => `[${layoutOf(slots, m.sizes).groups.map((g) => printOffset(g.length)).join(", ")}]`;

/** Without the first `leading` slots. */
export const shapeOf = (m: ScheduledModel, name: string, leading = 0): string => shapeText(m, m.program.arrays.find((a) => a.name === name)!.slots.slice(leading));
