/**
 * How well chains have forgotten their start: split R-hat, autocorrelation time and effective sample size, as in A. Gelman et al.,
 * "Bayesian Data Analysis", 3rd ed., section 11.4-11.5, with averages over disorder samples: variances between and within chains are
 * averaged over samples before their ratio is taken.
 */
import { momentsOf } from "./moments.ts";

export interface Convergence {
  /** Split R-hat: 1 when halves of all chains of a sample agree, larger when they don't; NaN below 8 records a chain. */
  readonly splitRHat: number;
  /** Integrated autocorrelation time in records, 1 for independent ones: an average over n records has variance σ² time / n. */
  readonly autocorrelationTime: number;
  /** Records of all chains divided by the autocorrelation time. */
  readonly effectiveSampleSize: number;
  /** Mean difference between second and first halves of the chains, and its standard error over chains (NaN for one chain). */
  readonly drift: number;
  readonly driftError: number;
  /** Root of the variance within chains, by which the drift is to be judged. */
  readonly spread: number;
}

/** @param samples for each disorder sample its chains (one a start), each the values at successive records */
export function convergence(samples: readonly (readonly Float64Array[])[]): Convergence {
  const chains = samples.flat();
  const records = chains.reduce((sum, chain) => sum + chain.length, 0);
  const halves = samples.map((sample) => sample.flatMap(split));
  const within = average(halves.flat().filter((half) => half.length > 1).map(variance));
  const between = average(halves.filter((parts) => parts.length > 1).map((parts) => variance(Float64Array.from(parts, mean))));
  const length = average(halves.flat().map((half) => half.length));
  const enough = chains.length > 0 && chains.every((chain) => chain.length >= 8);
  // Equal values everywhere: nothing to disagree about.
  const splitRHat = !enough ? NaN : between === 0 ? 1 : Math.sqrt((length - 1) / length + between / within);

  const drifts = Float64Array.from(chains, (chain) => mean(split(chain)[1]) - mean(split(chain)[0]));
  const autocorrelationTime = enough ? integratedTime(chains) : NaN;
  return {
    splitRHat,
    autocorrelationTime,
    effectiveSampleSize: records / autocorrelationTime,
    drift: mean(drifts),
    driftError: drifts.length > 1 ? Math.sqrt(variance(drifts) / drifts.length) : NaN,
    spread: Math.sqrt(within),
  };
}

/** 1 + 2 Σ ρ(t), t up to the first window W ≥ 5 time(W) (A. Sokal, "Monte Carlo methods in statistical mechanics", 1989). */
export function integratedTime(chains: readonly Float64Array[]): number {
  const longest = Math.max(...chains.map((chain) => chain.length));
  const means = chains.map(mean);
  const covariance = (lag: number): number => {
    let sum = 0;
    let count = 0;
    chains.forEach((chain, c) => {
      for (let i = 0; i + lag < chain.length; i++) sum += (chain[i] - means[c]) * (chain[i + lag] - means[c]);
      count += chain.length;
    });
    return sum / count;
  };
  const variance0 = covariance(0);
  if (variance0 === 0) return 1;
  let time = 1;
  for (let lag = 1; lag < longest; lag++) {
    time += (2 * covariance(lag)) / variance0;
    if (lag >= 5 * time) break;
  }
  return Math.max(time, 1);
}

function split(chain: Float64Array): [Float64Array, Float64Array] {
  const half = Math.floor(chain.length / 2);
  return [chain.subarray(0, half), chain.subarray(chain.length - half)];
}

const mean = (values: Float64Array): number => momentsOf(values).mean;
const variance = (values: Float64Array): number => momentsOf(values).squares / (values.length - 1);
const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
