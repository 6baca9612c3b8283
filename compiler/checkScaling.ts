/** Whether an energy that is known by its covariance is extensive: a warning, as it may be meant. */
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { CheckedModel } from "./1-check/checkModels.ts";
import { gaussianCovariance } from "./library/recognisers/gaussianCovariance.ts";

/** Silent about every model that is not recognised as a Gaussian energy on spins or one sphere, and about those that a theory is derived for: that says it. */
export function checkScaling({ program, energy }: CheckedModel, hasTheory: boolean): readonly Diagnostic[] {
  if (!program || !energy || hasTheory || !program.arrays.some((a) => a.origin.kind === "ensemble")) return [];
  const [state] = program.arrays.flatMap(({ origin }) => (origin.kind === "state" ? [origin.domain.name] : []));
  const found = gaussianCovariance(program, {}, state === "spin" ? "hypercube" : "sphere", { bias: true, universal: true });
  if (found.ok || !found.scaling) return [];
  const { covariance, factor } = found.scaling;
  return [{
    severity: "warning", code: "Q609", message: `\`${energy.name}\` is not extensive: its covariance over the disorder is ${covariance}`,
    labels: [{ span: energy.span, message: "" }], help: `multiply it by ${factor}, or the variance of its couplings by the square of that, for an energy proportional to the number of variables`, arguments: { energy: energy.name },
  }];
}
