import { fold, foldsOf } from "../geometry/fold.ts";
import { stepOf, type Asking } from "./asking.ts";
import { batchedDescent } from "./batchedDescent.ts";
import { createStepper } from "./createStepper.ts";
import type { Dynamics } from "./dynamics.ts";

/** Steepest descent to a minimum of the energy: see `DescentStepper` for the rule and `FixedRateStepper` for a given rate. */
export const descent: Dynamics = {
  name: "descent",
  doc: "Steepest descent on the constraint set: gradient flow into a basin, then spectral steps with backtracking; or a fixed rate.",
  parameters: [
    { name: "rate", doc: "Step along minus the gradient of the energy as written; without it each step is found by backtracking.", optional: true, schedule: true },
  ],
  needs: ["gradient"],
  asks: () => true,
  domains: ["real", "angle"],
  units: ["steps"],
  stationary: false,
  deterministic: () => true,
  create: (model, state, options) => {
    const trial = new Float64Array(model.dimension);
    const trialGradient = new Float64Array(model.dimension);
    const folds = foldsOf(model.state);
    // Where other starts went on with this one, angles moved freely.
    fold(folds, state);
    const stepper = createStepper({ state, trial, trialGradient, spheres: model.spheres }, options);
    stepper.start(model.energyAndGradient(state, trialGradient));
    function* asking(): Asking<boolean> {
      while (stepper.propose()) {
        if (!stepper.consume(yield { point: trial, gradient: trialGradient })) continue;
        fold(folds, state);
        return true;
      }
      return false;
    }
    return {
      ...stepOf(model, asking),
      energy: () => stepper.energy,
      memory: stepper.memory,
      gradientNorm: () => stepper.gradientNorm,
    };
  },
  createBatch: batchedDescent,
};
