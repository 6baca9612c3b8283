import { describe, expect, test } from "vitest";
import { determinant, eigenvalues, hessianByColumns, hessianFromBlocks, tangentHessian } from "../../../runtime/linear/index.ts";
import { spheresOf } from "../../../runtime/modelSupport/spheresOf.ts";
import { retract } from "../../../runtime/geometry/index.ts";
import { numbers } from "../../compiler/schedule/run.ts";

describe("eigenvalues", () => {
  test("of a tridiagonal Toeplitz matrix: 2 − 2 cos(kπ/(n+1)), ascending", () => {
    const n = 12;
    const matrix = Float64Array.from({ length: n * n }, (_, q) => [2, -1][Math.abs(Math.floor(q / n) - (q % n))] ?? 0);
    const out = new Float64Array(n);
    eigenvalues(matrix, out);
    out.forEach((x, k) => expect(x).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12));
    expect(determinant(matrix)).toBeCloseTo(n + 1, 10);
  });
  test("of nothing, of what is not finite, of the wrong size", () => {
    eigenvalues(new Float64Array(0), new Float64Array(0));
    const out = new Float64Array(2);
    eigenvalues(Float64Array.of(1, NaN, NaN, 1), out);
    expect([...out]).toEqual([NaN, NaN]);
    expect(() => eigenvalues(new Float64Array(3), out)).toThrow(RangeError);
  });
});

test("determinants: product of eigenvalues, sign under exchange, singular", () => {
  const n = 6;
  const half = numbers(1, n * n);
  const a = Float64Array.from({ length: n * n }, (_, q) => half[q]! + half[(q % n) * n + Math.floor(q / n)]!);
  const values = new Float64Array(n);
  eigenvalues(a, values);
  expect(determinant(a)).toBeCloseTo(values.reduce((p, x) => p * x, 1), 10);
  expect(determinant(Float64Array.of(0, 1, 1, 0))).toBe(-1);
  expect(determinant(Float64Array.of(1, 2, 2, 4))).toBe(0);
});

describe("spheres", () => {
  test("over the last, the first and a middle axis", () => {
    expect(spheresOf(3, [2, 4], [1], 1)).toEqual([{ offset: 3, count: 2, groupStride: 4, length: 4, elementStride: 1, norm2: 1 }]);
    expect(spheresOf(0, [2, 4], [0], 5)).toEqual([{ offset: 0, count: 4, groupStride: 1, length: 2, elementStride: 4, norm2: 5 }]);
    expect(spheresOf(0, [2, 3, 4], [1], 1).map((s) => s.offset)).toEqual([0, 12]);
    expect(spheresOf(0, [5], [0], 5)).toEqual([{ offset: 0, count: 1, groupStride: 5, length: 5, elementStride: 1, norm2: 5 }]);
    expect(() => spheresOf(0, [2, 3, 4], [0, 2], 1)).toThrow(/internal/);
  });
});

