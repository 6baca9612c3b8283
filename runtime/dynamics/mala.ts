import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { fold, foldsOf } from "../geometry/fold.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { tangentProposal } from "../geometry/tangentProposal.ts";
import { acceptanceProbability } from "./acceptanceProbability.ts";
import { askedFor, stepOf, type Asking } from "./asking.ts";
import type { Dynamics } from "./dynamics.ts";
import { evaluate } from "./evaluate.ts";
import { firstStep, longestStep } from "./firstStep.ts";
import { memoryOf } from "./memory.ts";
import { finiteTemperature, positiveParameter } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";
import { StepTuner } from "./stepTuner.ts";

/** The share of accepted proposals that is best in high dimension (Roberts, Rosenthal, J. R. Stat. Soc. B 60, 255 (1998)). */
const BEST_ACCEPTANCE = 0.574;

/**
 * The Metropolis-adjusted Langevin algorithm (Roberts, Tweedie, Bernoulli 2, 341 (1996)): the step of `langevin` with dt = step,
 *
 *     y = retract(x + v),   v = −h g(x) + √(2 T h) P ξ,
 *
 * is accepted with probability min(1, π(y) q(y → x) / (π(x) q(x → y))), which makes exp(-H/T) stationary for every step.
 *
 * On spheres the reverse proposal is the tangent vector v' at y that leads back, retract(y + v') = x (`backwardVelocity`). The
 * densities of y and of x on the sphere are those of v and v' times a Jacobian that depends on the angle between x and y only, so that it cancels
 * (Zappa, Holmes-Cerfon, Goodman, Comm. Pure Appl. Math. 71, 2609 (2018), section 2, for a general projection). What an inequality
 * forbids has the weight 0: such a proposal is refused.
 */
export const mala: Dynamics = {
  name: "mala",
  doc: "Langevin proposals with Metropolis acceptance: exp(-H/T) is stationary for every step.",
  parameters: [finiteTemperature, positiveParameter({ name: "step", doc: "Time step of the proposal. Tuned during `evolve` if not given.", optional: true })],
  needs: ["gradient"],
  asks: () => true,
  domains: ["real", "interval", "angle"],
  units: ["steps"],
  stationary: true,
  keepsInequalities: true,
  create: (model, state, { arguments: given, amount, stream, tuning }) => {
    const { dimension, spheres } = model;
    const folds = foldsOf(model.state);
    const gradient = new Float64Array(dimension);
    const proposal = new Float64Array(dimension);
    const proposalGradient = new Float64Array(dimension);
    const velocity = new Float64Array(dimension);
    const backward = new Float64Array(dimension);
    const now = { energy: evaluate(model, state, gradient), done: 0, accepted: 0 };
    const atStart = scheduleValue(given["T"]!, 0, amount);
    const tuner = given["step"] === undefined && tuning === true
      ? new StepTuner(firstStep(state, gradient, atStart), BEST_ACCEPTANCE, longestStep(spheres, folds, atStart)) : undefined;
    function* asking(): Asking<boolean> {
      const temperature = scheduleValue(given["T"]!, now.done, amount);
      const h = tuner?.step ?? (given["step"] as number);
      const amplitude = Math.sqrt(2 * temperature * h);
      stream.normals(velocity, 0, now.done);
      projectGradient(spheres, state, velocity, velocity);
      for (let i = 0; i < dimension; i++) velocity[i] = amplitude * velocity[i] - h * gradient[i];
      tangentProposal(spheres, state, velocity, proposal, backward);
      fold(folds, proposal, backward);
      const proposed = yield* askedFor(model, proposal, proposalGradient);
      let forth = 0;
      let back = 0;
      for (let i = 0; i < dimension; i++) {
        forth += (velocity[i] + h * gradient[i]) ** 2;
        back += (backward[i] + h * proposalGradient[i]) ** 2;
      }
      // Without noise nothing comes back: T = 0 is descent with steps that lower the energy.
      const cost = temperature > 0 ? proposed - now.energy + (back - forth) / (4 * h) : proposed - now.energy;
      const probability = model.satisfies?.(proposal) === false ? 0 : acceptanceProbability(cost, temperature);
      tuner?.learn(probability);
      if (stream.uniform(now.done, 0) < probability) {
        state.set(proposal);
        gradient.set(proposalGradient);
        now.energy = proposed;
        now.accepted++;
      }
      now.done++;
      return true;
    }
    return {
      ...stepOf(model, asking),
      energy: () => now.energy,
      restart: () => {
        now.energy = evaluate(model, state, gradient);
      },
      memory: memoryOf(now, [gradient], tuner ? [tuner.memory] : []),
      gradientNorm: () => euclideanNorm(gradient),
      tuned: () => (tuner ? { step: tuner.settled } : {}),
      acceptance: () => now.accepted / Math.max(1, now.done),
    };
  },
};
