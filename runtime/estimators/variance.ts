import type { NumberEstimator, Unit } from "./estimator.ts";
import type { Fold } from "./fold.ts";
import { foldMoments, mergedMoments, momentsOfOne, noMoments, varianceOf, type Moments } from "./moments.ts";

/** The records of the sample at hand, and the variances of those that are over: one number each, all with the same weight. */
interface Part { readonly open: Moments; readonly over: Moments }

const fold: Fold<Part> = {
  init: () => ({ open: noMoments, over: noMoments }),
  step: ({ open, over }, unit: Unit) => ({ open: foldMoments.step(open, unit), over }),
  merge: (a, b) => ({ open: mergedMoments(a.open, b.open), over: mergedMoments(a.over, b.over) }),
  close: ({ open, over }) => (open.count === 0 ? { open, over } : { open: noMoments, over: mergedMoments(over, momentsOfOne(varianceOf(open))) }),
  finish: ({ open, over }) => (over.count > 0 ? over.mean : varianceOf(open)),
};

/**
 * Within samples: [⟨x²⟩ − ⟨x⟩²], the thermal variance averaged over the disorder. Above a nested estimator there is one number a sample,
 * and `variance` is the one between samples (no sample is then closed).
 */
export const variance: NumberEstimator = {
  name: "variance",
  doc: "Unbiased variance (divisor n - 1) within each sample, over its time and starts, averaged over samples; of a nested estimator, the variance from sample to sample.",
  arguments: [{ name: "x", doc: "expression of observables", kind: "number" }],
  options: [],
  result: "number",
  error: "jackknife",
  fold: () => fold,
};
