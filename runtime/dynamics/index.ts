/** The table of dynamics: everything that may stand behind `evolve` and `measure`, by its name in a specification. */
import { addEntry, type ExtensionKey } from "../extensions/addEntry.ts";
import { adam } from "./adam.ts";
import { anneal } from "./anneal.ts";
import { amp } from "./amp.ts";
import { beliefPropagation } from "./beliefPropagation.ts";
import { binaryNet } from "./binaryNet.ts";
import { descent } from "./descent.ts";
import type { Dynamics } from "./dynamics.ts";
import { enumerate } from "./enumerate.ts";
import { focusingBeliefPropagation } from "./focusingBeliefPropagation.ts";
import { heatBath } from "./heatBath.ts";
import { hmc } from "./hmc.ts";
import { kawasaki } from "./kawasaki.ts";
import { langevin } from "./langevin.ts";
import { mala } from "./mala.ts";
import { metropolis } from "./metropolis.ts";
import { newton } from "./newton.ts";
import { replicatedSgd } from "./replicatedSgd.ts";
import { sbpi } from "./sbpi.ts";
import { sgd } from "./sgd.ts";
import { tempering } from "./tempering.ts";
import { underdamped } from "./underdamped.ts";

const entries: readonly Dynamics[] = [
  metropolis, heatBath, kawasaki, anneal, enumerate, descent, sgd, langevin, mala, hmc, underdamped, adam, newton, binaryNet, replicatedSgd, sbpi, beliefPropagation, focusingBeliefPropagation, amp, tempering,
];

/** Without a prototype, so that looking up `constructor` finds nothing. */
export const dynamics: Readonly<Record<string, Dynamics | undefined>> = Object.assign(
  Object.create(null) as Record<string, Dynamics>,
  Object.fromEntries(entries.map((entry) => [entry.name, entry])),
);

/** Adds one that an extension brings, which plans name by its key. */
export const addDynamics = (key: ExtensionKey, entry: Dynamics): void => addEntry(dynamics, key, entry);

/** The dynamics of that name, ready to move. */
export function findDynamics(name: string): Dynamics {
  const entry = dynamics[name];
  if (!entry) throw new Error(`internal: there is no dynamics ${name}`);
  return entry;
}
