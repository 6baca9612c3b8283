/**
 * Two attempted Metropolis moves of each of the `pairs` blocks k = 0, 1, … of four words: words 4 k and 4 k + 2, read unsigned, choose the
 * sites ⌊count w 2^-32⌋, words 4 k + 1 and 4 k + 3 the thresholds −T log u, u = (2 w + 1) 2^-33, by the logarithm of `boxMuller`.
 *
 * 32 bits are enough: a site distribution that is uniform to count 2^-32 leaves detailed balance exact, since a move and its reverse
 * choose the same site; an acceptance probability is off by 2^-32 at most.
 *
 * @param temperature from 0 (all thresholds 0) to inf
 */
import { minusLog } from "./minusLog.ts";

const bits = new DataView(new ArrayBuffer(8));

export function attempts(words: Int32Array, pairs: number, count: number, temperature: number, sites: Float64Array, thresholds: Float64Array, outOffset: number): void {
  for (let entry = 0; entry < 2 * pairs; entry++) {
    const w = words[2 * entry] >>> 0;
    sites[outOffset + entry] = Math.floor(w * count * 2 ** -32);
    thresholds[outOffset + entry] = temperature * minusLogOf(((words[2 * entry + 1] >>> 0) * 2 + 1) * 2 ** -33);
  }
}

/** −log u for u = m 2^-exponent in (0, 1), m in [sqrt(1/2), sqrt(2)), with sqrt(1/2) taken to 32 bits. */
function minusLogOf(u: number): number {
  bits.setFloat64(0, u);
  const upper = bits.getInt32(0);
  const lower = bits.getInt32(4);
  const exponentField = upper >>> 20;
  const top = ((upper & 0xfffff) << 11) | (lower >>> 21);
  const exponent = 1022 - exponentField + (top < 0x3504f334 ? 1 : 0);
  bits.setInt32(0, upper + (exponent << 20));
  return minusLog(bits.getFloat64(0) - 1, exponent);
}
