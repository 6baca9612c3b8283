/** Energies that read determinants and eigenvalues of matrices that depend on the states: values, gradients and Hessians on every target, against differences. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { instantiate } from "./compileModel.ts";

const nothing = (): void => {};
const cases: readonly (readonly [string, string, (x: Float64Array) => void])[] = [
  ["a determinant", "det(A)", nothing],
  ["a determinant where the matrix is singular", "det(A)", (x) => { for (let k = 0; k < 3; k++) x[6 + k] = x[k]!; }],
  ["a determinant where two rows vanish", "det(A)", (x) => { for (let k = 0; k < 6; k++) x[3 + k] = 0; }],
  ["the logarithm of a determinant", "-log(det(G))", nothing],
  ["a function of all eigenvalues", "sum(k in 3) exp(-eigenvalues(S)[k])", nothing],
  ["single eigenvalues", "eigenvalues(S)[1] * eigenvalues(S)[3] + eigenvalues(S)[2]^2", nothing],
  ["determinants of blocks", "sum(q in 2) h[q] * det(B[q,:,:])^2", nothing],
  ["eigenvalues of blocks", "sum(q in 2, k in 2) h[q] * k * eigenvalues(C[q,:,:])[k]", nothing],
];
const model = (energy: string): string => `model M(N = 3) {
  ensemble h[q in 2] ~ Normal(0, var = 1)
  state    x[i in N, j in N] : real ~ Normal(0, var = 1)
  state    t : real ~ Normal(0, var = 1)
  let      A[i in N, j in N] = x[i,j] * (1 + 0.1 * t)
  let      S[i in N, j in N] = x[i,j] + x[j,i] + t * x[i,1] * x[j,1]
  let      G[i in N, j in N] = (sum(k in N) x[i,k] * x[j,k]) + (i == j)
  let      B[q in 2, i in 2, j in 2] = x[i+q-1,j] + q * t
  let      C[q in 2, i in 2, j in 2] = x[i,q] * x[j,q] + (if i == j then i * t else 0)
  energy   H = ${energy} + h[1] * t
  observable index = laplacian(H)
}`;

describe.each(cases)("%s", (_, energy, prepare) => {
  const { diagnostics, models } = compile(model(energy));
  const code = models[0]?.program && generateModel(models[0].program);
  test("compiles", () => {
    expect(diagnostics).toEqual([]);
    expect(code?.ok).toBe(true);
  });
  test.each(["typescript", "wasm"] as const)("derivatives agree with differences on %s", (target) => {
    if (!code?.ok) throw new Error("no code");
    const m = instantiate(code, {}, target);
    m.draw(3, 0);
    const state = m.randomState(4, 0);
    prepare(state);
    const n = state.length;
    const gradientAt = (x: Float64Array): Float64Array => { const g = new Float64Array(n); m.energyAndGradient(x, g); return g; };
    const gradient = gradientAt(state);
    const hessian = new Float64Array(n * n);
    m.hessian(state, hessian);
    expect(m.energy(state)).toBeCloseTo(m.referenceEnergy(state), 12);
    for (let k = 0; k < n; k++) {
      const at = (by: number): Float64Array => state.map((x, j) => (j === k ? x + by : x));
      const scale = 1 + Math.max(...hessian.map(Math.abs));
      expect(gradient[k]! / scale).toBeCloseTo((m.energy(at(1e-5)) - m.energy(at(-1e-5))) / 2e-5 / scale, 7);
      const [up, down] = [gradientAt(at(1e-5)), gradientAt(at(-1e-5))];
      for (let j = 0; j < n; j++) expect(hessian[k * n + j]! / scale).toBeCloseTo((up[j]! - down[j]!) / 2e-5 / scale, 7);
      for (let j = 0; j < n; j++) expect(hessian[k * n + j]! / scale).toBeCloseTo(hessian[j * n + k]! / scale, 11);
    }
  });
});
