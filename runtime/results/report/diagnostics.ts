/** How good the data of a run are: for each sweep point and scalar observable its mean, the error, and how well the chains mixed. */
import { convergence } from "../../estimators/convergence.ts";
import { mean, standardError } from "../../estimators/standardError.ts";
import { notEquilibrated, testsEquilibration } from "../equilibration.ts";
import { taskAverage, type RunRecords, type TaskRecord } from "../records.ts";

export interface RunDiagnostics {
  readonly run: string;
  readonly model: string;
  readonly tasks: number;
  readonly expected: number;
  /** Whether equilibration is tested: a `measure` with a dynamics that has a stationary distribution, not transient. */
  readonly equilibrium: boolean;
  readonly rows: readonly DiagnosticsRow[];
}

export interface DiagnosticsRow {
  readonly at: Readonly<Record<string, number>>;
  readonly observable: string;
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

export function runDiagnostics(records: RunRecords): RunDiagnostics {
  const { plan, tasks } = records;
  const equilibrium = testsEquilibration(plan);
  const rows = plan.points.flatMap(({ sweep }, point) => {
    const here = tasks.filter((task) => task.point === point && task.records > 0);
    const [first] = here;
    if (!first) return [];
    const scalars = Object.keys(first.values).filter((name) => first.values[name]!.length === first.records);
    return scalars.map((observable) => row(sweep, observable, here, equilibrium));
  });
  return { run: plan.run, model: plan.model, tasks: tasks.length, expected: plan.points.length * plan.samples * plan.starts, equilibrium, rows };
}

function row(at: Readonly<Record<string, number>>, observable: string, tasks: readonly TaskRecord[], equilibrium: boolean): DiagnosticsRow {
  const samples = [...new Set(tasks.map((task) => task.sample))].map((sample) => tasks.filter((task) => task.sample === sample));
  const chains = samples.map((starts) => starts.map((task) => Float64Array.from(task.values[observable]!)));
  const found = convergence(chains);
  const averages = samples.map((starts) => starts.map((task) => taskAverage(task.values[observable]!, task.records, task.weights)));
  const perSample = averages.map(mean);
  const exact = tasks.every((task) => task.weights !== undefined);
  const [over, members] = samples.length > 1 ? (["samples", perSample] as const) : tasks.length > 1 ? (["starts", averages.flat()] as const) : (["time", []] as const);
  const error = members.length > 1 ? standardError(members) : exact ? 0 : found.spread / Math.sqrt(found.effectiveSampleSize);
  const objection = equilibrium ? notEquilibrated(found) : undefined;
  const chain = (value: number): number => (exact ? NaN : value);
  return {
    at, observable, records: tasks.reduce((sum, task) => sum + task.records, 0), mean: mean(perSample), error, over: exact && members.length < 2 ? "exact" : over,
    autocorrelationTime: chain(found.autocorrelationTime), effectiveSampleSize: chain(found.effectiveSampleSize), splitRHat: chain(found.splitRHat),
    ...(objection === undefined ? {} : { objection }),
  };
}