describe("the Hessian on a product of spheres", () => {
  // f = ½ xᵀAx + b·x + Σ x⁴/12 on a 3-sphere (stride 2), two circles and one free entry.
  const n = 4 + 4 + 4 + 1;
  const half = numbers(3, n * n);
  const A = Float64Array.from({ length: n * n }, (_, q) => half[q]! + half[(q % n) * n + Math.floor(q / n)]!);
  const b = numbers(5, n);
  const f = (x: Float64Array): number => x.reduce((s, xi, i) => s + b[i]! * xi + xi ** 4 / 12 + 0.5 * xi * x.reduce((r, xj, j) => r + A[i * n + j]! * xj, 0), 0);
  const spheres = [...spheresOf(0, [4, 2], [0], 3), ...spheresOf(8, [2, 2], [1], 0.7)];
  const x = numbers(7, n);
  retract(spheres, x);
  const gradient = x.map((xi, i) => b[i]! + xi ** 3 / 3 + x.reduce((r, xj, j) => r + A[i * n + j]! * xj, 0));
  const hessian = A.map((v, q) => v + (q % n === Math.floor(q / n) ? x[q % n]! ** 2 : 0));
  const m = n - 4;
  const out = new Float64Array(m * m);
  tangentHessian(spheres, x, gradient, hessian, out);

  test("has its eigenvalues from an independent construction: second differences along geodesics, in a basis by Gram-Schmidt", () => {
    const groups = spheres.flatMap((s) => Array.from({ length: s.count }, (_, g) => Array.from({ length: s.length }, (_, e) => s.offset + g * s.groupStride + e * s.elementStride)));
    const basis: Float64Array[] = [];
    for (let k = 0; k < n; k++) {
      const v = new Float64Array(n);
      v[k] = 1;
      const normals = groups.map((g) => { const u = new Float64Array(n); const r = Math.hypot(...g.map((p) => x[p]!)); for (const p of g) u[p] = x[p]! / r; return u; });
      for (const u of [...normals, ...basis, ...normals, ...basis]) { const inner = u.reduce((s, y, q) => s + y * v[q]!, 0); v.forEach((_, q) => { v[q]! -= inner * u[q]!; }); }
      const size = Math.hypot(...v);
      if (size > 1e-6) basis.push(v.map((y) => y / size));
    }
    expect(basis).toHaveLength(m);
    const along = (v: Float64Array, t: number): number => {
      const y = x.map((xi, i) => xi + t * v[i]!);
      for (const g of groups) {
        const [r, speed] = [Math.hypot(...g.map((p) => x[p]!)), Math.hypot(...g.map((p) => v[p]!))];
        for (const p of g) y[p] = x[p]! * Math.cos((speed * t) / r) + (speed > 0 ? (v[p]! / speed) * r * Math.sin((speed * t) / r) : 0);
      }
      return f(y);
    };
    const second = (v: Float64Array): number => { const t = 1e-3; return (-along(v, 2 * t) + 16 * along(v, t) - 30 * f(x) + 16 * along(v, -t) - along(v, -2 * t)) / (12 * t * t); };
    const expected = new Float64Array(m * m);
    for (let p = 0; p < m; p++) for (let q = 0; q < m; q++) {
      const plus = basis[p]!.map((y, k) => y + basis[q]![k]!);
      const minus = basis[p]!.map((y, k) => y - basis[q]![k]!);
      expected[p * m + q] = (second(plus) - second(minus)) / 4;
    }
    const [u, v] = [new Float64Array(m), new Float64Array(m)];
    eigenvalues(expected, u);
    eigenvalues(out, v);
    v.forEach((y, k) => expect(y).toBeCloseTo(u[k]!, 6));
  });
  test("is symmetric and leaves the Euclidean one as it was", () => {
    for (let p = 0; p < m; p++) for (let q = 0; q < m; q++) expect(out[p * m + q]).toBeCloseTo(out[q * m + p]!, 12);
    expect(hessian[0]).toBe(A[0]! + x[0]! ** 2);
  });
  test("without spheres is the Euclidean one", () => {
    const free = new Float64Array(n * n);
    tangentHessian([], x, gradient, hessian, free);
    expect([...free]).toEqual([...hessian]);
  });
});

test("Hessians from blocks and from columns", () => {
  const out = new Float64Array(9);
  const diagonal = Float64Array.of(1, 2, 2, 5);
  hessianFromBlocks(() => {}, [{ row: 0, rows: 2, column: 0, columns: 2, entries: diagonal }, { row: 0, rows: 2, column: 2, columns: 1, entries: Float64Array.of(7, 8) }], out, 3);
  expect([...out]).toEqual([1, 2, 7, 2, 5, 8, 7, 8, 0]);
  const [direction, product, columns] = [new Float64Array(3), new Float64Array(3), new Float64Array(9)];
  hessianByColumns(() => { for (let i = 0; i < 3; i++) product[i] = out[3 * i]! * direction[0]! + out[3 * i + 1]! * direction[1]! + out[3 * i + 2]! * direction[2]!; }, direction, product, columns);
  expect([...columns]).toEqual([...out]);
});
