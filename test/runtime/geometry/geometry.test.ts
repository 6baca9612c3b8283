import { describe, expect, test } from "vitest";
import { euclideanNorm, projectGradient, retract } from "../../../runtime/geometry/index.ts";
import type { Sphere } from "../../../runtime/model.ts";
import { Stream } from "../../../runtime/random/index.ts";

/** Columns of a 3 × 4 matrix at offset 2 as unit-like vectors of norm2 = 5, one free entry on either side of it. */
const columns: readonly Sphere[] = [{ offset: 1, count: 4, groupStride: 1, length: 3, elementStride: 4, norm2: 5 }];
const normals = (purpose: string): Float64Array => {
  const out = new Float64Array(14);
  new Stream(["test", purpose]).normals(out, 0);
  return out;
};
const column = (vector: Float64Array, c: number): number[] => [0, 1, 2].map((r) => vector[1 + 4 * r + c]);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

describe("product of spheres with strides, and free entries", () => {
  test("retract scales each sphere to its radius and leaves free entries", () => {
    const state = normals("state");
    const before = state.slice();
    retract(columns, state);
    for (let c = 0; c < 4; c++) {
      expect(dot(column(state, c), column(state, c))).toBeCloseTo(5, 13);
      expect(dot(column(state, c), column(before, c)) / Math.sqrt(5 * dot(column(before, c), column(before, c)))).toBeCloseTo(1, 13);
    }
    expect([state[0], state[13]]).toEqual([before[0], before[13]]);
  });

  test("a sphere at the origin becomes NaN and not a point", () => {
    const state = new Float64Array(14);
    retract(columns, state);
    expect(Array.from(state.subarray(1, 13)).every(Number.isNaN)).toBe(true);
  });

  test("projectGradient removes the radial part of each sphere only, twice is once, in place is the same", () => {
    const state = normals("state");
    retract(columns, state);
    const vector = normals("vector");
    const out = new Float64Array(14);
    projectGradient(columns, state, vector, out);
    for (let c = 0; c < 4; c++) {
      expect(dot(column(out, c), column(state, c))).toBeCloseTo(0, 13);
      const removed = column(vector, c).map((v, r) => v - column(out, c)[r]);
      const radial = dot(column(vector, c), column(state, c)) / 5;
      column(state, c).forEach((x, r) => expect(removed[r]).toBeCloseTo(radial * x, 13));
    }
    expect([out[0], out[13]]).toEqual([vector[0], vector[13]]);
    const twice = out.slice();
    projectGradient(columns, state, twice, twice);
    twice.forEach((v, i) => expect(v).toBeCloseTo(out[i], 13));
    projectGradient(columns, state, vector, vector);
    expect(vector).toEqual(out);
  });

  test("retraction agrees with the geodesic to second order", () => {
    const state = normals("state");
    retract(columns, state);
    const tangent = normals("vector");
    projectGradient(columns, state, tangent, tangent);
    const error = (t: number): number => {
      const moved = state.map((x, i) => x + t * tangent[i]);
      retract(columns, moved);
      const deviation = new Float64Array(14);
      for (let c = 0; c < 4; c++) {
        const speed = Math.sqrt(dot(column(tangent, c), column(tangent, c)) / 5);
        for (let r = 0; r < 3; r++) {
          const i = 1 + 4 * r + c;
          deviation[i] = moved[i] - (Math.cos(t * speed) * state[i] + (Math.sin(t * speed) / speed) * tangent[i]);
        }
      }
      return euclideanNorm(deviation);
    };
    expect(Math.log2(error(0.02) / error(0.01))).toBeCloseTo(3, 1);
  });

  test("euclideanNorm", () => {
    expect(euclideanNorm(Float64Array.of(3, 4))).toBe(5);
    expect(euclideanNorm(new Float64Array(0))).toBe(0);
  });
});
