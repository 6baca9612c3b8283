import { expect, test } from "vitest";
import type { Distribution } from "../../../runtime/random/distributions/index.ts";
import { distributions } from "../../../runtime/random/distributions/index.ts";
import { Stream } from "../../../runtime/random/stream.ts";
import { chiSquareDeviate, mean } from "./statistics.ts";

const stream = new Stream(["distributions", 1]);

function draw(distribution: Distribution, parameters: readonly number[], shape: readonly number[]): Float64Array {
  const out = new Float64Array(shape.reduce((product, size) => product * size, 1));
  distribution.fill(out, stream, parameters, shape);
  return out;
}

const samples: Record<keyof typeof distributions, { parameters: number[]; mean: number; variance: number; refused: number[][] }> =
  {
    normal: { parameters: [2, 9], mean: 2, variance: 9, refused: [[0, -1], [0], [NaN, 1], [0, Infinity]] },
    sign: { parameters: [], mean: 0, variance: 1, refused: [] },
    bernoulli: { parameters: [0.3], mean: 0.3, variance: 0.21, refused: [[-0.1], [1.1], []] },
    uniform: { parameters: [-1, 3], mean: 1, variance: 16 / 12, refused: [[1, 0], [0, Infinity], [0]] },
    exponential: { parameters: [2], mean: 0.5, variance: 0.25, refused: [[0], [-1], [Infinity], []] },
    laplace: { parameters: [1, 2], mean: 1, variance: 8, refused: [[0, 0], [NaN, 1], [0, -1], [0]] },
    // Neither mean nor variance: quartiles are tested below.
    cauchy: { parameters: [1, 2], mean: NaN, variance: NaN, refused: [[0, 0], [NaN, 1], [0]] },
    categorical: { parameters: [5], mean: 3, variance: 2, refused: [[0], [2.5], []] },
    sphere: { parameters: [250_000], mean: 0, variance: 1, refused: [[-1], [Infinity], []] },
    distinct: { parameters: [9], mean: 5, variance: 80 / 12, refused: [[4], [9.5], []] },
  };
const SHAPE = [50_000, 5];

test.each(Object.entries(distributions))("%s: name, documentation, mean and variance, refusals", (name, distribution) => {
  const { parameters, mean: expected, variance, refused } = samples[name as keyof typeof distributions];
  expect(distribution.name).toBe(name);
  expect(distribution.doc).toMatch(/\.$/);
  expect(distribution.parameters.length).toBe(parameters.length);
  const values = draw(distribution, parameters, SHAPE);
  if (Number.isNaN(expected)) {
    for (const parameters of refused) expect(() => draw(distribution, parameters, SHAPE)).toThrow(RangeError);
    return;
  }
  // Error probability 6e-7 for independent entries; the entries of `sphere` and `distinct` repel, so theirs is smaller.
  expect(Math.abs(mean(values) - expected) / Math.sqrt(variance / values.length)).toBeLessThan(5);
  const squares = values.map((value) => (value - expected) ** 2);
  const spread = Math.sqrt(Math.max(mean(squares, 2) - mean(squares) ** 2, 1e-20) / values.length);
  expect(Math.abs(mean(squares) - variance)).toBeLessThan(5 * spread + 1e-9);
  for (const parameters of refused) expect(() => draw(distribution, parameters, SHAPE)).toThrow(RangeError);
});

test("another variance rescales, another mean shifts, another norm scales the same numbers", () => {
  const standard = draw(distributions.normal, [0, 1], [99]);
  expect(draw(distributions.normal, [0, 4], [99])).toEqual(standard.map((z) => 2 * z));
  expect(draw(distributions.normal, [1, 4], [99])).toEqual(standard.map((z) => 1 + 2 * z));
  expect(draw(distributions.normal, [3, 0], [2])).toEqual(Float64Array.of(3, 3));
  expect(draw(distributions.sphere, [400], [99])).toEqual(draw(distributions.sphere, [100], [99]).map((z) => 2 * z));
});

test("bernoulli: 0 never, 1 always, and a larger p keeps the ones", () => {
  expect(mean(draw(distributions.bernoulli, [0], [10_000]))).toBe(0);
  expect(mean(draw(distributions.bernoulli, [1], [10_000]))).toBe(1);
  const few = draw(distributions.bernoulli, [0.2], [10_000]);
  const more = draw(distributions.bernoulli, [0.4], [10_000]);
  expect(few.every((value, i) => value <= more[i])).toBe(true);
});

test("cauchy: a quarter of the entries beyond one scale on each side", () => {
  const x = draw(distributions.cauchy, [1, 2], [200_000]);
  const share = (holds: (v: number) => boolean): number => x.filter(holds).length / x.length;
  // Five standard errors of a share of a quarter.
  for (const part of [share((v) => v < -1), share((v) => v >= -1 && v < 1), share((v) => v >= 1 && v < 3), share((v) => v >= 3)]) expect(Math.abs(part - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / x.length));
});

test("categorical: classes 1 … k, all of them", () => {
  expect([...new Set(draw(distributions.categorical, [4], [1000]))].sort()).toEqual([1, 2, 3, 4]);
  expect(new Set(draw(distributions.categorical, [1], [10]))).toEqual(new Set([1]));
});

test("sphere: the norm is exact to rounding", () => {
  expect(draw(distributions.sphere, [50], [7, 11]).reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(50, 11);
});

test("distinct: rows are distinct, and all ordered selections equally likely", () => {
  const N = 5;
  const rows = draw(distributions.distinct, [N], [200_000, 3]);
  const counts = new Map<string, number>();
  for (let row = 0; row < rows.length; row += 3) {
    const selection = [...rows.subarray(row, row + 3)].join();
    counts.set(selection, (counts.get(selection) ?? 0) + 1);
  }
  expect(counts.size).toBe(5 * 4 * 3);
  const observed = [...counts.values()];
  expect(
    chiSquareDeviate(
      observed,
      observed.map(() => 200_000 / 60),
    ),
  ).toBeLessThan(5); // error probability 3e-7
});

test("distinct: a row of N is a permutation; a row depends on no other; a scalar is one integer", () => {
  const permutation = draw(distributions.distinct, [100], [1, 100]);
  expect([...permutation].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  const rows = draw(distributions.distinct, [1000], [50, 3]);
  expect(draw(distributions.distinct, [1000], [20, 3])).toEqual(rows.slice(0, 60));
  expect(draw(distributions.distinct, [1], [])).toEqual(Float64Array.of(1));
  expect(draw(distributions.distinct, [4], [3, 0]).length).toBe(0);
});
