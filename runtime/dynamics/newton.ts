import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { fold, foldsOf } from "../geometry/fold.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import { riemannianHessian } from "../linear/riemannianHessian.ts";
import { solve } from "../linear/solve.ts";
import type { Dynamics } from "./dynamics.ts";
import { evaluate } from "./evaluate.ts";
import { memoryOf } from "./memory.ts";

/** The share of the linear decrease of |g|² that a step must reach (Armijo). */
const SUFFICIENT_DECREASE = 1e-4;
/** Where |g|² does not fall within so many halvings, it has a minimum that is no zero. */
const MOST_HALVINGS = 3;
/** Length of a kick out of such a minimum, as a fraction of the largest distance of the state from the origin so far (of 1 where that is 0). */
const KICK = 1;
/** Steps are no longer than this fraction of it: near singular Hessians they are huge. */
const LONGEST = 0.3;
/** Steps that are relatively shorter than this, and don't lower |g|, are rounding: the search is over. */
const ROUNDING = 1e-10;

/**
 * Newton's method for zeros of the Riemannian gradient: p solves Hess p = −g in the tangent space, and x ← retract(x + t p), with t = 1
 * halved until |g|² falls as its slope −2 |g|² promises. Every Newton step, whatever the signs of the eigenvalues, is a direction of
 * descent of |g|², so that critical points of any index are found, with quadratic convergence at the end. Where |g|² has a minimum that is not 0
 * the Hessian is singular and nothing local helps: the state is kicked along a random tangent vector, and begins anew.
 * (Absil, Mahony, Sepulchre 2008, chapter 6; line search on |g|² and its local minima: Dennis, Schnabel 1983, section 6.5.)
 */
export const newton: Dynamics = {
  name: "newton",
  doc: "Newton's method for zeros of the gradient on the constraint set: critical points of any index.",
  parameters: [],
  needs: ["gradient", "hessian"],
  domains: ["real", "angle"],
  units: ["steps"],
  stationary: false,
  deterministic: () => true,
  create: (model, state, { stream }) => {
    const { dimension, spheres } = model;
    const folds = foldsOf(model.state);
    const euclidean = new Float64Array(dimension);
    const gradient = new Float64Array(dimension);
    const trial = new Float64Array(dimension);
    const trialGradient = new Float64Array(dimension);
    const direction = new Float64Array(dimension);
    const hessian = new Float64Array(dimension * dimension);
    const now = { energy: evaluate(model, state, gradient), norm: 0, kicks: 0, scale: 0 };
    now.norm = euclideanNorm(gradient);
    let trialEnergy = now.energy;
    /** Norm of the gradient at retract(state + t p). `direction` is −p. */
    const attempt = (t: number): number => {
      for (let i = 0; i < dimension; i++) trial[i] = state[i] - t * direction[i];
      retract(spheres, trial);
      trialEnergy = evaluate(model, trial, trialGradient);
      return euclideanNorm(trialGradient);
    };
    const accept = (trialNorm: number): true => {
      state.set(trial);
      fold(folds, state);
      gradient.set(trialGradient);
      now.energy = trialEnergy;
      now.norm = trialNorm;
      return true;
    };
    return {
      step: () => {
        if (now.norm === 0 || !Number.isFinite(now.norm)) return false;
        model.energyAndGradient(state, euclidean);
        model.hessian(state, hessian);
        riemannianHessian(spheres, state, euclidean, hessian, 1);
        solve(hessian, gradient, direction);
        // The largest norm so far: a critical point at 0 is reached by whole steps too.
        now.scale = Math.max(now.scale, euclideanNorm(state));
        const scale = now.scale || 1;
        const length = euclideanNorm(direction);
        const whole = Math.min(1, (LONGEST * scale) / length);
        for (let halving = 0, t = whole; halving <= MOST_HALVINGS; halving++, t /= 2) {
          const trialNorm = attempt(t);
          if (trialNorm * trialNorm < (1 - 2 * SUFFICIENT_DECREASE * t) * now.norm * now.norm) return accept(trialNorm);
        }
        // A singular Hessian gives a length that is no number: that needs a kick too.
        if (length <= ROUNDING * scale) return false;
        stream.normals(direction, 0, now.kicks++);
        projectGradient(spheres, state, direction, direction);
        const trialNorm = attempt((KICK * scale) / euclideanNorm(direction));
        return Number.isFinite(trialNorm) && accept(trialNorm);
      },
      energy: () => now.energy,
      memory: memoryOf(now, [gradient]),
      gradientNorm: () => now.norm,
      certain: () => (now.kicks > 0 ? false : undefined),
    };
  },
};
