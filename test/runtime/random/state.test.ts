import { expect, test } from "vitest";
import { uniformOnSphere, uniformOnSpheres } from "../../../runtime/random/state.ts";
import { Stream } from "../../../runtime/random/stream.ts";
import { kolmogorovSmirnov } from "./statistics.ts";

const stream = new Stream(["state", 1]);
const squaredNorm = (entries: Iterable<number>) => [...entries].reduce((sum, x) => sum + x * x, 0);

test("only the entries of the sphere are written, and their norm is exact to rounding", () => {
  const out = new Float64Array(20).fill(9);
  uniformOnSphere(out, 3, 10, 10, stream);
  expect(squaredNorm(out.subarray(3, 13))).toBeCloseTo(10, 13);
  expect([...out.subarray(0, 3), ...out.subarray(13)]).toEqual(Array(10).fill(9));
});

test("two spheres of one array do not depend on the order in which they are drawn, and differ", () => {
  const forwards = new Float64Array(14);
  uniformOnSphere(forwards, 0, 7, 1, stream);
  uniformOnSphere(forwards, 7, 7, 1, stream);
  const backwards = new Float64Array(14);
  uniformOnSphere(backwards, 7, 7, 1, stream);
  uniformOnSphere(backwards, 0, 7, 1, stream);
  expect(backwards).toEqual(forwards);
  expect(forwards.slice(0, 7)).not.toEqual(forwards.slice(7));
});

test("spheres on groups: consecutive ones agree with single spheres, columns have their norms", () => {
  const single = new Float64Array(12);
  for (const row of [0, 4, 8]) uniformOnSphere(single, row, 4, 4, stream);
  const rows = new Float64Array(12);
  const groups = [0, 4, 8].map((row) => [row, row + 1, row + 2, row + 3]);
  uniformOnSpheres(rows, groups, 4, stream);
  expect(rows).toEqual(single);

  const columns = new Float64Array(12).fill(9);
  uniformOnSpheres(columns, [[0, 4, 8], Int32Array.of(1, 5, 9)], [1, 25], stream);
  expect(squaredNorm([columns[0], columns[4], columns[8]])).toBeCloseTo(1, 14);
  expect(squaredNorm([columns[1], columns[5], columns[9]])).toBeCloseTo(25, 13);
  expect([columns[2], columns[3], columns[11]]).toEqual([9, 9, 9]);
});

test("a coordinate on the sphere in three dimensions is uniform (Archimedes)", () => {
  const heights = new Float64Array(100_000);
  const state = new Float64Array(3 * heights.length);
  const groups = Array.from(heights, (_, g) => [3 * g, 3 * g + 1, 3 * g + 2]);
  uniformOnSpheres(state, groups, 1, stream);
  for (const axis of [0, 1, 2]) {
    // error probability 9e-7 each
    expect(kolmogorovSmirnov(heights.map((_, g) => (1 + state[3 * g + axis]) / 2))).toBeLessThan(2.7);
  }
});

test("one entry is a sign, and impossible spheres are refused", () => {
  const out = new Float64Array(3);
  uniformOnSphere(out, 1, 1, 4, stream);
  expect(Math.abs(out[1])).toBe(2);
  for (const norm2 of [-1, NaN, Infinity]) expect(() => uniformOnSphere(out, 0, 3, norm2, stream)).toThrow(RangeError);
  expect(() => uniformOnSphere(out, 0, 0, 1, stream)).toThrow(RangeError);
  expect(() => uniformOnSphere(out, 1, 3, 1, stream)).toThrow(RangeError);
  expect(() => uniformOnSpheres(out, [[2, 3]], 1, stream)).toThrow(RangeError);
  expect(() => uniformOnSpheres(out, [[0, 1], [2]], [1], stream)).toThrow(RangeError);
});
