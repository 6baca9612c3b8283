/** The field that an average over one step of replica symmetry breaking runs over: its log weight, its Gaussian density, and a teacher's label. */
import type { Feature } from "./quadrature.ts";

/** L and its first two derivatives at u, and whatever else is to be averaged, into `out`. */
export interface LogWeight { readonly at: (u: number, out: Float64Array) => void; readonly features: readonly Feature[]; /** L(−u) = L(u). */ readonly even?: boolean }

export interface OneStepQuestion {
  readonly weight: LogWeight;
  readonly mean: number;
  readonly variance: number;
  /** D and ε. */
  readonly spread: number;
  readonly epsilon: number;
  /** The label is `sign` with probability Φ(sign · c · (u − μ)/√v), c² = M²/(v − M²): a teacher whose field has the covariance M with u. */
  readonly teacher?: { readonly covariance: number; readonly sign: number };
  /** 1, or more for narrower panels. */
  readonly fineness: number;
}

export interface OneStepAverages {
  readonly value: number;
  /** ∫Dρ of ⟨L'⟩, ⟨L'⟩² and ⟨L'²⟩: averages with the weight of the inner integral. */
  readonly slope: number;
  readonly slope0: number;
  readonly slope1: number;
  /** ∫Dρ of ⟨L''⟩, and of G'' = ⟨L''⟩ + (⟨L'²⟩ − ⟨L'⟩²)/ε. */
  readonly curvature: number;
  readonly total: number;
  /** ∂J/∂ε at fixed v, D. */
  readonly external: number;
  /** ∂J/∂M. */
  readonly teacher: number;
  /** ∫Dρ of ⟨what else the weight gives⟩. */
  readonly further: number;
}

/** Standard deviations of a Gaussian that are integrated over. */
export const RANGE = 8.6;
export const rootTwoPi = Math.sqrt(2 * Math.PI);

/** The Gaussian density, with the probability of the label under the teacher: share 1 in all where there is none. Without variance it is all at `low` = `high`. */
export interface Outer { readonly density: (u: number) => number; readonly conditioned: (u: number) => number; readonly features: readonly Feature[]; readonly low: number; readonly high: number; readonly width: number; readonly even: boolean }

export function outerOf({ mean, variance, teacher }: OneStepQuestion, cdf: (x: number) => number): Outer | undefined {
  const deviation = Math.sqrt(variance);
  if (variance === 0 && !teacher) return { density: () => 1, conditioned: () => 0, features: [], low: mean, high: mean, width: 1, even: false };
  if (!(deviation > 0)) return undefined;
  const gaussian = (u: number): number => Math.exp((-0.5 * (u - mean) ** 2) / variance) / (deviation * rootTwoPi);
  const base = { low: mean - RANGE * deviation, high: mean + RANGE * deviation, width: 6 * deviation, even: mean === 0 && !teacher };
  if (!teacher) return { ...base, density: gaussian, conditioned: () => 0, features: [] };
  const left = variance - teacher.covariance ** 2;
  if (!(left > 0)) return undefined;
  const narrow = Math.sqrt(left), c = (teacher.sign * teacher.covariance) / (narrow * deviation);
  return {
    ...base, density: (u) => gaussian(u) * cdf(c * (u - mean)),
    conditioned: (u) => (teacher.sign * Math.exp((-0.5 * (u - mean) ** 2) / left)) / (narrow * 2 * Math.PI), features: [{ place: mean, scale: narrow }],
  };
}

