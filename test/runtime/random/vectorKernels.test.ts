/** The SIMD form of the streams against the TypeScript one, bit by bit, and the law of attempts. */
import { expect, test } from "vitest";
import { attempts } from "../../../runtime/random/attempts.ts";
import { boxMuller } from "../../../runtime/random/boxMuller.ts";
import { openUniforms } from "../../../runtime/random/openUniforms.ts";
import { philox } from "../../../runtime/random/philox.ts";
import { Stream } from "../../../runtime/random/stream.ts";
import { MOST_NUMBERS, vectorKernels } from "../../../runtime/random/vectorKernels.ts";

const kernels = vectorKernels()!;
const pairs = MOST_NUMBERS / 2;
const groups = MOST_NUMBERS / 8;

test.each([[0, 0, 0, 0, 0, 0], [-3, 7, 123456789, -987654321, 0x7fffffff, -5], [2 ** 31 - 200, -1, -1, -1, -1, -1], [17, 0, 1 << 20, 55, 12345, 678]])("the same bits at the counter %i %i %i %i under the key %i %i", (...counter) => {
  const c = counter as [number, number, number, number, number, number];
  for (let call = 0; call < 3; call++, c[0] += pairs) {
    const words = new Int32Array(4 * pairs);
    philox(words, pairs, ...c);
    const expected = new Float64Array(2 * pairs);
    openUniforms(words, pairs, expected, 0);
    kernels.uniforms(groups, ...c);
    expect(new BigInt64Array(kernels.first.slice().buffer)).toEqual(new BigInt64Array(expected.buffer));
    boxMuller(words, pairs, expected, 0);
    kernels.normals(groups, ...c);
    expect(new BigInt64Array(kernels.first.slice().buffer)).toEqual(new BigInt64Array(expected.buffer));
    for (const [count, T] of [[1, 1], [1000, 0.37], [2 ** 32, 1e300], [12345, 0], [7, Infinity]] as const) {
      const thresholds = new Float64Array(2 * pairs);
      attempts(words, pairs, count, T, expected, thresholds, 0);
      kernels.attempts(groups, count, T, ...c);
      expect(kernels.first.slice()).toEqual(expected);
      expect(new BigInt64Array(kernels.second.slice().buffer)).toEqual(new BigInt64Array(thresholds.buffer));
    }
  }
});

test("attempts of any length are the first of a longer array; odd lengths and short ones too", () => {
  const stream = new Stream(["test", "attempts"]);
  const make = (length: number, first = 0): number[][] => {
    const [sites, thresholds] = [new Float64Array(length), new Float64Array(length)];
    stream.attempts(sites, thresholds, first, 100, 0.5, 3);
    return [[...sites], [...thresholds]];
  };
  const whole = make(5000);
  for (const length of [0, 1, 2, 3, 15, 16, 17, 100, 2047, 2048, 2049, 4999]) for (const first of [0, 2, 6]) {
    if (first + length > 5000) continue;
    expect(make(length, first)).toEqual(whole.map((w) => w.slice(first, first + length)));
  }
  expect(() => make(4, 1)).toThrow(/even/);
});

test("sites are uniform and thresholds exponential, to 4.5 standard errors", () => {
  const stream = new Stream(["test", "attempts", "law"]);
  const n = 200_000;
  const [sites, thresholds] = [new Float64Array(n), new Float64Array(n)];
  stream.attempts(sites, thresholds, 0, 10, 2);
  const counts = new Float64Array(10);
  for (const s of sites) counts[s]!++;
  for (const c of counts) expect(Math.abs(c - n / 10)).toBeLessThan(4.5 * Math.sqrt(n * 0.09));
  for (const level of [0.1, 1, 4, 12]) {
    const p = Math.exp(-level / 2);
    const above = thresholds.filter((t) => t >= level).length;
    expect(Math.abs(above - n * p)).toBeLessThan(4.5 * Math.sqrt(n * p * (1 - p)) + 1);
  }
});
