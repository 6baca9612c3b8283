/**
 * Dynamics of the language that this version does not have yet. The compiler checks their names, parameters and units, and then
 * refuses them by name. One that gets implemented moves to a file of its own and to the table in `index.ts`.
 */
import type { DynamicsDescriptor, DynamicsParameter } from "./dynamics.ts";
import { batch, rate, temperature } from "./parameters.ts";

const FINITE = ["spin", "bit", "potts"];
const CONTINUOUS = ["real", "interval", "angle"];
const ALL = [...FINITE, ...CONTINUOUS];

const damping: DynamicsParameter = { name: "damping", doc: "Weight of the old messages in an update, from 0 to 1.", default: 0 };
const replicas: DynamicsParameter = { name: "replicas", doc: "Number of coupled copies.", kind: "integer" };

const planned = (descriptor: DynamicsDescriptor): DynamicsDescriptor & { readonly implemented: false } => ({ ...descriptor, implemented: false });

export const tempering = planned({
  name: "tempering",
  doc: "Parallel tempering: copies at several temperatures, moved by another dynamics, that exchange their states.",
  parameters: [
    { name: "dynamics", doc: "What moves each copy, without its temperature.", kind: "dynamics" },
    { name: "T", doc: "The temperatures; a sweep variable of the records.", kind: "values" },
  ],
  needs: ["delta"], domains: ALL, units: ["sweeps"], stationary: true,
});
export const beliefPropagation = planned({
  name: "belief_propagation",
  doc: "Cavity messages on the factor graph of the energy, iterated to a fixed point.",
  parameters: [temperature, damping],
  needs: ["factorGraph"], domains: FINITE, units: ["sweeps"], stationary: false, quantities: ["free_energy"],
});
export const focusingBeliefPropagation = planned({
  name: "focusing_bp",
  doc: "Belief propagation of coupled copies, driven towards dense regions of solutions (Baldassi et al. 2016).",
  parameters: [replicas, { name: "gamma", doc: "Strength of the coupling of the copies.", schedule: true }, damping],
  needs: ["factorGraph"], domains: FINITE, units: ["sweeps"], stationary: false,
});
export const amp = planned({
  name: "amp",
  doc: "Approximate message passing for dense generalised linear energies.",
  parameters: [temperature, damping],
  needs: ["factorGraph"], domains: [...FINITE, "real"], units: ["steps"], stationary: false, quantities: ["free_energy"],
});
export const replicatedSgd = planned({
  name: "replicated_sgd",
  doc: "Stochastic gradient descent of several copies that attract each other.",
  parameters: [rate, batch, replicas, { name: "gamma", doc: "Strength of the coupling of the copies.", schedule: true }],
  needs: ["gradient", "miniBatches"], domains: ["real"], units: ["epochs", "steps"], stationary: false,
});
export const sbpi = planned({
  name: "sbpi",
  doc: "Stochastic belief-propagation-inspired learning with discrete hidden states (Baldassi et al. 2007).",
  parameters: [],
  needs: ["miniBatches"], domains: ["spin"], units: ["epochs"], stationary: false,
});
