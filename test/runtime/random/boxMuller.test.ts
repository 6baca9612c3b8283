import { expect, test } from "vitest";
import { boxMuller } from "../../../runtime/random/boxMuller.ts";
import { openUniforms } from "../../../runtime/random/openUniforms.ts";
import { philox } from "../../../runtime/random/philox.ts";

// A reference in fixed-point BigInt arithmetic with 160 fractional bits.
const BITS = 160n;
const ONE = 1n << BITS;
const multiply = (a: bigint, b: bigint) => (a * b) >> BITS;
const toNumber = (a: bigint) => Number(a) * 2 ** -160;

/** 2 artanh(x) = log((1 + x)/(1 − x)) for |x| ≤ 1/3. */
function twoArtanh(x: bigint): bigint {
  let sum = 0n;
  let power = x;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n, power = multiply(power, multiply(x, x))) sum += power / n;
  return 2n * sum;
}
const LOG_2 = twoArtanh(ONE / 3n);

function minusLog(numerator: bigint): bigint {
  // u = numerator 2^-53 = m 2^-e with m in (1/2, 1]
  const e = 53n - BigInt(numerator.toString(2).length);
  const m = numerator << (BITS - 53n + e);
  return e * LOG_2 - twoArtanh(((m - ONE) << BITS) / (m + ONE));
}

/** Archimedes' constant by Machin's formula. */
const PI = (() => {
  const artangent = (n: bigint) => {
    let sum = 0n;
    let power = ONE / n;
    for (let k = 1n, sign = 1n; power !== 0n; k += 2n, sign = -sign, power /= n * n) sum += (sign * power) / k;
    return sum;
  };
  return 4n * (4n * artangent(5n) - artangent(239n));
})();

function sineAndCosine(numerator: bigint): [bigint, bigint] {
  const x = (2n * PI * numerator) >> 53n;
  const result: [bigint, bigint] = [0n, 0n];
  let term = ONE;
  for (let n = 0n; term !== 0n; n++, term = multiply(term, x) / n) {
    result[n % 2n === 0n ? 1 : 0] += n % 4n < 2n ? term : -term;
  }
  return result;
}

const numerator = (high: number, low: number) => (BigInt(high >>> 0) << 21n) | BigInt((low >>> 11) | 1);

function worstError(words: Int32Array): number {
  const pairs = words.length / 4;
  const out = new Float64Array(2 * pairs);
  boxMuller(words, pairs, out, 0);
  let worst = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const radius = Math.sqrt(2 * toNumber(minusLog(numerator(words[4 * pair], words[4 * pair + 1]))));
    const [sine, cosine] = sineAndCosine(numerator(words[4 * pair + 2], words[4 * pair + 3]));
    [cosine, sine].forEach((factor, half) => {
      const exact = radius * toNumber(factor);
      worst = Math.max(worst, Math.abs(out[2 * pair + half] / exact - 1));
    });
  }
  return worst;
}

// The reference itself rounds four times, so 5 units of 2^-52 allow 4 ulp of our own.
const TOLERANCE = 5 * 2 ** -52;

test("relative error on 3000 random blocks", () => {
  const words = new Int32Array(12000);
  philox(words, 3000, 0, 0, 0, 0, 1, 2);
  expect(worstError(words)).toBeLessThan(TOLERANCE);
});

test("relative error at u near 0 and 1, at u = sqrt(1/2) 2^-e, and at v near multiples of 1/8", () => {
  // prettier-ignore
  const edges: [number, number][] = [[0, 0], [0, -1], [0, 1 << 11], [0, 1 << 20], [0, 1 << 31], [1, 0], [2, 0], [-1, -1], [-1, 0], [-2, -1]];
  for (let shift = 0; shift < 32; shift++) {
    for (const nearby of [-1, 0, 1])
      edges.push([(0xb504f333 >>> shift) + nearby, -1], [(0xb504f333 >>> shift) + nearby, 0x7fffffff]);
  }
  for (let eighth = 1; eighth < 8; eighth++) edges.push([eighth * 2 ** 29, 0], [eighth * 2 ** 29 - 1, -1]);
  const words = Int32Array.from(edges.flatMap((u) => edges.flatMap((v) => [...u, ...v])).map((word) => word | 0));
  expect(worstError(words)).toBeLessThan(TOLERANCE);
}, 60_000);

test("the largest number is sqrt(106 log 2)", () => {
  const out = new Float64Array(2);
  boxMuller(Int32Array.of(0, 0, 0, 0), 1, out, 0);
  expect(out[0]).toBeCloseTo(Math.sqrt(106 * Math.LN2), 14);
});

test("uniforms are odd multiples of 2^-53 inside (0, 1)", () => {
  const out = new Float64Array(3);
  openUniforms(Int32Array.of(0, 0, -1, -1), 1, out, 1);
  expect([...out]).toEqual([0, 2 ** -53, 1 - 2 ** -53]);
  openUniforms(Int32Array.of(1, 0, 0, 1 << 11), 1, out, 0);
  expect([out[0], out[1]]).toEqual([(2 ** 21 + 1) * 2 ** -53, 2 ** -53]);
});
