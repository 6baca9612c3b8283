/**
 * A dynamics as a record: what it is called, what it takes, what it needs of a model, and how it moves. The compiler reads
 * the descriptor; the engine calls `create`. `needs` is its whole contract with the compiler.
 */
import type { MeasuredConstants } from "../measuredConstants.ts";
import type { Marginals } from "../messagePassing/expectation.ts";
import type { CompiledModel } from "../model.ts";
import type { Copies } from "../engine/copies.ts";
import type { PlannedStep, Schedule } from "../engine/plan.ts";
import type { Stream } from "../random/stream.ts";
import type { Asking } from "./asking.ts";
import type { BatchedDescent, BatchedDescentOptions, BatchedModel } from "./batchedDescent.ts";
import type { WeightedRecords } from "./enumerate.ts";
import type { Memory, Snapshot } from "./memory.ts";
import type { DescentProgress } from "./createStepper.ts";

export type Need = "gradient" | "hessian" | "delta" | "factorGraph" | "finiteStates" | "miniBatches" | "surrogate" | "hinge" | "dense" | "counts";

export interface DynamicsParameter {
  readonly name: string;
  readonly doc: string;
  /** What may stand for it: a number (if absent), an integer, another dynamics, or a list of values (`geometric(…)`). */
  readonly kind?: "number" | "integer" | "dynamics" | "values";
  /** Absent for one that must be given or is tuned. */
  readonly default?: number;
  readonly optional?: boolean;
  /** Whether `a -> b` may stand for it. */
  readonly schedule?: boolean;
  /** What it needs of a model where it is given, beside what the dynamics does. */
  readonly needs?: readonly Need[];
  /** Which numbers it takes, both ends of a schedule included; absent for all. `text` goes on after "is". */
  readonly range?: { readonly text: string; readonly has: (value: number) => boolean };
}

/** What a dynamics needs of a model with these of its arguments. */
export const needsWith = ({ needs, parameters }: DynamicsDescriptor, given: Iterable<string>): readonly Need[] =>
  [...needs, ...[...given].flatMap((name) => parameters.find((p) => p.name === name)?.needs ?? [])];

/** What the compiler knows of a dynamics. Parameters stand in the order of positional arguments. */
export interface DynamicsDescriptor {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly DynamicsParameter[];
  readonly needs: readonly Need[];
  /** Domains of the state that it moves. */
  readonly domains: readonly string[];
  /** Empty for a dynamics whose step has no amount. */
  readonly units: readonly ("sweeps" | "steps" | "epochs" | "time")[];
  /** Name of the parameter that is the duration of a step; there is one where `units` has "time". */
  readonly timeStep?: string;
  /** Whether it has exp(-H/T) as its stationary distribution, so that equilibration diagnostics apply. */
  readonly stationary: boolean;
  /** Whether its stationary distribution is that only as its step goes to 0. */
  readonly discretised?: boolean;
  /** Whether it refuses moves that an inequality forbids, though it moves all variables at once. */
  readonly keepsInequalities?: boolean;
  /** Whether it ends with probabilities under exp(-H/T), with which observables that are linear in single sites are evaluated. */
  readonly infers?: boolean;
  /** Whether, with these arguments, its movers ask (`Mover.asking`), and keep nothing in the model's arrays between two steps; absent where they never do. */
  readonly asks?: (given: Readonly<Record<string, number | Schedule>>) => boolean;
  /** Whether, with these arguments, it moves a state without random numbers; absent where it never does. */
  readonly deterministic?: (given: Readonly<Record<string, number | Schedule>>) => boolean;
  /** Names of numbers that it adds to the observables of a run: `R.free_energy`. */
  readonly quantities?: readonly string[];
}

export interface Dynamics extends DynamicsDescriptor {
  /**
   * Starts on `state` (dimension numbers on the constraint set), which the mover then changes in place.
   * `model` must be drawn and stay so while the mover is used.
   */
  readonly create: (model: CompiledModel, state: Float64Array, options: DynamicsOptions) => Mover;
  /**
   * Instead of moving: the sum over all states of the copies at temperature T; `evaluate` gives what is recorded of them, the energy first.
   * What it yields gives a snapshot of how far it is, from which it goes on if it is given as `saved`.
   */
  readonly sum?: (model: CompiledModel, T: number, copies: Copies, evaluate: (states: Float64Array) => Float64Array, saved?: Snapshot) => Generator<() => Snapshot, WeightedRecords>;
  /** The same on many states of one disorder sample at once, step for step; absent where a dynamics has no such form. */
  readonly createBatch?: (model: BatchedModel, states: Float64Array, options: BatchedDescentOptions) => BatchedDescent;
}

export interface DynamicsOptions {
  readonly arguments: Readonly<Record<string, number | Schedule>>;
  /** Number of calls of `step` that are asked for, for schedules. */
  readonly amount: number;
  /** The unit that it counts in; the first of the dynamics if not given. */
  readonly unit?: PlannedStep["unit"];
  readonly stream: Stream;
  /** Whether arguments that are not given are tuned: in `evolve`. In `measure` they are those that an earlier mover `tuned`. */
  readonly tuning?: boolean;
  /** Of a settings file; what is built in if not given. */
  readonly constants?: Partial<MeasuredConstants>;
  /** What was done of this step before, by `createBatch`. */
  readonly progress?: DescentProgress;
}

/** A dynamics at work on one state, which it changes in place. */
export interface Mover {
  /** One sweep, step or epoch. Returns false, with the state as it was, when no further move is possible (a stalled line search). */
  readonly step: () => boolean;
  /** The same step, which asks for energies and gradients instead of computing them; absent where a dynamics has no such form. */
  readonly asking?: () => Asking<boolean>;
  readonly energy: () => number;
  /** All that, beside the state, the next steps depend on. Restored into a mover that was created with the saved state and the same options. */
  readonly memory: Memory;
  /** Takes in that something else has changed the state: `tempering` exchanges it. All dynamics that it may move copies with have it. */
  readonly restart?: () => void;
  /** Euclidean norm of the projected gradient, where the dynamics knows it. */
  readonly gradientNorm?: () => number;
  /** Values of the arguments that it was not given, as a following `measure` is to use them. */
  readonly tuned?: () => Readonly<Record<string, number>>;
  /** Whether it has come to the end that it looks for itself, a fixed point; absent where it looks for none. */
  readonly converged?: () => boolean;
  /** Where that shows only as it runs: true once chance has no part in what it found, wherever it began; false where it had to draw. */
  readonly certain?: () => boolean | undefined;
  /** Probabilities instead of a state: observables that are linear in single sites are evaluated with them. */
  readonly marginals?: () => Marginals;
  /** Values of the dynamics' own `quantities`. */
  readonly quantities?: () => Readonly<Record<string, number>>;
  /** Share of the proposals that were accepted so far, where there are any. */
  readonly acceptance?: () => number;
}
