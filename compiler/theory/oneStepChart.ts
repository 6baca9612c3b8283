/**
 * Coordinates in which the order parameters of one step of replica symmetry breaking are solved for. D = m(q − q0) is of order 1 for
 * many replicas and next to its bound m q for few patterns, where groups of replicas share nothing (q0 → 0): D q/q0 runs from 0 to ∞
 * in both cases, and P p/p0 likewise. What runs over many powers of ten is solved for as UNIT sinh(y). Behind features p is measured by
 * q, v = p_d − p by 1 − q and P by D, to which they are equal where the features carry nothing of the inputs.
 */
import type { OrderName } from "./oneStepReplica.ts";

const UNIT = 0.2;

export function coordinatesOf(names: readonly OrderName[], x: readonly number[], q: number, epsilon: number): number[] {
  const of = (n: OrderName): number => x[names.indexOf(n)] ?? 0;
  const wide = (v: number, bound: number): number => Math.asinh(v / (1 - (epsilon * v) / bound) / UNIT);
  const spread = wide(of("D"), q);
  return names.map((n, k) => {
    const v = x[k]!;
    return n === "D" ? spread : n === "P" ? wide(v, of("p")) - spread : n === "B" ? Math.asinh(v / UNIT) : n === "v" ? Math.log(v / (1 - q)) : n === "p" ? v / q : v;
  });
}

export function ordersAt(names: readonly OrderName[], y: readonly number[], q: number, epsilon: number): number[] {
  const of = (n: OrderName): number => y[names.indexOf(n)] ?? 0;
  const bounded = (v: number, bound: number): number => { const wide = UNIT * Math.sinh(v); return wide / (1 + (epsilon * wide) / bound); };
  return names.map((n, k) => {
    const v = y[k]!;
    return n === "D" ? bounded(v, q) : n === "P" ? bounded(v + of("D"), q * of("p")) : n === "B" ? UNIT * Math.sinh(v) : n === "v" ? (1 - q) * Math.exp(v) : n === "p" ? q * v : v;
  });
}
