/** What every generated model has in common: from kernels on fixed arrays to functions of states. */
import type { Entries } from "../backends/backend.ts";
import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import type { GatheredArray } from "./gather.ts";
import { miniBatchesOf } from "./gather.ts";
import { severalStates, type StateLanes } from "./severalStates.ts";
import { MOST_DRAWS, repairByMoves } from "./meetConstraints.ts";
import type { CompiledModel, ConservedSum, ConstraintSet, EvaluationNoise, FactorGraph, ModelMoves, MoveKernel, StateArray, StateDomain } from "../model.ts";
import { thermalAddress } from "../random/address.ts";
import { Stream } from "../random/stream.ts";

/** A model instance with the conveniences of a generated module. */
export interface RunnableModel<Scalars extends string = string, Arrays extends string = string> extends CompiledModel {
  /** Gradient projected on the tangent space of the constraints, `dimension` numbers. */
  readonly gradient: (state: Float64Array) => Float64Array;
  /** Initial state number `start` of the disorder sample that was drawn last (0 before any). */
  readonly randomState: (seed: number, start: number) => Float64Array;
  /** The energy by the formula as written, without any optimisation: what `energy` is checked against. */
  readonly referenceEnergy: (state: Float64Array) => number;
  /** Observables by name. */
  readonly observe: Readonly<Record<Scalars, (state: Float64Array) => number> & Record<Arrays, (state: Float64Array) => Float64Array>>;
}

/** What a generated module hands over. Kernels work on `vectors.state` and leave their results in arrays of the model. */
export interface ModelParts {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly target: "wasm" | "typescript";
  readonly memory: CompiledModel["memory"];
  readonly spheres: ConstraintSet;
  readonly sums?: readonly ConservedSum[];
  /** Residuals of constraints on discrete variables and of inequalities, computed from `vectors.state`. */
  readonly checked?: { readonly evaluate: () => void; readonly equal: readonly Float64Array[]; readonly atMost: readonly Float64Array[] };
  /** In the order of the state vector. */
  readonly state: readonly { readonly name: string; readonly shape: readonly number[]; readonly domain?: StateDomain; readonly copy?: StateArray["copy"] }[];
  /** Kernels of local moves; `initialise` computes what they keep, where they keep anything. */
  readonly moves?: { readonly initialise?: () => void; readonly derive?: () => void; readonly caches: readonly Entries[]; readonly arrays: readonly MoveKernel[] };
  readonly vectors: { readonly state: Float64Array; readonly gradient: Float64Array; readonly hessian?: Float64Array; readonly copies?: Float64Array };
  /** The kernel that serves `count` states at once, with the vectors of them in lanes. */
  readonly lanes?: StateLanes;
  /** Names of the copies in `vectors.copies`. */
  readonly copies?: readonly string[];
  /** Names of the copies behind copy 1 in `vectors.state`. */
  readonly coupled?: readonly string[];
  readonly draw: (seed: number, sample: number) => void;
  /** The arrays by name that kernels only read: drawn, given, or made of such by library calls. */
  readonly ensembles: Readonly<Record<string, Float64Array>>;
  /** Writes `vectors.state`. */
  readonly initialize: (stream: (array: string) => Stream, copy: string, given: ReadonlySet<string>) => void;
  readonly energy: () => void;
  readonly energyAndGradient: () => void;
  readonly reference: () => void;
  /** Where the three of them leave the energy. */
  readonly energyValue: Float64Array;
  /** Writes `vectors.hessian`; absent where no observable asks for the Hessian of the energy. */
  readonly hessian?: () => void;
  /** Arrays over the examples with their copies over a batch, and the kernel for each size of a batch. */
  readonly miniBatches?: {
    readonly examples: number;
    readonly weight: number;
    readonly gathered: readonly GatheredArray[];
    readonly ofSize: (size: number) => () => void;
    readonly energyValue: Float64Array;
  };
  readonly factorGraph?: FactorGraph;
  readonly observables: readonly { readonly name: string; readonly shape: readonly number[]; readonly value: Float64Array; readonly copies?: readonly string[]; readonly compute: (noise: EvaluationNoise) => void }[];
}

/** Of observables that are evaluated outside of a run. */
const fixedNoise: EvaluationNoise = { stream: (purpose) => new Stream(["observable", purpose]), step: 0 };

