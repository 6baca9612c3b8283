import type { DynamicsDescriptor } from "../dynamics/dynamics.ts";
import type { PlannedStep } from "./plan.ts";
import { atPoint } from "./plan.ts";

export interface StepCounts {
  /** Calls of the mover's `step`. */
  readonly amount: number;
  /** Calls between two records. */
  readonly every: number;
}

/**
 * What a step of a run asks for, in calls of the mover: sweeps, steps and epochs are one call each; `time` is divided by the duration of a
 * step and rounded, to one call at least.
 *
 * @throws Error (internal) for a unit that the dynamics does not count in
 */
export function stepCounts(step: PlannedStep, dynamics: Pick<DynamicsDescriptor, "name" | "units" | "timeStep">, point: number): StepCounts {
  const amount = atPoint(step.amount, point);
  const every = atPoint(step.every, point);
  if (!dynamics.units.includes(step.unit)) throw new Error(`internal: ${dynamics.name} does not count in ${step.unit}`);
  if (step.unit !== "time") return { amount, every };
  const duration = dynamics.timeStep === undefined ? undefined : step.arguments[point][dynamics.timeStep];
  if (typeof duration !== "number") throw new Error(`internal: a step of ${dynamics.name} has no duration`);
  const calls = (time: number): number => Math.max(1, Math.round(time / duration));
  return { amount: calls(amount), every: calls(every) };
}
