import { domainValues } from "../moves/domainMoves.ts";
import type { CompiledModel } from "../model.ts";
import type { Dynamics } from "./dynamics.ts";
import type { Snapshot } from "./memory.ts";
import { temperature } from "./parameters.ts";

/** Number of states above which the sum is refused. */
const MOST_STATES = 2 ** 22;
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
export const enumerate: Dynamics & { readonly implemented: true } = {
  implemented: true,
  name: "enumerate",
  doc: "Exact sums over all states: estimates without error; T = inf counts states.",
  parameters: [{ ...temperature, schedule: false }],
  needs: ["finiteStates"],
  domains: ["spin", "bit", "potts"],
  units: [],
  stationary: false,
  create: () => { throw new Error("internal: enumerate moves no state"); },
  sum: sumOverStates,
};

/**
 * @param evaluate entries of what is recorded in a state, the energy first
 * @param saved what an earlier, interrupted sum has yielded last
 * @throws RangeError with the count where there are too many states, or too many different records
 */
export function* sumOverStates(model: CompiledModel, T: number, evaluate: (state: Float64Array) => Float64Array, saved?: Snapshot): Generator<() => Snapshot, WeightedRecords> {
  const values = model.state.flatMap((array) => {
    const of = array.domain && domainValues(array.domain);
    if (!of) throw new Error(`internal: enumerate on ${array.name}, which is not finite`);
    return Array.from({ length: array.length }, () => of);
  });
  const states = values.reduce((product, of) => product * of.length, 1);
  if (states > MOST_STATES) throw new RangeError(`enumerate would visit ${states.toPrecision(3)} states; it visits at most ${MOST_STATES}`);
  const digits = new Int32Array(values.length);
  const state = Float64Array.from(values, (of) => of[0]!);
  const known = new Map<string, number>();
  const rows: Float64Array[] = [];
  const counts: number[] = [];
  let first = 0;
  if (saved) {
    const [atWork, countsSaved, ...rowsSaved] = saved.arrays;
    first = Number(saved.values["visited"]);
    digits.set(atWork!);
    for (let i = 0; i < digits.length; i++) state[i] = values[i]![digits[i]!]!;
    counts.push(...countsSaved!);
    for (const row of rowsSaved) {
      known.set(row.join(), rows.length);
      rows.push(Float64Array.from(row));
    }
  }
  for (let n = first; n < states; n++) {
    const row = evaluate(state).slice();
    const key = row.join();
    const place = known.get(key);
    if (place === undefined) {
      if (rows.length === MOST_RECORDS) throw new RangeError(`the ${states} states differ in more than ${MOST_RECORDS} records: record less, or take a smaller model`);
      known.set(key, rows.length);
      rows.push(row);
      counts.push(1);
    } else counts[place]!++;
    for (let i = 0; i < digits.length; i++) {
      digits[i] = (digits[i]! + 1) % values[i]!.length;
      state[i] = values[i]![digits[i]!]!;
      if (digits[i] !== 0) break;
    }
    if (n % STATES_AT_ONCE === STATES_AT_ONCE - 1) yield () => ({ values: { visited: n + 1 }, arrays: [digits.slice(), Float64Array.from(counts), ...rows], parts: [] });
  }
  const least = rows.reduce((m, row) => Math.min(m, row[0]!), Infinity);
  const weights = Float64Array.from(rows, (row, k) => counts[k]! * (row[0] === least ? 1 : T === 0 ? 0 : Math.exp(-(row[0]! - least) / T)));
  const total = weights.reduce((sum, w) => sum + w, 0);
  // What has no weight is no record: it would count for a minimum or a maximum.
  const kept = [...weights.keys()].filter((k) => weights[k]! > 0);
  return { rows: kept.map((k) => rows[k]!), weights: Float64Array.from(kept, (k) => weights[k]! / total) };
}
