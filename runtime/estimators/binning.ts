/**
 * Into how many blocks a correlated time series is cut, so that the means of the blocks are independent.
 *
 * The automatic blocking test of M. Jonsson, Phys. Rev. E 98, 043304 (2018): neighbours are averaged again and again (H. Flyvbjerg,
 * H. G. Petersen, J. Chem. Phys. 91, 461 (1989)); the series is cut at the first level from which on the lag-one correlations of all
 * further levels are together compatible with zero (chi-square, 1 per cent). That is where the plateau of the error begins.
 */
import { chiSquareOnePercent } from "./chiSquare.ts";
import { integratedTime } from "./convergence.ts";
import { standardError } from "./standardError.ts";

export interface Binning {
  readonly blocks: number;
  /** Whether a plateau was found. If not, the series is too short for its correlation time and any error is a lower bound. */
  readonly plateau: boolean;
}

/** Fewer blocks than this carry no error worth the name (its own relative error is sqrt(1 / (2 blocks))). */
const FEWEST_BLOCKS = 8;
/** With fewer blocks at the beginning of the plateau the test has no power: even a steady drift passes it. */
const PLATEAU_BLOCKS = 32;
/**
 * The plateau begins where the test no longer sees a correlation, which is too early: neighbouring blocks of length b of a series with
 * exponential memory still lower the variance of the mean by about τ/(2b), τ the integrated autocorrelation time. This many τ a block leave
 * five per cent of it.
 */
const TIMES_A_BLOCK = 10;
/** τ is found on at most so many averages of neighbours. */
const LONGEST_SERIES = 4096;
/** Beyond the plateau further levels are taken, for safety, while so many blocks remain: the error is then known to four per cent. */
const ENOUGH_BLOCKS = 256;

/** A series that is too short to be cut (below 8 records) has one block. */
export function binning(series: Float64Array): Binning {
  if (series.length < FEWEST_BLOCKS) return { blocks: 1, plateau: false };
  if (series.every((value) => value === series[0])) return { blocks: Math.min(series.length, ENOUGH_BLOCKS), plateau: true };
  const levels = Math.floor(Math.log2(series.length));
  const terms: number[] = [];
  // The largest power of two of the latest records: the levels then halve without a remainder.
  let level = series.slice(series.length - 2 ** levels);
  for (let k = 0; k < levels; k++) {
    const { variance, lagOne } = neighbours(level);
    // Of means of m blocks, (m − 1) s² / m² + gamma is the estimated covariance of neighbours, free of the bias of the mean.
    const m = level.length;
    terms.push(variance === 0 ? 0 : m * ((((m - 1) * variance) / (m * m) + lagOne) / variance) ** 2);
    level = Float64Array.from({ length: m / 2 }, (_, i) => 0.5 * (level[2 * i] + level[2 * i + 1]));
  }
  let rest = 0;
  let begin = levels;
  for (let k = levels - 1; k >= 0; k--) {
    rest += terms[k];
    // Only the first level from which the test holds counts, not a later one by chance: so all levels are looked at.
    if (rest <= chiSquareOnePercent(levels - k)) begin = k;
  }
  const blocks = Math.floor(series.length / 2 ** begin);
  if (blocks < PLATEAU_BLOCKS) return { blocks: Math.max(blocks, FEWEST_BLOCKS), plateau: false };
  const independent = Math.floor(series.length / (TIMES_A_BLOCK * correlationTime(series)));
  return { blocks: Math.max(Math.min(blocks, independent, ENOUGH_BLOCKS), FEWEST_BLOCKS), plateau: independent >= FEWEST_BLOCKS };
}

/** Consecutive blocks of nearly equal lengths: where block `number` of `blocks` begins in a series of `length`. */
export const blockEdge = (number: number, blocks: number, length: number): number => Math.round((number * length) / blocks);

/** The standard error of the mean of a series, from its blocks: of deviations from the first value, so that equal ones have exactly none. */
export function blockedError(series: Float64Array): Binning & { readonly error: number } {
  const { blocks, plateau } = binning(series);
  const means = Array.from({ length: blocks }, (_, k) => {
    const [from, to] = [blockEdge(k, blocks, series.length), blockEdge(k + 1, blocks, series.length)];
    let sum = 0;
    for (let i = from; i < to; i++) sum += series[i] - series[0];
    return sum / (to - from);
  });
  return { blocks, plateau, error: standardError(means) };
}

/** The integrated autocorrelation time in records; 0 where no two records are correlated. */
function correlationTime(series: Float64Array): number {
  const width = Math.ceil(series.length / LONGEST_SERIES);
  const averages = Float64Array.from({ length: Math.floor(series.length / width) }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += series[i * width + k];
    return sum / width;
  });
  return width * (integratedTime([averages]) - 1);
}

function neighbours(values: Float64Array): { variance: number; lagOne: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    squares += (values[i] - mean) ** 2;
    if (i > 0) products += (values[i] - mean) * (values[i - 1] - mean);
  }
  return { variance: squares / n, lagOne: products / n };
}
