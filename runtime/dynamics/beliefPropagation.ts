import { createMessagePassing } from "../messagePassing/messagePassing.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { damping, temperature, tolerance } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/**
 * Belief propagation: cavity messages on the factor graph of the energy (`messagePassing/`), exact on trees. Factors over few variables have
 * tables; those that depend on many through one field have Gaussian messages. A sweep computes every message once. It ends at a fixed point: when no
 * message changes by more than the tolerance. At T = 0 the factors must be 0 where they are satisfied, and messages count the states that
 * satisfy all. The state holds the most probable value of each variable; the first messages lean slightly towards the initial state.
 */
export const beliefPropagation: Dynamics = {
  name: "belief_propagation",
  doc: "Cavity messages on the factor graph of the energy, iterated to a fixed point; exact on trees.",
  parameters: [temperature, damping, tolerance],
  needs: ["factorGraph"],
  domains: ["spin", "bit", "potts"],
  units: ["sweeps"],
  stationary: false,
  deterministic: () => true,
  infers: true,
  quantities: ["free_energy", "entropy", "internal_energy"],
  create: (model, state, { arguments: given, amount }) => {
    const passing = createMessagePassing(model, state);
    const now = { done: 0, converged: false };
    const T = (): number => scheduleValue(given["T"]!, Math.max(0, now.done - 1), amount);
    return {
      step: () => {
        if (now.converged) return false;
        const change = passing.sweep(scheduleValue(given["T"]!, now.done, amount), given["damping"] as number);
        now.done++;
        // A schedule ends where it ends: a fixed point on the way is none.
        now.converged = typeof given["T"] === "number" && change <= (given["tolerance"] as number);
        passing.conclude(state);
        return true;
      },
      energy: () => model.energy(state),
      memory: memoryOf(now, passing.arrays),
      // On a tree there is one fixed point, and the first messages are forgotten.
      certain: () => (now.converged && passing.isTree ? true : undefined),
      converged: () => now.converged || typeof given["T"] !== "number",
      marginals: () => passing.conclude(state),
      quantities: () => {
        const { freeEnergy, entropy, energy } = passing.bethe(T());
        return { free_energy: freeEnergy, entropy, internal_energy: energy };
      },
    };
  },
};
