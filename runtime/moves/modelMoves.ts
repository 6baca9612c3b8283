/**
 * Local moves on one state of a model, by the compiled kernels or, where a model has none, by evaluating its energy again. Between two
 * calls the model may serve others; what the kernels keep is computed anew if they have moved another state in between.
 */
import type { CompiledModel, ModelMoves, MoveKernel, StateArray, StateDomain } from "../model.ts";
import type { Memory } from "../dynamics/memory.ts";
import { movedValue } from "./domainMoves.ts";

export interface LocalMoves {
  readonly arrays: readonly MovedArray[];
  /** Takes `state` over, which only these moves have changed since the last call; `anew` computes freshly what the kernels keep. */
  readonly enter: (state: Float64Array, anew?: boolean) => void;
  /** The model's own copy, which the kernels move. */
  readonly current: Float64Array;
  /** What the kernels keep of the state, as long as it is this one's. */
  readonly memory: Memory;
}

export interface MovedArray extends StateArray {
  readonly domain: StateDomain;
  readonly kernel: MoveKernel;
  /** Writes the site of attempt t: `entry` counts the array's entries from 0. */
  readonly aim: (t: number, entry: number) => void;
}

const real: StateDomain = { name: "real", arguments: [] };

export function localMoves(model: CompiledModel): LocalMoves {
  const moves = model.moves ?? evaluatedMoves(model);
  const arrays = model.state.map((s, k): MovedArray => ({ ...s, domain: s.domain ?? real, kernel: moves.arrays[k]!, aim: aimer(s, moves.arrays[k]!) }));
  const self = {};
  return {
    arrays,
    current: moves.state,
    enter: (state, anew = false) => {
      moves.state.set(state);
      if (!anew && lastMover.get(moves) === self) return;
      moves.initialise();
      lastMover.set(moves, self);
    },
    memory: {
      save: () => {
        const own = lastMover.get(moves) === self;
        return { values: { own }, arrays: own ? moves.caches.map((cache) => cache.slice()) : [], parts: [] };
      },
      restore: ({ values, arrays }) => {
        if (values["own"] !== true) {
          if (lastMover.get(moves) === self) lastMover.delete(moves);
          return;
        }
        moves.caches.forEach((cache, k) => cache.set(arrays[k]!));
        lastMover.set(moves, self);
      },
    },
  };
}

/** Who has moved last with the kernels of a model: what they keep belongs to that state, whatever observables have written since. */
const lastMover = new WeakMap<ModelMoves, object>();

function aimer({ shape }: StateArray, { sites, lowest }: MoveKernel): (t: number, entry: number) => void {
  if (shape.length === 0) return () => undefined;
  if (shape.length === 1) {
    const [column] = sites;
    const [low] = lowest;
    return (t, entry) => { column![t] = low! + entry; };
  }
  return (t, entry) => {
    let rest = entry;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      sites[axis]![t] = lowest[axis]! + (rest % shape[axis]!);
      rest = Math.floor(rest / shape[axis]!);
    }
  };
}

/** The same contract by two evaluations of the energy an attempt. */
function evaluatedMoves(model: CompiledModel): ModelMoves {
  const state = new Float64Array(model.dimension);
  return {
    state,
    initialise: () => undefined,
    caches: [],
    arrays: model.state.map((s): MoveKernel => {
      const axes = s.shape.length;
      const draws = new Float64Array(s.length);
      const thresholds = new Float64Array(s.length);
      const attempts = new Float64Array(1);
      const tally = new Float64Array(3);
      const sites = Array.from({ length: axes }, () => new Float64Array(s.length));
      const run = (): void => {
        let accepted = 0;
        let change = 0;
        for (let t = 0; t < attempts[0]!; t++) {
          let entry = 0;
          for (let axis = 0; axis < axes; axis++) entry = entry * s.shape[axis]! + sites[axis]![t]!;
          const before = state[s.offset + entry]!;
          const energy = model.energy(state);
          state[s.offset + entry] = movedValue(s.domain ?? real, before, draws[t]!);
          const difference = model.energy(state) - energy;
          tally[2] = difference;
          if (difference <= thresholds[t]!) {
            accepted++;
            change += difference;
          } else state[s.offset + entry] = before;
        }
        tally[0] = accepted;
        tally[1] = change;
      };
      return { lowest: s.shape.map(() => 0), sites, draws, thresholds, attempts, tally, run };
    }),
  };
}
