import { evaluate } from "../ir/evaluate.ts";
import { constant, rewrite } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { print } from "../ir/print.ts";
import type { Program } from "../ir/program.ts";
import { build as b } from "../library/ops/index.ts";
import type { GeneralisedLinear } from "../library/recognisers/generalisedLinear.ts";
import { field, label, noise, teacherField } from "../library/recognisers/patternLabels.ts";
import type { Teacher } from "../library/recognisers/patternLabels.ts";
import { mul } from "./derivedPotential.ts";
import { gaussianEquivalence } from "./gaussianEquivalence.ts";
import type { Equivalence } from "./gaussianEquivalence.ts";
import { largeSystem } from "./largeSystem.ts";
import type { LargeSystem } from "./largeSystem.ts";
import { linearLabel } from "./linearLabels.ts";
import type { LinearLabel } from "./linearLabels.ts";
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
  /** Factor of the teacher's direction in labels that are signs: below 1 where there is noise in its field. */
  readonly clarity: number;
  /** Probability of a label that is reversed. */
  readonly flips: number;
  /** Probability of the label +1 where labels are random. */
  readonly up: number;
  /** −1 where weights opposite to the teacher have the smaller loss: overlaps with it have their sign reversed here. */
  readonly orientation: 1 | -1;
  /** The pattern's field is h − teacher · t − noise · n, with unit Gaussians t (the teacher's field) and n. */
  readonly linear?: { readonly teacher: number; readonly noise: number };
  /** λ of a term λ Σ w² per weight, which holds Gaussian weights; else 0. */
  readonly penalty: number;
  /** (1/N) Σ_i t_i w_i is this times the overlap r with the teacher. */
  readonly overlapUnit: number;
  readonly T: number;
  /** Everything that the form of a potential depends on, without load, ratio and a temperature above 0. */
  readonly key: string;
}

export interface GeneralisedLinearQuestion { readonly program: Program; readonly energy: GeneralisedLinear; readonly parameters: Readonly<Record<string, number>>; readonly T: number }

/** The teacher, whether its labels are signs or numbers. */
export const teacherOf = ({ labels }: GeneralisedLinear): Teacher | undefined => (labels.kind === "teacher" ? labels : labels.kind === "linear" ? labels.teacher : undefined);

