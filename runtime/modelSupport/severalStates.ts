/** Energies and gradients of several states of one draw, as many at a time as stand in the lanes of a vector. */
import type { CompiledModel, SeveralStates } from "../model.ts";

export interface StateLanes {
  /** States that the kernel serves at once. */
  readonly count: number;
  /** So many states, one after the other; afterwards their gradients. */
  readonly states: Float64Array;
  readonly energies: Float64Array;
  /** Takes the states into lanes. */
  readonly enter: () => void;
  readonly run: () => void;
  /** Brings the gradients out of them. */
  readonly leave: () => void;
}

/** Those that fill no vector are evaluated alone, which gives the same bits. */
export function severalStates({ count, states, energies, enter, run, leave }: StateLanes, alone: CompiledModel["energyAndGradient"]): SeveralStates {
  const dimension = states.length / count;
  const views = Array.from({ length: count }, (_, lane) => states.subarray(lane * dimension, (lane + 1) * dimension));
  const energiesAndGradients: SeveralStates["energiesAndGradients"] = (given, gradients, values) => {
    const together = given.length - (given.length % count);
    for (let first = 0; first < together; first += count) {
      views.forEach((view, lane) => view.set(given[first + lane]!));
      enter();
      run();
      leave();
      views.forEach((view, lane) => gradients[first + lane]!.set(view));
      for (let lane = 0; lane < count; lane++) values[first + lane] = energies[lane]!;
    }
    for (let k = together; k < given.length; k++) values[k] = alone(given[k]!, gradients[k]!);
  };
  return { count, energiesAndGradients };
}
