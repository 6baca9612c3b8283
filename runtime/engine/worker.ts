/** Entry file of a worker thread: loads the model once, then runs the chunks that it is sent. No top-level await, for CommonJS bundles. */
import { parentPort, workerData } from "node:worker_threads";
import { loadTfjs } from "../backends/tfjs.ts";
import type { Chunk } from "./chunks.ts";
import { messageOf } from "../messageOf.ts";
import { createChunkRunner } from "./chunkRunner.ts";
import type { WorkerJob, WorkerMessage } from "./messages.ts";
import { loadModel } from "./modelSource.ts";

const port = parentPort;
if (!port) throw new Error("internal: the worker's entry file was run outside of a worker");
const { plan, source, options } = workerData as WorkerJob;
const say = (message: WorkerMessage): void => port.postMessage(message);

Promise.all([loadModel(source), options.tensors && loadTfjs(options.tensors.backend)]).then(
  ([module, tfjs]) => {
    const runChunk = createChunkRunner(plan, module, options, tfjs);
    port.on("message", (chunk: Chunk) => {
      for (const outcome of runChunk(chunk)) if (outcome) say({ kind: "outcome", outcome });
      say({ kind: "idle" });
    });
    say({ kind: "ready" });
  },
  (error: unknown) => say({ kind: "unloadable", message: messageOf(error) }),
);
