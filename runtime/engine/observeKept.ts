import type { TaskRecord } from "../results/records.ts";
import type { PointContext } from "./pointContext.ts";
import { createRecorder } from "./recorder.ts";
import { taskStream, type TaskResult } from "./runTask.ts";

/** A finished task of which the states at all records were kept, and some observables are missing: they were declared later. */
export interface KeptTask {
  /** Without the missing observables. */
  readonly record: TaskRecord;
  /** The states at the records, one after the other. */
  readonly recorded: Float64Array;
  /** The last state of the task. */
  readonly state: Float64Array;
  readonly missing: readonly string[];
}

/** What the task would have given if it had recorded the missing observables too, to the last bit. Yields after every state. */
export function* observeKept(context: PointContext, { record, recorded, state, missing }: KeptTask): Generator<void, TaskResult> {
  const { plan, model } = context;
  const { sample, start } = record;
  context.drawSample(sample);
  const recorder = createRecorder(model, missing, (purpose) => taskStream(context, sample, start, `observable:${purpose}`));
  for (let k = 0; k < record.records; k++) {
    recorder.record(recorded.subarray(k * model.dimension, (k + 1) * model.dimension));
    yield;
  }
  const all: Readonly<Record<string, readonly number[]>> = { ...recorder.values, ...record.values };
  // In the order in which a task that runs has them.
  const names = [...new Set([model.observables[0]!.name, ...plan.record])];
  return { record: { ...record, values: Object.fromEntries(names.map((name) => [name, all[name]!])) }, state, recorded };
}
