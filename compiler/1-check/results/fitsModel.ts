import type { DynamicsDescriptor, Need } from "../../../runtime/dynamics/dynamics.ts";
import { domains, isDomainName } from "../../library/domains/index.ts";
import type { ModelView } from "./modelView.ts";

const isContinuous = (domain: string): boolean => isDomainName(domain) && domains[domain].continuous;
const isKnown = (domain: string): boolean => isDomainName(domain);

/** What a need asks of a model, and how to say that it lacks it. */
const lacking: Readonly<Record<Need, (model: ModelView) => string | undefined>> = {
  gradient: ({ states }) => {
    const discrete = states.find((s) => !isContinuous(s.domain));
    return discrete && `it needs a gradient, and \`${discrete.name}\` is ${discrete.domain}`;
  },
  hessian: (model) => lacking.gradient(model),
  // Energy differences are derived for every model.
  delta: () => undefined,
  // What only the form of the energy can tell.
  factorGraph: () => undefined,
  dense: () => undefined,
  counts: () => undefined,
  // Whatever the states are: the signs of real weights are moved.
  surrogate: () => undefined,
  hinge: () => undefined,
  finiteStates: ({ states }) => {
    const infinite = states.find((s) => isContinuous(s.domain));
    return infinite && `it needs finitely many states, and \`${infinite.name}\` is ${infinite.domain}`;
  },
  miniBatches: ({ hasExamples }) => (hasExamples ? undefined : "it takes mini-batches of data or of an ensemble, and there is none"),
};

/** Why a dynamics cannot move a model; undefined where it can. */
export function misfit(entry: DynamicsDescriptor, model: ModelView): string | undefined {
  if (model.states.some((s) => !isKnown(s.domain))) return undefined;
  const outside = model.states.find((s) => !entry.domains.includes(s.domain));
  for (const need of entry.needs) {
    const reason = lacking[need](model);
    if (reason !== undefined) return reason;
  }
  if (outside) return `it moves ${entry.domains.join(", ")} variables, and \`${outside.name}\` is ${outside.domain}`;
  const broken = againstConstraints(entry, model.constraints);
  if (broken !== undefined) return broken;
  // A form of the energy that is missing comes last: it is looked for only where everything else fits.
  return entry.needs.map(model.lacks).find((reason) => reason !== undefined);
}

/** Which constraints a dynamics breaks. What moves the copies of another dynamics moves as that one does. */
function againstConstraints(entry: DynamicsDescriptor, { tiedReal, tiedDiscrete, notConserved, bounded }: ModelView["constraints"]): string | undefined {
  if (entry.needs.includes("finiteStates") || entry.parameters.some((p) => p.kind === "dynamics")) return undefined;
  if (entry.needs.includes("factorGraph")) {
    const tied = tiedReal ?? tiedDiscrete ?? bounded;
    return tied && `its messages are between factors of the energy, and a constraint ties \`${tied}\``;
  }
  const exchanges = entry.name === "kawasaki";
  if (entry.needs.includes("delta")) {
    if (tiedReal) return `it moves one variable at a time, and a constraint ties those of \`${tiedReal}\` to each other`;
    if (tiedDiscrete && !exchanges) return `it moves one variable at a time, and a constraint conserves a sum of \`${tiedDiscrete}\``;
    if (notConserved) return `it exchanges two variables of one array, which conserves their sum, and a constraint on \`${notConserved}\` is another one`;
    return bounded && exchanges ? `it exchanges variables, and the inequality on \`${bounded}\` is tested after moves of one` : undefined;
  }
  if (bounded && entry.keepsInequalities !== true) return `it does not stop at the inequality on \`${bounded}\``;
  return tiedDiscrete && `it does not conserve what a constraint ties of \`${tiedDiscrete}\``;
}

export const hasContinuousState = (model: ModelView): boolean => model.states.some((s) => isContinuous(s.domain));
