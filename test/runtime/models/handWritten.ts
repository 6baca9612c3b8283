/** Hand-written models, independent of the compiler: what dynamics and engine are tested on. */
import type { CompiledModel, ModelModule, Observable, Sphere } from "../../../runtime/model.ts";
import { quenchedAddress, Stream, uniformOnSphere } from "../../../runtime/random/index.ts";

export const wholeSphere = (dimension: number, norm2: number): Sphere => ({ offset: 0, count: 1, groupStride: 0, length: dimension, elementStride: 1, norm2 });

/** What is left to say once energy and gradient are known. States of free models are standard normal. */
export function handWrittenModel(of: {
  readonly name: string;
  readonly dimension: number;
  readonly spheres?: readonly Sphere[];
  readonly parameters?: Readonly<Record<string, number>>;
  readonly draw?: (seed: number, sample: number) => void;
  /** Drawn arrays by name. */
  readonly arrays?: Readonly<Record<string, Float64Array>>;
  readonly energyAndGradient: (state: Float64Array, gradient: Float64Array) => number;
  readonly observables?: readonly Observable[];
}): CompiledModel {
  const { name, dimension, spheres = [], parameters = {}, draw = () => {}, arrays = {}, energyAndGradient, observables = [] } = of;
  const scratch = new Float64Array(dimension);
  const energy = (state: Float64Array): number => energyAndGradient(state, scratch);
  return {
    name,
    parameters,
    target: "typescript",
    dimension,
    state: [{ name: "w", shape: [dimension], offset: 0, length: dimension }],
    spheres,
    memory: [],
    draw,
    array: (name) => {
      const entries = arrays[name];
      if (!entries) throw new Error(`this test model draws no ${name}`);
      return entries;
    },
    initialize: (state, stream) => {
      if (spheres.length === 0) stream("w").normals(state, 0);
      for (const sphere of spheres) {
        for (let group = 0; group < sphere.count; group++) {
          uniformOnSphere(state, sphere.offset + group * sphere.groupStride, sphere.length, sphere.norm2, stream("w"));
        }
      }
    },
    energy,
    energyAndGradient,
    hessian: () => {
      throw new Error("this test model has no Hessian");
    },
    observables: [{ name: "E", shape: [], evaluate: (state) => Float64Array.of(energy(state)) }, ...observables],
  };
}

/** H = ½ Σ a_i x_i² without a constraint. */
export const freeQuadratic = (curvatures: readonly number[]): CompiledModel =>
  handWrittenModel({
    name: "FreeQuadratic",
    dimension: curvatures.length,
    energyAndGradient: (x, gradient) => {
      let energy = 0;
      curvatures.forEach((a, i) => {
        gradient[i] = a * x[i];
        energy += 0.5 * a * x[i] * x[i];
      });
      return energy;
    },
  });

/** H = (1 − x)² + 100 (y − x²)², without a constraint; its minimum is 0 at (1, 1). */
export const rosenbrock = (): CompiledModel =>
  handWrittenModel({
    name: "Rosenbrock",
    dimension: 2,
    energyAndGradient: (s, gradient) => {
      const a = 1 - s[0];
      const b = s[1] - s[0] * s[0];
      gradient[0] = -2 * a - 400 * s[0] * b;
      gradient[1] = 200 * b;
      return a * a + 100 * b * b;
    },
  });

/** H = −½ Σ_ij J_ij w_i w_j on Σ w² = N, J symmetric with entries of variance 1/N; observable `e` = H/N, `first` = (w_1, w_2). */
export function sphericalPair(N: number): CompiledModel & { readonly couplings: Float64Array } {
  const couplings = new Float64Array(N * N);
  const energyAndGradient = (w: Float64Array, gradient: Float64Array): number => {
    let energy = 0;
    for (let i = 0; i < N; i++) {
      let field = 0;
      for (let j = 0; j < N; j++) field += couplings[i * N + j] * w[j];
      gradient[i] = -field;
      energy -= 0.5 * w[i] * field;
    }
    return energy;
  };
  const scratch = new Float64Array(N);
  const model = handWrittenModel({
    name: "SphericalPair",
    dimension: N,
    parameters: { N },
    spheres: [wholeSphere(N, N)],
    draw: (seed, sample) => {
      const stream = new Stream(quenchedAddress({ seed, model: "SphericalPair", ensemble: "J", sample, sizes: [N, N] }));
      for (let i = 0; i < N; i++) {
        for (let j = 0; j <= i; j++) couplings[i * N + j] = couplings[j * N + i] = stream.normal(0, i * N + j) / Math.sqrt(N);
      }
    },
    energyAndGradient,
    observables: [
      { name: "e", shape: [], evaluate: (state) => Float64Array.of(energyAndGradient(state, scratch) / N) },
      { name: "first", shape: [2], evaluate: (state) => state.slice(0, 2) },
    ],
  });
  return { ...model, couplings };
}

/** H = −Σ_{i<j<k} X_ijk w_i w_j w_k · sqrt(3)/N on Σ w² = N, couplings packed in lexicographic order. */
export function packedThreeSpin(N: number): CompiledModel {
  const couplings = new Float64Array((N * (N - 1) * (N - 2)) / 6);
  return handWrittenModel({
    name: "PackedThreeSpin",
    dimension: N,
    parameters: { N },
    spheres: [wholeSphere(N, N)],
    draw: (seed, sample) => {
      new Stream(quenchedAddress({ seed, model: "PackedThreeSpin", ensemble: "X", sample, sizes: [N, N, N] })).normals(couplings, 0);
      for (let c = 0; c < couplings.length; c++) couplings[c] *= Math.sqrt(3) / N;
    },
    arrays: { X: couplings },
    energyAndGradient: (w, gradient) => {
      gradient.fill(0);
      let energy = 0;
      let c = 0;
      for (let i = 0; i < N; i++) {
        for (let j = i + 1; j < N; j++) {
          const pair = w[i] * w[j];
          let field = 0;
          for (let k = j + 1; k < N; k++, c++) {
            field += couplings[c] * w[k];
            gradient[k] -= couplings[c] * pair;
          }
          gradient[i] -= field * w[j];
          gradient[j] -= field * w[i];
          energy -= field * pair;
        }
      }
      return energy;
    },
  });
}

/** A module of one parameter N. */
export const moduleOf = (name: string, N: number, create: (N: number) => CompiledModel): ModelModule => ({
  name,
  parameters: { N },
  createModel: (parameters) => create(parameters?.["N"] ?? N),
});
