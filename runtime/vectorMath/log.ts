import { LOG_2_HIGH, LOG_2_LOW, LOGARITHM } from "./polynomials.ts";
import type { SingleBuilder } from "../webassembly/singleFunction.ts";
import type { Node, VectorBuilder, VectorFunction } from "../webassembly/vectorFunction.ts";

const SMALLEST_NORMAL = 2 ** -1022;

/**
 * log(x) = e log 2 + log(m), x = m 2^e with √½ ≤ m < √2, and log(1 + f) = f − f²/2 + s (f²/2 + R(s²)), s = f/(2 + f), with the minimax
 * polynomial R of fdlibm. log(0) is −inf, of a negative number NaN.
 */
export const log: VectorFunction = {
  name: "log", ulps: 2, uses: [],
  body: (b, x) => {
    const subnormal = b.keep(b.less(x, b.constant(SMALLEST_NORMAL)));
    const scaled = b.keep(b.choose(subnormal, b.mul(x, b.constant(2 ** 54)), x));
    const e = (biased: Node): Node => b.sub(biased, b.and(subnormal, b.constant(54)));
    const finite = b.keep(logOfNormal(b, scaled, e));
    // x · inf is inf for x = inf, NaN for NaN; 0 has −inf; negative numbers have 0 / 0.
    const ordinary = b.keep(b.and(b.less(b.constant(0), x), b.less(x, b.constant(Infinity))));
    const special = b.choose(b.equal(x, b.constant(0)), b.constant(-Infinity), b.choose(b.less(x, b.constant(0)), b.constant(NaN), x));
    return b.choose(ordinary, finite, special);
  },
  single: { ulps: 2, body: logarithmInFloat32 },
};

/** (log(1 + f) − f + f²/2)/f³ for √½ ≤ 1 + f < √2 (Moshier, Cephes logf.c), lowest power first. */
const singleSeries = [
  3.3333331174e-1, -2.4999993993e-1, 2.0000714765e-1, -1.6668057665e-1, 1.4249322787e-1, -1.2420140846e-1, 1.1676998740e-1, -1.1514610310e-1, 7.0376836292e-2,
];

/** The same of four float32. */
function logarithmInFloat32(b: SingleBuilder, x: Node): Node {
  const subnormal = b.keep(b.less(x, b.constant(2 ** -126)));
  const scaled = b.choose(subnormal, b.mul(x, b.constant(2 ** 24)), x);
  const relative = b.keep(b.subIntegers(scaled, b.constant(Math.SQRT1_2)));
  const m = b.addIntegers(b.and(relative, b.bits(0x007fffff)), b.constant(Math.SQRT1_2));
  const e = b.keep(b.sub(b.fromIntegers(b.shiftRight(relative, 23)), b.and(subnormal, b.constant(24))));
  const f = b.keep(b.sub(m, b.constant(1)));
  const square = b.keep(b.mul(f, f));
  const small = b.add(b.mul(b.mul(f, square), b.polynomial(f, singleSeries)), b.mul(e, b.constant(-2.12194440e-4)));
  const finite = b.keep(b.add(b.add(b.sub(small, b.mul(b.constant(0.5), square)), f), b.mul(e, b.constant(0.693359375))));
  const ordinary = b.keep(b.and(b.less(b.constant(0), x), b.less(x, b.constant(Infinity))));
  const special = b.choose(b.equal(x, b.constant(0)), b.constant(-Infinity), b.choose(b.less(x, b.constant(0)), b.constant(NaN), x));
  return b.choose(ordinary, finite, special);
}

/** The same for a number that is known to be positive, finite and no smaller than 2^-1022; `exponent` may correct e. */
export function logOfNormal(b: VectorBuilder, scaled: Node, exponent: (e: Node) => Node = (e) => e): Node {
  // Bits of the significand with the exponent that makes it ≥ √½: those of scaled, less those of √½, are e in the upper and m − √½ in the lower bits.
  const rootHalf = b.constant(Math.SQRT1_2);
  const relative = b.keep(b.subIntegers(scaled, rootHalf));
  const m = b.addIntegers(b.and(relative, b.bits(-1, 0x000fffff)), rootHalf);
  // The signed exponent field, biased by 2^11 to stay positive, put into the lowest bits of 2^52.
  const biased = b.shiftRight(b.addIntegers(relative, b.bits(0, 0x40000000)), 52);
  const e = b.keep(exponent(b.sub(b.or(biased, b.bits(0, 0x43300000)), b.constant(2 ** 52 + 1024))));
  const f = b.keep(b.sub(m, b.constant(1)));
  const s = b.keep(b.div(f, b.add(f, b.constant(2))));
  const z = b.keep(b.mul(s, s));
  const R = b.mul(b.polynomial(z, LOGARITHM), z);
  const halfSquare = b.keep(b.mul(b.mul(f, f), b.constant(0.5)));
  const small = b.add(b.mul(s, b.add(halfSquare, R)), b.mul(e, b.constant(LOG_2_LOW)));
  return b.sub(b.mul(e, b.constant(LOG_2_HIGH)), b.sub(b.sub(halfSquare, small), f));
}
