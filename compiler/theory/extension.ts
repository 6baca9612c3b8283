/** The public form of a method of deriving a theory from a model, and what it may ask of the model. */
import type { Program } from "../ir/program.ts";
import { gaussianCovariance } from "../library/recognisers/gaussianCovariance.ts";
import type { TheoryQuantity, TheoryRecord } from "../library/theories/theory.ts";
import { messageOf } from "../../runtime/messageOf.ts";
import type { Derivation } from "./derivation.ts";
import type { Prediction, TheoryStatus } from "./prediction.ts";

/** ξ(q) = Σ coefficient · q^power, with E[H H'] − (E H)² = n ξ(q) and E H = n · mean in the limit of large size; or why the energy is none of that kind. */
export type Covariance =
  | { readonly mixture: readonly { readonly power: number; readonly coefficient: number }[]; readonly mean: number }
  | { readonly refused: string };

/** A model as a method sees it. */
export interface TheoryModel {
  readonly name: string;
  /** The state arrays with their domains. */
  readonly states: readonly { readonly name: string; readonly domain: string }[];
  /** The covariance of a Gaussian energy in the overlap q of two states, on the sphere or the hypercube of spins. */
  readonly covariance: (space: "sphere" | "hypercube") => Covariance;
}

export interface TheoryExtension<Parameter extends string = string, Quantity extends string = string> {
  /** One sentence. */
  readonly doc: string;
  /** Numbers that `METHOD(name = …)` takes, all optional: what isn't given comes with the quantity, the point of a run, or the model's defaults. */
  readonly parameters: readonly { readonly name: Parameter; readonly doc: string }[];
  /** What it predicts: `NAME.quantity`, `NAME.quantity[k]` or `NAME.quantity(u)` by its form. */
  readonly quantities: readonly (Pick<TheoryQuantity, "doc" | "form" | "arguments"> & { readonly name: Quantity })[];
  readonly status: TheoryStatus;
  /**
   * The prediction at these values of the method's parameters and of those of the model that are no sizes; or why the model is outside of its
   * class. A parameter that nothing gives is undefined.
   */
  readonly derive: (model: TheoryModel, parameters: Readonly<Record<string, number>> & { readonly [P in Parameter]?: number }) =>
    | { readonly assumptions: readonly string[]; readonly equations?: readonly string[]; readonly predict: (quantity: Quantity, arguments_: readonly number[]) => Prediction }
    | { readonly refused: string };
}

export const theoryRecord = (name: string, { doc, parameters, quantities }: TheoryExtension): TheoryRecord => ({ name, doc, words: [], parameters, quantities, predictsObservables: false });

/** @param file that it comes from, for messages */
export function derivationOf(name: string, { status, quantities, derive }: TheoryExtension, file: string): Derivation {
  return (_, program, parameters) => {
    try {
      const derived = derive(viewOf(program, parameters), parameters);
      if ("refused" in derived) return derived;
      const predict: typeof derived.predict = (quantity, arguments_) => {
        try {
          const predicted = derived.predict(quantity, arguments_);
          return "value" in predicted && !Number.isFinite(predicted.value) ? { refused: `\`${name}\` of ${file} gave ${predicted.value} for \`${quantity}\`` } : predicted;
        } catch (error) {
          return { refused: `\`${name}\` of ${file} failed: ${messageOf(error)}` };
        }
      };
      return { method: `${name}()`, status, quantities, equations: [], ...derived, predict };
    } catch (error) {
      return { refused: `\`${name}\` of ${file} failed: ${messageOf(error)}` };
    }
  };
}

const viewOf = (program: Program, parameters: Readonly<Record<string, number>>): TheoryModel => ({
  name: program.model,
  states: program.arrays.flatMap(({ name, origin }) => (origin.kind === "state" ? [{ name, domain: origin.domain.name }] : [])),
  covariance: (space) => {
    const found = gaussianCovariance(program, parameters, space);
    return found.ok ? { mixture: found.mixture, mean: found.meanPerVariable } : { refused: found.reason };
  },
});
