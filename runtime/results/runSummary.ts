/** What a run did, a row a sweep point: finished tasks, caps that were reached, and how well its chains mixed. */
import { convergence } from "../estimators/convergence.ts";
import type { RunPlan } from "../engine/plan.ts";
import type { RunRecords, TaskRecord } from "./records.ts";

export interface RunSummary {
  readonly run: string;
  readonly model: string;
  readonly seed: number;
  readonly samples: number;
  readonly starts: number;
  readonly points: readonly PointSummary[];
}

export interface PointSummary {
  readonly at: Readonly<Record<string, number>>;
  readonly finished: number;
  readonly expected: number;
  /** For each step of the run, the share of the finished tasks that reached its cap before its `until` held. */
  readonly capped: readonly number[];
  /** For each step of the run, what its dynamics tuned (of the first finished task; tasks tune for themselves). */
  readonly tuned: readonly Readonly<Record<string, number>>[];
  /** For scalar observables with at least 8 records a start. */
  readonly chains: Readonly<Record<string, { readonly splitRHat: number; readonly autocorrelationTime: number; readonly effectiveSampleSize: number }>>;
}

export function runSummary({ plan, tasks }: RunRecords): RunSummary {
  const points = plan.points.map((point, number) => pointSummary(plan, point.sweep, tasks.filter((task) => task.point === number)));
  return { run: plan.run, model: plan.model, seed: plan.seed, samples: plan.samples, starts: plan.starts, points };
}

function pointSummary(plan: RunPlan, at: PointSummary["at"], tasks: readonly TaskRecord[]): PointSummary {
  const capped = plan.steps.map((_, step) => tasks.filter((task) => task.steps[step]?.capped).length / Math.max(1, tasks.length));
  const [first] = tasks;
  const scalars = first === undefined || first.records < 8 ? [] : Object.keys(first.values).filter((name) => first.values[name].length === first.records);
  const samples = [...new Set(tasks.map((task) => task.sample))].sort((a, b) => a - b).map((sample) => tasks.filter((task) => task.sample === sample));
  const chains = scalars.map((name) => {
    const found = convergence(samples.map((starts) => starts.map((task) => Float64Array.from(task.values[name] ?? []))));
    const { splitRHat, autocorrelationTime, effectiveSampleSize } = found;
    return [name, { splitRHat, autocorrelationTime, effectiveSampleSize }] as const;
  });
  return { at, finished: tasks.length, expected: plan.samples * plan.starts, capped, tuned: plan.steps.map((_, step) => first?.steps[step]?.tuned ?? {}), chains: Object.fromEntries(chains) };
}
