/** Entry file of the fresh worker in which an extension is first evaluated: it answers with the outcomes at all samples, and wakes who waits. */
import { workerData, type MessagePort } from "node:worker_threads";
import { messageOf } from "../messageOf.ts";
import { evaluateExtension, type ExtensionText } from "./extension.ts";
import { evaluateSamples, type SampleOutcome } from "./evaluateSamples.ts";

export interface SampleJob { readonly text: ExtensionText; readonly done: Int32Array; readonly port: MessagePort }
export type SampleAnswer = { readonly outcomes: Readonly<Record<string, readonly SampleOutcome[]>> } | { readonly failed: string };

const { text, done, port } = workerData as SampleJob;
let answer: SampleAnswer;
try {
  const outcomes: Record<string, readonly SampleOutcome[]> = {};
  for (const [name, definition] of Object.entries(evaluateExtension(text))) {
    const found = evaluateSamples(definition);
    if (found) outcomes[name] = found;
  }
  answer = { outcomes };
} catch (error) {
  answer = { failed: messageOf(error) };
}
port.postMessage(answer);
Atomics.store(done, 0, 1);
Atomics.notify(done, 0);
