/**
 * Coordinates in which the order parameters of one step of replica symmetry breaking are solved for. D = m(q − q0) is of order 1 for
 * many replicas and next to its bound m q for few patterns, where groups of replicas share nothing (q0 → 0): D q/q0 runs from 0 to ∞
 * in both cases, and P p/p0 likewise. What runs over many powers of ten is solved for as UNIT sinh(y), and v > 0 by its logarithm.
 */
import type { OrderName } from "./oneStepReplica.ts";

const UNIT = 0.2;

export function coordinatesOf(names: readonly OrderName[], x: readonly number[], q: number, epsilon: number): number[] {
  const p = x[names.indexOf("p")] ?? 0;
  return names.map((n, k) => {
    const v = x[k]!;
    return n === "D" ? Math.asinh(v / (1 - (epsilon * v) / q) / UNIT) : n === "P" ? Math.asinh(v / (1 - (epsilon * v) / p) / UNIT) : n === "B" ? Math.asinh(v / UNIT) : n === "v" ? Math.log(v) : v;
  });
}

export function ordersAt(names: readonly OrderName[], y: readonly number[], q: number, epsilon: number): number[] {
  const p = y[names.indexOf("p")] ?? 0;
  const bounded = (v: number, bound: number): number => v / (1 + (epsilon * v) / bound);
  return names.map((n, k) => {
    const v = y[k]!, wide = UNIT * Math.sinh(v);
    return n === "D" ? bounded(wide, q) : n === "P" ? bounded(wide, p) : n === "B" ? wide : n === "v" ? Math.exp(v) : v;
  });
}
