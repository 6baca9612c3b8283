import type { TaskRecord } from "../results/records.ts";
import type { StartSources } from "./continuation.ts";
import { createCopies } from "./copies.ts";
import type { PointContext } from "./pointContext.ts";
import { createRecorder } from "./recorder.ts";
import { taskStream, type TaskResult } from "./runTask.ts";

/** A finished task of which the states at all records were kept, and some observables are missing: they were declared later. */
export interface KeptTask extends Required<Pick<TaskResult, "recorded">>, Pick<TaskResult, "state" | "copies"> {
  /** Without the missing observables. */
  readonly record: TaskRecord;
  readonly missing: readonly string[];
}

/** What the task would have given if it had recorded the missing observables too, to the last bit. Yields after every state. */
export function* observeKept(context: PointContext, { record, missing, ...states }: KeptTask, sources?: StartSources): Generator<void, TaskResult> {
  const { plan, model } = context;
  const { sample, start, records } = record;
  context.drawSample(sample, sources);
  const recorder = createRecorder(model, missing, (purpose) => taskStream(context, sample, start, 1, `observable:${purpose}`));
  const { length } = createCopies(model, plan.copies ?? []).all;
  if (states.recorded.length !== records * length) throw new Error("internal: states that were kept of another model");
  for (let k = 0; k < records; k++) {
    recorder.record(states.recorded.subarray(k * length, (k + 1) * length));
    yield;
  }
  const all: Readonly<Record<string, readonly number[]>> = { ...recorder.values, ...record.values };
  // In the order in which a task that runs has them.
  const names = [...new Set([model.observables[0]!.name, ...plan.record])];
  return { record: { ...record, values: Object.fromEntries(names.map((name) => [name, all[name]!])), ...(recorder.shapes ? { shapes: { ...record.shapes, ...recorder.shapes } } : {}) }, ...states };
}
