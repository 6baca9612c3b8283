import type { Worker } from "node:worker_threads";
import type { Chunk } from "./chunks.ts";
import type { TaskOutcome } from "./taskOutcome.ts";
import { pointsOfTask } from "./ladder.ts";
import { messageOf } from "../messageOf.ts";
import { startWorker } from "../startWorker.ts";
import type { WorkerJob, WorkerMessage } from "./messages.ts";

/** How long, in milliseconds, an aborted run waits for checkpoints. */
const PATIENCE = 1000;

export interface WorkersOptions {
  readonly count: number;
  /** Entry file of the workers, instead of the engine's own. */
  readonly url?: URL | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs chunks on worker threads and hands each outcome to `receive` as it comes. A worker that dies costs the task that it was at; another
 * takes its place. When the signal aborts, tasks stop at their next step, with checkpoints; a worker that is in a long step is ended after a second,
 * and what it did since its last checkpoint is lost.
 *
 * @throws Error if a worker cannot start, the model cannot be loaded, or `receive` throws
 */
export function runInWorkers(job: WorkerJob, chunks: readonly Chunk[], receive: (outcome: TaskOutcome) => void, options: WorkersOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const queue = [...chunks];
    const living = new Set<Worker>();
    let over = false;

    const finish = (error?: Error): void => {
      if (over) return;
      over = true;
      options.signal?.removeEventListener("abort", abort);
      const ended = [...living].map((worker) => worker.terminate());
      living.clear();
      void Promise.all(ended).then(() => (error ? reject(error) : resolve()));
    };
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const abort = (): void => {
      Atomics.store(stop, 0, 1);
      queue.length = 0;
      setTimeout(finish, PATIENCE).unref();
    };

    const start = (): void => {
      const worker = startWorker("worker", new URL("./worker.ts", import.meta.url), { ...job, options: { ...job.options, stop } }, options.url);
      living.add(worker);
      let ready = false;
      /** The chunk at hand, less the tasks that have ended: the first of its starts is running. */
      let current: Chunk | undefined;

      const next = (): void => {
        current = queue.shift();
        if (current) worker.postMessage(current);
        else retire();
      };
      const retire = (): void => {
        living.delete(worker);
        void worker.terminate();
        if (living.size === 0) finish();
      };
      const deliver = (outcome: TaskOutcome): void => {
        const ended = outcome.kind === "finished" ? outcome.record.start : outcome.kind === "failed" ? outcome.failure.address.start : undefined;
        if (current) current = { ...current, starts: current.starts.filter((other) => other !== ended) };
        try {
          receive(outcome);
        } catch (error) {
          finish(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const die = (reason: string): void => {
        if (over || !living.delete(worker)) return;
        if (!ready) return finish(new Error(`internal: a worker could not start: ${reason}`));
        if (current && current.starts.length > 0) {
          const { point, sample, starts } = current;
          const [guilty, ...others] = starts;
          if (others.length > 0 && Atomics.load(stop, 0) === 0) queue.unshift({ ...current, starts: others });
          for (const member of pointsOfTask(job.plan, point)) deliver({ kind: "failed", failure: { address: { point: member, sample, start: guilty }, message: `its worker ended: ${reason}` } });
        }
        if (over) return; // `receive` has thrown, or has aborted the run
        if (queue.length > 0) start();
        else if (living.size === 0) finish();
      };

      worker.on("message", (message: WorkerMessage) => {
        if (over) return;
        if (message.kind === "unloadable") finish(new Error(`internal: the model could not be loaded: ${message.message}`));
        else if (message.kind === "outcome") deliver(message.outcome);
        else {
          ready = true;
          next();
        }
      });
      worker.on("error", (error) => die(messageOf(error)));
      worker.on("exit", (code) => die(`exit code ${code}`));
    };

    if (options.signal?.aborted || queue.length === 0) return finish();
    options.signal?.addEventListener("abort", abort);
    for (let number = 0; number < Math.min(options.count, chunks.length); number++) start();
  });
}
