/** What finished tasks leave behind: the only thing that claims, figures and tables are computed from. */
import type { RunPlan } from "../engine/plan.ts";

/** One task: a sweep point, a disorder sample, a start. All three count from 0. */
export interface TaskAddress { readonly point: number; readonly sample: number; readonly start: number }

export interface TaskRecord extends TaskAddress {
  /** For each observable its entries at each record: `records × size`, row-major. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly records: number;
  /** For an exact sum the weight of each record; they sum to 1. */
  readonly weights?: readonly number[];
  /** Shapes of array observables; without it an array counts as one-dimensional. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /**
   * For each step of the run: amount done, whether its cap was reached before its `until` held, and whether the dynamics could
   * move no further before it held (a stalled line search); the arguments that the dynamics tuned, and its share of accepted proposals.
   */
  readonly steps: readonly {
    readonly done: number;
    readonly capped: boolean;
    readonly stalled?: boolean;
    readonly tuned?: Readonly<Record<string, number>>;
    /** The same for each other copy, by its name. */
    readonly tunedOthers?: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly acceptance?: number;
    /** True where chance has no part in what the dynamics found, wherever it began; false where it had to draw; else the plan knows. */
    readonly certain?: boolean;
    /** Share of accepted exchanges with the next higher temperature of a ladder; absent at the highest. */
    readonly swaps?: number;
    /** At the lowest temperature of a ladder: how often a state came back from the highest, all copies together. */
    readonly roundTrips?: number;
    /** There too, where temperatures were added to those asked for: these, and the shares of accepted exchanges of all neighbours, from the lowest on. */
    readonly rungs?: { readonly added: readonly number[]; readonly swaps: readonly number[] };
  }[];
}

export interface RunRecords {
  readonly plan: RunPlan;
  /** In any order; missing tasks are simply absent. */
  readonly tasks: readonly TaskRecord[];
}

/** The average over the records of one task of an observable that is a number. */
export const taskAverage = (values: readonly number[], records: number, weights: TaskRecord["weights"]): number =>
  values.reduce((sum, value, k) => sum + value * (weights ? weights[k]! : 1 / records), 0);
