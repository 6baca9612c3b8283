/** Graphs that ensembles draw: simple, with the degrees that they promise, and the laws that are known. Fixed seeds; error probabilities below 1e-6. */
import { describe, expect, test } from "vitest";
import { graphs } from "../../../runtime/random/distributions/index.ts";
import type { Distribution } from "../../../runtime/random/distributions/index.ts";
import { Stream } from "../../../runtime/random/stream.ts";

function draw(graph: Distribution, parameters: readonly number[], room: number, seed = 1): [number, number][] {
  const out = new Float64Array(2 * room);
  graph.fill(out, new Stream(["graphs", seed]), parameters, [2, room]);
  return Array.from({ length: room }, (_, e): [number, number] => [out[e]!, out[room + e]!]).filter(([a]) => a > 0);
}
const degrees = (edges: readonly (readonly number[])[], n: number): number[] => edges.flat().reduce((d, v) => { d[v - 1]!++; return d; }, Array.from({ length: n }, () => 0));
const isSimple = (edges: readonly (readonly number[])[]): boolean =>
  edges.every(([a, b]) => a !== b) && new Set(edges.map((e) => [...e].sort((a, b) => a - b).join())).size === edges.length;

describe("lattice", () => {
  test.each([[3, 1, 3], [4, 2, 32], [3, 3, 81], [2, 1, 1], [2, 2, 4], [2, 3, 12], [1, 2, 0]])("L = %i in %i dimensions has %i edges", (side, dimension, count) => {
    const edges = draw(graphs.lattice, [side, dimension], count);
    expect(edges.length).toBe(count);
    expect(isSimple(edges)).toBe(true);
    const d = degrees(edges, side ** dimension);
    expect(new Set(d)).toEqual(new Set([side > 2 ? 2 * dimension : (side - 1) * dimension]));
    // Ends differ by one in exactly one coordinate, around the lattice.
    for (const [a, b] of edges) {
      const coordinates = (v: number): number[] => Array.from({ length: dimension }, (_, k) => Math.floor((v - 1) / side ** k) % side);
      const steps = coordinates(a).map((x, k) => (coordinates(b)[k]! - x + side) % side).filter((x) => x !== 0);
      expect(steps).toEqual([1]);
    }
  });
});

describe("random regular", () => {
  test.each([[10, 3], [100, 3], [50, 4], [6, 5], [4, 2], [7, 0], [60, 10]])("N = %i, degree %i", (n, degree) => {
    for (let seed = 0; seed < 5; seed++) {
      const edges = draw(graphs.randomRegular, [n, degree], (n * degree) / 2, seed);
      expect(isSimple(edges)).toBe(true);
      expect(new Set(degrees(edges, n))).toEqual(new Set([degree]));
    }
  });
  test("all 70 cubic graphs on six labelled vertices, the ten of K3,3 and the sixty prisms, nearly alike", () => {
    const counts = new Map<string, number>();
    const samples = 14_000;
    for (let seed = 0; seed < samples; seed++) {
      const key = draw(graphs.randomRegular, [6, 3], 9, seed).map((e) => [...e].sort().join("")).sort().join(" ");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(70);
    // Uniform only asymptotically: at N = 6 within 15%, where the noise is 7% a graph.
    for (const count of counts.values()) expect(Math.abs(count / (samples / 70) - 1)).toBeLessThan(0.55);
  });
  test.each([[5, 3], [4, 4], [4, -1], [4, 1.5]])("refuses N = %d, degree %d", (n, degree) => {
    expect(() => draw(graphs.randomRegular, [n, degree], 10)).toThrow(RangeError);
  });
});

describe("Erdős-Rényi", () => {
  test("each pair is an edge with probability degree/(N − 1), independently", () => {
    const [n, degree, samples] = [6, 2, 20_000];
    const pair = new Map<string, number>();
    let [sum, square] = [0, 0];
    for (let seed = 0; seed < samples; seed++) {
      const edges = draw(graphs.erdosRenyi, [n, degree], 15, seed);
      expect(isSimple(edges)).toBe(true);
      for (const e of edges) pair.set(e.join(), (pair.get(e.join()) ?? 0) + 1);
      sum += edges.length / samples;
      square += edges.length ** 2 / samples;
    }
    const p = degree / (n - 1);
    expect(pair.size).toBe(15);
    for (const count of pair.values()) expect(Math.abs(count / samples - p)).toBeLessThan(5.5 * Math.sqrt(p * (1 - p) / samples));
    expect(Math.abs(sum - 15 * p)).toBeLessThan(5 * Math.sqrt(15 * p * (1 - p) / samples));
    // Variance of a binomial number; the spread of an estimated variance is about √(2/samples) of it.
    expect(Math.abs(square - sum ** 2 - 15 * p * (1 - p))).toBeLessThan(5 * 15 * p * (1 - p) * Math.sqrt(2 / samples));
  });
  test("the ends of what is possible", () => {
    expect(draw(graphs.erdosRenyi, [5, 4], 10).length).toBe(10);
    expect(draw(graphs.erdosRenyi, [5, 0], 10).length).toBe(0);
    expect(draw(graphs.erdosRenyi, [1, 0], 0).length).toBe(0);
    expect(() => draw(graphs.erdosRenyi, [5, 5], 10)).toThrow(RangeError);
    expect(() => draw(graphs.erdosRenyi, [200, 50], 10)).toThrow(RangeError);
  });
});
