/** What a run did, a row a sweep point: finished tasks, caps that were reached; and for each scalar observable its mean, the error, and how well the chains mixed. */
import { convergence } from "../estimators/convergence.ts";
import { mean, standardError } from "../estimators/standardError.ts";
import type { RunPlan } from "../engine/plan.ts";
import { isCertain } from "./certain.ts";
import { comparable, notEquilibrated, testsEquilibration } from "./equilibration.ts";
import { taskAverage, type RunRecords, type TaskRecord } from "./records.ts";

export interface RunSummary {
  readonly run: string;
  readonly model: string;
  readonly seed: number;
  readonly samples: number;
  readonly starts: number;
  /** Whether equilibration is tested: a `measure` with a dynamics that has a stationary distribution, not transient. */
  readonly equilibrium: boolean;
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
  /** By name. */
  readonly observables: Readonly<Record<string, ObservableSummary>>;
}

export interface ObservableSummary {
  readonly records: number;
  readonly mean: number;
  /** Standard error over the outermost level with more than one member; NaN where there is none. */
  readonly error: number;
  readonly over: "samples" | "starts" | "time" | "exact";
  /** NaN below 8 records a start, or for other than Markov chains. */
  readonly autocorrelationTime: number;
  readonly effectiveSampleSize: number;
  readonly splitRHat: number;
  /** Why it is not in equilibrium; absent where nothing speaks against it, or it is not tested. */
  readonly objection?: string;
}

export function runSummary({ plan, tasks }: RunRecords): RunSummary {
  const equilibrium = testsEquilibration(plan);
  const points = plan.points.map((point, number) => pointSummary(plan, point.sweep, tasks.filter((task) => task.point === number), equilibrium));
  return { run: plan.run, model: plan.model, seed: plan.seed, samples: plan.samples, starts: plan.starts, equilibrium, points };
}

function pointSummary(plan: RunPlan, at: PointSummary["at"], tasks: readonly TaskRecord[], equilibrium: boolean): PointSummary {
  const capped = plan.steps.map((_, step) => tasks.filter((task) => task.steps[step]?.capped).length / Math.max(1, tasks.length));
  const [first] = tasks;
  const recorded = tasks.filter((task) => task.records > 0);
  const bySample = new Map<number, TaskRecord[]>();
  for (const task of recorded) bySample.set(task.sample, [...(bySample.get(task.sample) ?? []), task]);
  const samples = [...bySample].sort(([a], [b]) => a - b).map(([, starts]) => starts);
  const scalars = recorded[0] ? Object.entries(recorded[0].values).filter(([, values]) => values.length === recorded[0]!.records).map(([name]) => name) : [];
  return {
    at, finished: tasks.length, expected: plan.samples * plan.starts, capped, tuned: plan.steps.map((_, step) => first?.steps[step]?.tuned ?? {}),
    observables: Object.fromEntries(scalars.map((name) => [name, observableSummary(plan, name, samples, equilibrium)])),
  };
}

/** @param samples the tasks of each disorder sample */
function observableSummary(plan: RunPlan, observable: string, samples: readonly (readonly TaskRecord[])[], equilibrium: boolean): ObservableSummary {
  const tasks = samples.flat();
  const found = convergence(comparable(plan, samples).map((starts) => starts.map((task) => Float64Array.from(task.values[observable]!))));
  const averages = samples.map((starts) => starts.map((task) => taskAverage(task.values[observable]!, task.records, task.weights)));
  const perSample = averages.map(mean);
  const exact = tasks.every((task) => isCertain(plan, task, observable));
  const [over, members] = samples.length > 1 ? (["samples", perSample] as const) : tasks.length > 1 ? (["starts", averages.flat()] as const) : (["time", []] as const);
  const error = members.length > 1 ? standardError(members) : exact ? 0 : found.spread / Math.sqrt(found.effectiveSampleSize);
  const objection = equilibrium ? notEquilibrated(found) : undefined;
  const chain = (value: number): number => (exact ? NaN : value);
  return {
    records: tasks.reduce((sum, task) => sum + task.records, 0), mean: mean(perSample), error, over: exact && members.length < 2 ? "exact" : over,
    autocorrelationTime: chain(found.autocorrelationTime), effectiveSampleSize: chain(found.effectiveSampleSize), splitRHat: chain(found.splitRHat),
    ...(objection === undefined ? {} : { objection }),
  };
}
