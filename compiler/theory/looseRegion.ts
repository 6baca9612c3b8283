/**
 * The limit D → ∞ of many replicas (m → ∞) of mutual overlap q: all lie around one centre, and the patterns only restrict where that is.
 * On the hypercube a replica differs from the centre in a share (1 − √q)/2 of the weights, q̂ = 0 and B = artanh(√q)/√q in the
 * equations of `oneStepReplica.ts`. The centre keeps all fields √(2(1 − q) log m) away from errors, so that the external entropy falls
 * with log m: it has no value at m = ∞, and vanishes at an m that is exponential in 1/(1 − q).
 */
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { OneStepValues } from "./oneStepReplica.ts";

export function looseRegion(q: number, { energy }: Pick<GeneralisedLinearSystem, "energy">): OneStepValues {
  const none = { equations: [], external: NaN, loss: 0, conjugate: 0, total: NaN, covariance: NaN };
  if (energy.weights.domain !== "spin") return { ...none, value: 0.5 * Math.log1p(-q), slope: -0.5 / (1 - q) };
  const mean = Math.sqrt(q), B = Math.atanh(mean) / mean;
  // log 2cosh(artanh √q) = log 2 − ½ log(1 − q).
  const value = Math.LN2 - 0.5 * Math.log1p(-q) - B * q;
  return { ...none, value, slope: -B / 2 };
}
