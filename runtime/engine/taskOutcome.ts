/** What runs of chunks take and give. */
import type { TensorProgram } from "../backends/tensorProgram.ts";
import type { TfjsBackend } from "../backends/tfjsBackend.ts";
import type { ModelOptions } from "../model.ts";
import type { TaskAddress, TaskRecord } from "../results/records.ts";
import type { TaskCheckpoint } from "./checkpoint.ts";
import type { TaskResult } from "./runTask.ts";

/** Where a task ended: the state of copy 1, and those of its other copies by name. */
export type Final = Pick<TaskResult, "state" | "copies">;

/** How one task ended, or how far it is. */
export type TaskOutcome =
  | { readonly kind: "finished"; readonly record: TaskRecord; readonly final?: Final; readonly recorded?: Float64Array }
  | { readonly kind: "failed"; readonly failure: TaskFailure }
  | { readonly kind: "checkpoint"; readonly checkpoint: TaskCheckpoint }
  /** Not an end: something that the user should know of, once. */
  | { readonly kind: "note"; readonly note: string };

/** An exception inside a task, or the end of its worker: the other tasks go on. */
export interface TaskFailure {
  readonly address: TaskAddress;
  readonly message: string;
}

export interface ChunkRunnerOptions extends ModelOptions {
  /** Whether outcomes hold the final states. */
  readonly keepStates?: boolean;
  /** Whether they hold the states at all records. */
  readonly keepRecordedStates?: boolean;
  /** How often a task that is not over yields a checkpoint; never if not given. When has no influence on what comes out. */
  readonly secondsBetweenCheckpoints?: number;
  /** One number in shared memory: as soon as it is not 0, tasks stop at the next step, with a checkpoint. */
  readonly stop?: Int32Array;
  /** Evaluates all starts of a sample together where the run allows it; what it can't do, the kernels of `target` do, and a note says so. */
  readonly tensors?: TensorOptions;
}

export interface TensorOptions {
  readonly program: TensorProgram;
  /** The first backend of tfjs to try; "auto" is the fastest. */
  readonly backend?: "auto" | TfjsBackend;
}
