import { createMessagePassing } from "../messagePassing/messagePassing.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { damping } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

const fraction = { text: "a number from 0 to below 1", has: (value: number): boolean => value >= 0 && value < 1 };

/** log cosh of a sum less that of a difference, halved: artanh(tanh a · tanh b), for any a and b. */
export function productField(a: number, b: number): number {
  if (a === Infinity) return b;
  const logCosh = (x: number): number => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x)));
  return (logCosh(a + b) - logCosh(a - b)) / 2;
}

/**
 * Focusing belief propagation (Baldassi, Borgs, Chayes, Ingrosso, Lucibello, Saglietti, Zecchina, PNAS 2016): belief propagation of y copies that
 * attract each other with strength γ, symmetric in the copies. Each spin gets one more message from itself, with the field
 * φ = artanh(tanh γ · tanh((y − 1) artanh(tanh h · tanh γ))), h its field without φ: the solutions in dense regions.
 *
 * The protocol of `BinaryCommitteeMachineFBP`: along a fraction ρ, γ = artanh(ρ^x) and y = 1 + ρ^(1 − 2x)/(1 − ρ). x = 0.5 is pseudo-reinforcement,
 * x = 0 reinforcement (γ = ∞, y = 1/(1 − ρ)). With `y` given, scoping: y copies, and γ as its own argument. The state is that of the signs of
 * the beliefs; energies count states without violated factors (T = 0), as their authors have it, unless T is given.
 */
export const focusingBeliefPropagation: Dynamics = {
  name: "focusing_bp",
  doc: "Belief propagation of coupled copies, driven towards dense regions of solutions: (pseudo-)reinforcement along rho, or scoping with y and gamma (Baldassi et al. 2016).",
  parameters: [
    { name: "rho", doc: "Progress of the reinforcement, from 0 to below 1; 0 -> 0.99 over the sweeps if not given.", schedule: true, optional: true, range: fraction },
    { name: "x", doc: "Exponent of the protocol: 0 reinforcement, 0.5 pseudo-reinforcement.", default: 0.5, range: { text: "a number from 0 to 0.5", has: (value) => value >= 0 && value <= 0.5 } },
    { name: "y", doc: "Number of coupled copies, for scoping; a number from 1.", schedule: true, optional: true, range: { text: "a number from 1", has: (value) => value >= 1 && value < Infinity } },
    { name: "gamma", doc: "Strength of their coupling, for scoping, from 0 to inf; 0 -> 10 over the sweeps if not given.", schedule: true, optional: true, range: { text: "0, a positive number, or inf", has: (value) => value >= 0 } },
    { name: "T", doc: "Temperature of the factors; 0 counts states without violated factors.", default: 0, range: { text: "0, a positive number, or inf", has: (value) => value >= 0 } },
    // All messages are computed from the same beliefs, which oscillate without it (0.5 is the example of its authors).
    { ...damping, default: 0.5 },
  ],
  needs: ["factorGraph"],
  domains: ["spin"],
  units: ["sweeps"],
  stationary: false,
  deterministic: () => true,
  create: (model, state, { arguments: given, amount }) => {
    const passing = createMessagePassing(model, state);
    const { sites } = passing;
    const own = new Float64Array(sites.count);
    const now = { done: 0 };
    const protocol = (): { readonly gamma: number; readonly y: number } => {
      if (given["y"] !== undefined) return { y: scheduleValue(given["y"], now.done, amount), gamma: scheduleValue(given["gamma"] ?? { from: 0, to: 10, shape: "linear" }, now.done, amount) };
      const rho = scheduleValue(given["rho"] ?? { from: 0, to: 0.99, shape: "linear" }, now.done, amount);
      const x = given["x"] as number;
      return { gamma: Math.atanh(rho ** x), y: 1 + rho ** (1 - 2 * x) / (1 - rho) };
    };
    const include = (): void => {
      for (let i = 0; i < own.length; i++) {
        sites.sums[sites.first[i] + 1] += own[i];
        sites.sums[sites.first[i]] -= own[i];
      }
    };
    return {
      step: () => {
        const { gamma, y } = protocol();
        passing.sweep(given["T"] as number, given["damping"] as number, () => {
          // The beliefs at this point are without the messages of the variables to themselves.
          for (let i = 0; i < own.length; i++) {
            const k = sites.first[i];
            const h = sites.zeros[k] === 0 && sites.zeros[k + 1] === 0 ? (sites.sums[k + 1] - sites.sums[k]) / 2 : 0;
            own[i] = productField(gamma, (y - 1) * productField(gamma, h));
          }
          include();
        });
        passing.conclude(state, include);
        now.done++;
        return true;
      },
      energy: () => model.energy(state),
      memory: memoryOf(now, [own, ...passing.arrays]),
      marginals: () => passing.conclude(state, include),
    };
  },
};
