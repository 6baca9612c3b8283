/**
 * An estimator as a record: what it is called, what it takes, and how it folds records into a value. The compiler reads the
 * descriptor; `results/` folds the resampling units of the data.
 */
import type { Fold } from "./fold.ts";

export interface EstimatorArgument {
  readonly name: string;
  readonly doc: string;
  /** An expression of the run's observables that is a number, or a truth value (which counts as 0 or 1), at each record. */
  readonly kind: "number" | "truth";
}

/** Written as `name = value`, or by position after the arguments in this order. What isn't written is left out of the tree. */
export interface EstimatorOption {
  readonly name: string;
  readonly doc: string;
  readonly kind: "number" | "integer";
  /** Inclusive bounds. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number;
  /** Neither given nor default: "required" is an error, "optional" a choice that the estimator documents. */
  readonly without?: "required" | "optional";
}

/** What the compiler knows of an estimator. */
export interface EstimatorDescriptor {
  readonly name: string;
  /** One or two sentences with the convention, as printed by `quench functions`. */
  readonly doc: string;
  readonly arguments: readonly EstimatorArgument[];
  readonly options: readonly EstimatorOption[];
  /** "histogram" may only be a whole expression of a plot. */
  readonly result: "number" | "histogram";
}

/**
 * Data of one resampling unit: a disorder sample, a start, or a block in time. `values[a]` is argument a at each record, series
 * after series; `lengths` are the lengths of these series (one a start), which sum to the length of each `values[a]`.
 */
export interface Unit {
  readonly values: readonly Float64Array[];
  readonly lengths: readonly number[];
  /** What each record counts: in exact sums 1 in total for each series; without weights 1 each. */
  readonly weights?: Float64Array;
  /** Whether the records are those of exact sums over states, and no sample of them. */
  readonly exact?: boolean;
}

export interface Division {
  readonly units: readonly Unit[];
  /** Whether each unit is a disorder sample, to be kept apart by estimators that act within samples; else all units are of one sample. */
  readonly separate: boolean;
}

/** How often each unit is in the resample: all 1 for the data as it is, one 0 for a delete-one jackknife, counts for a bootstrap. */
export type Multiplicity = ArrayLike<number>;

export interface NumberEstimator extends EstimatorDescriptor {
  readonly result: "number";
  /**
   * "jackknife" for smooth functions of averages; "bootstrap" for order statistics, of which the delete-one jackknife is not
   * a consistent error (B. Efron, "The Jackknife, the Bootstrap and Other Resampling Plans", SIAM 1982, section 3.4).
   */
  readonly error: "jackknife" | "bootstrap";
  /** Parts are its own: nobody else looks into them. */
  readonly fold: (options: Readonly<Record<string, number>>) => Fold<unknown>;
}

export interface HistogramEstimator extends EstimatorDescriptor {
  readonly result: "histogram";
}

export type Estimator = NumberEstimator | HistogramEstimator;
