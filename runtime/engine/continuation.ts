/** What a task takes from other runs: final states from which its copies go on (`start from A`), and quenched arrays (`run B of M(W = A.w)`). */
import type { CompiledModel, StateArray } from "../model.ts";
import type { TaskAddress } from "../results/records.ts";
import type { Final } from "./taskOutcome.ts";
import type { CopyState } from "./copies.ts";
import type { Continuation, RunPlan } from "./plan.ts";

/** Final states by run, as far as there are any. */
export type FinalStates = ReadonlyMap<string, readonly (TaskAddress & Final)[]>;

/** What one start of a chunk goes on from, in the order of `Continuation.runs`; undefined where that run has no such state. */
export interface StartSources { readonly start: number; readonly finals: readonly (Final | undefined)[] }

/** Looks up what a task goes on from. */
export function findSources({ continues }: RunPlan, others: FinalStates): (task: TaskAddress) => StartSources {
  const key = ({ point, sample, start }: TaskAddress): string => `${point}:${sample}:${start}`;
  const known = (continues?.runs ?? []).map(({ run }) => new Map((others.get(run) ?? []).map(({ state, copies, ...task }) => [key(task), { state, ...(copies ? { copies } : {}) }])));
  return ({ point, sample, start }) => ({
    start, finals: (continues?.runs ?? []).map(({ points, starts, samples }, k) => known[k]!.get(key({ point: points[point]!, sample: samples === undefined ? sample : sample % samples, start: start % starts }))),
  });
}

/** The number of the run that an array of a copy continues from. */
const sourceOf = ({ states }: Continuation, array: string, copy: string): number | undefined =>
  (states.find((s) => s.array === array && s.copy === copy) ?? states.find((s) => s.array === array && s.copy === undefined))?.run;

/**
 * Writes those arrays of a copy that continue from another run. The arrays of copy 1 stand for those of each copy.
 *
 * @returns their names, or "all" where nothing else has to say where the copy starts
 * @throws Error if that run has no final state there, as its task has failed, or one of another length
 */
export function continueStates({ continues }: RunPlan, arrays: readonly StateArray[], copy: CopyState, sources: StartSources | undefined): ReadonlySet<string> | "all" {
  const given = new Set<string>();
  if (!continues) return given;
  for (const { name, offset, length, copy: of } of arrays) {
    const number = of ? undefined : sourceOf(continues, name, copy.name);
    if (number === undefined) continue;
    const { run } = continues.runs[number]!;
    const final = sources?.finals[number];
    if (!final) throw new Error(`the run ${run} has no final state to start from`);
    const from = final.copies?.[copy.name] ?? final.state;
    if (from.length !== copy.state.length) throw new Error(`the run ${run} ends with ${from.length} variables, and ${copy.state.length} are needed`);
    copy.state.set(from.subarray(offset, offset + length), offset);
    given.add(name);
  }
  return arrays.every(({ name, copy: of }) => of !== undefined || given.has(name)) ? "all" : given;
}

/**
 * Writes the arrays that other runs give, which has to be done before the rest of the disorder sample is drawn.
 *
 * @throws Error if such a run has no final state there, as its task has failed
 */
export function giveArrays({ continues }: RunPlan, point: number, model: CompiledModel, sources: StartSources | undefined): void {
  for (const { array, run, places } of continues?.given ?? []) {
    const final = sources?.finals[run];
    const place = places?.[point];
    if (!final) throw new Error(`the run ${continues!.runs[run]!.run} has no final state that ${array} could be taken from`);
    if (!place) throw new Error(`internal: nothing says where ${array} is in the state of ${continues!.runs[run]!.run}`);
    model.array(array).set(final.state.subarray(place.offset, place.offset + place.length));
  }
}
