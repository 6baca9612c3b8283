/**
 * What a mover, a tuner or a condition remembers between two steps, so that a task can be interrupted after any step and go on elsewhere
 * with the same bytes. Random numbers need nothing here but the number of the step: their streams are addressed.
 */
export interface Memory {
  /** A copy as plain data. */
  readonly save: () => Snapshot;
  /** Takes what another one, made from the same arguments, has saved. */
  readonly restore: (saved: Snapshot) => void;
}

/** Plain data that structured cloning and `v8.serialize` carry without loss. */
export interface Snapshot {
  readonly values: Readonly<Record<string, number | boolean>>;
  readonly arrays: readonly Numbers[];
  readonly parts: readonly Snapshot[];
}

export type Numbers = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array;

/**
 * The memory that consists of these live objects: `values` whose properties change, `arrays` that are written in place, and memories of
 * their own.
 */
export function memoryOf(values: Record<string, number | boolean>, arrays: readonly Numbers[] = [], parts: readonly Memory[] = []): Memory {
  return {
    save: () => ({ values: { ...values }, arrays: arrays.map((a) => a.slice()), parts: parts.map((part) => part.save()) }),
    restore: (saved) => {
      if (saved.arrays.length !== arrays.length || saved.parts.length !== parts.length) throw new Error("internal: a snapshot of something else");
      Object.assign(values, saved.values);
      arrays.forEach((array, k) => array.set(saved.arrays[k]!));
      parts.forEach((part, k) => part.restore(saved.parts[k]!));
    },
  };
}

/** Of what remembers nothing. */
export const noMemory: Memory = memoryOf({});
