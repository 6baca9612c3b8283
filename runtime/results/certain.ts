import type { RunPlan } from "../engine/plan.ts";
import type { TaskRecord } from "./records.ts";

/** Whether chance has no part in an observable of a task: an exact sum, a run that draws nothing, or a dynamics that found what does not depend on it. */
export function isCertain({ chance }: RunPlan, { weights, steps }: TaskRecord, observable: string): boolean {
  if (weights !== undefined) return true;
  if (chance?.observables.includes(observable) !== false) return false;
  return steps.at(-1)?.certain === true || (!chance.states && steps.every(({ certain }) => certain !== false));
}
