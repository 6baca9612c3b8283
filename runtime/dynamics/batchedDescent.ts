import type { ConstraintSet } from "../model.ts";
import type { DescentOptions } from "./createStepper.ts";
import { createStepper } from "./createStepper.ts";
import type { TrialStepper } from "./trialStepper.ts";

/** A model that evaluates many states of one disorder sample at once, as accelerators like it. */
export interface BatchedModel {
  /** Number of states. */
  readonly batch: number;
  /** Numbers in one state. */
  readonly dimension: number;
  readonly spheres: ConstraintSet;
  /**
   * Energies (batch) and Euclidean gradients (batch × dimension) of `states` (batch × dimension, row-major). Rows of which `active` is 0
   * may be left out: what is written for them is not read.
   */
  readonly energiesAndGradients: (states: Float64Array, energies: Float64Array, gradients: Float64Array, active: Uint8Array) => void;
}

export interface BatchedDescentOptions extends DescentOptions {
  /** Called after each accepted step of a start, whose state is up to date; true stops that start. */
  readonly until?: (start: number) => boolean;
}

export interface BatchedDescent {
  /** One evaluation for all active starts: each accepts its trial or shortens its step. Returns how many are still active. */
  readonly advance: () => number;
  /** For each start whether it still moves. */
  readonly active: Uint8Array;
  /** For each start the number of accepted steps; at most `amount`. */
  readonly steps: Int32Array;
  /** For each start 1 if it stopped because no further move was possible. */
  readonly stalled: Uint8Array;
  readonly energy: (start: number) => number;
  readonly gradientNorm: (start: number) => number;
}

/**
 * `descent` on all rows of `states` (batch × dimension, changed in place) at once. Each start follows its own line search, step for step the
 * one that it would make alone; only the evaluations are shared, so starts that need more halvings fall behind in steps.
 */
export function batchedDescent(model: BatchedModel, states: Float64Array, options: BatchedDescentOptions): BatchedDescent {
  const { batch, dimension, spheres } = model;
  const trials = states.slice();
  const gradients = new Float64Array(batch * dimension);
  const energies = new Float64Array(batch);
  const active = new Uint8Array(batch).fill(1);
  const steps = new Int32Array(batch);
  const stalled = new Uint8Array(batch);
  const row = (array: Float64Array, start: number): Float64Array => array.subarray(start * dimension, (start + 1) * dimension);
  const steppers: TrialStepper[] = Array.from({ length: batch }, (_, start) =>
    createStepper({ state: row(states, start), trial: row(trials, start), trialGradient: row(gradients, start), spheres }, options),
  );

  model.energiesAndGradients(states, energies, gradients, active);
  steppers.forEach((stepper, start) => stepper.start(energies[start]));

  const propose = (start: number): void => {
    if (active[start] === 0) return;
    if (steps[start] >= options.amount) active[start] = 0;
    else if (!steppers[start].propose()) {
      active[start] = 0;
      stalled[start] = 1;
    }
  };

  const advance = (): number => {
    for (let start = 0; start < batch; start++) propose(start);
    if (!active.includes(1)) return 0;
    model.energiesAndGradients(trials, energies, gradients, active);
    let remaining = 0;
    for (let start = 0; start < batch; start++) {
      if (active[start] === 0) continue;
      if (steppers[start].consume(energies[start])) {
        steps[start]++;
        if (options.until?.(start) === true || steps[start] >= options.amount) active[start] = 0;
      }
      remaining += active[start];
    }
    return remaining;
  };

  return {
    advance,
    active,
    steps,
    stalled,
    energy: (start) => steppers[start].energy,
    gradientNorm: (start) => steppers[start].gradientNorm,
  };
}
