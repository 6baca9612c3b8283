import type { TaskRecord } from "../results/records.ts";
import type { RunPlan } from "./plan.ts";

/** How one step of a run ended over all finished tasks: `capped` reached their cap, and `stalled` their last possible move, before `until` held. */
export interface StepSummary {
  readonly kind: "evolve" | "measure";
  readonly dynamics: string;
  readonly tasks: number;
  readonly capped: number;
  readonly stalled: number;
  /** Of each tuned argument the smallest and largest value over all tasks; absent where the step tuned nothing. */
  readonly tuned?: Readonly<Record<string, readonly [number, number]>>;
  /** Mean share of accepted proposals, for dynamics with proposals. */
  readonly acceptance?: number;
}

export function summariseSteps(plan: RunPlan, tasks: readonly TaskRecord[]): StepSummary[] {
  return plan.steps.map(({ kind, dynamics }, number) => ({
    kind,
    dynamics,
    tasks: tasks.length,
    capped: tasks.filter((task) => task.steps[number].capped).length,
    stalled: tasks.filter((task) => task.steps[number].stalled === true).length,
    ...tunedBy(tasks.flatMap((task) => { const { tuned } = task.steps[number]; return tuned ? [tuned] : []; })),
    ...acceptanceOf(tasks.flatMap((task) => task.steps[number].acceptance ?? [])),
  }));
}

function tunedBy(all: readonly Readonly<Record<string, number>>[]): Pick<StepSummary, "tuned"> {
  if (all.length === 0) return {};
  const names = [...new Set(all.flatMap((values) => Object.keys(values)))];
  const ranges = names.map((name) => {
    const values = all.flatMap((one) => one[name] ?? []);
    return [name, [Math.min(...values), Math.max(...values)] as const];
  });
  return { tuned: Object.fromEntries(ranges) };
}

const acceptanceOf = (shares: readonly number[]): { readonly acceptance?: number } =>
  shares.length === 0 ? {} : { acceptance: shares.reduce((sum, share) => sum + share, 0) / shares.length };

