import { availableParallelism } from "node:os";
import type { RunRecords, TaskAddress, TaskRecord } from "../results/records.ts";
import type { ChunkRunnerOptions, Final, TaskFailure, TaskOutcome } from "./taskOutcome.ts";
import type { TaskCheckpoint } from "./checkpoint.ts";
import type { FinalStates } from "./continuation.ts";
import type { KeptTask } from "./observeKept.ts";
import { planChunks } from "./chunks.ts";
import { pointsOfTask } from "./ladder.ts";
import type { ModelSource } from "./modelSource.ts";
import type { RunPlan } from "./plan.ts";
import { runInProcess } from "./runInProcess.ts";
import { runInWorkers } from "./runInWorkers.ts";
import type { StepSummary } from "./stepSummary.ts";
import { summariseSteps } from "./stepSummary.ts";

export interface RunOptions extends ChunkRunnerOptions {
  /** Worker threads; 0 and 1 run in this thread. Default: as many as the machine runs at once. */
  readonly workers?: number;
  /** Called in this thread as things happen. What it throws ends the run. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Stops the run; what is finished by then is returned. */
  readonly signal?: AbortSignal;
  /** Records of an earlier call that was stopped: these tasks are not run again, and are part of the result. */
  readonly finished?: readonly TaskRecord[];
  /** How far other tasks were when an earlier call was stopped: they go on from there. */
  readonly checkpoints?: readonly TaskCheckpoint[];
  /** Finished tasks of which only observables are missing: these are evaluated at the states that were kept. */
  readonly kept?: readonly KeptTask[];
  /** Final states of the runs that this one continues from (`RunPlan.continues`), all of them. */
  readonly others?: FinalStates;
  /** See `ChunkOptions`. */
  readonly startsPerChunk?: number;
  /** Entry file of the workers; by default the one that lies beside this code. */
  readonly workerUrl?: URL;
}

export type RunEvent =
  | ({ readonly kind: "start"; readonly workers: number } & Progress)
  /** With the states that the options ask for. */
  | ({ readonly kind: "task"; readonly record: TaskRecord; readonly final?: Final; readonly recorded?: Float64Array } & Progress)
  | ({ readonly kind: "checkpoint"; readonly checkpoint: TaskCheckpoint } & Progress)
  | ({ readonly kind: "failure"; readonly failure: TaskFailure } & Progress)
  /** Each note once, as it comes up. */
  | ({ readonly kind: "note"; readonly note: string } & Progress);

export interface Progress {
  readonly run: string;
  /** Tasks that have ended, failures and earlier ones included, of `total`. */
  readonly done: number;
  readonly total: number;
  /** Tasks ended in this call, a second; 0 before the first. */
  readonly tasksPerSecond: number;
}

/** `tasks` are sorted by address: point, sample, start. */
export interface RunOutcome extends RunRecords {
  readonly failures: readonly TaskFailure[];
  /** Whether the signal stopped the run before all tasks had ended. */
  readonly interrupted: boolean;
  readonly steps: readonly StepSummary[];
  /** One line for each thing that went another way than asked for: a backend that is not there, a dynamics without a batched form. */
  readonly notes: readonly string[];
  /** Final states of the tasks that ended in this call, where `keepStates` asked for them; sorted by address. */
  readonly states: readonly FinalState[];
}

export interface FinalState extends TaskAddress, Final {}

/**
 * Runs all tasks of a run: sweep points × samples × starts. The records are a function of plan and model: the number of workers, the chunks,
 * the order and interruptions change nothing in them. An exception inside a task is reported under its address; the others go on.
 *
 * @throws Error ("internal: …") if the model cannot be loaded or a worker cannot start; whatever `onEvent` throws
 */
export async function runTasks(plan: RunPlan, source: ModelSource, options: RunOptions = {}): Promise<RunOutcome> {
  const { onEvent, signal, finished: stored = [], checkpoints = [], kept = [], others, startsPerChunk, workerUrl, workers: wanted = availableParallelism(), ...runnerOptions } = options;
  const finished = wholeLadders(plan, stored);
  // Starts that are evaluated together stay together: what one of them does must not depend on how many workers there are.
  const chunks = planChunks(plan, { workers: wanted, startsPerChunk: options.tensors ? plan.starts : startsPerChunk, finished, checkpoints, kept, ...(others ? { others } : {}) });
  const workers = Math.min(wanted, chunks.length);

  const total = plan.points.length * plan.samples * plan.starts;
  const tasks = [...finished];
  const failures: TaskFailure[] = [];
  const states: FinalState[] = [];
  const notes = new Set<string>();
  const begun = performance.now();
  const progress = (): Progress => {
    const done = tasks.length + failures.length;
    const seconds = (performance.now() - begun) / 1000;
    return { run: plan.run, done, total, tasksPerSecond: done > finished.length ? (done - finished.length) / seconds : 0 };
  };
  const receive = (outcome: TaskOutcome): void => {
    if (outcome.kind === "note") {
      if (notes.has(outcome.note)) return;
      notes.add(outcome.note);
      onEvent?.({ kind: "note", note: outcome.note, ...progress() });
      return;
    }
    if (outcome.kind === "checkpoint") {
      onEvent?.({ kind: "checkpoint", checkpoint: outcome.checkpoint, ...progress() });
      return;
    }
    if (outcome.kind === "failed") {
      failures.push(outcome.failure);
      onEvent?.({ kind: "failure", failure: outcome.failure, ...progress() });
      return;
    }
    const { record, final, recorded } = outcome;
    tasks.push(record);
    if (final) states.push({ point: record.point, sample: record.sample, start: record.start, ...final });
    onEvent?.({ kind: "task", record, ...(final ? { final } : {}), ...(recorded ? { recorded } : {}), ...progress() });
  };

  onEvent?.({ kind: "start", workers: Math.max(workers, 1), ...progress() });
  const job = { plan, source, options: runnerOptions };
  if (workers > 1) await runInWorkers(job, chunks, receive, { count: workers, url: workerUrl, signal });
  else await runInProcess(job, chunks, receive, signal);

  tasks.sort(byAddress);
  states.sort(byAddress);
  failures.sort((a, b) => byAddress(a.address, b.address));
  const interrupted = tasks.length + failures.length < total;
  return { plan, tasks, failures, interrupted, steps: summariseSteps(plan, tasks), notes: [...notes].sort(), states };
}

/** Without records of ladders that are not complete: these run again as a whole. */
function wholeLadders(plan: RunPlan, records: readonly TaskRecord[]): readonly TaskRecord[] {
  if (!plan.ladder) return records;
  const there = new Set(records.map((r) => `${r.point} ${r.sample} ${r.start}`));
  return records.filter(({ point, sample, start }) => pointsOfTask(plan, point).every((p) => there.has(`${p} ${sample} ${start}`)));
}

const byAddress = (a: TaskAddress, b: TaskAddress): number => a.point - b.point || a.sample - b.sample || a.start - b.start;
