import type { StateArray } from "../model.ts";
import { domainValues } from "../moves/domainMoves.ts";

/**
 * Beliefs of single variables, from logarithms of messages: of each value the sum of those that are finite, and the number of messages that are 0,
 * so that one message can be taken out again.
 */
export interface Sites {
  readonly count: number;
  /** Entries first[i] … first[i + 1] − 1 of the arrays below belong to the values of variable i. */
  readonly first: Int32Array;
  readonly values: Float64Array;
  readonly sums: Float64Array;
  readonly zeros: Int32Array;
}

/** @throws Error (internal) for variables with infinitely many values */
export function createSites(state: readonly StateArray[]): Sites {
  const count = state.reduce((n, a) => n + a.length, 0);
  const first = new Int32Array(count + 1);
  const values: number[] = [];
  for (const { offset, length, domain, name } of state) {
    const own = domain && domainValues(domain);
    if (!own) throw new Error(`internal: ${name} has no finite domain`);
    for (let i = offset; i < offset + length; i++) {
      values.push(...own);
      first[i + 1] = values.length;
    }
  }
  return { count, first, values: Float64Array.from(values), sums: new Float64Array(values.length), zeros: new Int32Array(values.length) };
}

export function clear({ sums, zeros }: Sites): void {
  sums.fill(0);
  zeros.fill(0);
}

/** Adds (`by` 1) or takes out (−1) a message to variable i, given by probabilities from `from`. */
export function include({ first, sums, zeros }: Sites, i: number, message: Float64Array, from: number, by: 1 | -1): void {
  for (let k = first[i], m = from; k < first[i + 1]; k++, m++) {
    if (message[m] > 0) sums[k] += by * Math.log(message[m]);
    else zeros[k] += by;
  }
}

/** Probabilities of the values of variable i into out[from…]; returns the logarithm of their sum before normalisation, −∞ if all are 0. */
export function belief({ first, sums, zeros }: Sites, i: number, out: Float64Array, from: number): number {
  let largest = -Infinity;
  for (let k = first[i]; k < first[i + 1]; k++) if (zeros[k] === 0) largest = Math.max(largest, sums[k]);
  if (largest === -Infinity) return -Infinity;
  let total = 0;
  for (let k = first[i], m = from; k < first[i + 1]; k++, m++) total += out[m] = zeros[k] === 0 ? Math.exp(sums[k] - largest) : 0;
  for (let k = first[i], m = from; k < first[i + 1]; k++, m++) out[m] /= total;
  return largest + Math.log(total);
}

/** Each variable at its most probable value; where two are equally probable it keeps the value that it has, if that is one of them. */
export function mostProbable(sites: Sites, marginals: Float64Array, state: Float64Array): void {
  const { first, values } = sites;
  for (let i = 0; i < sites.count; i++) {
    let best = -1;
    let probability = -1;
    for (let k = first[i]; k < first[i + 1]; k++) {
      const keeps = values[k] === state[i] && marginals[k] > probability - 1e-12;
      if (marginals[k] > probability + 1e-12 || keeps) { best = k; probability = marginals[k]; }
    }
    state[i] = values[best];
  }
}
