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
import { createPauses } from "./pauses.ts";
import { pointsOfTask, runLadder } from "./ladder.ts";
import { createPointContext } from "./pointContext.ts";
import { runTask } from "./runTask.ts";
import type { TaskHead, TaskResult } from "./runTask.ts";
import { canRunTogether, runTogether } from "./runTogether.ts";
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
  const interruptions = { stopped, secondsBetweenCheckpoints };
  const finished = ({ record, recorded, ...final }: TaskResult): TaskOutcome => ({ kind: "finished", record, ...(keepStates ? { final } : {}), ...(recorded ? { recorded } : {}) });
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
    const sourcesOf = (start: number): StartSources | undefined => sources.find((s) => s.start === start);
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
    const ended = yield* inStep(starts.filter((start) => !keptOf(start)));
    if (!ended) return;
    for (const start of starts) {
      if (ended.has(start)) continue;
      try {
        const known = keptOf(start);
        const context = contextAt(point);
        const from = sourcesOf(start);
        const task = known ? observeAll(context, known, from) : plan.ladder ? runLadder(context, sample, start, savedOf(start), from) : runAlone(context, sample, start, heads[start], savedOf(start), from);
        const pauses = createPauses(interruptions);
        let next = task.next();
        for (; !next.done; next = task.next()) if (yield* pauses(next.value)) return;
        for (const result of next.value) yield finished(result);
      } catch (error) {
        context = undefined; // an exception may have left it half changed
        for (const member of points) yield failed(member, sample, start, messageOf(error));
      }
    }

    /** Runs starts together where that can be, and says which have come to their end; nothing where they were stopped. */
    function* inStep(wanted: readonly number[]): Generator<TaskOutcome | void, ReadonlySet<number> | undefined> {
      const ended = new Set<number>();
      try {
        const several = wanted.length > 1 && canRunTogether(plan) ? contextAt(point).model.severalStates : undefined;
        if (!several) return ended;
        const work = runTogether(contextAt(point), several, wanted, (asking, start) => runTask(asking, sample, start, heads[start], savedOf(start), sourcesOf(start)), interruptions);
        for (const turn of work) {
          if (!turn) yield;
          else if (turn.kind !== "ended") yield turn;
          else {
            ended.add(turn.start);
            yield "result" in turn ? finished(turn.result) : failed(point, sample, turn.start, turn.message);
          }
        }
        if (stopped()) return undefined;
      } catch {
        // What is wrong with the model, its tasks will say.
      }
      if (ended.size < wanted.length) context = undefined; // an exception may have left it half changed
      return ended;
    }
  };
}

const failed = (point: number, sample: number, start: number, message: string): TaskOutcome => ({ kind: "failed", failure: { address: { point, sample, start }, message } });

function* runAlone(...task: Parameters<typeof runTask>): Generator<Pause, readonly TaskResult[]> {
  return [yield* runTask(...task)];
}

function* observeAll(context: PointContext, kept: readonly KeptTask[], sources: StartSources | undefined): Generator<void, readonly TaskResult[]> {
  const results: TaskResult[] = [];
  for (const task of kept) results.push(yield* observeKept({ ...context, point: task.record.point }, task, sources));
  return results;
}