export function generalisedLinearSystem({ program, energy: given, parameters, T }: GeneralisedLinearQuestion): GeneralisedLinearSystem | { readonly refused: string } {
  const system = largeSystem(program, parameters, [given.sites, given.patterns, ...(given.features ? [given.features.hidden] : [])]);
  if ("refused" in system) return system;
  // The scale of the field is positive; a sign stands in the loss.
  const declared = evaluate(given.scale, { parameters: system.larger, entry: () => NaN }) < 0 ? { ...given, loss: rewrite(given.loss, (n) => (n === field ? b.neg(field) : n)) } : given;
  const load = system.limit(b.div(declared.patterns, declared.sites));
  if (load === undefined || !(load > 0) || load === Infinity) return { refused: "the number of patterns is not proportional to the number of weights" };
  const { weights, labels } = declared, seen = teacherOf(declared);
  if (seen && weights.domain === "spin" && !declared.features && !["Sign", "Normal"].includes(seen.distribution)) return { refused: `the entries of the teacher \`${seen.array}\` are ${seen.distribution}: beside spin weights \`Sign\` and \`Normal\` ones are covered` };
  const scaleOf = mul(b.abs(declared.scale), b.sqrt(mul(weights.norm2, declared.inputVariance)));
  const at = (e: Expression, parameters: Readonly<Record<string, number>>): number => evaluate(e, { parameters, entry: () => NaN });
  const ratio = declared.features ? system.limit(b.div(declared.features.hidden, declared.sites)) : 0;
  if (ratio === undefined || (declared.features && !(ratio > 0 && ratio < Infinity))) return { refused: "the number of hidden inputs is not proportional to the number of weights" };
  const found = declared.features ? gaussianEquivalence(declared.features, system) : undefined;
  if (found && "refused" in found) return found;
  // Features that fall with their argument are those that rise, for the opposite weights.
  const equivalence = found && { ...found.equivalence, linear: Math.abs(found.equivalence.linear) };
  const unitOf = (parameters: Readonly<Record<string, number>>): number => at(scaleOf, parameters) * (found?.magnitude(parameters) ?? 1);
  let unit: number | undefined;
  const sized = (parameters: Readonly<Record<string, number>>): Sized => ({ parameters, scale: unit ?? unitOf(parameters) });
  const penalty = penaltyOf(declared, system);
  if (typeof penalty !== "number") return penalty;
  const flips = labels.kind === "teacher" && labels.flips ? system.limit(labels.flips.probability) : 0, up = labels.kind === "random" && labels.up ? system.limit(labels.up) : 0.5;
  if (flips === undefined || up === undefined) return { refused: "the probability of a label has no limit for large sizes" };
  let clarity = 1, orientation: 1 | -1 = 1, linear: GeneralisedLinearSystem["linear"], energy = declared;
  if (labels.kind === "teacher" && labels.noise) {
    const share = system.limit(b.div(labels.noise.variance, teacherVariance(declared, labels)));
    if (share === undefined || share === Infinity) return { refused: `the noise \`${labels.noise.array}\` of the labels is not of the order of the teacher's field` };
    clarity = 1 / Math.sqrt(1 + share);
  }
  if (labels.kind === "linear") {
    const difference = differenceOf(declared, labels, system, unitOf, at);
    if ("refused" in difference) return difference;
    orientation = difference.teacher < 0 ? -1 : 1;
    unit = 1;
    [energy, linear] = [{ ...declared, loss: difference.loss }, { teacher: Math.abs(difference.teacher), noise: difference.noise }];
  }
  if (labels.kind === "teacher" && at(labels.scale, system.larger) < 0) energy = { ...energy, loss: rewrite(energy.loss, (n) => (n === label ? b.neg(label) : n)) };
  if (labels.kind === "teacher" && misses(energy, sized(system.large))) {
    orientation = -1;
    energy = { ...energy, loss: rewrite(energy.loss, (n) => (n === label ? b.neg(label) : n)) };
  }
  const pattern = lossWeights(energy, sized(system.large), sized(system.larger), T);
  if ("refused" in pattern) return pattern;
  if (equivalence && equivalence.mean !== 0 && !isOdd(energy, sized(system.large))) return { refused: `the features have the mean ${format(equivalence.mean)}, so that the sum of the weights shifts all fields at once; covered are losses that fields and labels of the other sign don't change, for which there is no shift` };
  if (found && found.equivalence.linear < 0) orientation = orientation === 1 ? -1 : 1;
  const teacher = teacherOf(energy), distribution = teacher?.distribution ?? "";
  const overlapUnit = (teacher && system.limit(b.sqrt(mul(teacher.variance, b.div(weights.norm2, declared.sites))))) ?? NaN;
  return {
    energy, load, ratio, ...(equivalence ? { equivalence } : {}), pattern, clarity, flips, up, orientation, ...(linear ? { linear } : {}), penalty, overlapUnit, T,
    key: `${energy.weights.domain} ${labels.kind} ${distribution} ${clarity} ${flips} ${up} ${JSON.stringify(linear)} ${penalty} ${JSON.stringify(equivalence)} ${pattern.text} ${T === 0}`,
  };
}

/** Variance of the teacher's field. */
const teacherVariance = ({ features, inputVariance, sites }: GeneralisedLinear, { scale, variance }: Teacher): Expression =>
  mul(scale, scale, variance, features?.inputVariance ?? inputVariance, features?.hidden ?? sites);

/** λ per weight of Gaussian weights. */
function penaltyOf({ weights }: GeneralisedLinear, { limit, larger }: LargeSystem): number | { readonly refused: string } {
  if (weights.domain !== "gaussian") return 0;
  const penalty = limit(weights.penalty);
  if (penalty !== undefined && penalty > 0 && penalty < Infinity) return penalty;
  const sign = evaluate(weights.penalty, { parameters: larger, entry: () => NaN });
  return { refused: `the weights are held by ${print(weights.penalty)} Σ w²${sign <= 0 ? ", which is not positive" : `: with weights of order 1 that factor must be of order 1 for large sizes, and it ${penalty === 0 ? "vanishes" : "grows"}`}` };
}

/** Whether the mean loss is smaller for labels against the field's sign. */
function misses({ loss }: GeneralisedLinear, { parameters, scale }: Sized): boolean {
  const value = (h: number, y: number): number => evaluate(loss, { parameters, entry: (array) => (array === "h" ? h * scale : y) });
  let difference = 0;
  for (let h = 0.05; h < 5; h += 0.1) difference += Math.exp(-0.5 * h * h) * (value(h, 1) + value(-h, -1) - value(h, -1) - value(-h, 1));
  return difference > 0;
}

