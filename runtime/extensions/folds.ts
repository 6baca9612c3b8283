import type { Memory, Snapshot } from "../dynamics/memory.ts";
import { memoryOfOwn, type Own } from "./own.ts";

/** What the folds over states of one task, or of one condition, remember. */
export interface Folds {
  readonly remembered: (purpose: string, init: () => Own) => Own;
  readonly memory: Memory;
}

export function createFolds(): Folds {
  const known = new Map<string, { readonly own: Own; readonly memory: Memory }>();
  /** Of folds that have not been asked for since: they are asked for in the order in which they were first. */
  let waiting: readonly Snapshot[] = [];
  return {
    remembered: (purpose, init) => {
      let fold = known.get(purpose);
      if (!fold) {
        const own = init();
        fold = { own, memory: memoryOfOwn(own) };
        const [saved, ...others] = waiting;
        if (saved) fold.memory.restore(saved);
        waiting = others;
        known.set(purpose, fold);
      }
      return fold.own;
    },
    memory: {
      save: () => ({ values: {}, arrays: [], parts: [...[...known.values()].map((fold) => fold.memory.save()), ...waiting] }),
      restore: ({ parts }) => {
        known.clear();
        waiting = parts;
      },
    },
  };
}
