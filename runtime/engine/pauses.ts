import type { Pause } from "./checkpoint.ts";
import type { TaskOutcome } from "./taskOutcome.ts";

/** When tasks are stopped, and how often they yield checkpoints. */
export interface Interruptions {
  readonly stopped: () => boolean;
  readonly secondsBetweenCheckpoints: number;
}

/** What one task yields where it can be interrupted: a checkpoint where one is due, and a last one where it is stopped; then the generator returns true. */
export function createPauses({ stopped, secondsBetweenCheckpoints: seconds }: Interruptions): (pause: Pause | void) => Generator<TaskOutcome | void, boolean> {
  let due = performance.now() + 1000 * seconds;
  return function* (pause) {
    const last = stopped();
    if (pause && (last || performance.now() >= due)) {
      yield { kind: "checkpoint", checkpoint: pause() };
      due = performance.now() + 1000 * seconds;
    } else yield;
    return last;
  };
}
