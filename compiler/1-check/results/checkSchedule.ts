import type { ScheduleExpression } from "../../../grammar/ast.ts";
import type { Schedule } from "../../../runtime/engine/plan.ts";
import type { RunSymbol } from "./names.ts";
import { pointText, valuesAtPoints } from "./runScope.ts";
import type { Context } from "./scope.ts";

/** `a -> b`, linear or geometric over a step, at every point. */
export function checkSchedule(context: Context, run: RunSymbol, e: ScheduleExpression): readonly Schedule[] | undefined {
  const { report } = context;
  const from = valuesAtPoints(context, run, e.from), to = valuesAtPoints(context, run, e.to);
  // The parser reads no other word here.
  const shape = e.shape?.name === "geometric" ? "geometric" : "linear";
  if (from === undefined || to === undefined) return undefined;
  const bad = from.findIndex((a, k) => !Number.isFinite(a) || !Number.isFinite(to[k]!) || (shape === "geometric" && !(a * to[k]! > 0)));
  if (bad >= 0) {
    report.error("Q425", shape === "geometric" ? `a geometric schedule needs two ends of one sign, not ${from[bad]} and ${to[bad]}${pointText(run, bad)}` : `a schedule goes from one number to another, not from ${from[bad]} to ${to[bad]}${pointText(run, bad)}`,
      e.span, shape === "geometric" ? "a linear schedule can end at 0" : undefined);
    return undefined;
  }
  return from.map((a, k) => ({ from: a, to: to[k]!, shape }));
}
