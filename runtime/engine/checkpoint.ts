import type { Question } from "../dynamics/asking.ts";
import type { Snapshot } from "../dynamics/memory.ts";
import type { TaskAddress, TaskRecord } from "../results/records.ts";

/** How far a task is: all that is needed, beside plan, model and address, to go on elsewhere with the same bytes. Plain data. */
export interface TaskCheckpoint extends TaskAddress, StepCheckpoint {
  /** How the steps of the run that are over have ended; the next one is at work. */
  readonly steps: TaskRecord["steps"];
  /** The states of all copies (`Copies.all`). */
  readonly states: Float64Array;
  /** The records so far. */
  readonly records: Snapshot;
  /** Of a task with a ladder of temperatures: its members, and what is counted of their exchanges. */
  readonly ladder?: { readonly members: readonly TaskCheckpoint[]; readonly exchanges: Snapshot };
}

/** How far the step at work is. */
export interface StepCheckpoint {
  /** One for each copy that moves. */
  readonly copies: readonly CopyCheckpoint[];
  /** Of a condition on several copies together. */
  readonly condition?: Snapshot;
}

/** How far a step is on one copy. */
export interface CopyCheckpoint {
  /** Sweeps, steps or epochs that were done. */
  readonly done: number;
  /** Whether the dynamics can move no further. */
  readonly stalled: boolean;
  /** Whether the condition of the step holds. */
  readonly held: boolean;
  readonly mover: Snapshot;
  /** Absent for a step without a condition on each copy. */
  readonly condition?: Snapshot;
}

/** Where a task may be interrupted: what it yields after every sweep, step or epoch. Nothing is copied unless it is called, before the task goes on. */
export type Pause = () => TaskCheckpoint;

/** What drives a task gets from it: places to interrupt it, and in a context that `asks` questions, which are answered by the energy. */
export type Turn = Pause | Question;
export const isQuestion = (turn: Turn): turn is Question => typeof turn !== "function";
