import { localMoves } from "../moves/modelMoves.ts";
import { rejectionFree } from "../moves/rejectionFree.ts";
import { domainValues, drawUniformly, isDiscrete, longestMove } from "../moves/domainMoves.ts";
import type { MovedArray } from "../moves/modelMoves.ts";
import type { Dynamics, DynamicsOptions, Mover } from "./dynamics.ts";
import { constantsWith } from "../measuredConstants.ts";
import { memoryOf } from "./memory.ts";
import type { CompiledModel } from "../model.ts";
import type { Schedule } from "../engine/plan.ts";
import { positiveParameter, temperature } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";
import { StepTuner } from "./stepTuner.ts";

/** What the kernels keep is computed freshly after so many sweeps, so that rounding errors of its updates don't add up. */
export const SWEEPS_BETWEEN_REFRESHES = 1000;

/**
 * Sweeps after each of which it is decided how the next ones are made: one by one, or rejection-free (`rejectionFree.ts`), which takes the
 * differences of all moves anew for each accepted one. Only counted acceptances decide: below `rejection_free_below` accepted moves a sweep, divided
 * by the number of other values of a variable, the latter is cheaper, above `rejection_free_above` the former (`measuredConstants.ts`).
 */
const SWEEPS_BETWEEN_DECISIONS = 16;

/** Share of accepted proposals that random walks of one variable do well with (Gelman, Roberts, Gilks, Bayesian Statistics 5 (1996)). */
const BEST_ACCEPTANCE = 0.44;

/**
 * Metropolis moves of single entries at random sites (Metropolis, Rosenbluth, Rosenbluth, Teller, Teller, J. Chem. Phys. 21, 1087
 * (1953)): a proposal that raises the energy by ΔH is accepted if ΔH <= −T log u. A sweep attempts as many moves as there are
 * variables, array after array, each at a site drawn uniformly with replacement. Spins and bits propose the other value, Potts
 * variables one of the others, continuous variables a uniform step.
 */
export const metropolis: Dynamics = {
  name: "metropolis",
  doc: "Single-variable moves accepted with probability min(1, exp(-ΔH/T)).",
  parameters: [temperature, positiveParameter({ name: "width", doc: "Largest step of continuous variables. Tuned during `evolve` if not given.", optional: true })],
  needs: ["delta"],
  domains: ["spin", "bit", "potts", "real", "interval", "angle"],
  units: ["sweeps"],
  stationary: true,
  create: createMetropolis,
};

export function createMetropolis(model: CompiledModel, state: Float64Array, options: DynamicsOptions): Mover {
  const moves = localMoves(model);
  const constants = constantsWith(options.constants);
  const uniforms = new Float64Array(moves.arrays.reduce((most, a) => (isDiscrete(a.domain) && a.domain.name !== "potts" ? most : Math.max(most, a.length)), 0));
  const continuous = moves.arrays.filter((a) => !isDiscrete(a.domain));
  const given = options.arguments["width"] as number | undefined;
  const tuner = continuous.length > 0 && options.tuning === true && given === undefined
    ? new StepTuner(1, BEST_ACCEPTANCE, Math.max(...continuous.map((a) => longestMove(a.domain)))) : undefined;
  const steps = continuous.reduce((sum, a) => sum + a.length, 0);
  const T = options.arguments["T"]!;
  const now: Record<"sweep" | "energy" | "accepted" | "attempted" | "acceptedLately", number> & { withoutRejections: boolean } =
    { sweep: 0, energy: model.energy(state), accepted: 0, attempted: 0, acceptedLately: 0, withoutRejections: false };
  // Of variables with finitely many values, at one temperature.
  const otherValues = Math.max(...moves.arrays.map(({ domain }) => (domainValues(domain)?.length ?? Infinity) - 1));
  const events = typeof T === "number" && otherValues < Infinity && moves.arrays.every(({ domain }) => domainValues(domain)!.length > 1) ? moves.arrays.map(rejectionFree) : undefined;
  let acceptedSteps = 0;

  const count = (accepted: number, change: number, attempted: number): void => {
    now.energy += change;
    now.accepted += accepted;
    now.acceptedLately += accepted;
    now.attempted += attempted;
  };

  const attemptAll = (array: MovedArray): void => {
    const { kernel, length, offset, domain } = array;
    if (events && typeof T === "number" && now.withoutRejections) {
      const { accepted, change } = events[moves.arrays.indexOf(array)]!.sweep(T, (k) => options.stream.uniform(now.sweep, 2 * offset + k));
      count(accepted, change, length);
      if (accepted > 0) for (const other of events) other.forget();
      return;
    }
    if (isDiscrete(domain) && domain.name !== "potts") kernel.draws.fill(0);
    else {
      const u = uniforms.subarray(0, length);
      options.stream.uniforms(u, offset, now.sweep);
      for (let t = 0; t < length; t++) kernel.draws[t] = drawUniformly(domain, u[t]!, tuner?.step ?? given ?? 1);
    }
    // Arrays have even parts of the stream, one behind the other.
    options.stream.attempts(kernel.entries, kernel.thresholds, 2 * offset, length, typeof T === "number" ? T : 1, now.sweep);
    if (typeof T !== "number") scaleThresholds(kernel.thresholds, T, now.sweep, options.amount);
    kernel.attempts[0] = length;
    kernel.run();
    const [hits, change] = kernel.tally;
    count(hits!, change!, length);
    if (!isDiscrete(domain)) acceptedSteps += hits!;
  };

  return {
    step: () => {
      const refresh = now.sweep > 0 && now.sweep % SWEEPS_BETWEEN_REFRESHES === 0;
      moves.enter(state, refresh);
      acceptedSteps = 0;
      for (const array of moves.arrays) attemptAll(array);
      tuner?.learn(acceptedSteps / steps);
      state.set(moves.current);
      if (refresh) now.energy = model.energy(state);
      now.sweep++;
      if (refresh) events?.forEach((e) => { e.forget(); });
      if (events && now.sweep % SWEEPS_BETWEEN_DECISIONS === 0) {
        const aSweep = (otherValues * now.acceptedLately) / SWEEPS_BETWEEN_DECISIONS / events.length;
        const before = now.withoutRejections;
        now.withoutRejections = before ? aSweep <= constants.rejection_free_above : aSweep < constants.rejection_free_below;
        now.acceptedLately = 0;
        if (before !== now.withoutRejections) events.forEach((e) => { e.forget(); });
      }
      return true;
    },
    energy: () => now.energy,
    restart: () => {
      moves.enter(state, true);
      now.energy = model.energy(state);
      events?.forEach((e) => { e.forget(); });
    },
    memory: memoryOf(now, [], [moves.memory, ...(tuner ? [tuner.memory] : [])]),
    acceptance: () => (now.attempted === 0 ? 0 : now.accepted / now.attempted),
    ...(tuner ? { tuned: () => ({ width: tuner.settled }) } : {}),
  };
}

/** From −log u to −T log u, with the temperature that a schedule has at each attempt. */
function scaleThresholds(thresholds: Float64Array, T: Schedule, sweep: number, amount: number): void {
  const n = thresholds.length;
  for (let t = 0; t < n; t++) thresholds[t]! *= scheduleValue(T, sweep * n + t, amount * n);
}