export function completeModel<Scalars extends string, Arrays extends string>(parts: ModelParts): RunnableModel<Scalars, Arrays> {
  const { state, gradient, copies } = parts.vectors;
  let offset = 0;
  const arrays = parts.state.map(({ name, shape, domain, copy }): StateArray => {
    const length = shape.reduce((product, size) => product * size, 1);
    offset += length;
    return { name, shape, length, offset: offset - length, ...(domain ? { domain } : {}), ...(copy ? { copy } : {}) };
  });
  const { checked } = parts;
  let sample = 0;
  /** What the tested constraints are off by; differences that rounding makes are none. */
  const violation = (x: Float64Array): number => {
    if (!checked) return 0;
    // A state of one copy stands for each of those that move together.
    for (let start = 0; start < state.length; start += x.length) state.set(x, start);
    checked.evaluate();
    const slack = 1e-9 * (1 + euclideanNorm(x));
    const beyond = (off: number): number => (off <= slack ? 0 : Number.isNaN(off) ? Infinity : off);
    const sum = (residuals: readonly Float64Array[], off: (r: number) => number): number => residuals.reduce((total, r) => r.reduce((s, v) => s + beyond(off(v)), total), 0);
    return sum(checked.equal, Math.abs) + sum(checked.atMost, (r) => r);
  };
  const initialize: CompiledModel["initialize"] = (out, stream, copy = "1", given = new Set()) => {
    for (let draw = 0; draw < (checked ? MOST_DRAWS : 1); draw++) {
      if (given.size > 0) state.set(out);
      parts.initialize(draw === 0 ? stream : (array) => stream(`${array}, draw ${draw + 1}`), copy, given);
      out.set(state.subarray(0, out.length));
      if (violation(out) === 0) return;
    }
    if (checked) repairByMoves(out, arrays.filter((a) => a.copy === undefined && !given.has(a.name)), violation, stream("constraints"));
  };
  const energyAndGradient: CompiledModel["energyAndGradient"] = (x, out) => {
    enter(x);
    parts.energyAndGradient();
    out.set(gradient);
    return parts.energyValue[0]!;
  };
  const enter = (x: Float64Array): void => {
    state.set(x.length === state.length ? x : x.subarray(0, state.length));
    if (x.length > state.length) copies?.set(x.subarray(state.length));
  };
  const observables = parts.observables.map(({ name, shape, value, copies: read = [], compute }) => ({
    name,
    shape,
    ...(read.length > 0 ? { copies: read } : {}),
    evaluate: (x: Float64Array, noise: EvaluationNoise = fixedNoise): Float64Array => {
      if (read.length > 0 && x.length !== state.length + (copies?.length ?? 0)) throw new RangeError(`${name} reads other copies: the state must be followed by theirs`);
      enter(x);
      compute(noise);
      return value.slice();
    },
  }));
  const observe = Object.fromEntries(observables.map((o) => [o.name, o.shape.length === 0 ? (x: Float64Array) => o.evaluate(x)[0]! : o.evaluate]));
  return {
    name: parts.name, parameters: parts.parameters, target: parts.target, memory: parts.memory, spheres: parts.spheres,
    ...(parts.sums ? { sums: parts.sums } : {}),
    ...(checked ? { satisfies: (x: Float64Array) => violation(x) === 0 } : {}),
    dimension: state.length,
    ...(parts.copies ? { copies: parts.copies } : {}),
    ...(parts.coupled ? { coupled: parts.coupled } : {}),
    ...(parts.moves ? { moves: completeMoves(state, parts.moves) } : {}),
    state: arrays,
    draw(seed, of) {
      sample = of;
      parts.draw(seed, of);
    },
    array(name) {
      const entries = Object.hasOwn(parts.ensembles, name) ? parts.ensembles[name] : undefined;
      if (!entries) throw new Error(`internal: ${parts.name} draws no array ${name}`);
      return entries;
    },
    initialize,
    energy(x) {
      enter(x);
      parts.energy();
      return parts.energyValue[0]!;
    },
    energyAndGradient,
    ...(parts.lanes ? { severalStates: severalStates(parts.lanes, energyAndGradient) } : {}),
    ...(parts.factorGraph ? { factorGraph: parts.factorGraph } : {}),
    ...(parts.miniBatches ? { miniBatches: miniBatchesOf(parts.miniBatches, parts.vectors) } : {}),
    hessian(x, out) {
      if (!parts.hessian || !parts.vectors.hessian) throw new Error(`the Hessian of ${parts.name} was not compiled: no observable asks for it`);
      enter(x);
      parts.hessian();
      out.set(parts.vectors.hessian);
    },
    observables,
    gradient(x) {
      const out = new Float64Array(state.length);
      energyAndGradient(x, out);
      projectGradient(parts.spheres, x, out, out);
      return out;
    },
    randomState(seed, start) {
      const out = new Float64Array(state.length);
      initialize(out, (array) => new Stream(thermalAddress({ seed, run: "", purpose: `start ${array}`, sample, start, replica: 1, sweep: {} })));
      return out;
    },
    referenceEnergy(x) {
      enter(x);
      parts.reference();
      return parts.energyValue[0]!;
    },
    observe: observe as RunnableModel<Scalars, Arrays>["observe"],
  };
}

/** Accepted moves for each variable after which caches of float32 are computed anew: a sixteenth of what the moves cost. */
export const ACCEPTED_FOR_EACH = 16;

/**
 * With what is derived made whenever all is computed anew. Caches of float32 gather a rounding error of at most 2^-24 of their largest entry with each
 * accepted move; after `ACCEPTED_FOR_EACH` accepted moves a variable they are computed anew. The count is one of the caches, so that
 * it is saved and put aside with them.
 */
function completeMoves(state: Float64Array, { initialise, derive, caches, arrays }: NonNullable<ModelParts["moves"]>): ModelMoves {
  const anew = (): void => {
    initialise?.();
    derive?.();
  };
  const derived = derive ? { derive } : {};
  if (!caches.some((cache) => cache instanceof Float32Array)) return { state, caches, arrays, ...derived, initialise: anew };
  const accepted = new Float64Array(1);
  const fresh = (): void => {
    accepted[0] = 0;
    anew();
  };
  return {
    state, caches: [...caches, accepted], ...derived, initialise: fresh,
    arrays: arrays.map((kernel) => ({
      ...kernel,
      run: () => {
        kernel.run();
        accepted[0]! += kernel.tally[0]!;
        if (accepted[0]! >= ACCEPTED_FOR_EACH * state.length) fresh();
      },
    })),
  };
}
