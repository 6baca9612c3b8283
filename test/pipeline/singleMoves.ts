/** A walk of local moves through the states of a model, of every kind that the domains of its variables allow, with the energy differences as the energy is written. */
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { drawFor, drawUniformly, drawsOf, isDiscrete, longestMove, movedValue } from "../../runtime/moves/domainMoves.ts";
import { localMoves, type MovedArray } from "../../runtime/moves/modelMoves.ts";
import { attempt } from "../../runtime/moves/singleMove.ts";

export interface Move {
  /** Number of the state array. */
  readonly array: number;
  readonly entry: number;
  readonly drawn: number;
  readonly accepted: boolean;
  /** E(after) - E(before), of which no move is taken that has not a finite one; infinite where the state after it breaks a constraint that moves are tested for. */
  readonly difference: number;
}

/** Numbers in (0, 1) that repeat late. */
const uniform = (n: number): number => ((37 * n + 11) % 101) / 101;

/**
 * Of each array the proposals take turns: all other values of a finite domain, short, usual and longest steps of a continuous one, then the exchange of two
 * unequal entries as two moves. A third of the proposals is rejected.
 * @param model on which the energy is evaluated; nothing else may use it meanwhile
 */
export function walk(model: RunnableModel<string, string>, start: Float64Array, proposals: number): readonly Move[] {
  const state = start.slice();
  const made: Move[] = [];
  const tested = model.moves === undefined && model.sums === undefined ? model.satisfies : undefined;
  const move = (k: number, entry: number, drawn: number, accepted: boolean): void => {
    const { domain = { name: "real", arguments: [] }, offset } = model.state[k]!;
    const [before, energy] = [state[offset + entry]!, model.referenceEnergy(state)];
    state[offset + entry] = movedValue(domain, before, drawn);
    const difference = tested?.(state) === false ? Infinity : model.referenceEnergy(state) - energy;
    const taken = accepted && Number.isFinite(difference);
    if (!taken) state[offset + entry] = before;
    made.push({ array: k, entry, drawn, accepted: taken, difference });
  };
  model.state.forEach(({ domain = { name: "real", arguments: [] }, length, offset }, k) => {
    for (let n = 0; n < proposals; n++) {
      const entry = (7 * n + (n >> 3)) % length;
      const drawn = isDiscrete(domain) ? drawsOf(domain)[n % drawsOf(domain).length]! : drawUniformly(domain, uniform(n), [0.01, 0.5, Math.min(longestMove(domain), 5)][n % 3]!);
      if (domain.name === "potts" && drawsOf(domain).length === 0) return;
      move(k, entry, drawn, n % 3 !== 2);
    }
    if (!isDiscrete(domain)) return;
    for (let n = 0; n < Math.min(length - 1, 4); n++) {
      const [i, j] = [n, length - 1 - n];
      const [a, b] = [state[offset + i]!, state[offset + j]!];
      if (a === b || i >= j) continue;
      move(k, i, drawFor(domain, a, b), true);
      move(k, j, drawFor(domain, b, a), n % 2 === 0);
    }
  });
  return made;
}

/** The energy differences of the same moves by the model's own kernels, from the same state. */
export function differencesOf(model: RunnableModel<string, string>, start: Float64Array, moves: readonly Move[]): readonly number[] {
  const own = localMoves(model);
  own.enter(start, true);
  return moves.map(({ array, entry, drawn, accepted }) => attempt(own.arrays[array] as MovedArray, entry, drawn, accepted ? Infinity : -Infinity));
}
