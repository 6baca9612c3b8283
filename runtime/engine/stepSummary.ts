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
  /** Of a ladder of temperatures: the smallest share of accepted exchanges between neighbours, averaged over tasks, and the mean; round trips of a task. */
  readonly exchanges?: { readonly least: number; readonly mean: number; readonly roundTrips: number };
  /** Temperatures that were added to a ladder, from the lowest on: of each the smallest and largest value over all tasks. */
  readonly rungs?: readonly (readonly [number, number])[];
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
    ...exchangesOf(tasks, number),
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

function exchangesOf(tasks: readonly TaskRecord[], step: number): Pick<StepSummary, "exchanges" | "rungs"> {
  const shares = new Map<string, number[]>();
  const count = (place: string, share: number): void => void shares.set(place, [...(shares.get(place) ?? []), share]);
  const widened = tasks.flatMap((task) => task.steps[step].rungs ?? []);
  for (const { swaps } of widened) swaps.forEach((share, rung) => { count(`rung ${rung}`, share); });
  if (widened.length === 0) for (const task of tasks) if (task.steps[step].swaps !== undefined) count(`point ${task.point}`, task.steps[step].swaps);
  const trips = tasks.flatMap((task) => task.steps[step].roundTrips ?? []);
  if (shares.size === 0 || trips.length === 0) return {};
  const means = [...shares.values()].map(mean);
  const rungs = (widened[0]?.added ?? []).map((_, k): readonly [number, number] => {
    const places = widened.map(({ added }) => added[k]!);
    return [Math.min(...places), Math.max(...places)];
  });
  return { exchanges: { least: Math.min(...means), mean: mean(means), roundTrips: mean(trips) }, ...(rungs.length > 0 ? { rungs } : {}) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const acceptanceOf = (shares: readonly number[]): { readonly acceptance?: number } =>
  shares.length === 0 ? {} : { acceptance: mean(shares) };

