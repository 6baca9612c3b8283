import type { HistogramEstimator } from "./estimator.ts";

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

/**
 * Counts and density in bins [edge i, edge i + 1), the last one closed. Values outside of the edges, and NaN, are in no bin but count as
 * data: with them the areas sum to the share inside.
 */
export function binned(values: readonly Float64Array[], edges: readonly number[]): { count: number[]; density: number[] } {
  const bins = edges.length - 1;
  const count = new Array<number>(bins).fill(0);
  let total = 0;
  for (const part of values) {
    total += part.length;
    for (const value of part) {
      if (!(value >= edges[0] && value <= edges[bins])) continue;
      let bin = Math.min(bins - 1, Math.floor(((value - edges[0]) / (edges[bins] - edges[0])) * bins));
      // The division may land a value that lies on an edge on its wrong side.
      if (value < edges[bin]) bin--;
      else if (bin < bins - 1 && value >= edges[bin + 1]) bin++;
      count[bin]++;
    }
  }
  return { count, density: count.map((n, i) => n / total / (edges[i + 1] - edges[i])) };
}
