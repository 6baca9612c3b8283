import type { TaskRecord } from "../results/records.ts";
import type { RunPlan } from "./plan.ts";

/** How one step of a run ended over all finished tasks: `capped` reached their cap, and `stalled` their last possible move, before `until` held. */
export interface StepSummary {
  readonly kind: "evolve" | "measure";
  readonly dynamics: string;
  readonly tasks: number;
  readonly capped: number;
  readonly stalled: number;
}

export function summariseSteps(plan: RunPlan, tasks: readonly TaskRecord[]): StepSummary[] {
  return plan.steps.map(({ kind, dynamics }, number) => ({
    kind,
    dynamics,
    tasks: tasks.length,
    capped: tasks.filter((task) => task.steps[number].capped).length,
    stalled: tasks.filter((task) => task.steps[number].stalled === true).length,
  }));
}
