import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { fold, foldsOf, squaredDistance } from "../geometry/fold.ts";
import { geodesic } from "../geometry/geodesic.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { acceptanceProbability } from "./acceptanceProbability.ts";
import { askedFor, stepOf, type Asking } from "./asking.ts";
import type { Dynamics } from "./dynamics.ts";
import { evaluate } from "./evaluate.ts";
import { firstStep, longestStep } from "./firstStep.ts";
import { memoryOf } from "./memory.ts";
import { finiteTemperature, positiveParameter } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";
import { StepTuner } from "./stepTuner.ts";
import { TrajectoryTuner } from "./trajectoryTuner.ts";

/** Beyond the best share of 0.651 (Beskos et al., Bernoulli 19, 1501 (2013)) little is lost, and hard regions are less often refused. */
const GOAL = 0.8;
/** Steps vary by this fraction from trajectory to trajectory, so that no period of the landscape makes trajectories return to where they began. */
const JITTER = 0.2;

/**
 * Hamiltonian Monte Carlo (Duane, Kennedy, Pendleton, Roweth, Phys. Lett. B 195, 216 (1987)): momenta of unit mass with the law exp(-p²/2T),
 * `leapfrog` steps of duration `step`, and the acceptance min(1, exp(-Δ(H + p²/2)/T)). On spheres momenta are tangent and positions move
 * along great circles (`geodesic`), which keeps the map reversible and volume-preserving, so that exp(-H/T) is stationary for every step.
 * A trajectory that ends where an inequality forbids it is refused; on its way it may pass there.
 *
 * `step` has the unit of a time of Newton's equations, and not of `langevin`: h corresponds to dt = h²/2.
 */
export const hmc: Dynamics = {
  name: "hmc",
  doc: "Hamiltonian Monte Carlo: leapfrog trajectories with Metropolis acceptance; each step is one trajectory.",
  parameters: [
    finiteTemperature,
    positiveParameter({ name: "step", doc: "Time step of the leapfrog, varied by a fifth from trajectory to trajectory. Tuned during `evolve` if not given.", optional: true }),
    { name: "leapfrog", doc: "Leapfrog steps in a trajectory. Tuned during `evolve` if not given.", optional: true, kind: "integer" },
  ],
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
    const end = new Float64Array(dimension);
    const endGradient = new Float64Array(dimension);
    const momentum = new Float64Array(dimension);
    const now = { energy: evaluate(model, state, gradient), done: 0, accepted: 0 };
    const atStart = scheduleValue(given["T"]!, 0, amount);
    const stepTuner = given["step"] === undefined && tuning === true
      ? new StepTuner(Math.sqrt(2 * firstStep(state, gradient, atStart)), GOAL, Math.sqrt(2 * longestStep(spheres, folds, atStart))) : undefined;
    const lengthTuner = given["leapfrog"] === undefined && tuning === true ? new TrajectoryTuner() : undefined;
    const kinetic = (): number => 0.5 * euclideanNorm(momentum) ** 2;
    const kick = (time: number): void => {
      for (let i = 0; i < dimension; i++) momentum[i] -= time * endGradient[i];
    };
    function* asking(): Asking<boolean> {
      const temperature = scheduleValue(given["T"]!, now.done, amount);
      const leapfrogs = lengthTuner?.leapfrogs ?? (given["leapfrog"] as number);
      const h = (stepTuner?.step ?? (given["step"] as number)) * (1 + JITTER * (2 * stream.uniform(now.done, 1) - 1));
      stream.normals(momentum, 0, now.done);
      projectGradient(spheres, state, momentum, momentum);
      const spread = Math.sqrt(temperature);
      for (let i = 0; i < dimension; i++) momentum[i] *= spread;
      const before = now.energy + kinetic();
      end.set(state);
      endGradient.set(gradient);
      let proposed = now.energy;
      // A trajectory whose energy overflows is refused as a whole; what is left of it is not worth its evaluations.
      for (let k = 0; k < leapfrogs && Number.isFinite(proposed); k++) {
        kick(0.5 * h);
        geodesic(spheres, end, momentum, h);
        fold(folds, end, momentum);
        proposed = yield* askedFor(model, end, endGradient);
        kick(0.5 * h);
        // The gradient at the new place is tangent there, so the momentum stays so; only rounding has to go.
        projectGradient(spheres, end, momentum, momentum);
      }
      const probability = model.satisfies?.(end) === false ? 0 : acceptanceProbability(proposed + kinetic() - before, temperature);
      stepTuner?.learn(probability);
      lengthTuner?.learn(probability, squaredDistance(folds, state, end));
      if (stream.uniform(now.done, 0) < probability) {
        state.set(end);
        gradient.set(endGradient);
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
      memory: memoryOf(now, [gradient], [...(stepTuner ? [stepTuner.memory] : []), ...(lengthTuner ? [lengthTuner.memory] : [])]),
      gradientNorm: () => euclideanNorm(gradient),
      tuned: () => ({ ...(stepTuner ? { step: stepTuner.settled } : {}), ...(lengthTuner ? { leapfrog: lengthTuner.settled } : {}) }),
      acceptance: () => now.accepted / Math.max(1, now.done),
    };
  },
};
