import type { Sphere } from "../model.ts";

/**
 * The tangent vector v' at `to` with retract(to + v') = `from`: on a sphere v' = from · norm2 / (from · to) − to, for free entries
 * −velocity, exactly, where to = retract(from + velocity). It exists because from · (from + velocity) = norm2 > 0.
 *
 * @param velocity tangent at `from`; dimension numbers, as all others
 * @param out not one of the others
 */
export function backwardVelocity(spheres: readonly Sphere[], from: Float64Array, to: Float64Array, velocity: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = -velocity[i];
  for (const { offset, count, groupStride, length, elementStride, norm2 } of spheres) {
    for (let group = 0; group < count; group++) {
      const first = offset + group * groupStride;
      const end = first + length * elementStride;
      let inner = 0;
      for (let i = first; i < end; i += elementStride) inner += from[i] * to[i];
      for (let i = first; i < end; i += elementStride) out[i] = (from[i] * norm2) / inner - to[i];
    }
  }
}
