import { describe, expect, test } from "vitest";
import { eigenvalues, tridiagonalSpectrum } from "../../../runtime/linear/eigenvalues.ts";
import { lanczosSpectrum, spreadEigenvalues } from "../../../runtime/linear/hessianSpectrum.ts";
import { lanczos } from "../../../runtime/linear/lanczos.ts";
import { tangentHessian } from "../../../runtime/linear/tangentHessian.ts";
import type { Sphere } from "../../../runtime/model.ts";
import { Stream } from "../../../runtime/random/stream.ts";

const noise = { stream: (purpose: string) => new Stream(["spectrum", purpose]), step: 0 };

/** A random symmetric matrix with a semicircle of radius 2 and outliers at ±4. */
function spiked(n: number): Float64Array {
  const z = new Float64Array(n * n);
  new Stream(["spiked", n]).normals(z, 0);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] = (z[i * n + j]! + z[j * n + i]!) / Math.sqrt(2 * n);
  matrix[0] += 4;
  matrix[n + 1] -= 4;
  return matrix;
}

function products(matrix: Float64Array, n: number) {
  const direction = new Float64Array(n);
  const product = new Float64Array(n);
  const run = (): void => {
    for (let i = 0; i < n; i++) {
      product[i] = 0;
      for (let j = 0; j < n; j++) product[i]! += matrix[i * n + j]! * direction[j]!;
    }
  };
  return { run, direction, product };
}

test("Lanczos to the end gives all eigenvalues of a small matrix, and the moments of the starting vector", () => {
  const n = 12;
  const matrix = spiked(n);
  const exact = new Float64Array(n);
  eigenvalues(matrix, exact);
  const start = new Float64Array(n).fill(1);
  const { run, direction, product } = products(matrix, n);
  const found = lanczos((v, out) => { direction.set(v); run(); out.set(product); }, start, n, tridiagonalSpectrum);
  found.values.forEach((value, k) => expect(value).toBeCloseTo(exact[k]!, 10));
  const mean = found.values.reduce((sum, value, k) => sum + value * found.weights[k]!, 0);
  expect(mean).toBeCloseTo(matrix.reduce((sum, x) => sum + x, 0) / n, 10);
});

describe.each([["free variables", []], ["a sphere", [{ offset: 0, count: 1, groupStride: 0, length: 400, elementStride: 1, norm2: 400 }]]] as [string, Sphere[]][])("%s", (_, spheres) => {
  const n = 400;
  const matrix = spiked(n);
  const state = new Float64Array(n);
  new Stream(["state"]).normals(state, 0);
  const gradient = new Float64Array(n);
  new Stream(["gradient"]).normals(gradient, 0);
  const m = n - spheres.length;
  const exact = new Float64Array(m);
  const dense = new Float64Array(m * m);
  tangentHessian(spheres, state, gradient, matrix, dense);
  eigenvalues(dense, exact);
  const found = new Float64Array(m);
  lanczosSpectrum(spheres, state, gradient, products(matrix, n), noise, "test", found);

  test("ends are exact", () => {
    for (const k of [0, 1, m - 2, m - 1]) expect(Math.abs(found[k]! - exact[k]!)).toBeLessThan(1e-7);
  });

  test("ascending, and the density between the ends is that of the spectrum", () => {
    for (let k = 1; k < m; k++) expect(found[k]!).toBeGreaterThanOrEqual(found[k - 1]!);
    for (const height of [-1.5, -1, -0.3, 0, 0.7, 1.2]) {
      const share = (values: Float64Array): number => values.filter((x) => x < height).length / m;
      // Four random vectors know a share p of n to √(p(1 − p)/(2 n)), at most 0.018.
      expect(Math.abs(share(found) - share(exact))).toBeLessThan(0.07);
    }
  });
});

test("degenerate eigenvalues have their multiplicity, up to the noise of the random vectors", () => {
  const n = 300;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = i < 75 ? -1 : 2;
  const found = new Float64Array(n);
  lanczosSpectrum([], new Float64Array(n), new Float64Array(n), products(matrix, n), noise, "degenerate", found);
  expect([...new Set([...found].map((x) => x.toFixed(9)))].sort()).toEqual(["-1.000000000", "2.000000000"]);
  // Shares of a chi-square of 75 and 225 degrees of freedom, four times: 0.25 ± 0.0153.
  expect(Math.abs(found.filter((x) => x < 0).length / n - 0.25)).toBeLessThan(0.06);
});

test("one Ritz value stands for all eigenvalues of a multiple of unity", () => {
  const out = new Float64Array(5);
  spreadEigenvalues([{ values: Float64Array.of(3), weights: Float64Array.of(1), residuals: Float64Array.of(0) }], out);
  expect([...out]).toEqual([3, 3, 3, 3, 3]);
});
