import type { CompiledModel, Observable } from "../model.ts";
import type { Stream } from "../random/stream.ts";
import { streamsByPurpose } from "../random/streamsByPurpose.ts";

/** Collects the observables of one task, record by record. */
export interface Recorder {
  readonly record: (state: Float64Array) => void;
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly count: () => number;
}

/** @param names observables to record; the energy, which is the model's first observable, always is; @param stream of random numbers for a purpose within an observable */
export function createRecorder(model: CompiledModel, names: readonly string[], stream: (purpose: string) => Stream): Recorder {
  const streamFor = streamsByPurpose(stream);
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
        const before = collected.length;
        for (const entry of observable.evaluate(state, { stream: streamFor, step: count })) collected.push(entry);
        if (observable === observables[0] && Number.isNaN(collected[before])) throw new Error(`the energy ${observable.name} is not a number at record ${count + 1}`);
      }
      count++;
    },
    values,
    count: () => count,
  };
}
