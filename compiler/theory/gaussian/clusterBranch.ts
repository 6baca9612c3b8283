/**
 * Clusters of spins with q0 = 0: for each Parisi parameter m the overlap inside a cluster is the largest solution of q1 = ⟨tanh²⟩, which
 * the iteration from q1 = 1 comes down to; the free entropy is stationary where its derivative by m vanishes. Unlike the gradient of
 * the potential, which is proportional to ξ''(q1) and vanishes to all digits at small overlaps of a high power, this tells solutions from flat places.
 */
import { findRoot } from "../../../runtime/results/findRoot.ts";
import type { ScalarFunction } from "../compileScalars.ts";

export interface ClusterFunctions {
  /** ⟨tanh²⟩ and ∂φ/∂m at β, m, q1. */
  readonly at: ScalarFunction;
}

const MOST = 4000;
/** From one βm to the next in the search; at the static transition of a random energy model βm = 2√log 2 / √(2ξ(1)) is of order 1. */
const FACTOR = 1.12;
const LEAST = 0.05;

/** q1 at one m, undefined where the clusters dissolve. */
export function overlapIn({ at }: ClusterFunctions, beta: number, m: number): number | undefined {
  let gap = 1e-12;
  for (let k = 0; k < MOST; k++) {
    const next = 1 - at([beta, m, 1 - gap])[0]!;
    if (!(next < 0.95)) return undefined;
    if (Math.abs(next - gap) <= 1e-10 * gap) return 1 - next;
    gap = Math.max(next, 1e-16);
  }
  return 1 - gap;
}

/** The first m from below at which the free entropy of the clusters is stationary, with the overlap there. */
export function clusterBranch(functions: ClusterFunctions, beta: number): { readonly m: number; readonly q1: number; readonly residual: number } | undefined {
  const slopeAt = (m: number): { readonly q1: number; readonly slope: number } | undefined => {
    const q1 = overlapIn(functions, beta, m);
    return q1 === undefined ? undefined : { q1, slope: functions.at([beta, m, q1])[1]! };
  };
  let before: { readonly m: number; readonly slope: number } | undefined;
  for (let m = LEAST / beta; before === undefined || before.m < 1; m = Math.min(1, m * FACTOR)) {
    const here = slopeAt(m);
    if (here && before && before.slope * here.slope < 0) {
      const root = findRoot((at) => slopeAt(at)?.slope ?? NaN, before.m, m);
      const there = "root" in root ? slopeAt(root.root) : undefined;
      return there && "root" in root && root.root < 1 ? { m: root.root, q1: there.q1, residual: Math.abs(there.slope) } : undefined;
    }
    before = { m, slope: here?.slope ?? NaN };
  }
  return undefined;
}
