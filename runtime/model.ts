/**
 * What generated code provides and dynamics, engine and users call. Generated modules implement `ModelModule`;
 * nothing here knows how a kernel was made.
 */
import type { Entries } from "./backends/backend.ts";
import type { SmoothConstraints } from "./geometry/smoothConstraints.ts";
import type { Folds } from "./extensions/folds.ts";
import type { Stream } from "./random/stream.ts";

export interface ModelModule {
  /** Name of the model in the specification. */
  readonly name: string;
  /** Defaults of the header parameters. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Allocates all arrays for these parameters. Nothing is drawn yet. */
  readonly createModel: (parameters?: Readonly<Record<string, number>>, options?: ModelOptions) => CompiledModel;
}

export interface ModelOptions {
  /** Where the kernels run; "wasm" falls back to "typescript" kernel by kernel where a kernel has no WASM form. */
  readonly target?: "wasm" | "typescript";
  /** Where relative paths of data files start; the working directory if not given. */
  readonly directory?: string | undefined;
  /** Most examples in a mini-batch, for which room is made; all if not given. */
  readonly batch?: number;
  /** Most bytes that all arrays may take together: beyond, `createModel` throws `OverBudget` before it allocates anything. */
  readonly memory?: number | undefined;
}

/** The energy and its gradient over some of the examples that the energy sums over. */
export interface MiniBatches {
  /** Number of all examples. */
  readonly examples: number;
  /** Factor of the sum over examples in the energy: 1, or 1/P for a mean over P of them. */
  readonly weight: number;
  /**
   * Euclidean gradient of the energy with its sum over examples replaced by examples / count times that over the `count` examples
   * order[first], …, counted from 0; returns that energy.
   */
  readonly energyAndGradient: (state: Float64Array, gradient: Float64Array, order: Int32Array, first: number, count: number) => number;
}

/**
 * Factors of one term of the energy, as many as `energies` has entries; those where `present` is 0 do not exist. `run` computes the energies of all of
 * them, either from `reads` (the values of the entries that a factor reads; `sites` are their places in the state vector, from 1, 0 for none; each
 * factor has sites.length / energies.length of them, one after the other) or from the `field`.
 */
export interface FactorTerm {
  readonly present: Float64Array;
  readonly energies: Float64Array;
  readonly run: () => void;
  readonly reads: readonly { readonly sites: Float64Array; readonly values: Float64Array }[];
  readonly field?: FactorField;
}

/** A factor is a function of Σ_i a_i s_i + b: `coefficients` for each state array a matrix of factors × entries, `offsets` the b. */
export interface FactorField {
  readonly values: Float64Array;
  readonly offsets: Float64Array;
  readonly coefficients: readonly Float64Array[];
  /** Whether the function only asks if the field is negative. */
  readonly isStep?: boolean;
}

/** The energy as a sum of factors, up to a constant. */
export interface FactorGraph {
  readonly terms: readonly FactorTerm[];
  /** Observables whose expectation marginals of single entries give: linear in the entries, or a sum of functions of one entry each. */
  readonly linear: Readonly<Record<string, "affine" | "separable">>;
}

/** Several states of one draw at once, in the lanes of vectors. */
export interface SeveralStates {
  /** How many states are evaluated at a time. */
  readonly count: number;
  /** Energies of any number of states into `energies`, and their Euclidean gradients into `gradients`: each is what `energyAndGradient` gives for it, to the last bit. */
  readonly energiesAndGradients: (states: readonly Float64Array[], gradients: readonly Float64Array[], energies: Float64Array) => void;
}

/** One state array inside the state vector: entries `offset … offset + length - 1`, row-major. */
export interface StateArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
  /** What its entries can be; "real" without arguments if absent. */
  readonly domain?: StateDomain;
  /** The array of copy 1 that it is in another copy, which moves together with copy 1 (`CompiledModel.coupled`). */
  readonly copy?: { readonly of: string; readonly replica: string };
}

/** A domain of the language with the values of its arguments: { name: "potts", arguments: [3] }. */
export interface StateDomain { readonly name: string; readonly arguments: readonly number[] }

/**
 * Attempted moves of single entries, made one after the other by a kernel on the model's own copy of the state. For attempt t entry number
 * entries[t] of the state array (from 0, row-major) moves as its domain says with the number draws[t], if the energy rises by at most
 * thresholds[t]: −inf only evaluates, +inf always accepts.
 */
export interface MoveKernel {
  readonly entries: Float64Array;
  readonly draws: Float64Array;
  readonly thresholds: Float64Array;
  /** attempts[0]: how many to make, at most the entries of the state array. */
  readonly attempts: Float64Array;
  /** Left by `run`: the energy difference of each attempt. */
  readonly differences: Float64Array;
  /** Left by `run`: number of accepted moves, sum of their energy differences. */
  readonly tally: Float64Array;
  readonly run: () => void;
}

