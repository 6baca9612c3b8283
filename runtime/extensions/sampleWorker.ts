/** Entry file of the fresh worker in which an extension is first evaluated: it answers with the outcomes at all samples, and wakes who waits. */
import { workerData, type MessagePort } from "node:worker_threads";
import { messageOf } from "../messageOf.ts";
import { isDefinition } from "./define.ts";
import { dynamicsProblem } from "./dynamicsProblem.ts";
import { evaluateExtension, type ExtensionText } from "./extension.ts";
import { evaluateSamples, type SampleOutcome } from "./evaluateSamples.ts";
import type { SmallModelCode } from "./smallModels.ts";

export interface SampleJob {
  readonly text: ExtensionText;
  readonly done: Int32Array;
  readonly port: MessagePort;
  /** Dynamics that are to be proved on small models, instead of samples. */
  readonly proof?: { readonly dynamics: readonly string[]; readonly models: readonly SmallModelCode[] };
}
/** What it is at work on, told before it starts; then the answer. */
export interface SampleProgress { readonly evaluating: string }
export type SampleAnswer = { readonly outcomes: Readonly<Record<string, readonly SampleOutcome[]>>; readonly problems: Readonly<Record<string, string>> } | { readonly failed: string; readonly evaluating?: string };

const { text, done, port, proof } = workerData as SampleJob;
let answer: SampleAnswer;
try {
  const outcomes: Record<string, readonly SampleOutcome[]> = {};
  const problems: Record<string, string> = {};
  for (const [name, definition] of Object.entries(evaluateExtension(text))) {
    port.postMessage({ evaluating: name } satisfies SampleProgress);
    if (proof) {
      if (!isDefinition(definition) || definition.kind !== "dynamics" || !proof.dynamics.includes(name)) continue;
      const problem = dynamicsProblem(name, definition, text.file, proof.models);
      if (problem !== undefined) problems[name] = problem;
    } else {
      const found = evaluateSamples(definition);
      if (found) outcomes[name] = found;
    }
  }
  answer = { outcomes, problems };
} catch (error) {
  answer = { failed: messageOf(error) };
}
port.postMessage(answer);
Atomics.store(done, 0, 1);
Atomics.notify(done, 0);
