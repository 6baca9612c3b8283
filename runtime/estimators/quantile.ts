import type { Multiplicity, NumberEstimator, Unit } from "./estimator.ts";

export const quantile: NumberEstimator = {
  name: "quantile",
  doc: "The value below which a share q of the records lies, over time, starts and samples together: x at position 1 + (n - 1) q of the sorted records, linear in between. Its error is a bootstrap over samples.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [{ name: "q", doc: "the share, from 0 (the minimum) to 1 (the maximum)", kind: "number", minimum: 0, maximum: 1, without: "required" }],
  result: "number",
  error: "bootstrap",
  prepare: ({ units }, { q }) => quantileOf(units, q),
};

/**
 * Definition 7 of R. Hyndman, Y. Fan, Am. Stat. 50, 361 (1996), the default of R and NumPy. The records are sorted once; a resample walks
 * through them with its multiplicities.
 */
export function quantileOf(units: readonly Unit[], q: number): (multiplicity: Multiplicity) => number {
  if (units.some((unit) => unit.weights)) return weightedQuantile(units, q);
  const total = units.reduce((sum, unit) => sum + unit.values[0].length, 0);
  const values = new Float64Array(total);
  const owner = new Int32Array(total);
  let filled = 0;
  units.forEach((unit, u) => {
    values.set(unit.values[0], filled);
    owner.fill(u, filled, filled + unit.values[0].length);
    filled += unit.values[0].length;
  });
  if (values.some(Number.isNaN)) return () => NaN;
  const order = Uint32Array.from({ length: total }, (_, i) => i).sort((a, b) => values[a] - values[b]);

  return (multiplicity) => {
    const count = units.reduce((sum, unit, u) => sum + multiplicity[u] * unit.values[0].length, 0);
    if (count === 0) return NaN;
    const position = (count - 1) * q;
    const below = Math.floor(position);
    let seen = 0;
    let lower = NaN;
    for (let i = 0; i < total; i++) {
      seen += multiplicity[owner[order[i]]];
      const value = values[order[i]];
      if (Number.isNaN(lower) && seen > below) {
        lower = value;
        if (below === position) return lower;
      }
      // A value that stands twice is its own neighbour.
      if (seen > below + 1) return lower === value ? lower : lower + (position - below) * (value - lower);
    }
    return lower;
  };
}

/** Of a distribution: the smallest value up to which there is a weight of q. */
function weightedQuantile(units: readonly Unit[], q: number): (multiplicity: Multiplicity) => number {
  const entries = units.flatMap((unit, owner) => [...unit.values[0]!].map((value, k) => ({ value, owner, weight: unit.weights?.[k] ?? 1 }))).sort((a, b) => a.value - b.value);
  return (multiplicity) => {
    const total = entries.reduce((sum, e) => sum + multiplicity[e.owner]! * e.weight, 0);
    let seen = 0;
    for (const { value, owner, weight } of entries) {
      seen += multiplicity[owner]! * weight;
      // Rounding of the sum must not push a quantile past the value that reaches it.
      if (seen >= q * total - 1e-12 * total && multiplicity[owner]! * weight > 0) return value;
    }
    return NaN;
  };
}
