import type { CompiledModel } from "../model.ts";
import type { Marginals } from "./expectation.ts";
import { createFieldMessages } from "./fieldMessages.ts";
import { fillTables } from "./factorTables.ts";
import type { FactorTable } from "./factorTables.ts";
import { belief, clear, createSites, mostProbable } from "./sites.ts";
import type { Sites } from "./sites.ts";
import { createTableMessages } from "./tableMessages.ts";
import type { MessageGroup } from "./tableMessages.ts";

/** Extensive thermodynamic functions in the Bethe approximation, with the constants of the energy. */
export interface Bethe {
  /** −T log Z; at T = 0 the energy of the states that are counted. */
  readonly freeEnergy: number;
  /** At T = 0 the logarithm of the number of states without violated factors. */
  readonly entropy: number;
  readonly energy: number;
}

/** Messages on the factor graph of a model, and the beliefs that they make. */
export interface MessagePassing {
  readonly sites: Sites;
  /** Whether the factor graph has no cycle. */
  readonly isTree: boolean;
  /** All that changes from sweep to sweep. */
  readonly arrays: readonly Float64Array[];
  /** All messages once; `beforehand` may change the beliefs first. Returns the largest change. */
  readonly sweep: (T: number, damping: number, beforehand?: () => void) => number;
  /** Marginals from the messages; writes the most probable value of each variable into `state`. */
  readonly conclude: (state: Float64Array, further?: () => void) => Marginals & { readonly logZ: number };
  readonly bethe: (T: number) => Bethe;
}

/** Bias of the first messages towards the initial state: starts differ, and symmetric models leave their symmetric point. */
const BIAS = 0.1;

export function createMessagePassing(model: CompiledModel, state: Float64Array): MessagePassing {
  const { factorGraph } = model;
  if (!factorGraph) throw new Error(`internal: ${model.name} was compiled without its factor graph`);
  const sites = createSites(model.state);
  const tables = new Map<string, FactorTable>();
  const dense = factorGraph.terms.filter((term) => !fillTables(model, sites, term, tables));
  const groups: readonly MessageGroup[] = [
    ...(tables.size > 0 ? [createTableMessages(sites, [...tables.values()], state, BIAS)] : []),
    ...dense.map((term) => createFieldMessages(model, sites, term, state, BIAS)),
  ];
  const probabilities = new Float64Array(sites.values.length);
  const means = new Float64Array(sites.count);
  // At a state of its own, so that it does not depend, in its last digits, on where this begins.
  const reference = Float64Array.from({ length: sites.count }, (_, i) => sites.values[sites.first[i]]);
  const constant = model.energy(reference) - groups.reduce((sum, g) => sum + g.energy(reference), 0);

  const collect = (further?: () => void): void => {
    clear(sites);
    for (const group of groups) group.contribute();
    further?.();
  };
  const conclude: MessagePassing["conclude"] = (at, further) => {
    collect(further);
    let logZ = 0;
    for (let i = 0; i < sites.count; i++) {
      const z = belief(sites, i, probabilities, sites.first[i]);
      if (z === -Infinity) throw new Error("the messages contradict each other: no value of a variable is compatible with all factors around it");
      logZ += z;
      means[i] = 0;
      for (let k = sites.first[i]; k < sites.first[i + 1]; k++) means[i] += probabilities[k] * sites.values[k];
    }
    mostProbable(sites, probabilities, at);
    return { means, sites: { sites, probabilities }, logZ };
  };
  return {
    sites,
    isTree: dense.length === 0 && hasNoCycle(sites.count, [...tables.values()].map((t) => t.sites)),
    arrays: groups.map((g) => g.messages),
    sweep: (T, damping, beforehand) => {
      collect(beforehand);
      return groups.reduce((largest, g) => Math.max(largest, g.sweep(T, damping)), 0);
    },
    conclude,
    bethe: (T) => {
      let { logZ } = conclude(state.slice());
      let energy = constant;
      for (const group of groups) {
        const part = group.bethe(T);
        logZ += part.logZ;
        energy += part.energy;
      }
      if (T === 0) return { freeEnergy: energy, entropy: logZ, energy };
      if (T === Infinity) return { freeEnergy: -Infinity, entropy: logZ, energy };
      return { freeEnergy: constant - T * logZ, entropy: logZ + (energy - constant) / T, energy };
    },
  };
}

/** Whether no factor couples variables that others couple already, directly or along a path. */
function hasNoCycle(variables: number, scopes: readonly (readonly number[])[]): boolean {
  const parent = Int32Array.from({ length: variables }, (_, i) => i);
  const root = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]];
    return i;
  };
  return scopes.every(([first, ...others]) => others.every((other) => {
    const [a, b] = [root(first), root(other)];
    parent[a] = b;
    return a !== b;
  }));
}
