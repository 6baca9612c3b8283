import type { TensorProgram } from "../backends/tensorProgram.ts";
import type { TfjsBackend, TfjsLoad } from "../backends/tfjs.ts";
import { loadExtension } from "../extensions/extension.ts";
import { messageOf } from "../messageOf.ts";
import type { ModelModule, ModelOptions } from "../model.ts";
import type { TaskAddress, TaskRecord } from "../results/records.ts";
import type { Pause, TaskCheckpoint } from "./checkpoint.ts";
import type { Chunk } from "./chunks.ts";
import type { StartSources } from "./continuation.ts";
import type { RunPlan } from "./plan.ts";
import type { PointContext } from "./pointContext.ts";
import { observeKept, type KeptTask } from "./observeKept.ts";
import { pointsOfTask, runLadder } from "./ladder.ts";
import { createPointContext } from "./pointContext.ts";
import { runTask } from "./runTask.ts";
import type { TaskHead, TaskResult } from "./runTask.ts";
import { createHeadRunner } from "./taskHeads.ts";

/** Where a task ended: the state of copy 1, and those of its other copies by name. */
export type Final = Pick<TaskResult, "state" | "copies">;

/** How one task ended, or how far it is. */
export type TaskOutcome =
  | { readonly kind: "finished"; readonly record: TaskRecord; readonly final?: Final; readonly recorded?: Float64Array }
  | { readonly kind: "failed"; readonly failure: TaskFailure }
  | { readonly kind: "checkpoint"; readonly checkpoint: TaskCheckpoint }
  /** Not an end: something that the user should know of, once. */
  | { readonly kind: "note"; readonly note: string };

/** An exception inside a task, or the end of its worker: the other tasks go on. */
export interface TaskFailure {
  readonly address: TaskAddress;
  readonly message: string;
}

export interface ChunkRunnerOptions extends ModelOptions {
  /** Whether outcomes hold the final states. */
  readonly keepStates?: boolean;
  /** Whether they hold the states at all records. */
  readonly keepRecordedStates?: boolean;
  /** How often a task that is not over yields a checkpoint; never if not given. When has no influence on what comes out. */
  readonly secondsBetweenCheckpoints?: number;
  /** One number in shared memory: as soon as it is not 0, tasks stop at the next step, with a checkpoint. */
  readonly stop?: Int32Array;
  /** Evaluates all starts of a sample together where the run allows it; what it can't do, the kernels of `target` do, and a note says so. */
  readonly tensors?: TensorOptions;
}

export interface TensorOptions {
  readonly program: TensorProgram;
  /** The first backend of tfjs to try; "auto" is the fastest. */
  readonly backend?: "auto" | TfjsBackend;
}

/**
 * Runs the chunks that it is given, one after another, in this thread. Each run yields an outcome after every task and nothing after every
 * sweep, step or epoch. Arrays are kept for the last sweep point only, so memory is that of one model at a time.
 */
export function createChunkRunner(plan: RunPlan, module: ModelModule, options: ChunkRunnerOptions, tfjs?: TfjsLoad): (chunk: Chunk) => Generator<TaskOutcome | void> {
  for (const text of plan.extensions ?? []) loadExtension(text);
  const { keepStates = false, keepRecordedStates = false, tensors, secondsBetweenCheckpoints = Infinity, stop, ...modelOptions } = options;
  const stopped = (): boolean => stop !== undefined && Atomics.load(stop, 0) !== 0;
  const runHeads = tensors && tfjs && createHeadRunner(tensors.program, tfjs);
  let context: PointContext | undefined;
  const contextAt = (point: number): PointContext => {
    if (context?.point === point) return context;
    context = undefined; // before the next one is allocated
    return (context = createPointContext(plan, point, module, modelOptions, keepRecordedStates));
  };
  return function* ({ point, sample, starts, checkpoints = [], kept = [], sources = [] }) {
    const points = pointsOfTask(plan, point);
    const keptOf = (start: number): readonly KeptTask[] | undefined => {
      const found = kept.filter(({ record }) => record.start === start).sort((a, b) => a.record.point - b.record.point);
      return found.length === points.length ? found : undefined;
    };
    const savedOf = (start: number): TaskCheckpoint | undefined => checkpoints.find((c) => c.start === start);
    let heads: readonly TaskHead[] = [];
    if (runHeads && !starts.every((start) => savedOf(start) ?? keptOf(start))) {
      try {
        const work = runHeads(contextAt(point), sample);
        let next = work.next();
        for (; !next.done && !stopped(); next = work.next()) yield next.value;
        if (!next.done) return;
        heads = next.value;
      } catch {
        context = undefined; // the tasks will say, each under its own address, what is wrong with the model
      }
    }
    for (const start of starts) {
      try {
        const known = keptOf(start);
        const context = contextAt(point);
        const from = sources.find((s) => s.start === start);
        const task = known ? observeAll(context, known, from) : plan.ladder ? runLadder(context, sample, start, savedOf(start), from) : runAlone(context, sample, start, heads[start], savedOf(start), from);
        let due = performance.now() + 1000 * secondsBetweenCheckpoints;
        let next = task.next();
        for (; !next.done; next = task.next()) {
          const last = stopped();
          if (next.value && (last || performance.now() >= due)) {
            yield { kind: "checkpoint", checkpoint: next.value() };
            due = performance.now() + 1000 * secondsBetweenCheckpoints;
          } else yield;
          if (last) return;
        }
        for (const { record, recorded, ...final } of next.value) yield { kind: "finished", record, ...(keepStates ? { final } : {}), ...(recorded ? { recorded } : {}) };
      } catch (error) {
        context = undefined; // an exception may have left it half changed
        for (const member of points) yield { kind: "failed", failure: { address: { point: member, sample, start }, message: messageOf(error) } };
      }
    }
  };
}

function* runAlone(...task: Parameters<typeof runTask>): Generator<Pause, readonly TaskResult[]> {
  return [yield* runTask(...task)];
}

function* observeAll(context: PointContext, kept: readonly KeptTask[], sources: StartSources | undefined): Generator<void, readonly TaskResult[]> {
  const results: TaskResult[] = [];
  for (const task of kept) results.push(yield* observeKept({ ...context, point: task.record.point }, task, sources));
  return results;
}
