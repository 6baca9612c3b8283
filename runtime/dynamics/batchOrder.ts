import type { Stream } from "../random/stream.ts";

/** Mini-batches in the order in which an algorithm takes them. */
export interface BatchOrder {
  readonly stepsPerEpoch: number;
  /** A permutation of the examples, from 0: that of the epoch of the last step that was asked for. Steps are asked for one after the other. */
  readonly order: Int32Array;
  /** The place in `order` of the mini-batch of a step, from 0. */
  readonly at: (step: number) => { readonly first: number; readonly count: number };
  /** A whole epoch of a step that says whether it moved; it ends with the first one that did not. */
  readonly epochOf: (step: () => boolean) => () => boolean;
}

/**
 * An epoch visits every example once, in ceil(examples / batch) mini-batches of which the last may be shorter, in an order that is drawn anew for
 * each epoch (Fisher-Yates on the uniform numbers (firstStep + epoch, position) of the stream).
 */
export function createBatchOrder(examples: number, batch: number, stream: Stream, firstStep = 0): BatchOrder {
  const size = Math.min(batch, examples);
  const stepsPerEpoch = Math.ceil(examples / size);
  const order = new Int32Array(examples);
  const uniforms = new Float64Array(examples);
  const shuffle = (epoch: number): void => {
    stream.uniforms(uniforms, 0, firstStep + epoch);
    for (let k = 0; k < examples; k++) order[k] = k;
    for (let k = examples - 1; k > 0; k--) {
      const other = Math.floor(uniforms[k] * (k + 1));
      [order[k], order[other]] = [order[other], order[k]];
    }
  };
  return {
    stepsPerEpoch,
    order,
    at: (step) => {
      const within = step % stepsPerEpoch;
      if (within === 0) shuffle(step / stepsPerEpoch);
      const first = within * size;
      return { first, count: Math.min(size, examples - first) };
    },
    epochOf: (step) => () => {
      for (let k = 0; k < stepsPerEpoch; k++) if (!step()) return false;
      return true;
    },
  };
}
