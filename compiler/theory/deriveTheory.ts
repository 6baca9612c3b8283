import type { Program } from "../ir/program.ts";
import { gaussianCovariance } from "../library/recognisers/gaussianCovariance.ts";
import { kacRice } from "./kacRice.ts";
import type { TheoryPlan } from "./plan.ts";
import type { Theory } from "./prediction.ts";

/**
 * The theory that `plan` asks for, derived from the declarations of `program` at these values of the parameters that are not
 * sizes; or the reason why the model is outside the theory's class.
 */
export function deriveTheory(plan: TheoryPlan, program: Program, parameters: Readonly<Record<string, number>>): Theory | { readonly refused: string } {
  if (plan.method !== "kac_rice") return { refused: `${plan.method} is not supported by this version yet` };
  const covariance = gaussianCovariance(program, parameters);
  if (!covariance.ok) return { refused: covariance.reason };
  return kacRice(covariance.mixture, covariance.assumptions, covariance.meanPerVariable);
}
