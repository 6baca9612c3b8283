import type { CompiledModel, ModelModule, ModelOptions } from "../model.ts";
import { giveArrays, type StartSources } from "./continuation.ts";
import type { RunPlan } from "./plan.ts";

/** One sweep point on one worker: its arrays are allocated once, and a disorder sample is drawn only when another one is asked for. */
export interface PointContext {
  readonly plan: RunPlan;
  readonly point: number;
  readonly model: CompiledModel;
  /** Whether the results of tasks hold the states that were recorded. */
  readonly keepRecordedStates: boolean;
  /** @param sources what the start that comes next takes from other runs; where that is an array, it belongs to the disorder */
  readonly drawSample: (sample: number, sources?: StartSources) => void;
}

/** Tasks ask for energies and gradients where their dynamics can (`runTogether`). */
export interface AskingContext extends PointContext { readonly asks: true }

/** The model of a sweep point, with room for the largest mini-batch of the run's steps. */
export function createModelAt(plan: RunPlan, point: number, module: ModelModule, options: ModelOptions): CompiledModel {
  const batches = plan.steps.flatMap((step) => step.arguments[point]["batch"] ?? []).filter((batch) => typeof batch === "number");
  return module.createModel({ ...plan.points[point].sweep, ...plan.points[point].parameters }, { ...options, batch: Math.max(1, ...batches) });
}

export function createPointContext(plan: RunPlan, point: number, module: ModelModule, options: ModelOptions, keepRecordedStates = false): PointContext {
  const model = createModelAt(plan, point, module, options);
  const given = plan.continues?.given !== undefined;
  let drawn: { readonly sample: number; readonly finals: StartSources["finals"] | undefined } | undefined;
  return {
    plan,
    point,
    model,
    keepRecordedStates,
    drawSample: (sample, sources) => {
      if (sample === drawn?.sample && (!given || sources?.finals.every((final, k) => final === drawn?.finals?.[k]))) return;
      drawn = undefined; // a draw that throws leaves half a sample behind
      giveArrays(plan, point, model, sources);
      model.draw(plan.seed, sample);
      drawn = { sample, finals: sources?.finals };
    },
  };
}
