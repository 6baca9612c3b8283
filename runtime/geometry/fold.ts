import type { StateArray } from "../model.ts";

/** Entries of a state that live on a circle (`mirrored` false) or between two walls. */
export interface Fold { readonly offset: number; readonly length: number; readonly low: number; readonly width: number; readonly mirrored: boolean }

/** The angles and intervals among the arrays of a state. */
export function foldsOf(state: readonly StateArray[]): readonly Fold[] {
  return state.flatMap(({ offset, length, domain }): readonly Fold[] => {
    const [a = 0, b = 0] = domain?.arguments ?? [];
    if (domain?.name === "angle") return [{ offset, length, low: 0, width: 2 * Math.PI, mirrored: false }];
    return domain?.name === "interval" ? [{ offset, length, low: a, width: b - a, mirrored: true }] : [];
  });
}

/**
 * Brings entries that have moved freely back to their domains: once around the circle, or as a ball from the walls, which turns its velocity
 * around. With the free motion before it, this is a map of phase space that keeps volumes, and with −velocity leads back. So
 * leapfrog steps and proposals stay exact (a drift that a wall reflects is that of the diffusion with reflection).
 *
 * @param velocity changed where entries come back from a wall
 */
export function fold(folds: readonly Fold[], state: Float64Array, velocity?: Float64Array): void {
  for (const { offset, length, low, width, mirrored } of folds) {
    for (let i = offset; i < offset + length; i++) {
      const above = state[i]! - low;
      if (above >= 0 && (mirrored ? above <= width : above < width)) continue;
      const period = mirrored ? 2 * width : width;
      // Of an entry just below 0 the remainder rounds to the period itself.
      const rest = above - period * Math.floor(above / period);
      const within = rest < period ? rest : 0;
      if (!mirrored || within <= width) state[i] = low + within;
      else {
        state[i] = low + period - within;
        if (velocity) velocity[i] = -velocity[i]!;
      }
    }
  }
}

/** Squared distance, on circles the short way around. */
export function squaredDistance(folds: readonly Fold[], a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  for (const { offset, length, width, mirrored } of folds) {
    if (mirrored) continue;
    for (let i = offset; i < offset + length; i++) {
      const apart = Math.abs(a[i]! - b[i]!);
      sum += Math.min(apart, width - apart) ** 2 - apart ** 2;
    }
  }
  return sum;
}
