/**
 * Rejection-free Metropolis moves (A. Bortz, M. Kalos, J. Lebowitz, J. Comput. Phys. 17, 10 (1975)) of variables with finitely many values. With
 * acceptance probabilities a_m of the n moves that take one variable to one of its other values, an attempt of a uniformly random one is accepted with
 * p = Σ a_m / n; the number of rejected ones before is geometric, and the accepted one is m with a_m / Σ a. So attempts are made at the price of
 * those that are accepted, with the very law of single attempts; the random numbers are others.
 */
import { drawsOf } from "./domainMoves.ts";
import type { MovedArray } from "./modelMoves.ts";
import { attempt } from "./singleMove.ts";

const INTEGERS = 256;
const tables = new Map<number, Float64Array>();
const factor = (difference: number, T: number): number => (T === Infinity ? 1 : T === 0 ? 0 : Math.exp(-difference / T));

/** exp(−k/T) for k = 0, 1, … */
function factorsOfIntegers(T: number): Float64Array {
  let table = tables.get(T);
  if (!table) {
    // One for each temperature of a sweep.
    if (tables.size > INTEGERS) tables.clear();
    tables.set(T, (table = Float64Array.from({ length: INTEGERS }, (_, k) => (k === 0 ? 1 : factor(k, T)))));
  }
  return table;
}

/** min(1, exp(−ΔH/T)) of every move into `acceptances`: of all entries with the first of their draws, then with the next. Returns their sum. */
export function acceptancesOf({ kernel, length, domain }: MovedArray, T: number, acceptances: Float64Array): number {
  for (let i = 0; i < length; i++) kernel.entries[i] = i;
  kernel.thresholds.fill(-Infinity);
  kernel.attempts[0] = length;
  const ofIntegers = factorsOfIntegers(T);
  let sum = 0;
  let move = 0;
  for (const draw of drawsOf(domain)) {
    kernel.draws.fill(draw);
    kernel.run();
    const { differences } = kernel;
    for (let i = 0; i < length; i++, move++) {
      const difference = differences[i]!;
      // A difference of counts is an integer, of which few occur.
      const acceptance = difference <= 0 ? 1 : difference < INTEGERS && difference === (difference | 0) ? ofIntegers[difference]! : factor(difference, T);
      acceptances[move] = acceptance;
      sum += acceptance;
    }
  }
  return sum;
}

/** How many attempts are rejected before one is accepted, of which the probability is p, for a uniform number u in (0, 1). */
export const rejectedBefore = (p: number, u: number): number => (p >= 1 ? 0 : p > 0 ? Math.floor(Math.log(u) / Math.log1p(-p)) : Infinity);

/** The move that a uniform number v in (0, 1) chooses with probabilities proportional to `acceptances`, whose sum is `total`. */
export function chosenMove(acceptances: Float64Array, total: number, v: number): number {
  let rest = v * total;
  let last = 0;
  for (let i = 0; i < acceptances.length; i++) {
    if (acceptances[i] === 0) continue;
    last = i;
    rest -= acceptances[i]!;
    if (rest < 0) return i;
  }
  // Rounding of the sum.
  return last;
}

export interface RejectionFree {
  /** As many attempts as the array has entries; `uniform(k)` is the k-th uniform number of the sweep. Returns the accepted moves and their energy change. */
  readonly sweep: (T: number, uniform: (k: number) => number) => { readonly accepted: number; readonly change: number };
  /** To be called when something else has moved. */
  readonly forget: () => void;
}

export function rejectionFree(array: MovedArray): RejectionFree {
  const draws = drawsOf(array.domain);
  const acceptances = new Float64Array(draws.length * array.length);
  // As long as nothing moves, the probabilities stay.
  let known: { readonly T: number; readonly total: number } | undefined;
  return {
    sweep: (T, uniform) => {
      let [accepted, change, drawn, left] = [0, 0, 0, array.length];
      for (;;) {
        if (known?.T !== T) known = { T, total: acceptancesOf(array, T, acceptances) };
        const rejected = rejectedBefore(Math.min(1, known.total / acceptances.length), uniform(drawn++));
        if (rejected >= left) return { accepted, change };
        left -= rejected + 1;
        const move = chosenMove(acceptances, known.total, uniform(drawn++));
        change += attempt(array, move % array.length, draws[Math.floor(move / array.length)]!, Infinity);
        accepted++;
        known = undefined;
        if (left === 0) return { accepted, change };
      }
    },
    forget: () => { known = undefined; },
  };
}
