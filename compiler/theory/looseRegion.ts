/**
 * The limit D → ∞ of many replicas (m → ∞) of mutual overlap q: all lie around one centre, and the patterns only restrict where that is.
 * On the hypercube a replica differs from the centre in a share (1 − √q)/2 of the weights, q̂ = 0 and B = artanh(√q)/√q in the
 * equations of `oneStepReplica.ts`; the field of each pattern at the centre is where a replica is most likely without loss. The
 * external entropy falls with log m there: it has no value at m = ∞, and where the best field is at infinity it vanishes at an m that
 * is exponential in 1/(1 − q).
 */
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { OneStepForm, OneStepValues } from "./oneStepReplica.ts";

export function looseRegion(q: number, { energy, load, T }: Pick<GeneralisedLinearSystem, "energy" | "load" | "T">, form: Pick<OneStepForm, "highest">): OneStepValues {
  const none = { equations: [], external: NaN, loss: 0, conjugate: 0, total: NaN, covariance: NaN };
  const { value, bend } = form.highest(1 - q, T);
  // By the heat equation: ∂L/∂w = ½ (L'' + L'²).
  const patterns = { value: load * value, slope: -0.5 * load * bend };
  if (energy.weights.domain !== "spin") return { ...none, value: 0.5 * Math.log1p(-q) + patterns.value, slope: -0.5 / (1 - q) + patterns.slope };
  const mean = Math.sqrt(q), B = Math.atanh(mean) / mean;
  // log 2cosh(artanh √q) = log 2 − ½ log(1 − q).
  return { ...none, value: Math.LN2 - 0.5 * Math.log1p(-q) - B * q + patterns.value, slope: -B / 2 + patterns.slope };
}

/** Whether the best fields of even losses can all be there at one centre: else its patterns hold it at finite D. */
export function reachesBest(q: number, { energy, load, equivalence, T }: GeneralisedLinearSystem, form: Pick<OneStepForm, "highest">): boolean {
  const { square } = form.highest(1 - q, T);
  return equivalence === undefined && load * (square + q) < (energy.weights.domain === "spin" ? 2 / Math.PI : 1) * q;
}
