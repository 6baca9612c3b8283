/**
 * Gaussian energies on the sphere, written in many ways, from text to result: every target against the energy as written, gradients and
 * Hessians against finite differences, the covariance against the known one and against sampled disorder.
 */
import { describe, expect, test } from "vitest";
import { gaussianCovariance } from "../../compiler/library/recognisers/gaussianCovariance.ts";
import { generate, instantiate, somewhere } from "./compileModel.ts";

interface Case { readonly text: string; readonly mixture: readonly { readonly power: number; readonly coefficient: number }[]; readonly radius2?: (n: number) => number; readonly finite?: (q: number, n: number) => number }
const model = (body: string, header = "N = 6"): string => `model M(${header}) {\n  state w[i in N] : real\n${body}\n}\nrun R of M { starts 1\n evolve descent() for 10 steps }`;
const sphere = "constraint sum(i) w[i]^2 == N";
const pure = (power: number, coefficient = 1): Case["mixture"] => [{ power, coefficient }];

const cases: Record<string, Case> = {
  "p = 2": { text: model(`ensemble J[i in N, j in N] ~ Normal(0, 1)\n${sphere}\nenergy H = sum(i, j) J[i,j] * w[i] * w[j] / sqrt(N)`), mixture: pure(2) },
  "p = 3, scrambled": { text: model(`ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1)\n${sphere}\nenergy H = sum(a, b, c) w[b] * X[c,a,b] * w[c] / N * w[a]`), mixture: pure(3) },
  "p = 4": { text: model(`ensemble X[i in N, j in N, k in N, l in N] ~ Normal(0, var = 1)\n${sphere}\nenergy H = sum(i, j, k, l) X[i,j,k,l] * w[i] * w[j] * w[k] * w[l] / N^1.5`), mixture: pure(4) },
  "p = 4, nested sums and a power": { text: model(`ensemble X[i in N, j in N, k in N, l in N] ~ Normal(0, var = 1/N^3)\n${sphere}\nlet g[i, j] = sum(k, l) X[k,i,l,j] * w[k] * w[l]\nenergy H = sum(i) w[i] * (sum(j) g[i,j] * w[j])`), mixture: pure(4) },
  "variance in the ensemble": { text: model(`ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 3/N^2)\n${sphere}\nenergy H = -sum(i, j, k) X[i,j,k] * w[i] * w[j] * w[k]`), mixture: pure(3, 3) },
  "standard deviation, unit sphere": { text: model(`ensemble X[i in N, j in N, k in N] ~ Normal(0, sd = 2)\nconstraint sum(i) w[i]^2 == 1\nenergy H = sqrt(N) * (sum(i, j, k) X[i,j,k] * w[i] * w[j] * w[k])`), mixture: pure(3, 4), radius2: () => 1 },
  "mixed 2 + 3 + 4": { text: model(`ensemble A[i in N, j in N] ~ Normal(0, 1)\nensemble B[i in N, j in N, k in N] ~ Normal(0, 1)\nensemble C[i in N, j in N, k in N, l in N] ~ Normal(0, 1)\n${sphere}\nenergy H = c2 * (sum(i, j) A[i,j] * w[i] * w[j]) / sqrt(N) + (sum(i, j, k) B[i,j,k] * w[i] * w[j] * w[k]) / N + 0.5 * (sum(i, j, k, l) C[l,k,j,i] * w[i] * w[j] * w[k] * w[l]) / N^(3/2)`, "N = 6, c2 = 0.7"), mixture: [{ power: 2, coefficient: 0.49 }, { power: 3, coefficient: 1 }, { power: 4, coefficient: 0.25 }] },
  "with a random field": { text: model(`ensemble h[i in N] ~ Normal(0, var = 0.3)\nensemble X[i in N, j in N, k in N] ~ Normal(0, 1)\n${sphere}\nenergy H = sum(i) (h[i] * w[i]) + sum(i, j, k) X[i,j,k] * w[i] * w[j] * w[k] / N`), mixture: [{ power: 1, coefficient: 0.3 }, { power: 3, coefficient: 1 }] },
  "ordered couplings": { text: model(`ensemble J[i < j < k in N] ~ Normal(0, var = 3/N^2)\n${sphere}\nenergy H = -sum(i < j < k) J[i,j,k] * w[i] * w[j] * w[k]`), mixture: pure(3, 0.5), finite: () => NaN },
  "one tensor read in two orders": { text: model(`ensemble X[i in N, j in N, k in N] ~ Normal(0, 1)\n${sphere}\nenergy H = (sum(i, j, k) X[i,j,k] * w[i] * w[j] * w[k] + sum(i, j, k) X[k,j,i] * w[i] * w[j] * w[k]) / N`), mixture: pure(3, 4) },
};

