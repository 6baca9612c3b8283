import type { Stream } from "../random/stream.ts";

/** Mini-batches in the order in which an algorithm takes them. */
export interface BatchOrder {
  readonly stepsPerEpoch: number;
  /** A permutation of the examples, from 0; that of the epoch of the last `next`. */
  readonly order: Int32Array;
  /** The place of the next mini-batch in `order`. */
  readonly next: () => { readonly first: number; readonly count: number };
}

/**
 * An epoch visits every example once, in ceil(examples / batch) mini-batches of which the last may be shorter, in an order that is drawn anew for
 * each epoch (Fisher-Yates on the uniform numbers (epoch, position) of the stream).
 */
export function createBatchOrder(examples: number, batch: number, stream: Stream): BatchOrder {
  const size = Math.min(batch, examples);
  const stepsPerEpoch = Math.ceil(examples / size);
  const order = new Int32Array(examples);
  const uniforms = new Float64Array(examples);
  let done = 0;
  const shuffle = (epoch: number): void => {
    stream.uniforms(uniforms, 0, epoch);
    for (let k = 0; k < examples; k++) order[k] = k;
    for (let k = examples - 1; k > 0; k--) {
      const other = Math.floor(uniforms[k] * (k + 1));
      [order[k], order[other]] = [order[other], order[k]];
    }
  };
  return {
    stepsPerEpoch,
    order,
    next: () => {
      const within = done % stepsPerEpoch;
      if (within === 0) shuffle(done / stepsPerEpoch);
      done++;
      const first = within * size;
      return { first, count: Math.min(size, examples - first) };
    },
  };
}
