import { evaluate } from "../ir/evaluate.ts";
import { print } from "../ir/print.ts";
import type { Program } from "../ir/program.ts";
import { build as b } from "../library/ops/index.ts";
import type { GeneralisedLinear } from "../library/recognisers/generalisedLinear.ts";
import { mul } from "./derivedPotential.ts";
import { gaussianEquivalence } from "./gaussianEquivalence.ts";
import type { Equivalence } from "./gaussianEquivalence.ts";
import { largeSystem } from "./largeSystem.ts";
import { lossWeights } from "./lossWeights.ts";
import type { PatternLoss } from "./lossWeights.ts";
import type { Sized } from "./patternLoss.ts";

/** A generalised linear energy in the limit of large size: all that its replica theories need. */
export interface GeneralisedLinearSystem {
  readonly energy: GeneralisedLinear;
  /** α = P/N, and δ = D/N of the hidden inputs in front of features (else 0). */
  readonly load: number;
  readonly ratio: number;
  readonly equivalence?: Equivalence;
  readonly pattern: PatternLoss;
  readonly T: number;
  /** Everything that the form of a potential depends on, without load, ratio and a temperature above 0. */
  readonly key: string;
}

export interface GeneralisedLinearQuestion { readonly program: Program; readonly energy: GeneralisedLinear; readonly parameters: Readonly<Record<string, number>>; readonly T: number }

export function generalisedLinearSystem({ program, energy, parameters, T }: GeneralisedLinearQuestion): GeneralisedLinearSystem | { readonly refused: string } {
  const system = largeSystem(program, parameters, [energy.sites, energy.patterns, ...(energy.features ? [energy.features.hidden] : [])]);
  if ("refused" in system) return system;
  const load = system.limit(b.div(energy.patterns, energy.sites));
  if (load === undefined || !(load > 0) || load === Infinity) return { refused: "the number of patterns is not proportional to the number of weights" };
  const scaleOf = mul(b.abs(energy.scale), b.sqrt(mul(energy.weights.norm2, energy.inputVariance)));
  const sized = (at: Readonly<Record<string, number>>): Sized => ({ parameters: at, scale: evaluate(scaleOf, { parameters: at, entry: () => NaN }) });
  const ratio = energy.features ? system.limit(b.div(energy.features.hidden, energy.sites)) : 0;
  if (ratio === undefined || (energy.features && !(ratio > 0 && ratio < Infinity))) return { refused: "the number of hidden inputs is not proportional to the number of weights" };
  const equivalence = energy.features ? gaussianEquivalence(energy.features, system.limit(energy.features.variance), system.large) : undefined;
  if (equivalence && "refused" in equivalence) return equivalence;
  const pattern = lossWeights(energy, sized(system.large), sized(system.larger), T);
  if ("refused" in pattern) return pattern;
  const labels = "distribution" in energy.labels ? energy.labels.distribution : "";
  return { energy, load, ratio, ...(equivalence ? { equivalence } : {}), pattern, T, key: `${energy.weights.domain} ${energy.labels.kind} ${labels} ${JSON.stringify(equivalence)} ${pattern.text} ${T === 0}` };
}

/** What a derived theory rests on, for people. */
export function systemNotes({ energy, equivalence, pattern, T }: GeneralisedLinearSystem): string[] {
  const { labels } = energy;
  return [
    `independent inputs \`${energy.inputs}\`; ${labels.kind === "none" ? "no labels" : labels.kind === "random" ? `random labels \`${labels.array}\`` : `labels of the teacher \`${labels.array}\``}; ${energy.weights.domain === "spin" ? "spin weights" : "weights on the sphere"}; sizes large at fixed ratios`,
    ...(equivalence ? [`Gaussian equivalence of the features: μ1 = ${format(equivalence.linear)}, μ*² = ${format(equivalence.noise)}`] : []),
    ...(T === 0 && pattern.lowest !== 0 ? [`T = 0: states in which every pattern has the lowest loss, ${pattern.lowest}`] : T === 0 ? ["T = 0: states without loss"] : []),
  ];
}

/** The loss of one pattern as the theories read it. */
export const lossText = ({ energy }: GeneralisedLinearSystem): string => `ℓ(h${energy.labels.kind === "none" ? "" : "; y"}) = ${print(energy.loss)}`;

const format = (x: number): string => String(Number(x.toPrecision(7)));
