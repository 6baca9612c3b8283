/** An estimator on the data as they are, and on resamples of its units, which it may share with others. */
import type { Replicate, ResampleGroup } from "../estimators/jackknife.ts";
import type { Sampled } from "./sampled.ts";

/** An estimator with its group of units and its value on the data as they are. */
export interface Estimate {
  readonly sampled: Sampled;
  readonly group: string;
  readonly value: number;
}

const UNITS = { samples: "samples", starts: "starts", time: "blocks in time" } as const;

/** The groups of units that some estimates share, with the units in increasing order. */
export function groupsOf(estimates: readonly Estimate[]): Map<string, ResampleGroup & { readonly names: readonly number[] }> {
  const sizes = new Map<string, { level: Sampled["level"]; units: Map<number, number> }>();
  for (const { group, sampled: one } of estimates) {
    const found = sizes.get(group) ?? { level: one.level, units: new Map<number, number>() };
    for (const name of one.unitNames) found.units.set(name, Math.max(found.units.get(name) ?? 0, one.unitNames.length));
    sizes.set(group, found);
  }
  return new Map([...sizes].map(([key, { level, units }]) => {
    const names = [...units.keys()].sort((a, b) => a - b);
    return [key, { key, units: UNITS[level], names, sizes: names.map((name) => units.get(name)!) }];
  }));
}

/** Where the units of an estimate stand in their group. */
export function positionsOf({ sampled: one }: Estimate, names: readonly number[]): Int32Array {
  const index = new Map(names.map((name, position) => [name, position]));
  return Int32Array.from(one.unitNames, (name) => index.get(name)!);
}

export function resampledValue(estimate: Estimate, positions: Int32Array, { multiplicity }: Replicate): number {
  const own = new Float64Array(positions.length);
  for (let unit = 0; unit < own.length; unit++) own[unit] = multiplicity[positions[unit]];
  return estimate.sampled.value(own);
}
