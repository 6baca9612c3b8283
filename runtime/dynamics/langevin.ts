import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { fold, foldsOf } from "../geometry/fold.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import { askedFor, stepOf, type Asking } from "./asking.ts";
import { diverged } from "./diverged.ts";
import type { Dynamics } from "./dynamics.ts";
import { evaluate } from "./evaluate.ts";
import { memoryOf } from "./memory.ts";
import { finiteTemperature, timeStep } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/**
 * Overdamped Langevin dynamics by the Euler-Maruyama scheme, on a product of spheres by projection of the noise on the tangent space and
 * retraction of the step:
 *
 *     x ← retract(x − ∇H dt + √(2 T dt) P ξ),   ξ standard normal, new in every step.
 *
 * The retraction agrees with the geodesic to second order, so that as dt → 0 this is the diffusion on the constraint set whose stationary law is
 * exp(-H/T). At finite dt the law is wrong by order dt: for H = Σ λ x²/2 the variance of x is (T/λ) / (1 − λ dt/2) instead of T/λ,
 * and for λ dt > 2 there is none. Steps over the end of an interval are mirrored at it, which is an error of order dt too (Bossy, Gobet, Talay, J. Appl. Probab.
 * 41, 877 (2004)).
 */
export const langevin: Dynamics = {
  name: "langevin",
  doc: "Overdamped Langevin dynamics, −∇H dt + √(2 T dt) ξ, projected on the constraint set. Its law is exp(-H/T) up to an error of order dt.",
  parameters: [finiteTemperature, timeStep],
  needs: ["gradient"],
  asks: () => true,
  domains: ["real", "interval", "angle"],
  units: ["steps", "time"],
  timeStep: "dt",
  stationary: true,
  deterministic: (given) => given["T"] === 0,
  discretised: true,
  create: (model, state, { arguments: given, amount, stream }) => {
    const { dimension, spheres } = model;
    const folds = foldsOf(model.state);
    const noise = new Float64Array(dimension);
    const gradient = new Float64Array(dimension);
    const dt = given["dt"] as number;
    const now = { energy: evaluate(model, state, gradient), done: 0 };
    function* asking(): Asking<boolean> {
      const temperature = scheduleValue(given["T"]!, now.done, amount);
      const amplitude = Math.sqrt(2 * temperature * dt);
      stream.normals(noise, 0, now.done);
      projectGradient(spheres, state, noise, noise);
      for (let i = 0; i < dimension; i++) state[i] += amplitude * noise[i] - dt * gradient[i];
      retract(spheres, state);
      fold(folds, state);
      now.energy = yield* askedFor(model, state, gradient);
      if (!Number.isFinite(now.energy)) throw diverged("langevin", now.done, "dt");
      now.done++;
      return true;
    }
    return {
      ...stepOf(model, asking),
      energy: () => now.energy,
      restart: () => {
        now.energy = evaluate(model, state, gradient);
      },
      memory: memoryOf(now, [gradient]),
      gradientNorm: () => euclideanNorm(gradient),
    };
  },
};
