import type { Schedule } from "../engine/plan.ts";
import { DescentStepper } from "./descentStepper.ts";
import { FixedRateStepper } from "./fixedRateStepper.ts";
import type { TrialBuffers, TrialStepper } from "./trialStepper.ts";

export interface DescentOptions {
  /** `rate` or nothing. */
  readonly arguments: Readonly<Record<string, number | Schedule>>;
  /** Number of steps, for a schedule of the rate. */
  readonly amount: number;
  /** See `DescentStepper`. */
  readonly energyPrecision?: number;
  /** What was done of this descent before, so that schedules and phases go on where they were. */
  readonly progress?: DescentProgress;
}

/** How far a descent is that goes on elsewhere: another precision, another machine. */
export interface DescentProgress {
  /** Accepted steps so far; `amount` counts them. */
  readonly steps: number;
  /** Largest norm of the projected gradient so far. */
  readonly largestGradient: number;
}

/** The stepper that the arguments of `descent` ask for, on memory that the caller evaluates in. */
export function createStepper(buffers: TrialBuffers, options: DescentOptions): TrialStepper {
  const rate = options.arguments["rate"];
  return rate === undefined ? new DescentStepper(buffers, options.energyPrecision, options.progress?.largestGradient) : new FixedRateStepper(buffers, rate, options.amount, options.progress?.steps);
}
