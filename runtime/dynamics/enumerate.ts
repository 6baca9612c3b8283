import type { Copies } from "../engine/copies.ts";
import type { CompiledModel } from "../model.ts";
import type { Dynamics } from "./dynamics.ts";
import type { Snapshot } from "./memory.ts";
import { temperature } from "./parameters.ts";
import { DistinctRows } from "./distinctRows.ts";
import { StateCounter } from "../moves/stateCounter.ts";

/** Number of states above which the sum is refused. */
export const mostStates = 2 ** 22;
/** Number of different records that are kept: states that no recorded observable tells apart are one record. */
const MOST_RECORDS = 2 ** 18;
/** States between two pauses, in which the engine can stop. */
const STATES_AT_ONCE = 4096;

/** All records of a sum over states, each with its Gibbs weight; the weights sum to 1. */
export interface WeightedRecords {
  /** Entries of all recorded observables, one after the other; the energy first. */
  readonly rows: readonly Float64Array[];
  readonly weights: Float64Array;
}

/** Exact sums over all states. At T = 0 only the ground states have a weight, at T = inf all states the same. */
export const enumerate: Dynamics = {
  name: "enumerate",
  doc: "Exact sums over all states: estimates without error; T = inf counts states.",
  parameters: [{ ...temperature, schedule: false }],
  needs: ["finiteStates"],
  domains: ["spin", "bit", "potts"],
  units: [],
  stationary: false,
  deterministic: () => true,
  create: () => { throw new Error("internal: enumerate moves no state"); },
  sum: sumOverStates,
};

/**
 * Copies are independent: their states are visited together, and the weight of all is the product of theirs.
 *
 * @param evaluate entries of what is recorded in the states of all copies, the energy first
 * @param saved what an earlier, interrupted sum has yielded last
 * @throws RangeError with the count where there are too many states, or too many different records
 */
export function* sumOverStates(model: CompiledModel, T: number, { moved, all }: Copies, evaluate: (states: Float64Array) => Float64Array, saved?: Snapshot): Generator<() => Snapshot, WeightedRecords> {
  const counters = moved.map(({ state }) => new StateCounter(model, state));
  const [first] = counters as [StateCounter, ...StateCounter[]];
  const states = first.states ** moved.length;
  const those = moved.length > 1 ? `states of ${moved.length} copies together` : "states";
  if (states > mostStates) throw new RangeError(`enumerate would visit ${states.toPrecision(3)} ${those}; it visits at most ${mostStates}`);
  const known = new DistinctRows();
  const { rows } = known;
  const sums: CompensatedSum[] = [];
  let visited = 0;
  if (saved) {
    const [values, lost, ...rowsSaved] = saved.arrays;
    visited = Number(saved.values["visited"]);
    values!.forEach((value, k) => sums.push(new CompensatedSum(value, lost![k])));
    for (const row of rowsSaved) known.add(Float64Array.from(row));
  }
  const save = (): Snapshot => ({ values: { visited }, arrays: [Float64Array.from(sums, (s) => s.value), Float64Array.from(sums, (s) => s.lost), ...rows], parts: [] });

  // The energies of one copy are found first, and again by a sum that goes on: they are the least of the work, and no place to stop.
  const energies = new Float64Array(first.states);
  do energies[first.number] = model.satisfies?.(first.state) === false ? Infinity : model.energy(first.state); while (first.advance());
  const least = energies.reduce((m, energy) => Math.min(m, energy), Infinity);
  if (least === Infinity) throw new RangeError("no state meets the constraints");
  // What violates a constraint has no weight at any temperature.
  const factors = energies.map((energy) => (energy === least ? 1 : T === 0 || energy === Infinity ? 0 : Math.exp(-(energy - least) / T)));

  counters.forEach((counter, k) => { counter.visit(Math.floor(visited / first.states ** k) % first.states); });
  while (visited < states) {
    const weight = counters.reduce((product, counter) => product * factors[counter.number]!, 1);
    // What has no weight is no record: it would count for a minimum or a maximum.
    if (weight > 0) {
      const row = evaluate(all);
      const place = known.find(row);
      if (place === undefined) {
        if (rows.length === MOST_RECORDS) throw new RangeError(`the ${states} ${those} differ in more than ${MOST_RECORDS} records: record less, or take a smaller model`);
        known.add(row.slice());
        sums.push(new CompensatedSum());
      }
      sums[place ?? rows.length - 1]!.add(weight);
    }
    for (const counter of counters) if (counter.advance()) break;
    if (++visited % STATES_AT_ONCE === 0) yield save;
  }
  const weights = Float64Array.from(sums, (sum) => sum.value);
  const total = weights.reduce((sum, w) => sum + w, 0);
  return { rows, weights: weights.map((w) => w / total) };
}

/** A sum of positive numbers that keeps what rounding cuts off (W. Kahan, Comm. ACM 8, 40 (1965)). */
class CompensatedSum {
  value: number;
  lost: number;

  constructor(value = 0, lost = 0) {
    this.value = value;
    this.lost = lost;
  }

  add(x: number): void {
    const next = x - this.lost;
    const sum = this.value + next;
    this.lost = sum - this.value - next;
    this.value = sum;
  }
}
