import type { CompiledModel, ModelModule, ModelOptions } from "../model.ts";
import type { RunPlan } from "./plan.ts";

/** One sweep point on one worker: its arrays are allocated once, and a disorder sample is drawn only when another one is asked for. */
export interface PointContext {
  readonly plan: RunPlan;
  readonly point: number;
  readonly model: CompiledModel;
  /** Whether the results of tasks hold the states that were recorded. */
  readonly keepRecordedStates: boolean;
  readonly drawSample: (sample: number) => void;
}

export function createPointContext(plan: RunPlan, point: number, module: ModelModule, options: ModelOptions, keepRecordedStates = false): PointContext {
  const batches = plan.steps.flatMap((step) => step.arguments[point]["batch"] ?? []).filter((batch) => typeof batch === "number");
  const model = module.createModel({ ...plan.points[point].sweep, ...plan.points[point].parameters }, { ...options, batch: Math.max(1, ...batches) });
  let drawn: number | undefined;
  return {
    plan,
    point,
    model,
    keepRecordedStates,
    drawSample: (sample) => {
      if (sample === drawn) return;
      drawn = undefined; // a draw that throws leaves half a sample behind
      model.draw(plan.seed, sample);
      drawn = sample;
    },
  };
}
