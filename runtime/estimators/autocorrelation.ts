import type { NumberEstimator, Unit } from "./estimator.ts";
import type { Fold } from "./fold.ts";
import { mergedMoments, momentsOf, noMoments, type Moments } from "./moments.ts";

/** Sums over pairs of records t apart within one series: their number, the products of deviations, and the deviations of the first and of the second ones. */
interface Pairs { readonly pairs: number; readonly products: number; readonly first: number; readonly second: number }

/** The sample at hand, with deviations from some of its records, and what samples that are over leave: sums about their means. */
interface Part {
  readonly reference: number;
  readonly open: Pairs;
  readonly moments: Moments;
  readonly over: { readonly pairs: number; readonly products: number; readonly squares: number; readonly count: number };
}

const noPairs: Pairs = { pairs: 0, products: 0, first: 0, second: 0 };
const empty: Part = { reference: NaN, open: noPairs, moments: noMoments, over: { pairs: 0, products: 0, squares: 0, count: 0 } };

const foldAt = (lag: number): Fold<Part> => ({
  init: () => empty,
  step: (part, unit) => merge(part, partOf(unit, lag)),
  merge,
  close,
  finish: (part) => {
    // An exact sum over states has no time.
    if (part.moments.exact) return NaN;
    const { pairs, products, squares, count } = close(part).over;
    // The products of lag 0 are the squares, and not only up to rounding.
    return lag === 0 ? squares / squares : products / pairs / (squares / count);
  },
});

/**
 * rho(t) = C(t)/C(0), C(t) the mean over all pairs of records t apart, within one series, of the product of their deviations from the
 * mean of their sample: static differences between samples do not look like memory.
 */
export const autocorrelation: NumberEstimator = {
  name: "autocorrelation",
  doc: "Normalised autocorrelation in time at a lag counted in records: 1 at lag 0. Deviations are from the mean of each sample. In a plot without `lag` it is drawn against the lag.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [{ name: "lag", doc: "distance in records", kind: "integer", minimum: 0, default: 1 }],
  result: "number",
  error: "jackknife",
  fold: ({ lag = 1 }) => foldAt(lag),
};

function partOf({ values: [values], lengths, exact }: Unit, lag: number): Part {
  const reference = values![0] ?? NaN;
  let [pairs, products, first, second, begin] = [0, 0, 0, 0, 0];
  for (const length of lengths) {
    for (let i = begin; i + lag < begin + length; i++) {
      const [a, b] = [values![i]! - reference, values![i + lag]! - reference];
      products += a * b;
      first += a;
      second += b;
    }
    pairs += Math.max(0, length - lag);
    begin += length;
  }
  return { ...empty, reference, open: { pairs, products, first, second }, moments: momentsOf(values!, exact ? { exact } : {}) };
}

function merge(a: Part, b: Part): Part {
  const over = { pairs: a.over.pairs + b.over.pairs, products: a.over.products + b.over.products, squares: a.over.squares + b.over.squares, count: a.over.count + b.over.count };
  if (b.moments.count === 0) return { ...a, over };
  if (a.moments.count === 0) return { ...b, over };
  const moved = about(b.open, b.reference - a.reference);
  return {
    reference: a.reference, moments: mergedMoments(a.moments, b.moments), over,
    open: { pairs: a.open.pairs + moved.pairs, products: a.open.products + moved.products, first: a.open.first + moved.first, second: a.open.second + moved.second },
  };
}

/** The same sums of deviations from a number that lies lower by `shift`. */
const about = ({ pairs, products, first, second }: Pairs, shift: number): Pairs =>
  ({ pairs, products: products + shift * (first + second) + pairs * shift * shift, first: first + pairs * shift, second: second + pairs * shift });

function close({ reference, open, moments, over }: Part): Part {
  if (moments.count === 0) return { ...empty, over };
  const { pairs, products } = about(open, reference - moments.mean);
  return { ...empty, over: { pairs: over.pairs + pairs, products: over.products + products, squares: over.squares + moments.squares, count: over.count + moments.count } };
}
