/**
 * Two attempted Metropolis moves of each of the `pairs` blocks k = 0, 1, … of four words: words 4 k and 4 k + 2, read unsigned, choose the
 * sites ⌊count w 2^-32⌋, words 4 k + 1 and 4 k + 3 the thresholds −T log u, u = (2 w + 1) 2^-33, by the logarithm of `boxMuller`.
 *
 * 32 bits are enough: a site distribution that is uniform to count 2^-32 leaves detailed balance exact, since a move and its reverse
 * choose the same site; an acceptance probability is off by 2^-32 at most.
 *
 * @param temperature from 0 (all thresholds 0) to inf
 */
import { LOG_2_HIGH, LOG_2_LOW, LOGARITHM } from "./polynomials.ts";

const [L1, L2, L3, L4, L5, L6, L7] = LOGARITHM;
const bits = new DataView(new ArrayBuffer(8));

export function attempts(words: Int32Array, pairs: number, count: number, temperature: number, sites: Float64Array, thresholds: Float64Array, outOffset: number): void {
  for (let entry = 0; entry < 2 * pairs; entry++) {
    const w = words[2 * entry] >>> 0;
    sites[outOffset + entry] = Math.floor(w * count * 2 ** -32);
    thresholds[outOffset + entry] = temperature * minusLog(((words[2 * entry + 1] >>> 0) * 2 + 1) * 2 ** -33);
  }
}

/** −log u for u = m 2^-exponent in (0, 1), m in [sqrt(1/2), sqrt(2)), with sqrt(1/2) taken to 32 bits. */
function minusLog(u: number): number {
  bits.setFloat64(0, u);
  const upper = bits.getInt32(0);
  const lower = bits.getInt32(4);
  const exponentField = upper >>> 20;
  const top = ((upper & 0xfffff) << 11) | (lower >>> 21);
  const exponent = 1022 - exponentField + (top < 0x3504f334 ? 1 : 0);
  bits.setInt32(0, upper + (exponent << 20));
  const f = bits.getFloat64(0) - 1;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const even = s4 * (L2 + s4 * (L4 + s4 * L6));
  const odd = s2 * (L1 + s4 * (L3 + s4 * (L5 + s4 * L7)));
  const halfSquare = 0.5 * f * f;
  return exponent * LOG_2_HIGH + (halfSquare - (s * (halfSquare + (even + odd)) - exponent * LOG_2_LOW) - f);
}
