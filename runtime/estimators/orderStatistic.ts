import type { Multiplicity, Unit } from "./estimator.ts";
import type { Fold } from "./fold.ts";

/** Records in increasing order, with what each counts where they have weights. */
interface Sorted { readonly values: Float64Array; readonly weights?: Float64Array }

/**
 * The value below which a share q of the records lies: definition 7 of R. Hyndman, Y. Fan, Am. Stat. 50, 361 (1996), the default of R and
 * NumPy; of records with weights the smallest value up to which there is a weight of q.
 */
export const orderStatistic = (q: number): Fold<Sorted> => ({
  init: () => ({ values: new Float64Array(0) }),
  step: (part, unit) => merge(part, sorted(unit)),
  merge,
  finish: (part) => quantileOf([part], q)([1]),
  resample: (parts) => quantileOf(parts, q),
});

function sorted({ values: [values], weights }: Unit): Sorted {
  if (!weights) return { values: values!.slice().sort() };
  const order = increasing(values!);
  return { values: Float64Array.from(order, (i) => values![i]!), weights: Float64Array.from(order, (i) => weights[i]!) };
}

function merge(a: Sorted, b: Sorted): Sorted {
  if (a.values.length === 0) return b;
  if (b.values.length === 0) return a;
  return sorted({ values: [joined(a.values, b.values)], lengths: [], ...(a.weights ?? b.weights ? { weights: joined(weightsOf(a), weightsOf(b)) } : {}) });
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

const weightsOf = ({ values, weights }: Sorted): Float64Array => weights ?? new Float64Array(values.length).fill(1);

const increasing = (values: Float64Array): Uint32Array => Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);

/** The union of the parts is sorted once; a resample walks through it with its multiplicities. */
function quantileOf(parts: readonly Sorted[], q: number): (multiplicity: Multiplicity) => number {
  const total = parts.reduce((sum, part) => sum + part.values.length, 0);
  const joint = { values: new Float64Array(total), weights: new Float64Array(total), owner: new Int32Array(total) };
  let filled = 0;
  parts.forEach((part, p) => {
    joint.values.set(part.values, filled);
    joint.weights.set(weightsOf(part), filled);
    joint.owner.fill(p, filled, filled + part.values.length);
    filled += part.values.length;
  });
  if (joint.values.some(Number.isNaN)) return () => NaN;
  const order = increasing(joint.values);
  const ranked = { values: new Float64Array(total), weights: new Float64Array(total), owner: new Int32Array(total) };
  order.forEach((i, rank) => {
    ranked.values[rank] = joint.values[i]!;
    ranked.weights[rank] = joint.weights[i]!;
    ranked.owner[rank] = joint.owner[i]!;
  });
  return parts.some((part) => part.weights) ? weighted(ranked, q) : unweighted(ranked, q);
}

interface Ranked { readonly values: Float64Array; readonly weights: Float64Array; readonly owner: Int32Array }

function unweighted({ values, owner }: Ranked, q: number): (multiplicity: Multiplicity) => number {
  return (multiplicity) => {
    let count = 0;
    for (const own of owner) count += multiplicity[own]!;
    if (count === 0) return NaN;
    const position = (count - 1) * q;
    const below = Math.floor(position);
    let seen = 0;
    let lower = NaN;
    for (let i = 0; i < values.length; i++) {
      seen += multiplicity[owner[i]!]!;
      const value = values[i]!;
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

function weighted({ values, weights, owner }: Ranked, q: number): (multiplicity: Multiplicity) => number {
  return (multiplicity) => {
    let total = 0;
    for (let i = 0; i < values.length; i++) total += multiplicity[owner[i]!]! * weights[i]!;
    let seen = 0;
    for (let i = 0; i < values.length; i++) {
      const weight = multiplicity[owner[i]!]! * weights[i]!;
      seen += weight;
      // Rounding of the sum must not push a quantile past the value that reaches it.
      if (seen >= q * total - 1e-12 * total && weight > 0) return values[i]!;
    }
    return NaN;
  };
}
