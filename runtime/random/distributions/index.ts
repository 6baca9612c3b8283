import { addEntry, type ExtensionKey } from "../../extensions/addEntry.ts";
import { bernoulli } from "./bernoulli.ts";
import { categorical } from "./categorical.ts";
import { cauchy } from "./cauchy.ts";
import { distinct } from "./distinct.ts";
import type { Distribution } from "./distribution.ts";
import { erdosRenyi } from "./erdosRenyi.ts";
import { exponential } from "./exponential.ts";
import { laplace } from "./laplace.ts";
import { lattice } from "./lattice.ts";
import { normal } from "./normal.ts";
import { randomRegular } from "./randomRegular.ts";
import { sign } from "./sign.ts";
import { sphere } from "./sphere.ts";
import { uniform } from "./uniform.ts";

export type { Distribution } from "./distribution.ts";

/** Every distribution that generated code can sample, by its name. To add one: a file beside this one and a line here. */
export const distributions = {
  normal,
  sign,
  bernoulli,
  uniform,
  exponential,
  laplace,
  cauchy,
  categorical,
  sphere,
  distinct,
} as const satisfies Readonly<Record<string, Distribution>>;

/** Graphs: what they fill are two rows, the first and the second ends of the edges, which are vertices from 1. */
export const graphs = { lattice, erdosRenyi, randomRegular } as const satisfies Readonly<Record<string, Distribution>>;

/** Everything that an ensemble can be drawn from. */
export const ensembleDistributions = { ...distributions, ...graphs };

/** Adds one that an extension brings. */
export function addDistribution(key: ExtensionKey, distribution: Distribution): void {
  addEntry<Distribution>(distributions, key, distribution);
  addEntry<Distribution>(ensembleDistributions, key, distribution);
}

/** By its name in the runtime, or the key of an extension. */
export function findDistribution(name: string): Distribution {
  const all: Readonly<Record<string, Distribution | undefined>> = ensembleDistributions;
  const found = all[name];
  if (!found) throw new Error(`internal: there is no distribution ${name}`);
  return found;
}
