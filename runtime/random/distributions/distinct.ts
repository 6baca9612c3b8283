import type { Distribution } from "./distribution.ts";

/**
 * Each row along the last index is a uniformly random ordered selection of distinct integers from 1 … N: the clauses of
 * random K-SAT, or a permutation where the row has N entries.
 *
 * Partial Fisher-Yates shuffle: entry j of a row picks among the N − j integers that are left, by its uniform number. The
 * swaps of a row are undone afterwards, so that a row costs its own length and not N, and depends on no other row.
 */
export const distinct: Distribution = {
  name: "distinct",
  doc: "Independent rows along the last index, each of distinct integers from 1 … N in uniformly random order.",
  parameters: ["N"],
  fill(out, stream, [N], shape) {
    const rowLength = shape.at(-1) ?? 1;
    if (!Number.isInteger(N) || N < rowLength || N >= 2 ** 31) {
      throw new RangeError(
        `distinct(N ${N}): ${rowLength} distinct integers along the last index need an integer N ≥ ${rowLength}`,
      );
    }
    stream.uniforms(out, 0);
    const left = Int32Array.from({ length: N }, (_, position) => position + 1);
    const picked = new Int32Array(rowLength);
    for (let row = 0; row < out.length; row += rowLength) {
      for (let j = 0; j < rowLength; j++) {
        const pick = j + Math.floor(out[row + j] * (N - j));
        const value = left[pick];
        left[pick] = left[j];
        left[j] = value;
        picked[j] = pick;
        out[row + j] = value;
      }
      for (let j = rowLength - 1; j >= 0; j--) {
        const value = left[j];
        left[j] = left[picked[j]];
        left[picked[j]] = value;
      }
    }
  },
};
