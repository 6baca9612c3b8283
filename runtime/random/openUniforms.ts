/**
 * Makes two uniform numbers of each of the `pairs` blocks k = 0, 1, … of four words: out[outOffset + 2 k] of words 4 k and
 * 4 k + 1, out[outOffset + 2 k + 1] of words 4 k + 2 and 4 k + 3. Two words (a, b), read unsigned, give
 *
 *     (a 2^21 + (⌊b / 2^11⌋ with its last bit set)) 2^-53,
 *
 * an odd multiple of 2^-53. These 2^52 equally likely numbers are exact float64s in the open interval (0, 1), symmetric about
 * 1/2 and of mean exactly 1/2. (A grid of 2^53 half-integers would not do: the last one rounds to 1.)
 */
export function openUniforms(words: Int32Array, pairs: number, out: Float64Array, outOffset: number): void {
  for (let entry = 0; entry < 2 * pairs; entry++) {
    const high = words[2 * entry] >>> 0;
    const low = (words[2 * entry + 1] >>> 11) | 1;
    out[outOffset + entry] = (high * 0x200000 + low) * 2 ** -53;
  }
}
