/**
 * An estimator as a fold over records. Parts of the data may be folded apart, in any grouping, and merged: so blocks, starts and samples are folded
 * once each, and what a resample gives is merged from them.
 *
 * Moments, sums of products and counts are of fixed size. An exact quantile needs every record: the part of an order statistic is its sorted
 * records (`orderStatistic.ts`). A sketch of bounded size would give up that `median` is what one gets from the records in `samples/`.
 */
import type { Division, Multiplicity, Unit } from "./estimator.ts";

export interface Fold<Part, Result = number> {
  /** Of no records. */
  readonly init: () => Part;
  /** With the records of one unit more. */
  step(part: Part, unit: Unit): Part;
  /** Associative up to rounding, with `init()` on both sides neutral. */
  merge(a: Part, b: Part): Part;
  /** NaN where there is too little data. */
  finish(part: Part): Result;
  /**
   * Ends a sample, for estimators that act within samples: what is merged with the result is not compared with its records. Absent for those
   * that pool all.
   */
  close?(part: Part): Part;
  /** The same as merging, for parts that grow with the records: does the work that resamples share. */
  resample?(parts: readonly Part[]): (multiplicity: Multiplicity) => Result;
}

/** The result on resamples of the units of some data. */
export function resampling<Part, Result>(fold: Fold<Part, Result>, { units, separate }: Division): (multiplicity: Multiplicity) => Result {
  const parts = units.map((unit) => {
    const part = fold.step(fold.init(), unit);
    return separate && fold.close ? fold.close(part) : part;
  });
  if (fold.resample) return fold.resample(parts);
  const empty = fold.init();
  const merge = (a: Part, b: Part): Part => fold.merge(a, b);
  let rest: { readonly before: readonly Part[]; readonly after: readonly Part[] } | undefined;
  const withoutOne = (deleted: number): Part => {
    // What lies before and behind each unit is merged once for all of them.
    rest ??= { before: scan(parts, merge, empty), after: scan([...parts].reverse(), (a, b) => merge(b, a), empty) };
    return merge(rest.before[deleted]!, rest.after[parts.length - 1 - deleted]!);
  };
  return (multiplicity) => {
    const deleted = onlyMissing(multiplicity, parts.length);
    if (deleted !== undefined) return fold.finish(withoutOne(deleted));
    let all = empty;
    for (let u = 0; u < parts.length; u++) for (let k = 0; k < multiplicity[u]!; k++) all = merge(all, parts[u]!);
    return fold.finish(all);
  };
}

/** For each place what was merged of all before it, and at the end all. */
function scan<Part>(parts: readonly Part[], merge: (a: Part, b: Part) => Part, empty: Part): Part[] {
  const merged = [empty];
  for (const part of parts) merged.push(merge(merged.at(-1)!, part));
  return merged;
}

/** The number of the unit that is left out once, where all others are there once. */
function onlyMissing(multiplicity: Multiplicity, units: number): number | undefined {
  let missing: number | undefined;
  for (let u = 0; u < units; u++) {
    if (multiplicity[u] === 1) continue;
    if (multiplicity[u] !== 0 || missing !== undefined) return undefined;
    missing = u;
  }
  return missing;
}
