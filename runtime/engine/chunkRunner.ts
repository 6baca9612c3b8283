import type { TfjsLoad } from "../backends/tfjs.ts";
import { loadExtension } from "../extensions/extension.ts";
import { messageOf } from "../messageOf.ts";
import type { ModelModule } from "../model.ts";
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
import type { ChunkRunnerOptions, TaskOutcome } from "./taskOutcome.ts";

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
