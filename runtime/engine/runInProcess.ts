import { setImmediate } from "node:timers/promises";
import { loadTfjs } from "../backends/tfjs.ts";
import type { Chunk } from "./chunks.ts";
import type { TaskOutcome } from "./taskOutcome.ts";
import { createChunkRunner } from "./chunkRunner.ts";
import type { WorkerJob } from "./messages.ts";
import { loadModel } from "./modelSource.ts";

/** Longest stretch, in milliseconds, without a look at timers, signals and output (one sweep, step or epoch is not divided). */
const SLICE = 20;

/**
 * Runs chunks in this thread and hands each outcome to `receive`, leaving the event loop to others every few milliseconds. When the signal
 * aborts, the task at hand stops at its next step, with a checkpoint.
 *
 * @throws Error if the model cannot be loaded, or `receive` throws
 */
export async function runInProcess(
  { plan, source, options }: WorkerJob,
  chunks: readonly Chunk[],
  receive: (outcome: TaskOutcome) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted || chunks.length === 0) return;
  const module = await loadModel(source).catch((error: unknown) => {
    throw new Error(`internal: the model could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (signal?.aborted) return; // meanwhile
  const stop = new Int32Array(1);
  signal?.addEventListener("abort", () => void (stop[0] = 1), { once: true });
  const runChunk = createChunkRunner(plan, module, { ...options, stop }, options.tensors && (await loadTfjs(options.tensors.backend)));
  let pause = performance.now() + SLICE;
  for (const chunk of chunks) {
    for (const outcome of runChunk(chunk)) {
      if (outcome) receive(outcome);
      if (signal?.aborted) continue; // the runner ends by itself
      if (performance.now() >= pause) {
        await setImmediate();
        pause = performance.now() + SLICE;
      }
    }
    if (signal?.aborted) return;
  }
}
