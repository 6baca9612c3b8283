import type { StateArray } from "../model.ts";
import { domainValues } from "../moves/domainMoves.ts";
import type { Sites } from "./sites.ts";

/**
 * Laws of single variables under exp(−f(x)/T − A x²/2 + B x), where f collects the terms of the energy that are of one variable: a table for variables of two
 * values, b x + a x²/2 for real ones.
 */
export interface SitePriors {
  readonly count: number;
  /** Whether a variable has two values, and which. */
  readonly values: (i: number) => readonly [number, number] | undefined;
  /** Adds to f the energies at both values, or b and a. */
  readonly add: (i: number, first: number, second: number) => void;
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** Mean and variance of variable i at a field B and a precision A; those of `means` and `variances` stay. Also log ∫ of the weight, and ⟨f⟩. */
  readonly law: (i: number, A: number, B: number, T: number) => Law;
  /** Each variable at values with probabilities that have its moments: both values, or three nodes of a Gaussian. */
  readonly nodes: () => { readonly sites: Sites; readonly probabilities: Float64Array };
  /** Whether there are terms of single variables at all. */
  readonly hasTerms: () => boolean;
  /** The curvature a of a real variable's f. */
  readonly curvature: (i: number) => number;
  /** Σ_i f_i of a state. */
  readonly energy: (state: Float64Array) => number;
}

export interface Law { readonly mean: number; readonly variance: number; readonly logZ: number; readonly energy: number }

/** Share of the initial state in the first means. */
const BIAS = 0.1;

export function createSitePriors(arrays: readonly StateArray[], state: Float64Array): SitePriors {
  const count = state.length;
  const two: (readonly [number, number] | undefined)[] = [];
  for (const { offset, length, domain } of arrays) {
    const values = domain && domainValues(domain);
    for (let i = offset; i < offset + length; i++) two[i] = values ? [values[0]!, values[1]!] : undefined;
  }
  const [first, second] = [new Float64Array(count), new Float64Array(count)];
  const means = Float64Array.from(state, (x, i) => { const middle = two[i] ? (two[i][0] + two[i][1]) / 2 : 0; return middle + BIAS * (x - middle); });
  const variances = Float64Array.from(means, (m, i) => (two[i] ? (two[i][1] - m) * (m - two[i][0]) : 1));
  const law: SitePriors["law"] = (i, A, B, T) => {
    const own = two[i];
    const scale = (energy: number): number => (energy === 0 || T === Infinity ? 0 : energy / T);
    if (!own) {
      const [precision, field] = [A + scale(second[i]!), B - scale(first[i]!)];
      if (!(precision > 0)) throw new Error("amp: the weight of a real variable cannot be normalised: a term such as sum(i) w[i]^2 / 2 in the energy helps");
      const [mean, variance] = [field / precision, 1 / precision];
      return { mean, variance, logZ: (field * mean + Math.log(2 * Math.PI * variance)) / 2, energy: first[i]! * mean + (second[i]! * (mean * mean + variance)) / 2 };
    }
    const [low, high] = own;
    const [logLow, logHigh] = [B * low - (A * low * low) / 2 - scale(first[i]!), B * high - (A * high * high) / 2 - scale(second[i]!)];
    const largest = Math.max(logLow, logHigh);
    const difference = (logHigh - logLow) / 2;
    const mean = (low + high) / 2 + ((high - low) / 2) * Math.tanh(difference);
    const above = (mean - low) / (high - low);
    return { mean, variance: (high - mean) * (mean - low), logZ: largest + Math.log1p(Math.exp(-2 * Math.abs(difference))), energy: (1 - above) * first[i]! + above * second[i]! };
  };
  const sizes = two.map((own) => (own ? 2 : 3));
  const places = new Int32Array(count + 1);
  sizes.forEach((n, i) => { places[i + 1] = places[i]! + n; });
  const [values, probabilities] = [new Float64Array(places[count]!), new Float64Array(places[count]!)];
  const sites: Sites = { count, first: places, values, sums: new Float64Array(0), zeros: new Int32Array(0) };
  return {
    count, means, variances, law,
    values: (i) => two[i],
    hasTerms: () => first.some((x) => x !== 0) || second.some((x) => x !== 0),
    curvature: (i) => second[i]!,
    add: (i, a, b) => {
      first[i]! += a;
      second[i]! += b;
    },
    nodes: () => {
      for (let i = 0; i < count; i++) {
        const [own, at, m] = [two[i], places[i]!, means[i]!];
        const above = own ? (m - own[0]) / (own[1] - own[0]) : 0;
        const far = Math.sqrt(3 * variances[i]!);
        values.set(own ?? [m - far, m, m + far], at);
        probabilities.set(own ? [1 - above, above] : [1 / 6, 2 / 3, 1 / 6], at);
      }
      return { sites, probabilities };
    },
    energy: (at) => at.reduce((sum, x, i) => sum + (two[i] ? (x === two[i][0] ? first[i]! : second[i]!) : first[i]! * x + (second[i]! * x * x) / 2), 0),
  };
}
