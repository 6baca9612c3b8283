import type { TaskAddress } from "../records.ts";

/** Hashes of all that the tasks of a run are functions of (`compiler/runAddress.ts` makes them). */
export interface RunAddress {
  /** Of what moves the states, at all sweep points: the model as far as it is read, seed, steps, target and version. */
  readonly states: string;
  /** For each sweep point, of its values, parameters and amounts. */
  readonly points: readonly string[];
  /** Names of the copies that recorded states hold beside copy 1. */
  readonly copies: readonly string[];
  /** For each recorded observable, of its definition. */
  readonly observables: Readonly<Record<string, string>>;
}

/** The address of a task within the samples of its run. */
export const taskKey = (address: RunAddress, { point, sample, start }: TaskAddress): string => `${address.points[point]}:${sample}:${start}`;
