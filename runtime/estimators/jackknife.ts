/**
 * Standard errors of any smooth function of any number of estimators, by deleting one unit at a time (B. Efron, "The Jackknife, the
 * Bootstrap and Other Resampling Plans", SIAM 1982, chapter 3).
 *
 * A group is a set of units that several data sets share: the disorder samples of a model under one seed, which all runs and sweep points
 * see. A unit is deleted from all of them at once, so that what they have in common cancels in a difference. Groups are independent of
 * each other, and their variances add.
 */
export interface ResampleGroup {
  readonly key: string;
  /** "samples", "starts" or "blocks in time" */
  readonly units: string;
  /** For each unit, the number of units in the largest data set that holds it: without missing or uneven data, the number of units. */
  readonly sizes: readonly number[];
}

/** Multiplicities of the units of one group; the other groups are as they are. */
export interface Replicate {
  readonly group: string;
  readonly multiplicity: Float64Array;
}

export interface ResampledVariance {
  readonly variance: number;
  /** Share of each group, in the same order. */
  readonly byGroup: readonly number[];
}

/** NaN where a replicate is: with two units, what needs two has no error. A function that no replicate changes has error 0. */
export function jackknife(value: (replicate: Replicate) => number, groups: readonly ResampleGroup[]): ResampledVariance {
  const byGroup = groups.map((group) => {
    const count = group.sizes.length;
    const values = Float64Array.from(group.sizes, (_, deleted) => {
      const multiplicity = new Float64Array(count).fill(1);
      multiplicity[deleted] = 0;
      return value({ group: group.key, multiplicity });
    });
    const center = centerOf(values);
    return group.sizes.reduce((sum, n, unit) => sum + ((n - 1) / n) * (values[unit] - center) ** 2, 0);
  });
  return { variance: byGroup.reduce((sum, part) => sum + part, 0), byGroup };
}

/** The mean, as deviations from the first value: equal values give exactly that value. */
function centerOf(values: Float64Array): number {
  return values[0] + values.reduce((sum, value) => sum + (value - values[0]), 0) / values.length;
}
