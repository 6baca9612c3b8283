/**
 * Local moves on one state of a model, by the compiled kernels or, where a model has none, by evaluating its energy again. Between two
 * calls the kernels may move other states; what they keep for this one is saved meanwhile, so that nothing depends on who else moves.
 */
import type { Entries } from "../backends/backend.ts";
import type { CompiledModel, ModelMoves, MoveKernel, StateArray, StateDomain } from "../model.ts";
import type { Memory } from "../dynamics/memory.ts";
import { movedValue } from "./domainMoves.ts";

export interface LocalMoves {
  readonly arrays: readonly MovedArray[];
  /** Takes `state` over, which only these moves have changed since the last call; `anew` computes freshly what the kernels keep. */
  readonly enter: (state: Float64Array, anew?: boolean) => void;
  /** The model's own copy, which the kernels move. */
  readonly current: Float64Array;
  /** What the kernels keep of the state. */
  readonly memory: Memory;
}

export interface MovedArray extends StateArray {
  readonly domain: StateDomain;
  readonly kernel: MoveKernel;
}

const real: StateDomain = { name: "real", arguments: [] };

export function localMoves(model: CompiledModel): LocalMoves {
  const moves = model.moves ?? evaluatedMoves(model);
  const arrays = model.state.map((s, k): MovedArray => ({ ...s, domain: s.domain ?? real, kernel: moves.arrays[k]! }));
  /** What the kernels keep for this state, while they move another one. */
  let aside: readonly Entries[] | undefined;
  const kept = (): readonly Entries[] | undefined => (lastMover.get(moves) === self ? moves.caches : aside);
  const self: StateInMotion = { leave: () => { aside = moves.caches.map((cache) => cache.slice()); } };
  return {
    arrays,
    current: moves.state,
    enter: (state, anew = false) => {
      moves.state.set(state);
      const last = lastMover.get(moves);
      if (!anew && last === self) return;
      if (last !== self) last?.leave();
      lastMover.set(moves, self);
      if (anew || aside === undefined) {
        moves.initialise();
        return;
      }
      moves.caches.forEach((cache, k) => cache.set(aside![k]!));
      moves.derive?.();
    },
    memory: {
      save: () => ({ values: {}, arrays: (kept() ?? []).map((cache) => cache.slice()), parts: [] }),
      restore: ({ arrays: saved }) => {
        if (lastMover.get(moves) === self) lastMover.delete(moves);
        aside = saved.length === moves.caches.length && saved.length > 0 ? saved.map((cache, k) => copyFor(moves.caches[k]!, cache)) : undefined;
      },
    },
  };
}

/** Saved numbers in the precision of the array that they are for. */
function copyFor(array: Entries, saved: ArrayLike<number>): Entries {
  const copy = array.slice();
  copy.set(saved);
  return copy;
}

/** Who has moved last with the kernels of a model: what they keep belongs to that state, whatever observables have written since. */
const lastMover = new WeakMap<ModelMoves, StateInMotion>();

interface StateInMotion { readonly leave: () => void }

/** The same contract by two evaluations of the energy an attempt. A conserved sum is kept by who exchanges entries: single moves leave it. */
function evaluatedMoves(model: CompiledModel): ModelMoves {
  const state = new Float64Array(model.dimension);
  const allowed = model.sums === undefined ? model.satisfies : undefined;
  return {
    state,
    initialise: () => undefined,
    caches: [],
    arrays: model.state.map((s): MoveKernel => {
      const draws = new Float64Array(s.length);
      const thresholds = new Float64Array(s.length);
      const attempts = new Float64Array(1);
      const tally = new Float64Array(2);
      const differences = new Float64Array(s.length);
      const entries = new Float64Array(s.length);
      const run = (): void => {
        let accepted = 0;
        let change = 0;
        for (let t = 0; t < attempts[0]!; t++) {
          const entry = entries[t]!;
          const before = state[s.offset + entry]!;
          const energy = model.energy(state);
          state[s.offset + entry] = movedValue(s.domain ?? real, before, draws[t]!);
          const difference = allowed?.(state) === false ? Infinity : model.energy(state) - energy;
          differences[t] = difference;
          // What violates a constraint is refused even where everything else is accepted.
          if (difference <= thresholds[t]! && difference < Infinity) {
            accepted++;
            change += difference;
          } else state[s.offset + entry] = before;
        }
        tally[0] = accepted;
        tally[1] = change;
      };
      return { entries, draws, thresholds, attempts, differences, tally, run };
    }),
  };
}
