import type { ConstraintSet } from "../model.ts";
import type { Memory } from "./memory.ts";

/**
 * A descent as a state machine over evaluations of the energy: it proposes a trial point, is told energy and gradient there, and
 * proposes the next. It never evaluates anything itself, so one rule serves a single state and a batch of states
 * that are evaluated together.
 *
 *     start(f(state))  with ∇f(state) in trialGradient;   then, for each step,
 *     while propose():  evaluate at trial;  if consume(f(trial)): the step is done
 */
export interface TrialStepper {
  /** Energy of `state`. */
  readonly energy: number;
  /** Euclidean norm of the projected gradient at `state`. */
  readonly gradientNorm: number;
  /** What the next step depends on, beside the state; between two steps. */
  readonly memory: Memory;
  /** Takes the energy of `state`; its Euclidean gradient is in `trialGradient`. */
  readonly start: (energy: number) => void;
  /** Writes the next trial point to `trial`. False when there is none: at a critical point, or when the line search has stalled. */
  readonly propose: () => boolean;
  /** Takes the energy of `trial`; its Euclidean gradient is in `trialGradient`. True when `trial` was accepted and is now `state`. */
  readonly consume: (energy: number) => boolean;
}

/** The memory that a stepper shares with whoever evaluates: `dimension` numbers each; views into the buffers of a batch, or arrays of their own. */
export interface TrialBuffers {
  readonly state: Float64Array;
  readonly trial: Float64Array;
  readonly trialGradient: Float64Array;
  readonly spheres: ConstraintSet;
}
