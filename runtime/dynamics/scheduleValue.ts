import type { Schedule } from "../engine/plan.ts";

/**
 * Value of a dynamics argument at step `step` = 0 … amount − 1: a number is itself; a schedule starts at `from` in the first step and
 * ends at `to` in the last, linear or geometric in between (a single step takes `from`). Past its end it stays at `to`.
 *
 * A geometric schedule needs two ends of one sign, neither 0 (checked by the compiler); otherwise the value is NaN.
 */
export function scheduleValue(argument: number | Schedule, step: number, amount: number): number {
  if (typeof argument === "number") return argument;
  const { from, to, shape } = argument;
  const fraction = amount > 1 ? Math.min(step / (amount - 1), 1) : 0;
  if (fraction === 1) return to;
  return shape === "linear" ? from + (to - from) * fraction : from * Math.pow(to / from, fraction);
}