/** Whether fields and labels of the other sign have the same loss. */
function isOdd({ loss, labels }: GeneralisedLinear, { parameters, scale }: Sized): boolean {
  const value = (h: number, y: number): number => evaluate(loss, { parameters, entry: (array) => (array === "h" ? h * scale : y) });
  return labels.kind !== "none" && [-2.1, -1.3, -0.4, 0.2, 0.7, 1.6].every((h) => Math.abs(value(h, 1) - value(-h, -1)) <= 1e-9 * (1 + Math.abs(value(h, 1))));
}

/** The loss as one of the difference of the field and a label, all in units of their deviations, at two large sizes: what differs between them has no limit. */
function differenceOf(energy: GeneralisedLinear, labels: GeneralisedLinear["labels"] & { readonly kind: "linear" }, { large, larger }: LargeSystem, unitOf: (p: Readonly<Record<string, number>>) => number, at: (e: Expression, p: Readonly<Record<string, number>>) => number): LinearLabel | { readonly refused: string } {
  const unitsAt = (parameters: Readonly<Record<string, number>>): LinearLabel | { readonly refused: string } => {
    const units = new Map<Expression, number>([
      [field, unitOf(parameters)],
      [teacherField, labels.teacher ? Math.sign(at(labels.teacher.scale, parameters)) * Math.sqrt(at(teacherVariance(energy, labels.teacher), parameters)) : 1],
      [noise, labels.noise ? Math.sqrt(at(labels.noise.variance, parameters)) : 1],
    ]);
    return linearLabel(rewrite(energy.loss, (n) => (n.kind === "parameter" ? constant(parameters[n.name]!) : units.has(n) ? mul(constant(units.get(n)!), n) : n)), energy.loss);
  };
  const one = unitsAt(large), other = unitsAt(larger);
  if ("refused" in one) return one;
  if ("refused" in other) return other;
  const near = (a: number, c: number): boolean => Math.abs(a - c) <= 1e-5 * (Math.abs(a) + 1e-5);
  if (!near(one.teacher, other.teacher) || !near(one.noise, other.noise)) return { refused: "the labels grow or vanish with the size of the model, beside the fields of the weights" };
  const value = ({ loss }: LinearLabel, h: number): number => evaluate(loss, { parameters: {}, entry: () => h });
  if (![-1.7, -0.4, 0.6, 1.3].every((h) => near(value(one, h), value(other, h)))) return { refused: "the loss of a pattern grows or vanishes with the size of the model: the energy is not extensive" };
  return { ...other, noise: Math.abs(other.noise) };
}

/** What a derived theory rests on, for people. */
export function systemNotes({ energy, equivalence, pattern, T }: GeneralisedLinearSystem): string[] {
  const { labels } = energy;
  const noisy = labels.kind === "teacher" || labels.kind === "linear" ? labels.noise : undefined, teacher = teacherOf(energy);
  const source = labels.kind === "none" ? "no labels" : labels.kind === "random" ? `random labels \`${labels.array}\`` : [teacher && `${labels.kind === "linear" ? "the field" : "labels"} of the teacher \`${teacher.array}\``, noisy && `Gaussian noise \`${noisy.array}\``, labels.kind === "teacher" && labels.flips && `reversals \`${labels.flips.array}\``].filter(Boolean).join(" with ");
  return [
    `independent inputs \`${energy.inputs}\`; ${source}; ${{ spin: "spin weights", sphere: "weights on the sphere", gaussian: "real weights, held by a quadratic term of the energy" }[energy.weights.domain]}; sizes large at fixed ratios`,
    ...(equivalence ? [`Gaussian equivalence of the features: ${equivalence.mean === 0 ? "" : `mean ${format(equivalence.mean)}, `}μ1 = ${format(equivalence.linear)}, μ*² = ${format(equivalence.noise)}`] : []),
    ...(T === 0 && pattern.lowest !== 0 ? [`T = 0: states in which every pattern has the lowest loss, ${pattern.lowest}`] : T === 0 ? ["T = 0: states without loss"] : []),
  ];
}

/** The loss of one pattern as the theories read it. */
export const lossText = ({ energy, linear, penalty }: GeneralisedLinearSystem): string =>
  `ℓ(h${energy.labels.kind === "none" || linear ? "" : "; y"}) = ${print(energy.loss)}${linear ? `,  h the field minus ${[linear.teacher !== 0 && `${format(linear.teacher)} × the teacher's`, linear.noise !== 0 && `noise of deviation ${format(linear.noise)}`].filter(Boolean).join(" and ")}` : ""}${penalty > 0 ? `,  and ${format(penalty)} Σ w²` : ""}`;

const format = (x: number): string => String(Number(x.toPrecision(7)));
