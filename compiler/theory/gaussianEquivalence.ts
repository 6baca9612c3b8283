import { evaluate } from "../ir/evaluate.ts";
import { constant, rewrite } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { preactivation } from "../library/recognisers/generalisedLinear.ts";
import { field } from "../library/recognisers/patternLabels.ts";
import type { GeneralisedLinear } from "../library/recognisers/generalisedLinear.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import { mul, num } from "./derivedPotential.ts";
import type { LargeSystem } from "./largeSystem.ts";
import { isStepwise } from "./patternLoss.ts";

/** x ≈ mean + μ1 u + μ* η with η independent of the standard Gaussian u; `linear` and `noise` are μ1 and μ*². */
export interface Equivalence { readonly mean: number; readonly linear: number; readonly noise: number }

/** @param magnitude what the features are multiplied with at some size of the model, where that is not 1 */
interface Found { readonly equivalence: Equivalence; readonly magnitude: (parameters: Readonly<Record<string, number>>) => number }

/** Gaussian equivalence of random features (Goldt et al. 2020, Gerace et al. 2020), at sizes of the model between which only their magnitude may differ; or why it doesn't hold. */
export function gaussianEquivalence(features: NonNullable<GeneralisedLinear["features"]>, { limit, large, larger }: LargeSystem): Found | { readonly refused: string } {
  const variance = limit(features.variance);
  // The scale of what stands inside a sign doesn't matter.
  const scaleFree = (variance === undefined || variance === Infinity || variance === 0) && isStepwise(rewrite(features.activation, (n) => (n === preactivation ? field : n)));
  const momentsAt = (parameters: Readonly<Record<string, number>>): Equivalence => momentsOf(features, scaleFree ? (variance === 0 ? 1e-60 : 1e60) : evaluate(features.variance, { parameters, entry: () => NaN }), parameters);
  const [one, other] = [momentsAt(large), momentsAt(larger)];
  const magnitude = Math.sqrt(size(other)), same = Math.abs(size(one) - size(other)) <= 1e-5 * size(other);
  const unit = scaled(other, 1 / magnitude), before = scaled(one, 1 / Math.sqrt(size(one)));
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5;
  if (!near(unit.mean, before.mean) || !near(unit.linear, before.linear)) return { refused: "the form of the features changes with the size of the model: divide the arguments of the activation by sqrt(D)" };
  if (Math.abs(unit.linear) < 1e-9) return { refused: "the activation has no linear part: its features carry nothing of the inputs in the limit of large size" };
  const equivalence = same ? other : unit;
  return { equivalence: Math.abs(unit.mean) < 1e-9 ? { ...equivalence, mean: 0 } : equivalence, magnitude: (parameters) => (same ? 1 : Math.sqrt(size(momentsAt(parameters)))) };
}

const scaled = ({ mean, linear, noise }: Equivalence, by: number): Equivalence => ({ mean: mean * by, linear: linear * by, noise: noise * by * by });
const size = ({ mean, linear, noise }: Equivalence): number => mean * mean + linear * linear + noise;

function momentsOf({ activation }: NonNullable<GeneralisedLinear["features"]>, variance: number, parameters: Readonly<Record<string, number>>): Equivalence {
  const averages = new Averages();
  const value = (u: Expression): Expression => rewrite(activation, (n) => (n === preactivation ? mul(num(Math.sqrt(variance)), u) : n.kind === "parameter" ? constant(parameters[n.name]!) : n));
  const [mean, linear, square] = compileScalars(averages, [], [averages.gauss("u", value), averages.gauss("u", (u) => mul(u, value(u))), averages.gauss("u", (u) => mul(value(u), value(u)))])([]);
  const noise = square! - linear! * linear! - mean! * mean!;
  // Of the identity rounding is left.
  return { mean: mean!, linear: linear!, noise: noise > 1e-13 * square! ? noise : 0 };
}
