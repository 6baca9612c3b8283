import { projectGradient } from "../geometry/projectGradient.ts";
import { SmoothConstraints } from "../geometry/smoothConstraints.ts";
import type { ConstraintSet, EvaluationNoise } from "../model.ts";

export interface HessianProduct {
  /** Reads `direction` and writes `product`, the product of the Euclidean Hessian with it; both of the dimension. */
  readonly run: () => void;
  readonly direction: Float64Array;
  readonly product: Float64Array;
}

/**
 * A stochastic estimate of the trace of the Riemannian Hessian: the mean of z·P ∇²f P z over `probes` vectors z of independent signs, less the
 * curvature of the spheres, Σ_g (x_g·∇f_g / x_g·x_g) (length_g − 1), which is exact. Its expectation is the trace; for free variables its variance
 * is 2 Σ_{i≠j} (∇²f)_ij² / probes (Hutchinson, Commun. Stat. Simul. 19, 433 (1990)).
 *
 * @param gradient Euclidean gradient at `state`
 * @param purpose names the random stream; probe k takes signs (step, k · dimension) and following
 * @throws RangeError where `probes` is no integer from 1
 */
export function traceEstimate(spheres: ConstraintSet, state: Float64Array, gradient: Float64Array, hessian: HessianProduct, probes: number, noise: EvaluationNoise, purpose: string): number {
  if (!Number.isInteger(probes) || probes < 1) throw new RangeError(`trace: the number of probes is a whole number from 1, not ${probes}`);
  const { run, direction, product } = hessian;
  const stream = noise.stream(purpose);
  let sum = 0;
  for (let probe = 0; probe < probes; probe++) {
    stream.signs(direction, probe * direction.length, noise.step);
    projectGradient(spheres, state, direction, direction);
    run();
    for (let i = 0; i < direction.length; i++) sum += direction[i]! * product[i]!;
  }
  return sum / probes - curvature(spheres, state, gradient);
}

/** The part of the trace that comes from the bending of the constraint set. */
function curvature(spheres: ConstraintSet, state: Float64Array, gradient: Float64Array): number {
  if (spheres instanceof SmoothConstraints) {
    const matrix = spheres.inTangentBasis(state, spheres.bending(state, gradient));
    const m = state.length - spheres.count;
    let sum = 0;
    for (let a = 0; a < m; a++) sum += matrix[a * m + a]!;
    return sum;
  }
  let total = 0;
  for (const { offset, count, groupStride, length, elementStride } of spheres) {
    for (let group = 0; group < count; group++) {
      let radial = 0;
      let norm2 = 0;
      for (let e = 0, i = offset + group * groupStride; e < length; e++, i += elementStride) {
        radial += state[i]! * gradient[i]!;
        norm2 += state[i]! * state[i]!;
      }
      total += (radial / norm2) * (length - 1);
    }
  }
  return total;
}
