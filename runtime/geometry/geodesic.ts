import { SmoothConstraints } from "./smoothConstraints.ts";
import type { ConstraintSet, Sphere } from "../model.ts";

/**
 * Moves a point of the constraint set for a time along its velocity: on a product of spheres along the geodesic of its velocity, in place, and carries the velocity with it: great
 * circles at constant speed, straight lines for free entries. The map is exact, reversible (with −velocity it leads back) and
 * preserves the volume of phase space (Byrne, Girolami, "Geodesic Monte Carlo on embedded manifolds", Scand. J. Stat. 40, 825 (2013),
 * section 4.1).
 *
 * @param velocity tangent to the spheres at `state`, dimension numbers
 */
export function geodesic(spheres: ConstraintSet, state: Float64Array, velocity: Float64Array, time: number): void {
  if (spheres instanceof SmoothConstraints) return spheres.advance(state, velocity, time);
  const held = spheres.length === 0 ? undefined : heldEntries(spheres, state.length);
  for (let i = 0; i < state.length; i++) if (held === undefined || held[i] === 0) state[i] += time * velocity[i];
  for (const { offset, count, groupStride, length, elementStride, norm2 } of spheres) {
    const radius = Math.sqrt(norm2);
    for (let group = 0; group < count; group++) {
      const first = offset + group * groupStride;
      const end = first + length * elementStride;
      let speed2 = 0;
      for (let i = first; i < end; i += elementStride) speed2 += velocity[i] * velocity[i];
      const speed = Math.sqrt(speed2);
      if (speed === 0) continue;
      const cosine = Math.cos((time * speed) / radius);
      const sine = Math.sin((time * speed) / radius);
      let sum = 0;
      for (let i = first; i < end; i += elementStride) {
        const x = state[i];
        state[i] = cosine * x + (radius / speed) * sine * velocity[i];
        velocity[i] = cosine * velocity[i] - (speed / radius) * sine * x;
        sum += state[i] * state[i];
      }
      // Rounding would let the radius drift over many steps.
      const scale = radius / Math.sqrt(sum);
      for (let i = first; i < end; i += elementStride) state[i] *= scale;
    }
  }
}

const known = new WeakMap<readonly Sphere[], Uint8Array>();

/** 1 for each entry that lies on a sphere. */
function heldEntries(spheres: readonly Sphere[], dimension: number): Uint8Array {
  const found = known.get(spheres);
  if (found?.length === dimension) return found;
  const held = new Uint8Array(dimension);
  for (const { offset, count, groupStride, length, elementStride } of spheres) {
    for (let group = 0; group < count; group++) for (let e = 0; e < length; e++) held[offset + group * groupStride + e * elementStride] = 1;
  }
  known.set(spheres, held);
  return held;
}
