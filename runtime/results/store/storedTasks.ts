import type { Final } from "../../engine/taskOutcome.ts";
import type { KeptTask } from "../../engine/observeKept.ts";
import type { RunPlan } from "../../engine/plan.ts";
import type { FinalState } from "../../engine/runTasks.ts";
import type { TaskAddress, TaskRecord } from "../records.ts";
import { entriesOf, type Frame, type FrameArray } from "./frame.ts";
import { taskKey, type RunAddress } from "./runAddress.ts";

/** What a file of samples knows of a run. */
export interface StoredTasks {
  /** Tasks that need not run again. */
  readonly finished: readonly TaskRecord[];
  /** Tasks of which only observables are missing, with the states to evaluate them at. */
  readonly kept: readonly KeptTask[];
  /** Final states of both, where they were kept. */
  readonly states: () => readonly FinalState[];
  /** Tasks that have ended before and run again all the same, by the observables that they lack, as no states were kept. */
  readonly lacking: readonly { readonly observables: readonly string[]; readonly tasks: number }[];
}

export function storedTasks(plan: RunPlan, address: RunAddress, frames: ReadonlyMap<string, Frame>): StoredTasks {
  const finished: TaskRecord[] = [];
  const kept: KeptTask[] = [];
  const ended: { readonly task: TaskAddress; readonly frame: Frame }[] = [];
  const lacking = new Map<string, { observables: readonly string[]; tasks: number }>();
  for (const task of tasksOf(plan)) {
    const frame = frames.get(taskKey(address, task));
    if (!frame) continue;
    const { record, missing } = readTask(frame, task, address);
    const recorded = missing.length === 0 ? undefined : entriesOfKind(frame, "recorded");
    const final = missing.length === 0 ? undefined : finalOf(frame);
    if (missing.length === 0) finished.push(record);
    else if (final && recorded && (frame.header.copies ?? []).join() === address.copies.join()) kept.push({ record, recorded, ...final, missing });
    else {
      const key = missing.join();
      lacking.set(key, { observables: missing, tasks: (lacking.get(key)?.tasks ?? 0) + 1 });
      continue;
    }
    ended.push({ task, frame });
  }
  const states = (): FinalState[] => ended.flatMap(({ task, frame }) => {
    const final = finalOf(frame);
    return final ? [{ ...task, ...final }] : [];
  });
  return { finished, kept, states, lacking: [...lacking.values()] };
}

export function* tasksOf({ points, samples, starts }: RunPlan): Generator<TaskAddress> {
  for (let point = 0; point < points.length; point++) {
    for (let sample = 0; sample < samples; sample++) for (let start = 0; start < starts; start++) yield { point, sample, start };
  }
}

function entriesOfKind(frame: Frame, kind: FrameArray["kind"]): Float64Array | undefined {
  const index = frame.header.arrays.findIndex((a) => a.kind === kind);
  return index < 0 ? undefined : entriesOf(frame, index);
}

function finalOf(frame: Frame): Final | undefined {
  const all = frame.header.arrays.flatMap((a, index) => (a.kind === "final" ? [[a.name ?? "1", entriesOf(frame, index)] as const] : []));
  const { 1: state, ...copies } = Object.fromEntries(all);
  return state && { state, ...(Object.keys(copies).length > 0 ? { copies } : {}) };
}

function readTask(frame: Frame, { point, sample, start }: TaskAddress, address: RunAddress) {
  const { header } = frame;
  const values: Record<string, readonly number[]> = {};
  const missing: string[] = [];
  for (const [name, definition] of Object.entries(address.observables)) {
    const index = header.arrays.findIndex((a) => a.kind === "values" && a.name === name && a.definition === definition);
    if (index < 0) missing.push(name);
    else values[name] = Array.from(entriesOf(frame, index));
  }
  // Quantities of a dynamics, that no declaration defines.
  header.arrays.forEach((a, index) => {
    if (a.kind === "values" && a.name !== undefined && a.definition === undefined) values[a.name] = Array.from(entriesOf(frame, index));
  });
  const weights = entriesOfKind(frame, "weights");
  const record: TaskRecord = {
    point, sample, start, values, records: header.records,
    ...(weights ? { weights: Array.from(weights) } : {}), ...(header.shapes ? { shapes: header.shapes } : {}), steps: header.steps,
  };
  return { record, missing };
}
