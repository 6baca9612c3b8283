/**
 * Philox4x32-10: a bijection of 128-bit counters for each 64-bit key, used as a counter-based random number generator.
 *
 * Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011),
 * doi:10.1145/2063384.2063405; the tests hold it to the known-answer vectors of its Random123 distribution.
 *
 * A counter is four 32-bit words (c0 is the least significant), a key two. Words are given and returned as signed
 * 32-bit integers (`| 0`), the form in which JavaScript engines keep them in registers; use `>>> 0` to read them unsigned.
 */

// Multipliers 0xD2511F53 and 0xCD9E8D57 of the round function, with their 16-bit halves.
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_0_HIGH = 0xd251;
const MULTIPLIER_0_LOW = 0x1f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const MULTIPLIER_1_HIGH = 0xcd9e;
const MULTIPLIER_1_LOW = 0x8d57;

// Weyl increments of the key: the golden ratio and sqrt(3) - 1, as 32-bit fractions.
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/**
 * Writes the blocks of the `count` counters (c0 + b, c1, c2, c3), b = 0 … count − 1, to out[4 b … 4 b + 3].
 *
 * c0 wraps modulo 2^32 without a carry into c1: the caller splits runs there. Nothing is allocated.
 *
 * @param out at least 4 · count words
 */
export function philox(
  out: Int32Array,
  count: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  key0: number,
  key1: number,
): void {
  for (let block = 0; block < count; block++) {
    let x0 = (c0 + block) | 0;
    let x1 = c1 | 0;
    let x2 = c2 | 0;
    let x3 = c3 | 0;
    let roundKey0 = key0 | 0;
    let roundKey1 = key1 | 0;
    for (let round = 0; round < 10; round++) {
      // High words of the two 32 × 32 → 64 bit products by the schoolbook method on 16-bit halves. No partial sum exceeds
      // 2^32 − 1 (65535² + 65535 < 2^32), so `| 0` loses nothing and `>>> 16` reads the carry. Written out twice: a function
      // call that the engine fails to inline here would cost more than the arithmetic.
      const low0 = x0 & 0xffff;
      const high0 = x0 >>> 16;
      const inner0 = (Math.imul(high0, MULTIPLIER_0_LOW) + (Math.imul(low0, MULTIPLIER_0_LOW) >>> 16)) | 0;
      const middle0 = ((inner0 & 0xffff) + Math.imul(low0, MULTIPLIER_0_HIGH)) | 0;
      const productHigh0 = (Math.imul(high0, MULTIPLIER_0_HIGH) + (inner0 >>> 16) + (middle0 >>> 16)) | 0;

      const low2 = x2 & 0xffff;
      const high2 = x2 >>> 16;
      const inner2 = (Math.imul(high2, MULTIPLIER_1_LOW) + (Math.imul(low2, MULTIPLIER_1_LOW) >>> 16)) | 0;
      const middle2 = ((inner2 & 0xffff) + Math.imul(low2, MULTIPLIER_1_HIGH)) | 0;
      const productHigh2 = (Math.imul(high2, MULTIPLIER_1_HIGH) + (inner2 >>> 16) + (middle2 >>> 16)) | 0;

      const productLow0 = Math.imul(x0, MULTIPLIER_0);
      const productLow2 = Math.imul(x2, MULTIPLIER_1);
      x0 = productHigh2 ^ x1 ^ roundKey0;
      x1 = productLow2;
      x2 = productHigh0 ^ x3 ^ roundKey1;
      x3 = productLow0;
      roundKey0 = (roundKey0 + WEYL_0) | 0;
      roundKey1 = (roundKey1 + WEYL_1) | 0;
    }
    const position = 4 * block;
    out[position] = x0;
    out[position + 1] = x1;
    out[position + 2] = x2;
    out[position + 3] = x3;
  }
}
