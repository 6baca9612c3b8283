/** What a `run` asks for, as plain data that can be sent to a worker: sizes are numbers, conditions are source text over observables. */

import type { ExtensionText } from "../extensions/extension.ts";
import type { MeasuredConstants } from "../measuredConstants.ts";

export interface RunPlan {
  readonly run: string;
  readonly model: string;
  readonly seed: number;
  /** Sweep variables in the order of declaration, each with its values; points are their product, the last fastest. */
  readonly sweep: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** All parameters of the model at each point: defaults, run arguments, `--set`, then the sweep. */
  readonly points: readonly RunPoint[];
  readonly samples: number;
  readonly starts: number;
  readonly steps: readonly PlannedStep[];
  /** Observables to record; the energy always is. */
  readonly record: readonly string[];
  readonly transient: boolean;
  /** Names of the copies of the states that the run has beside copy 1; absent for none. */
  readonly copies?: readonly string[];
  /** Names of those that do not move; absent for none. */
  readonly held?: readonly string[];
  /**
   * Temperatures between which the steps exchange states, the last sweep variable: points that differ in nothing else are one task,
   * with a record for each. With `rungs` there are so many in all: those that are added leave no record (`rungs.ts`).
   */
  readonly ladder?: { readonly variable: string; readonly values: readonly number[]; readonly rungs?: number };
  /** Where states go on from the final ones of other runs, and quenched arrays are taken from them; absent for none. */
  readonly continues?: Continuation;
  /** What chance has a part in: whether the states, and which of the recorded observables by themselves. Absent for all. */
  readonly chance?: { readonly states: boolean; readonly observables: readonly string[] };
  /** Whether the model has ensembles. Where it is false, errors over starts are not called conditional on the disorder. */
  readonly disordered?: boolean;
  /** Of a settings file, those that differ from what is built in; absent for none. */
  readonly constants?: Partial<MeasuredConstants>;
  /** Extensions whose dynamics move the states; absent for none. */
  readonly extensions?: readonly ExtensionText[];
}

export interface RunPoint {
  /** Values of the sweep variables at this point. */
  readonly sweep: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, number>>;
  /** Relative work of one task, by which points are scheduled (the largest first). Without it, parameters are compared (`pointOrder`). */
  readonly cost?: number;
}

/** `start from A`: sample k continues from sample k of A, start l from start l, where A has fewer they are reused in turn. */
export interface Continuation {
  /** For each run the number of its point for each of ours, and how many starts it has; `samples` is 1 where nothing of its model is drawn: that sample serves all of ours. */
  readonly runs: readonly { readonly run: string; readonly points: readonly number[]; readonly starts: number; readonly samples?: 1 }[];
  /**
   * Which run, by its number in `runs`, a state array of a copy, or of all copies that have no entry of their own, continues from. Without a
   * number it starts as the model says. A copy takes that of its name in the other run, or copy 1 where that run has none.
   */
  readonly states: readonly { readonly array: string; readonly copy?: string; readonly run?: number }[];
  /** Quenched arrays that are state arrays at the end of a run, of copy 1: `run B of M(W = A.w)`; absent for none. */
  readonly given?: readonly GivenArray[];
}

export interface GivenArray {
  readonly array: string;
  /** Its number in `Continuation.runs`. */
  readonly run: number;
  /** Name of the state array there. */
  readonly of: string;
  /** At each of our points, where its entries are in the state vector of that run; the compiler fills it in when sizes are known (`compiler/placeGivenArrays.ts`). */
  readonly places?: readonly { readonly offset: number; readonly length: number }[];
}

export interface PlannedStep {
  readonly kind: "evolve" | "measure";
  readonly dynamics: string;
  /** Named arguments by parameter name of the dynamics, at each point (they may depend on the sweep). */
  readonly arguments: readonly Readonly<Record<string, number | Schedule>>[];
  readonly amount: PerPoint;
  readonly unit: "sweeps" | "steps" | "epochs" | "time";
  readonly every: PerPoint;
  readonly until?: StopCondition;
}

/** One number for all points, or one a point (`for 100 * N sweeps` with N swept). */
export type PerPoint = number | readonly number[];

export const atPoint = (value: PerPoint, point: number): number => (typeof value === "number" ? value : value[point]);

export interface Schedule { readonly from: number; readonly to: number; readonly shape: "linear" | "geometric" }

/** The observables that a condition reads. */
export const observablesOf = (condition: StopCondition): readonly string[] =>
  condition.kind === "observables" ? condition.observables.map((o) => o.observable) : condition.kind === "error" ? condition.of.flatMap((e) => e.observables.map((o) => o.observable)) : [];

/** Tested after every sweep, step or epoch; a precision after records. */
export type StopCondition =
  /** `gradient < x`: Euclidean norm of the projected gradient. `change < x`: Euclidean norm of how far one sweep, step or epoch moved the state. */
  | { readonly kind: "gradient" | "change"; readonly below: PerPoint }
  | ObservableCondition
  | PrecisionCondition;

/** Holds where the value of the expression is true or a number other than 0. */
export interface ObservableCondition extends ObservableExpression { readonly kind: "observables" }

/** `error(x) < y`, in a `measure`: see `precisionTest`. All of several have to hold. What the expressions read is recorded. */
export interface PrecisionCondition {
  readonly kind: "error";
  readonly of: readonly ObservableExpression[];
  readonly below: readonly PerPoint[];
}

/**
 * Any expression of observables, as a JavaScript expression whose free names are bound by `observables` and `parameters` (model
 * parameters and sweep variables), beside `Math` and the functions of runtime/special as `special`: `E == 0` is { source: "E === 0",
 * observables: [{ name: "E", observable: "E", places: [] }] }. Text and not a tree with functions, because functions cannot be sent to a worker
 * and the runtime has no operator table of its own; the compiler prints it from its operators' `typescript.print`.
 */
export interface ObservableExpression {
  readonly source: string;
  /** `places` name an entry of the observable: from 1, one for each of its axes, at each point. */
  readonly observables: readonly { readonly name: string; readonly observable: string; readonly places: readonly PerPoint[] }[];
  readonly parameters?: readonly { readonly name: string; readonly parameter: string }[];
}
