/** The temperatures of `tempering` as the last sweep variable of a run whose steps were checked without them. */
import type { PerPoint, PlannedStep, RunPoint } from "../../../runtime/engine/plan.ts";
import type { RunSymbol } from "./names.ts";

export interface SpreadRun extends Pick<RunSymbol, "continues"> { readonly points: readonly RunPoint[]; readonly steps: readonly PlannedStep[] }

/** Each point at every temperature, one after the other; what a step has for a point it has at all of them. */
export function spreadLadder({ points, ladder, continues }: RunSymbol, steps: readonly PlannedStep[]): SpreadRun {
  if (ladder === undefined) return { points, steps, continues };
  const { name, values } = ladder;
  const spread = (value: PerPoint): PerPoint => (typeof value === "number" ? value : value.flatMap((v) => values.map(() => v)));
  return {
    continues: continues && { ...continues, runs: continues.runs.map((source) => ({ ...source, points: source.points.flatMap((p) => values.map(() => p)) })) },
    points: points.flatMap((point) => values.map((T) => ({ ...point, sweep: { ...point.sweep, [name]: T } }))),
    steps: steps.map((step) => ({
      ...step, amount: spread(step.amount), every: spread(step.every),
      arguments: step.arguments.flatMap((of) => values.map((T) => ({ ...of, [name]: T }))),
    })),
  };
}
