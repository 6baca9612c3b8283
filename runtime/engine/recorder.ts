import type { CompiledModel, Observable } from "../model.ts";

/** Collects the observables of one task, record by record. */
export interface Recorder {
  readonly record: (state: Float64Array) => void;
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly count: () => number;
}

/** @param names observables to record; the energy, which is the model's first observable, always is */
export function createRecorder(model: CompiledModel, names: readonly string[]): Recorder {
  const wanted = [...new Set([model.observables[0].name, ...names])];
  const observables = wanted.map((name): Observable => {
    const found = model.observables.find((o) => o.name === name);
    if (!found) throw new Error(`internal: the plan records ${name}, which is not an observable of ${model.name}`);
    return found;
  });
  const values: Record<string, number[]> = Object.fromEntries(wanted.map((name) => [name, []]));
  let count = 0;
  return {
    record: (state) => {
      for (const observable of observables) {
        const collected = values[observable.name];
        for (const entry of observable.evaluate(state)) collected.push(entry);
      }
      count++;
    },
    values,
    count: () => count,
  };
}
