import type { Division, HistogramEstimator } from "./estimator.ts";
import { resampling, type Fold } from "./fold.ts";
import { probVariance } from "./prob.ts";

export const histogram: HistogramEstimator = {
  name: "histogram",
  doc: "Density of the records, over time, starts and samples together, in bins of equal width: the bins' areas sum to 1. In a plot only, where all groups share their bins unless one of them would lie in less than five.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [
    { name: "bins", doc: "number of bins", kind: "integer", minimum: 1, maximum: 10000, default: 40 },
    { name: "from", doc: "left end; without it, the smallest record", kind: "number", without: "optional" },
    { name: "to", doc: "right end; without it, the largest record", kind: "number", without: "optional" },
  ],
  result: "histogram",
};

/**
 * `bins + 1` edges over [from, to]. Where the ends coincide (all records are equal) the interval is widened by half a unit to both sides,
 * or by a relative 1e-6 where that would be lost in rounding.
 */
export function histogramEdges(from: number, to: number, bins: number): number[] {
  const half = from === to ? Math.max(0.5, 1e-6 * Math.abs(from)) : 0;
  const left = from - half;
  const width = to - from + 2 * half;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins && half === 0 ? to : left + (width * i) / bins));
}

/** How many records are in each bin, and how many there are in all. */
export interface Counts { readonly count: readonly number[]; readonly total: number }

/**
 * Counts in bins [edge i, edge i + 1), the last one closed, and their density. Values outside of the edges, and NaN, are in no bin but count
 * as data: with them the areas sum to the share inside.
 */
export const histogramFold = (edges: readonly number[]): Fold<Counts, { readonly count: readonly number[]; readonly density: readonly number[] }> => ({
  init: () => ({ count: new Array<number>(edges.length - 1).fill(0), total: 0 }),
  step: (part, { values: [values] }) => merge(part, counted(values!, edges)),
  merge,
  finish: ({ count, total }) => ({ count, density: count.map((n, i) => n / total / (edges[i + 1]! - edges[i]!)) }),
});

const merge = (a: Counts, b: Counts): Counts => ({ count: a.count.map((n, bin) => n + b.count[bin]!), total: a.total + b.total });

function counted(values: Float64Array, edges: readonly number[]): Counts {
  const bins = edges.length - 1;
  const count = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (!(value >= edges[0]! && value <= edges[bins]!)) continue;
    let bin = Math.min(bins - 1, Math.floor(((value - edges[0]!) / (edges[bins]! - edges[0]!)) * bins));
    // The division may land a value that lies on an edge on its wrong side.
    if (value < edges[bin]!) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    count[bin]!++;
  }
  return { count, total: values.length };
}

/** Counts and density of some data, and the standard error of the density: that of the share of each bin (`probVariance`), over the units. */
export function histogramOf(data: Division, edges: readonly number[]): { readonly count: readonly number[]; readonly density: readonly number[]; readonly error: readonly number[] } {
  const { units } = data;
  const of = resampling(histogramFold(edges), data);
  const multiplicity = new Float64Array(units.length).fill(1);
  const whole = of(multiplicity);
  const records = units.reduce((sum, unit) => sum + unit.values[0]!.length, 0);
  const without = units.map((_, u) => {
    multiplicity[u] = 0;
    const { density } = of(multiplicity);
    multiplicity[u] = 1;
    return density;
  });
  const n = units.length;
  const error = whole.density.map((density, bin) => {
    const width = edges[bin + 1]! - edges[bin]!;
    const centre = without.reduce((sum, one) => sum + one[bin]! / n, 0);
    const variance = without.reduce((sum, one) => sum + ((n - 1) / n) * (one[bin]! - centre) ** 2, 0);
    return n > 1 ? Math.sqrt(probVariance(density * width, records, n, variance * width * width)) / width : NaN;
  });
  return { ...whole, error };
}
