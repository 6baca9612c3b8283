/**
 * The first evaluation of an extension: in a fresh worker, with a limit of time, while this thread waits. What loops for ever does so there, and
 * what depends on the thread shows by other numbers.
 */
import { MessageChannel, Worker, receiveMessageOnPort } from "node:worker_threads";
import type { ExtensionText } from "../../runtime/extensions/extension.ts";
import type { SampleAnswer, SampleJob } from "../../runtime/extensions/sampleWorker.ts";

/** Milliseconds that all samples of a file may take together, in which the worker also starts. */
const LIMIT = 5000;

const known = new Map<string, SampleAnswer>();

/** Each text once a process. */
export function sampleInWorker(text: ExtensionText): SampleAnswer {
  const before = known.get(text.name);
  if (before) return before;
  const answer = ask(text);
  known.set(text.name, answer);
  return answer;
}

function ask(text: ExtensionText): SampleAnswer {
  const here = import.meta.url;
  const url = new URL(here.endsWith(".ts") ? "../../runtime/extensions/sampleWorkerFromSource.mjs" : "./sampleWorker.js", here);
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const job: SampleJob = { text, done, port: port2 };
  const worker = new Worker(url, { workerData: job, transferList: [port2], execArgv: [] });
  worker.unref();
  // What it throws while it starts is told to nobody: this thread doesn't listen.
  worker.on("error", () => {});
  const outcome = Atomics.wait(done, 0, 0, LIMIT);
  const received = receiveMessageOnPort(port1);
  port1.close();
  void worker.terminate();
  return received ? (received.message as SampleAnswer) : { failed: `it was not evaluated within ${LIMIT / 1000} seconds${outcome === "timed-out" ? ": does it loop for ever?" : ""}` };
}
