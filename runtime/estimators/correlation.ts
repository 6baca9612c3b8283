import type { NumberEstimator, Unit } from "./estimator.ts";
import type { Fold } from "./fold.ts";
import { mergedMoments, momentsOf, noMoments, type Moments } from "./moments.ts";

/** Moments of both, and the sum of the products of their deviations from their means. */
interface Part { readonly x: Moments; readonly y: Moments; readonly products: number }

const fold: Fold<Part> = {
  init: () => ({ x: noMoments, y: noMoments, products: 0 }),
  step: (part, unit) => merge(part, partOf(unit)),
  merge,
  finish: ({ x, y, products }) => products / Math.sqrt(x.squares * y.squares),
};

export const correlation: NumberEstimator = {
  name: "correlation",
  doc: "Pearson correlation of two quantities over time, starts and samples together; it is undefined where one of them doesn't vary.",
  arguments: [
    { name: "x", doc: "expression of observables", kind: "number" },
    { name: "y", doc: "expression of observables of the same records", kind: "number" },
  ],
  options: [],
  result: "number",
  error: "jackknife",
  fold: () => fold,
};

function partOf(unit: Unit): Part {
  const [xs, ys] = unit.values;
  const [x, y] = [momentsOf(xs!, unit), momentsOf(ys!, unit)];
  let products = 0;
  for (let i = 0; i < xs!.length; i++) products += (unit.weights ? unit.weights[i]! : 1) * (xs![i]! - x.mean) * (ys![i]! - y.mean);
  return { x, y, products };
}

function merge(a: Part, b: Part): Part {
  if (a.x.count === 0) return b;
  if (b.x.count === 0) return a;
  const between = ((b.x.mean - a.x.mean) * (b.y.mean - a.y.mean) * a.x.count * b.x.count) / (a.x.count + b.x.count);
  return { x: mergedMoments(a.x, b.x), y: mergedMoments(a.y, b.y), products: a.products + b.products + between };
}
