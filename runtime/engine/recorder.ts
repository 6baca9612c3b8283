import type { Mover } from "../dynamics/dynamics.ts";
import type { Memory } from "../dynamics/memory.ts";
import { createFolds } from "../extensions/folds.ts";
import { expectation } from "../messagePassing/expectation.ts";
import type { CompiledModel, Observable } from "../model.ts";
import type { Stream } from "../random/stream.ts";
import { streamsByPurpose } from "../random/streamsByPurpose.ts";
import { entryAt } from "./observableExpression.ts";
import type { PerPoint } from "./plan.ts";

/** Collects the observables of one task, record by record. */
export interface Recorder {
  /** `knowledge` is what the dynamics knows beside the state. */
  readonly record: (state: Float64Array, knowledge?: Pick<Mover, "marginals" | "quantities">) => void;
  /** The entries of all observables in a state, one after the other; the energy first. Each call writes over the last. */
  readonly evaluate: (state: Float64Array) => Float64Array;
  /** Records what `evaluate` gave, with the weights of an exact sum. */
  readonly recordWeighted: (rows: readonly Float64Array[], weights: Float64Array) => void;
  /** Of the records, if they are those of an exact sum. */
  readonly weights: () => readonly number[] | undefined;
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Of those with several axes; absent for none. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  readonly count: () => number;
  /** One entry of an observable, by its places at a sweep point, at all records so far. */
  readonly entriesOf: (observable: string, places: readonly PerPoint[], point: number) => readonly number[];
  /** The recorded states, one after the other, where they are kept. */
  readonly states: () => Float64Array | undefined;
  /** The records so far. */
  readonly memory: Memory;
}

/** @param names observables to record; the energy, which is the model's first observable, always is; @param stream of random numbers for a purpose within an observable; @param keepStates whether what was recorded of is kept too; @param quantities of the dynamics of the run, which are recorded too */
export function createRecorder(model: CompiledModel, names: readonly string[], stream: (purpose: string) => Stream, keepStates = false, quantities: readonly string[] = []): Recorder {
  const streamFor = streamsByPurpose(stream);
  const folds = createFolds();
  const wanted = [...new Set([model.observables[0].name, ...names])];
  const observables = wanted.map((name): Observable => {
    const found = model.observables.find((o) => o.name === name);
    if (!found) throw new Error(`internal: the plan records ${name}, which is not an observable of ${model.name}`);
    return found;
  });
  const values: Record<string, number[]> = Object.fromEntries([...wanted, ...quantities].map((name) => [name, []]));
  const shaped = observables.filter(({ shape }) => shape.length > 1);
  const states: Float64Array[] = [];
  const row = new Float64Array(observables.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0));
  let count = 0;
  let evaluated = 0;
  let weights: readonly number[] | undefined;
  return {
    record: (state, knowledge) => {
      const marginals = knowledge?.marginals?.();
      for (const observable of observables) {
        const collected = values[observable.name];
        const before = collected.length;
        const noise = { stream: streamFor, step: count, remembered: folds.remembered };
        for (const entry of marginals ? expectation(model, observable, state, marginals, noise) : observable.evaluate(state, noise)) collected.push(entry);
        if (observable === observables[0] && Number.isNaN(collected[before])) throw new Error(`the energy ${observable.name} is not a number at record ${count + 1}: a logarithm, root, power or quotient in it has no value there, or infinities cancel`);
      }
      const own = quantities.length > 0 ? knowledge?.quantities?.() : undefined;
      for (const name of quantities) values[name].push(own?.[name] ?? NaN);
      if (keepStates) states.push(state.slice());
      count++;
    },
    evaluate: (state) => {
      const noise = { stream: streamFor, step: evaluated++ };
      let filled = 0;
      for (const observable of observables) {
        const entries = observable.evaluate(state, noise);
        row.set(entries, filled);
        filled += entries.length;
      }
      return row;
    },
    recordWeighted: (rows, of) => {
      for (const row of rows) {
        let first = 0;
        for (const { name, shape } of observables) {
          const size = shape.reduce((product, n) => product * n, 1);
          for (let k = first; k < first + size; k++) values[name]!.push(row[k]!);
          first += size;
        }
        count++;
      }
      weights = [...of];
    },
    weights: () => weights,
    values,
    ...(shaped.length > 0 ? { shapes: Object.fromEntries(shaped.map(({ name, shape }) => [name, shape])) } : {}),
    count: () => count,
    entriesOf: (name, places, point) => {
      const all = values[name];
      if (!all) throw new Error(`internal: ${name} is not recorded`);
      const size = all.length / count;
      const entry = places.length === 0 ? 0 : entryAt(observables.find((o) => o.name === name)?.shape ?? [size], places, point);
      return size === 1 ? all : Array.from({ length: count }, (_, k) => all[k * size + entry]!);
    },
    states: () => (keepStates && states.length > 0 ? concatenated(states) : undefined),
    memory: {
      save: () => ({ values: { count, evaluated }, arrays: [...Object.values(values).map((own) => Float64Array.from(own)), ...states], parts: [folds.memory.save()] }),
      restore: (saved) => {
        count = Number(saved.values["count"]);
        folds.memory.restore(saved.parts[0]!);
        states.splice(0, states.length, ...saved.arrays.slice(Object.keys(values).length).map((state) => Float64Array.from(state)));
        evaluated = Number(saved.values["evaluated"]);
        Object.values(values).forEach((own, k) => {
          own.length = 0;
          saved.arrays[k]!.forEach((value) => own.push(value));
        });
      },
    },
  };
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
