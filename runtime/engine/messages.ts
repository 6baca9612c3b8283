/** What the main thread and its workers say to each other. The main thread sends `Chunk`s. */
import type { ChunkRunnerOptions, TaskOutcome } from "./taskOutcome.ts";
import type { ModelSource } from "./modelSource.ts";
import type { RunPlan } from "./plan.ts";

/** What a worker is started with. */
export interface WorkerJob {
  readonly plan: RunPlan;
  readonly source: ModelSource;
  readonly options: ChunkRunnerOptions;
}

export type WorkerMessage =
  /** The model is loaded: chunks may come. */
  | { readonly kind: "ready" }
  /** The model could not be loaded, here or anywhere. */
  | { readonly kind: "unloadable"; readonly message: string }
  | { readonly kind: "outcome"; readonly outcome: TaskOutcome }
  /** The chunk is done: the next may come. */
  | { readonly kind: "idle" };
