import { projectGradient } from "../geometry/projectGradient.ts";
import type { ConstraintSet, EvaluationNoise } from "../model.ts";
import { eigenvalues, tridiagonalSpectrum } from "./eigenvalues.ts";
import { lanczos, type RitzValues } from "./lanczos.ts";
import { riemannianProduct } from "./riemannianProduct.ts";
import { tangentHessian } from "./tangentHessian.ts";
import type { HessianProduct } from "./traceEstimate.ts";

/** Up to so many variables the Hessian is made and diagonalised; above, the Lanczos iteration needs its products with vectors only. */
export const MOST_DENSE_VARIABLES = 1000;
const STEPS = 200;
const PROBES = 4;
/** Residuals below this share of the largest eigenvalue are converged. */
const CONVERGED = 1e-8;

export interface HessianForms {
  /** Makes and returns the Euclidean Hessian, n × n; asked for at most up to `MOST_DENSE_VARIABLES`. */
  readonly dense: () => Float64Array;
  readonly product: HessianProduct;
}

/**
 * All eigenvalues of the Riemannian Hessian on the tangent space, in ascending order.
 *
 * Up to 1,000 variables they are exact. Above, those ends of the spectrum that 200 Lanczos steps resolve are exact to a relative 1e-8 of the
 * largest, and the others stand at the quantiles of the spectral density, which is estimated by stochastic Lanczos quadrature with four random vectors
 * (S. Ubaru, J. Chen, Y. Saad, SIAM J. Matrix Anal. Appl. 38, 1075 (2017)): the index, a histogram or a moment may be read from them, a
 * spacing may not. The standard error of a share p of n eigenvalues is about √(p(1 − p)/(2 n)).
 *
 * @param gradient Euclidean gradient at `state`
 * @param purpose names the random stream
 * @param out as many numbers as the tangent space has dimensions
 */
export function hessianSpectrum(spheres: ConstraintSet, state: Float64Array, gradient: Float64Array, hessian: HessianForms, noise: EvaluationNoise, purpose: string, out: Float64Array): void {
  if (state.length > MOST_DENSE_VARIABLES) {
    lanczosSpectrum(spheres, state, gradient, hessian.product, noise, purpose, out);
    return;
  }
  const matrix = new Float64Array(out.length ** 2);
  tangentHessian(spheres, state, gradient, hessian.dense(), matrix);
  eigenvalues(matrix, out);
}

/** The same for any number of variables by Lanczos iteration alone. */
export function lanczosSpectrum(spheres: ConstraintSet, state: Float64Array, gradient: Float64Array, product: HessianProduct, noise: EvaluationNoise, purpose: string, out: Float64Array): void {
  const multiply = riemannianProduct(spheres, state, gradient, product);
  const stream = noise.stream(purpose);
  const start = new Float64Array(state.length);
  const probes = Array.from({ length: PROBES }, (_, probe): RitzValues => {
    stream.normals(start, probe * start.length, noise.step);
    projectGradient(spheres, state, start, start);
    return lanczos(multiply, start, Math.min(STEPS, out.length), tridiagonalSpectrum);
  });
  if (probes.some(({ values }) => !values.every(Number.isFinite))) out.fill(NaN);
  else spreadEigenvalues(probes, out);
}

/** `out.length` eigenvalues from Ritz values: converged ends of the first probe as they are, between them the quantiles of all probes. */
export function spreadEigenvalues(probes: readonly RitzValues[], out: Float64Array): void {
  const n = out.length;
  const [{ values, residuals }] = probes as [RitzValues];
  const tolerance = CONVERGED * Math.max(Math.abs(values[0]!), Math.abs(values[values.length - 1]!));
  // Where all have converged, each end takes half of them: values between are of some multiplicity, as the weights say.
  const middle = Math.ceil(values.length / 2);
  let low = 0;
  while (low < middle && residuals[low]! <= tolerance) low++;
  let high = values.length;
  while (high > middle && residuals[high - 1]! <= tolerance) high--;
  const [bottom, top] = [values.slice(0, low), values.slice(high)];
  out.set(bottom);
  out.set(top, n - top.length);

  // What one eigenvalue weighs is taken off the ends; the rest of theirs belongs to eigenvalues of the same height.
  const [floor, ceiling] = [bottom[low - 1] ?? -Infinity, top[0] ?? Infinity];
  const ends = new Set([...bottom, ...top]);
  const points = probes.flatMap((probe) => [...probe.values].map((value, k) => ({ value: Math.min(Math.max(value, floor), ceiling), weight: Math.max(0, probe.weights[k]! - (isNear(ends, probe.values[k]!, tolerance) ? 1 / n : 0)) })));
  points.sort((a, b) => a.value - b.value);
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const inside = n - top.length - low;
  let seen = 0;
  let next = 0;
  for (const { value, weight } of points) {
    seen += weight;
    // The eigenvalue of rank a stands where the share (a + 1/2)/inside of the weight is reached.
    while (next < inside && (next + 0.5) / inside <= seen / total + 1e-12) out[low + next++] = value;
  }
}

const isNear = (ends: ReadonlySet<number>, value: number, tolerance: number): boolean => ends.has(value) || [...ends].some((end) => Math.abs(end - value) <= 10 * tolerance);