export interface ModelMoves {
  /** The state vector that the kernels move. */
  readonly state: Float64Array;
  /** Computes what the kernels keep from `state`; to be called whenever something else has written there. */
  readonly initialise: () => void;
  /** What the kernels keep and update: a copy of these and of the state continues the same moves to the last bit. */
  readonly caches: readonly Entries[];
  /** Makes what the kernels derive of `caches` and `state`; to be called whenever something else has written there. Absent where that is nothing. */
  readonly derive?: () => void;
  /** One for each state array, in their order. */
  readonly arrays: readonly MoveKernel[];
}

/**
 * A product of spheres: `count` disjoint sets of `length` state entries, set g being
 * `offset + g * groupStride + e * elementStride`, each with Σ x² = norm2. Entries in no sphere are free.
 */
export interface Sphere {
  readonly offset: number;
  readonly count: number;
  readonly groupStride: number;
  readonly length: number;
  readonly elementStride: number;
  /** Squared radius. */
  readonly norm2: number;
}

/** What holds for every state of real variables: a product of spheres (none: all are free), or smooth equalities of any form. */
export type ConstraintSet = readonly Sphere[] | SmoothConstraints;

/** Disjoint sets of discrete state entries, laid out as those of `Sphere`, of which each has the sum `value`. */
export interface ConservedSum extends Omit<Sphere, "norm2"> { readonly value: number }

/** Where an observable that draws random numbers takes them from: functions of what is evaluated and of the number of the evaluation. */
export interface EvaluationNoise {
  /** The random stream for a purpose within the observable. */
  readonly stream: (purpose: string) => Stream;
  /** Number of the evaluation, from 0: the step of the stream. */
  readonly step: number;
  /** What a fold over states remembers of the evaluations before, made by `init` at the first; absent where each evaluation stands alone. */
  readonly remembered?: Folds["remembered"];
}

export interface Observable {
  readonly name: string;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  /** Names of the other copies that it reads; absent for none. */
  readonly copies?: readonly string[];
  /** Entries in row-major order. `state` is followed by the states of the model's other copies where one of them is read. Without `noise`, one that draws random numbers draws the same ones every time. */
  readonly evaluate: (state: Float64Array, noise?: EvaluationNoise) => Float64Array;
}

/** One instance of a model: sizes fixed, disorder drawn by `draw`, states passed in as vectors of `dimension` numbers. */
export interface CompiledModel {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly target: "wasm" | "typescript";
  /** Number of thermal variables. */
  readonly dimension: number;
  /** Names of the copies of the states that observables read beside the one that moves, in the order in which they follow it; absent for none. */
  readonly copies?: readonly string[];
  /** Names of the copies that are part of the state vector behind copy 1, because a bias of the run ties them together; absent for none. */
  readonly coupled?: readonly string[];
  readonly state: readonly StateArray[];
  /** The constraint set of the real variables. */
  readonly spheres: ConstraintSet;
  /** Sums of discrete variables that every state has. */
  readonly sums?: readonly ConservedSum[];
  /** Whether a state meets all constraints on discrete variables and all inequalities, to a relative 1e-9; absent where there are none. */
  readonly satisfies?: (state: Float64Array) => boolean;
  /** Energy differences of local moves, where they were compiled. */
  readonly moves?: ModelMoves;
  /** Bytes of each allocated array. */
  readonly memory: readonly { readonly name: string; readonly bytes: number }[];
  /** Draws the ensembles of one disorder sample and computes all that only they determine. */
  readonly draw: (seed: number, sample: number) => void;
  /**
   * Entries of a drawn array by its name in the specification, as they are stored: free axes row-major, then the sorted tuples of ordered
   * indices. A view that the next `draw` changes. Throws an internal error for any other name.
   */
  readonly array: (name: string) => Float64Array;
  /**
   * Writes an initial state of one copy, of copy 1 if none is named; arrays that are `given` stand in `state` already. `stream(array)` gives the
   * random stream of that state array.
   */
  readonly initialize: (state: Float64Array, stream: (array: string) => Stream, copy?: string, given?: ReadonlySet<string>) => void;
  /** The energy as written in the specification; with a bias of the run, that of all copies which move together and the bias. */
  readonly energy: (state: Float64Array) => number;
  /** Euclidean gradient into `gradient`; returns the energy. */
  readonly energyAndGradient: (state: Float64Array, gradient: Float64Array) => number;
  /** Absent where it is not faster than one state after the other, and where no run asks for it. */
  readonly severalStates?: SeveralStates;
  /** Absent where no run asks for it. */
  readonly miniBatches?: MiniBatches;
  /** Absent where no run asks for it. */
  readonly factorGraph?: FactorGraph;
  /** Euclidean Hessian, row-major dimension × dimension, into `hessian`. */
  readonly hessian: (state: Float64Array, hessian: Float64Array) => void;
  /** The energy under its own name first, then the observables in the order of declaration. */
  readonly observables: readonly Observable[];
}
