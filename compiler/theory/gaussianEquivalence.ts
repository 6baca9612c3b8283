import { constant, rewrite } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { preactivation } from "../library/recognisers/generalisedLinear.ts";
import { field } from "../library/recognisers/patternLabels.ts";
import type { GeneralisedLinear } from "../library/recognisers/generalisedLinear.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import { mul, num } from "./derivedPotential.ts";
import { isStepwise } from "./patternLoss.ts";

/** μ1 and μ*² of an activation: x ≈ μ1 u + μ* η with η independent of the standard Gaussian u. */
export interface Equivalence { readonly linear: number; readonly noise: number }

/** Gaussian equivalence of random features (Goldt et al. 2020, Gerace et al. 2020) whose arguments have this variance; or why it doesn't hold. */
export function gaussianEquivalence(features: NonNullable<GeneralisedLinear["features"]>, variance: number | undefined, parameters: Readonly<Record<string, number>>): Equivalence | { readonly refused: string } {
  if (variance === undefined || variance === Infinity || variance === 0) {
    // The scale of what stands inside a sign doesn't matter.
    const stepwise = isStepwise(rewrite(features.activation, (n) => (n === preactivation ? field : n)));
    if (!stepwise) return { refused: "the arguments of the activation grow or vanish with the size of the model: divide them by sqrt(D)" };
    variance = variance === Infinity ? 1e60 : 1e-60;
  }
  const averages = new Averages();
  const value = (u: Expression): Expression => rewrite(features.activation, (n) => (n === preactivation ? mul(num(Math.sqrt(variance)), u) : n.kind === "parameter" ? constant(parameters[n.name]!) : n));
  const [mean, linear, square] = compileScalars(averages, [], [averages.gauss("u", value), averages.gauss("u", (u) => mul(u, value(u))), averages.gauss("u", (u) => mul(value(u), value(u)))])([]);
  if (Math.abs(mean!) > 1e-9 * Math.sqrt(square!)) return { refused: `the features have the mean ${format(mean!)}: only activations with mean 0 are covered` };
  if (Math.abs(linear!) < 1e-9 * Math.sqrt(square!)) return { refused: "the activation has no linear part: its features carry nothing of the inputs in the limit of large size" };
  return { linear: linear!, noise: Math.max(0, square! - linear! * linear!) };
}


const format = (x: number): string => String(Number(x.toPrecision(7)));
