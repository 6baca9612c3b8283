import { mean, standardError } from "../estimators/standardError.ts";
import { taskAverage, type TaskRecord } from "./records.ts";

/** The mean of an observable over what has been recorded so far at one sweep point, with its standard error. */
export interface RunningEstimate {
  readonly observable: string;
  readonly mean: number;
  /** Over samples if there are two, else over tasks; NaN for one task. */
  readonly error: number;
}

/** Means of scalar observables while a run goes on, from one task after another; memory doesn't grow with records. */
export class RunningEstimates {
  /** For each point and observable the averages of the tasks of each sample. */
  private readonly points = new Map<number, Map<string, Map<number, number[]>>>();

  add({ point, sample, values, records, weights }: TaskRecord): void {
    const observables = this.points.get(point) ?? new Map<string, Map<number, number[]>>();
    this.points.set(point, observables);
    for (const [name, entries] of Object.entries(values)) {
      if (entries.length !== records || records === 0) continue;
      const average = taskAverage(entries, records, weights);
      const samples = observables.get(name) ?? new Map<number, number[]>();
      observables.set(name, samples);
      samples.set(sample, [...(samples.get(sample) ?? []), average]);
    }
  }

  at(point: number): readonly RunningEstimate[] {
    return [...(this.points.get(point) ?? [])].map(([observable, samples]) => {
      const perSample = [...samples.values()].map(mean);
      const members = perSample.length > 1 ? perSample : [...samples.values()].flat();
      return { observable, mean: mean(perSample), error: standardError(members) };
    });
  }
}
