/** Random numbers one after the other, for code that doesn't know how many it will need: the k-th of a step is entry (step, k) of a stream. */
import type { Stream } from "./stream.ts";

export interface RandomSequence {
  /** On the open interval (0, 1). */
  readonly uniform: () => number;
  /** Mean 0, variance 1. */
  readonly normal: () => number;
  /** −1 or +1, equally likely. */
  readonly sign: () => number;
  /** 0 … n − 1, equally likely. */
  readonly integer: (n: number) => number;
  /** True with probability p; always for p >= 1, never for p <= 0. */
  readonly chance: (p: number) => boolean;
}

/** @param step names the entries that are read; it must not change while one step is made */
export function randomSequence(stream: Stream, step: () => number): RandomSequence & { readonly restart: () => void } {
  let next = 0;
  return {
    restart: () => { next = 0; },
    uniform: () => stream.uniform(step(), next++),
    normal: () => stream.normal(step(), next++),
    sign: () => stream.sign(step(), next++),
    integer: (n) => stream.integer(step(), next++, n),
    chance: (p) => stream.uniform(step(), next++) < p,
  };
}
