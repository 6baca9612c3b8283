import { Stream } from "../random/stream.ts";
import type { Replicate, ResampledVariance, ResampleGroup } from "./jackknife.ts";
import { momentsOf } from "./moments.ts";

/** The relative error of the error is then about sqrt(1 / 400), five per cent. */
const RESAMPLES = 200;

/**
 * Variance of order statistics: 200 resamples with replacement of the units of each group, from a fixed random stream that knows only
 * the group and its number of units: the same data give the same error, and data sets that share units are resampled together. For
 * medians and quantiles this is consistent, where deleting one unit at a time is not. Resamples without a value (NaN) are left
 * out; where half of them have none, the variance is NaN.
 */
export function bootstrap(value: (replicate: Replicate) => number, groups: readonly ResampleGroup[]): ResampledVariance {
  const byGroup = groups.map((group) => {
    const count = group.sizes.length;
    const stream = new Stream(["bootstrap", group.key, count]);
    const drawn = new Float64Array(count);
    const values: number[] = [];
    for (let resample = 0; resample < RESAMPLES; resample++) {
      stream.integers(drawn, 0, count, resample);
      const multiplicity = new Float64Array(count);
      for (const unit of drawn) multiplicity[unit]++;
      const result = value({ group: group.key, multiplicity });
      if (!Number.isNaN(result)) values.push(result);
    }
    if (values.length < RESAMPLES / 2) return NaN;
    const { squares } = momentsOf(Float64Array.from(values));
    // A resample of n units has spread (n − 1)/n of that of the population; the factor makes the error of a mean unbiased.
    const n = Math.max(...group.sizes);
    return ((squares / (values.length - 1)) * n) / (n - 1);
  });
  return { variance: byGroup.reduce((sum, part) => sum + part, 0), byGroup };
}
