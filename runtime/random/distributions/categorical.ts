import type { Distribution } from "./distribution.ts";

/** Fair classes 1 … k (the language counts from 1). */
export const categorical: Distribution = {
  name: "categorical",
  doc: "Independent entries, each of the integers 1 … k with equal probability.",
  parameters: ["k"],
  fill(out, stream, [k]) {
    if (!Number.isInteger(k) || k < 1 || k > 2 ** 32) {
      throw new RangeError(`categorical(k ${k}): the number of classes is an integer in 1 … 2^32`);
    }
    stream.integers(out, 0, k);
    for (let i = 0; i < out.length; i++) out[i] += 1;
  },
};
