/**
 * Cluster moves of Ising models with any pair couplings and fields (U. Wolff, Phys. Rev. Lett. 62, 361 (1989)). A field is a coupling to one more
 * spin that is always up: where the cluster takes that spin in, all others are turned instead.
 */
import { defineDynamics, spinPairs } from "quench/extend";

export const wolff = defineDynamics({
  doc: "One cluster a step, grown over satisfied bonds with probability 1 − exp(−2 |J| / T), is turned over.",
  parameters: [{ name: "T", doc: "Temperature of the Gibbs weight exp(-H/T): 0, a positive number, or inf.", schedule: true, range: { text: "0, a positive number, or inf", has: (T) => T >= 0 } }],
  needs: ["factorGraph"],
  domains: ["spin"],
  units: ["steps"],
  stationary: true,
  init: ({ model }) => ({ pairs: spinPairs(model), isInside: new Int32Array(model.dimension + 1), cluster: new Int32Array(model.dimension + 1) }),
  step: ({ state, random, argument }, { pairs: { start, neighbour, coupling, field }, isInside, cluster }) => {
    const N = state.length;
    const T = argument("T");
    let size = 0;
    const add = (i: number): void => {
      isInside[i] = 1;
      cluster[size++] = i;
    };
    /** `satisfied` is J s_i s_j: what the energy would rise by, halved, if one of them turned alone. */
    const tryToAdd = (i: number, satisfied: number): void => {
      if (isInside[i] === 0 && satisfied > 0 && random.chance(T === 0 ? 1 : 1 - Math.exp((-2 * satisfied) / T))) add(i);
    };
    isInside.fill(0);
    add(random.integer(N));
    for (let next = 0; next < size; next++) {
      const i = cluster[next]!;
      if (i === N) field.forEach((h, j) => { tryToAdd(j, h * state[j]!); });
      else {
        for (let k = start[i]!; k < start[i + 1]!; k++) tryToAdd(neighbour[k]!, coupling[k]! * state[i]! * state[neighbour[k]!]!);
        tryToAdd(N, field[i]! * state[i]!);
      }
    }
    for (let i = 0; i < N; i++) if (isInside[i] !== isInside[N]) state[i] = -state[i]!;
  },
});
