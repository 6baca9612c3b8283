/**
 * Pairs of standard normal numbers from pairs of uniform ones.
 *
 * Source: G. Box, M. Muller, "A note on the generation of random normal deviates", Ann. Math. Stat. 29, 610 (1958). The
 * logarithm, sine and cosine are the minimax polynomials of fdlibm (Sun Microsystems, 1993: e_log.c, k_sin.c, k_cos.c).
 *
 * They are written out here, and not taken from `Math`, because ECMAScript leaves the last bits of Math.log, Math.sin and
 * Math.cos to the engine. Only + − × ÷ and sqrt occur below, which IEEE 754 fixes, so that every engine, and every kernel that
 * does the same operations in the same order without fusing them, gets the same bits. It is also faster: the exponent of u
 * is known from its integer bits, and 2 π v needs no argument reduction.
 */
import { minusLog } from "./minusLog.ts";
import { COSINE, SINE } from "../vectorMath/polynomials.ts";

// 2^e, e = 0 … 53: scales u to its significand.
const POWER_OF_TWO = Float64Array.from({ length: 54 }, (_, exponent) => 2 ** exponent);
// cos(q π/2) and sin(q π/2), q = 0 … 4: multiplying by them rotates by quadrants without a branch that cannot be predicted.
const QUADRANT_COSINE = Float64Array.of(1, 0, -1, 0, 1);
const QUADRANT_SINE = Float64Array.of(0, 1, 0, -1, 0);
const [S1, S2, S3, S4, S5, S6] = SINE;
const [C1, C2, C3, C4, C5, C6] = COSINE;

/**
 * out[outOffset + 2 k] = sqrt(−2 log u) cos(2 π v) and out[outOffset + 2 k + 1] = sqrt(−2 log u) sin(2 π v) for the `pairs`
 * blocks k = 0, 1, … of four words, where u comes from words[4 k], words[4 k + 1] and v from words[4 k + 2], words[4 k + 3] as
 * `stream.ts` says: odd multiples of 2^-53. So |out| ≤ sqrt(106 log 2) ≈ 8.57. Errors are below 4 units in the last place.
 */
export function boxMuller(words: Int32Array, pairs: number, out: Float64Array, outOffset: number): void {
  for (let pair = 0; pair < pairs; pair++) {
    const uHigh = words[4 * pair];
    const uLow = (words[4 * pair + 1] >>> 11) | 1;

    // u = m 2^-exponent with m in [sqrt(1/2), sqrt(2)): the exponent is the number of leading zeros of u, plus one if m would be
    // below sqrt(1/2). That comparison is made on the first 32 significant bits, sqrt(1/2) being 0xB504F334 2^-32, and
    // read off as a sign: a branch there would be mispredicted nearly every other time. The branch below is taken always.
    let zeros: number;
    let leading: number;
    if (uHigh !== 0) {
      zeros = Math.clz32(uHigh);
      leading = (uHigh << zeros) | ((uLow << 10) >>> (31 - zeros));
    } else {
      const lowZeros = Math.clz32(uLow);
      zeros = lowZeros + 21;
      leading = uLow << lowZeros;
    }
    const exponent = zeros + (((leading & 0x7fffffff) - 0x3504f334) >>> 31);
    const significand = ((uHigh >>> 0) * 0x200000 + uLow) * 2 ** -53 * POWER_OF_TWO[exponent];

    const radius = Math.sqrt(2 * minusLog(significand - 1, exponent));

    // v = q/4 + r with |r| ≤ 1/8, exactly; 2 π r is in the range [−π/4, π/4] of the polynomials.
    const v = ((words[4 * pair + 2] >>> 0) * 0x200000 + ((words[4 * pair + 3] >>> 11) | 1)) * 2 ** -53;
    const quadrant = (4 * v + 0.5) | 0;
    const x = (v - 0.25 * quadrant) * 6.283185307179586;
    const x2 = x * x;
    const sine = x + x2 * x * (S1 + x2 * (S2 + x2 * (S3 + x2 * (S4 + x2 * (S5 + x2 * S6)))));
    const quartic = C1 + x2 * (C2 + x2 * (C3 + x2 * (C4 + x2 * (C5 + x2 * C6))));
    const halfX2 = 0.5 * x2;
    const main = 1 - halfX2;
    const cosine = main + (1 - main - halfX2 + x2 * x2 * quartic);

    const rotationCosine = QUADRANT_COSINE[quadrant];
    const rotationSine = QUADRANT_SINE[quadrant];
    out[outOffset + 2 * pair] = radius * (cosine * rotationCosine - sine * rotationSine);
    out[outOffset + 2 * pair + 1] = radius * (sine * rotationCosine + cosine * rotationSine);
  }
}
