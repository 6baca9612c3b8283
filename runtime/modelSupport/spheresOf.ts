import type { ConservedSum, Sphere } from "../model.ts";

/**
 * The spheres Σ x² = norm2, summed over `summedAxes` of a row-major state array, one for each value of the other axes.
 *
 * @param offset of the array in the state vector
 * @param shape sizes of its axes
 * @param summedAxes ascending and next to each other: entries of one sphere then have one stride
 * @throws Error (internal) for summed axes with others between them
 */
export function spheresOf(offset: number, shape: readonly number[], summedAxes: readonly number[], norm2: number): Sphere[] {
  const first = summedAxes[0] ?? 0;
  const end = first + summedAxes.length;
  if (summedAxes.some((axis, k) => axis !== first + k)) throw new Error("internal: the axes of a sphere are not next to each other");
  const count = (from: number, to: number): number => shape.slice(from, to).reduce((product, size) => product * size, 1);
  const outer = count(0, first);
  const length = count(first, end);
  const inner = count(end, shape.length);
  if (inner === 1) return [{ offset, count: outer, groupStride: length, length, elementStride: 1, norm2 }];
  return Array.from({ length: outer }, (_, block) => ({ offset: offset + block * length * inner, count: inner, groupStride: 1, length, elementStride: inner, norm2 }));
}

/** The same sets for sums Σ x = value. */
export const sumsOf = (offset: number, shape: readonly number[], summedAxes: readonly number[], value: number): ConservedSum[] =>
  spheresOf(offset, shape, summedAxes, value).map(({ norm2, ...set }) => ({ ...set, value: norm2 }));
