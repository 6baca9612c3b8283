/**
 * The first evaluation of an extension: in a fresh worker, with a limit of time, while this thread waits. What loops for ever does so there, and
 * what depends on the thread shows by other numbers.
 */
import { MessageChannel, Worker, receiveMessageOnPort } from "node:worker_threads";
import type { ExtensionText } from "../../runtime/extensions/extension.ts";
import type { SampleAnswer, SampleJob, SampleProgress } from "../../runtime/extensions/sampleWorker.ts";

/** Seconds that all samples of a file may take together, in which the worker also starts, and those that proofs of its dynamics may. */
const LIMITS = { samples: 5, dynamics: 10 } as const;

const known = new Map<string, SampleAnswer>();

/** Each text once a process. @param proof dynamics that are to be proved on small models, instead of samples */
export function sampleInWorker(text: ExtensionText, proof?: SampleJob["proof"]): SampleAnswer {
  const key = `${text.name} ${proof?.models.length ?? 0}`;
  const before = known.get(key);
  if (before) return before;
  const answer = ask(text, proof);
  known.set(key, answer);
  return answer;
}

function ask(text: ExtensionText, proof: SampleJob["proof"]): SampleAnswer {
  const here = import.meta.url;
  const url = new URL(here.endsWith(".ts") ? "../../runtime/extensions/sampleWorkerFromSource.mjs" : "./sampleWorker.js", here);
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const job: SampleJob = { text, done, port: port2, ...(proof ? { proof } : {}) };
  const worker = new Worker(url, { workerData: job, transferList: [port2], execArgv: [] });
  worker.unref();
  // What it throws while it starts is told to nobody: this thread doesn't listen.
  worker.on("error", () => {});
  const limit = LIMITS[proof ? "dynamics" : "samples"];
  Atomics.wait(done, 0, 0, 1000 * limit);
  // Where it has not come to an end, the last that it told of is at fault.
  let evaluating: string | undefined;
  let answer: SampleAnswer | undefined;
  for (let received; (received = receiveMessageOnPort(port1)); ) {
    const message = received.message as SampleAnswer | SampleProgress;
    if ("evaluating" in message) ({ evaluating } = message);
    else answer = message;
  }
  port1.close();
  void worker.terminate();
  return answer ?? { failed: `it was not evaluated within ${limit} seconds: does it loop for ever?`, ...(evaluating === undefined ? {} : { evaluating }) };
}
