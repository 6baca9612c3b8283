import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { fold, foldsOf } from "../geometry/fold.ts";
import { geodesic } from "../geometry/geodesic.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { askedFor, stepOf, type Asking } from "./asking.ts";
import { diverged } from "./diverged.ts";
import type { Dynamics } from "./dynamics.ts";
import { evaluate } from "./evaluate.ts";
import { memoryOf } from "./memory.ts";
import { finiteTemperature, positiveParameter, timeStep } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/**
 * Langevin dynamics with inertia, dx = p dt, dp = −∇H dt − γ p dt + √(2 γ T) dW (unit mass), by the splitting BAOAB (Leimkuhler, Matthews,
 * Appl. Math. Res. eXpress 2013, 34), on spheres along geodesics with tangent momenta (g-BAOAB; same authors, Proc. R. Soc. A 472,
 * 20160138 (2016)):
 *
 *     half a kick, half a drift, p ← c p + √((1 − c²) T) P ξ with c = exp(-γ dt), half a drift, half a kick.
 *
 * The law of x is exp(-H/T) up to an error of order dt², and exactly so for a quadratic H, for dt below 2/√λ. Momenta are drawn
 * from their law at the start.
 */
export const underdamped: Dynamics = {
  name: "underdamped",
  doc: "Langevin dynamics with inertia and friction (BAOAB). Its law is exp(-H/T) up to an error of order dt².",
  parameters: [finiteTemperature, timeStep, positiveParameter({ name: "friction", doc: "Rate at which momenta decay.", default: 1 })],
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
    const gradient = new Float64Array(dimension);
    const momentum = new Float64Array(dimension);
    const noise = new Float64Array(dimension);
    const dt = given["dt"] as number;
    const kept = Math.exp(-(given["friction"] as number) * dt);
    const now = { energy: evaluate(model, state, gradient), done: 0 };
    const kick = (): void => {
      for (let i = 0; i < dimension; i++) momentum[i] -= 0.5 * dt * gradient[i];
    };
    const drift = (): void => {
      geodesic(spheres, state, momentum, 0.5 * dt);
      fold(folds, state, momentum);
    };
    /** New momenta: what is kept of the old ones and noise; step 0 of the stream is the start. */
    const refresh = (share: number, place: number, temperature: number, first = 0): void => {
      stream.normals(noise, first, place);
      const amplitude = Math.sqrt((1 - share * share) * temperature);
      for (let i = 0; i < dimension; i++) momentum[i] = share * momentum[i] + amplitude * noise[i];
      projectGradient(spheres, state, momentum, momentum);
    };
    refresh(0, 0, scheduleValue(given["T"]!, 0, amount));
    function* asking(): Asking<boolean> {
      kick();
      drift();
      refresh(kept, now.done + 1, scheduleValue(given["T"]!, now.done, amount));
      drift();
      now.energy = yield* askedFor(model, state, gradient);
      if (!Number.isFinite(now.energy)) throw diverged("underdamped", now.done, "dt");
      kick();
      now.done++;
      return true;
    }
    return {
      ...stepOf(model, asking),
      energy: () => now.energy,
      // Momenta belong to the temperature and are tangent at the state: new ones from their law, of numbers that no step takes.
      restart: () => {
        now.energy = evaluate(model, state, gradient);
        refresh(0, now.done, scheduleValue(given["T"]!, now.done, amount), 2 * dimension);
      },
      memory: memoryOf(now, [gradient, momentum]),
      gradientNorm: () => euclideanNorm(gradient),
    };
  },
};
