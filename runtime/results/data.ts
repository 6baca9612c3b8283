/** The records of runs at one sweep point, as columns of numbers in a three-level hierarchy: samples, starts, time. */
import { isCertain } from "./certain.ts";
import type { ResultExpression } from "./expression.ts";
import type { RunRecords, TaskRecord } from "./records.ts";

/** The level whose members are the units of resampling: the outermost with more than one member. */
export type Level = "samples" | "starts" | "time";

/** One start of one sample: its records in each run that an estimator reads. All have the same number of records. */
export interface Chain {
  readonly sample: number;
  readonly start: number;
  readonly records: number;
  readonly tasks: ReadonlyMap<string, TaskRecord>;
  /** Weight of each record of an exact sum; absent where all count the same. */
  readonly weights?: Float64Array;
  /** Whether chance has no part in an observable of a run. */
  readonly isCertain: (run: string, observable: string) => boolean;
  /** What each of its records counts, where chains that end at a precision have different lengths, so that all chains count the same; 1 if absent. */
  readonly share?: number;
}

export interface PointData {
  readonly level: Level;
  /** Chains of each disorder sample, in increasing order of sample and start. */
  readonly samples: readonly (readonly Chain[])[];
  /** Tasks that should be there and aren't, as a sentence each. */
  readonly missing: readonly string[];
}

/**
 * Collects what several runs have in common at the given points of theirs: where a claim says `mean(A.e - B.e)`, record r of start l of
 * sample k in A meets the same of B.
 *
 * @param runs for each run its records, the number of its sweep point, and how that point is called in messages
 */
export function pointData(
  runs: readonly { readonly name: string; readonly records: RunRecords; readonly point: number; readonly label: string }[],
): PointData | { readonly refused: string } {
  const missing: string[] = [];
  const tables = runs.map(({ name, records, point, label }) => {
    const { samples, starts } = records.plan;
    const tasks = new Map<string, TaskRecord>();
    for (const task of records.tasks) if (task.point === point) tasks.set(`${task.sample} ${task.start}`, task);
    const lacking = samples * starts - tasks.size;
    if (lacking > 0) missing.push(`${lacking} of ${samples * starts} tasks of ${name} are missing${label}`);
    return tasks;
  });
  const [first] = runs;
  const bySample = new Map<number, Chain[]>();
  for (const [key, task] of tables[0]) {
    const tasks = new Map<string, TaskRecord>();
    runs.forEach((run, r) => {
      const other = tables[r].get(key);
      if (other !== undefined) tasks.set(run.name, other);
    });
    if (tasks.size < runs.length || task.records === 0) continue;
    for (const [run, other] of tasks) {
      if (other.records !== task.records) {
        return { refused: `${first.name} has ${task.records} records a start and ${run} has ${other.records}: one expression cannot read both at each record` };
      }
    }
    for (const [run, other] of tasks) {
      if (!sameWeights(task.weights, other.weights)) return { refused: `the records of ${first.name} and ${run} have different weights: one expression cannot read both at each record` };
    }
    const chains = bySample.get(task.sample) ?? [];
    const isCertainIn = (run: string, observable: string): boolean => isCertain(runs.find(({ name }) => name === run)!.records.plan, tasks.get(run)!, observable);
    chains.push({ sample: task.sample, start: task.start, records: task.records, tasks, isCertain: isCertainIn, ...(task.weights ? { weights: Float64Array.from(task.weights) } : {}) });
    bySample.set(task.sample, chains);
  }
  const ordered = [...bySample.keys()].sort((a, b) => a - b).map((sample) => bySample.get(sample)!.sort((a, b) => a.start - b.start));
  const samples = runs.some((run) => endsAtPrecision(run.records)) ? withShares(ordered) : ordered;
  if (samples.length === 0) return { refused: `no task of ${runs.map((run) => run.name).join(" and ")} is finished${first.label}` };
  return { level: samples.length > 1 ? "samples" : samples[0].length > 1 ? "starts" : "time", samples, missing };
}

const endsAtPrecision = ({ plan }: RunRecords): boolean => plan.steps.some((step) => step.kind === "measure" && step.until?.kind === "error");

/** A slow sample takes longer to a precision: its longer chain must not count more in an average over the disorder. */
function withShares(samples: readonly (readonly Chain[])[]): readonly (readonly Chain[])[] {
  const chains = samples.flat();
  const mean = chains.reduce((sum, chain) => sum + chain.records, 0) / chains.length;
  return samples.map((some) => some.map((chain) => ({ ...chain, share: mean / chain.records })));
}

const sameWeights = (a: readonly number[] | undefined, b: readonly number[] | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((w, k) => w === b[k]));

/** An expression at each record of a chain; a number where it is the same at all. */
export type Column = number | Float64Array;

/** What an argument of an estimator needs besides the records. */
export interface Leaves {
  /** Values of what is not read from records: variables, parameters, and nested estimators. */
  readonly value: (expression: ResultExpression) => number;
  /** Takes note of a reason for which there is no value; the value is then NaN. */
  readonly refuse: (reason: string) => void;
}

/** Evaluates an argument of an estimator on one chain. */
export function column(expression: ResultExpression, chain: Chain, leaves: Leaves): Column {
  if (expression.kind === "observable") return observable(expression, chain, leaves);
  if (expression.kind !== "apply") return leaves.value(expression);
  const inputs = expression.arguments.map((argument) => column(argument, chain, leaves));
  if (inputs.every((input) => typeof input === "number")) return expression.value(...inputs);
  const at = (input: Column, record: number): number => (typeof input === "number" ? input : input[record]);
  return Float64Array.from({ length: chain.records }, (_, record) => expression.value(...inputs.map((input) => at(input, record))));
}

function observable(expression: ResultExpression & { kind: "observable" }, chain: Chain, leaves: Leaves): Column {
  const { run, name } = expression;
  const task = chain.tasks.get(run)!;
  const values = task.values[name];
  if (values === undefined) {
    leaves.refuse(`${run} has not recorded ${name}`);
    return NaN;
  }
  const size = values.length / chain.records;
  const shape = task.shapes?.[name] ?? (size === 1 && expression.subscripts.length === 0 ? [] : [size]);
  if (shape.length !== expression.subscripts.length) {
    leaves.refuse(`${run}.${name} takes ${shape.length} subscripts, not ${expression.subscripts.length}`);
    return NaN;
  }
  let entry = 0;
  for (const [dimension, subscript] of expression.subscripts.entries()) {
    const index = leaves.value(subscript);
    const extent = shape[dimension];
    if (!Number.isInteger(index) || index < 1 || index > extent) {
      leaves.refuse(`the subscript ${index} of ${run}.${name} is not in 1..${extent}`);
      return NaN;
    }
    entry = entry * extent + index - 1;
  }
  // JSON has no NaN: a journal that was read back holds null for it.
  return Float64Array.from({ length: chain.records }, (_, record) => (values[record * size + entry] as number | null) ?? NaN);
}
