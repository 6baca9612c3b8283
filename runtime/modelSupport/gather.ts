import type { Entries } from "../backends/backend.ts";
import type { MiniBatches } from "../model.ts";

/** An array over all examples, and the array of the same shape over the examples of a batch, in the same precision. */
export interface GatheredArray {
  readonly from: Entries;
  readonly to: Entries;
  /** Number of entries for one value of the axes before that of the examples, and of all values of the axes after it. */
  readonly inner: number;
}

/** to[…, b, …] = from[…, order[first + b], …] for b = 0 … count − 1, both row-major. */
export function gather({ from, to, inner }: GatheredArray, examples: number, order: Int32Array, first: number, count: number): void {
  const outer = from.length / (examples * inner);
  for (let o = 0; o < outer; o++) {
    for (let b = 0; b < count; b++) {
      const source = (o * examples + order[first + b]) * inner;
      const target = (o * count + b) * inner;
      if (inner === 1) to[target] = from[source];
      else to.set(from.subarray(source, source + inner), target);
    }
  }
}

/** The mini-batches of a generated model: examples are gathered, then the kernel of the batch's size runs on them. */
export function miniBatchesOf(
  parts: { readonly examples: number; readonly weight: number; readonly gathered: readonly GatheredArray[]; readonly ofSize: (size: number) => () => void; readonly energyValue: Float64Array },
  vectors: { readonly state: Float64Array; readonly gradient: Float64Array },
): MiniBatches {
  const kernels = new Map<number, () => void>();
  return {
    examples: parts.examples,
    weight: parts.weight,
    energyAndGradient(state, gradient, order, first, count) {
      let kernel = kernels.get(count);
      if (!kernel) kernels.set(count, (kernel = parts.ofSize(count)));
      for (const array of parts.gathered) gather(array, parts.examples, order, first, count);
      vectors.state.set(state);
      kernel();
      gradient.set(vectors.gradient);
      return parts.energyValue[0];
    },
  };
}