describe.each(Object.entries(cases))("%s", (_, { text, mixture, radius2 = (n) => n, finite }) => {
  const generated = generate(text);
  const defaults = Object.fromEntries(generated.program.parameters.map((p) => [p.name, p.default]));

  test("covariance", () => {
    const found = gaussianCovariance(generated.program, defaults);
    if (!found.ok) throw new Error(found.reason);
    expect(found.mixture.map((t) => t.power)).toEqual(mixture.map((t) => t.power));
    found.mixture.forEach((t, k) => expect(t.coefficient).toBeCloseTo(mixture[k]!.coefficient, 9));
  });

  test.each([1, 2, 5, 8])("N = %i: all targets agree with the energy as written; derivatives with finite differences", (n) => {
    const [typescript, wasm] = (["typescript", "wasm"] as const).map((target) => instantiate(generated, { N: n }, target));
    for (const sample of [0, 1, 0]) {
      typescript!.draw(3, sample);
      wasm!.draw(3, sample);
      const w = somewhere(wasm!, 17);
      expect(w.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(radius2(n), 12);
      const scale = Math.max(1e-3, Math.abs(typescript!.referenceEnergy(w)));
      const reference = typescript!.referenceEnergy(w);
      for (const model of [typescript!, wasm!]) expect(Math.abs(model.energy(w) - reference)).toBeLessThan(1e-12 * scale * n * n);

      const [g, h] = [new Float64Array(n), new Float64Array(n * n)];
      expect(wasm!.energyAndGradient(w, g)).toBeCloseTo(reference, 9);
      wasm!.hessian(w, h);
      const step = 1e-5;
      const energyAt = (...moves: readonly (readonly [number, number])[]): number => {
        const moved = w.slice();
        for (const [i, by] of moves) moved[i]! += by;
        return typescript!.referenceEnergy(moved);
      };
      for (let i = 0; i < n; i++) {
        expect(Math.abs(g[i]! - (energyAt([i, step]) - energyAt([i, -step])) / (2 * step))).toBeLessThan(1e-6 * (1 + scale));
        for (let j = 0; j < n; j++) {
          const [gp, gm] = [new Float64Array(n), new Float64Array(n)];
          const [up, down] = [w.slice(), w.slice()];
          up[j]! += step;
          down[j]! -= step;
          wasm!.energyAndGradient(up, gp);
          wasm!.energyAndGradient(down, gm);
          expect(Math.abs(h[i * n + j]! - (gp[i]! - gm[i]!) / (2 * step))).toBeLessThan(1e-6 * (1 + scale));
        }
      }
    }
  });

  test("draws are functions of the sample; the covariance of sampled energies is n ξ(q)", () => {
    const n = 5;
    const m = instantiate(generated, { N: n });
    const a = somewhere(m, 1);
    const b = somewhere(m, 2);
    const q = a.reduce((sum, x, i) => sum + x * b[i]!, 0) / radius2(n);
    const samples = 3000;
    let [aa, ab] = [0, 0];
    for (let sample = 0; sample < samples; sample++) {
      m.draw(11, sample);
      const [x, y] = [m.energy(a), m.energy(b)];
      aa += x * x / samples;
      ab += x * y / samples;
    }
    m.draw(11, 0);
    const again = m.energy(a);
    m.draw(11, 1);
    expect(m.energy(a)).not.toBe(again);
    m.draw(11, 0);
    expect(m.energy(a)).toBe(again);
    if (finite) return; // diagonal terms are of relative order 1/N
    const xi = (overlap: number): number => mixture.reduce((sum, t) => sum + t.coefficient * overlap ** t.power, 0);
    // Five standard errors of a sample variance and covariance of Gaussians: error probability below 1e-6 each.
    expect(Math.abs(aa - n * xi(1))).toBeLessThan(5 * n * xi(1) * Math.sqrt(2 / samples));
    expect(Math.abs(ab - n * xi(q))).toBeLessThan(5 * n * xi(1) * Math.sqrt(2 / samples));
  });
});
