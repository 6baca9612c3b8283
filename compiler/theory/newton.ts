/** Zeros of small systems of equations next to a good start: Newton's method whose Jacobian is made from differences once and then updated (Broyden 1965). */
import { solveLinear } from "./solveLinear.ts";

/** Undefined where the equations have no value: outside of their domain. */
export type Equations = (x: readonly number[]) => readonly number[] | undefined;

export interface Zero {
  readonly x: readonly number[];
  /** The largest of |f|. */
  readonly residual: number;
  /** ∂f_r/∂x_k at about x: a start for a neighbouring system. */
  readonly jacobian: readonly (readonly number[])[];
}

export interface NewtonOptions { readonly jacobian?: readonly (readonly number[])[]; /** The residual that is small enough. */ readonly accuracy: number; readonly iterations?: number }

const largest = (v: readonly number[]): number => v.reduce((m, a) => Math.max(m, Math.abs(a)), 0);
const norm = (v: readonly number[]): number => Math.sqrt(v.reduce((s, a) => s + a * a, 0));

interface At { readonly x: readonly number[]; readonly value: readonly number[] }

export function newton(f: Equations, start: readonly number[], { jacobian: given, accuracy, iterations = 60 }: NewtonOptions): Zero | undefined {
  const first = f(start);
  if (!first || !first.every(Number.isFinite)) return undefined;
  let here: At = { x: start, value: first };
  let jacobian = given?.map((row) => [...row]) ?? differences(f, here);
  let fresh = given === undefined;
  for (let k = 0; k < iterations; k++) {
    if (!jacobian) return undefined;
    const { x, value } = here;
    if (largest(value) <= accuracy) return { x, residual: largest(value), jacobian };
    const step = solveLinear(jacobian.map((row, r) => [...row, -value[r]!]));
    const next: At | undefined = step.every(Number.isFinite) ? search(f, here, step) : undefined;
    if (!next && fresh) return largest(value) <= 1e2 * accuracy ? { x, residual: largest(value), jacobian } : undefined;
    // A step that hardly helps asks for a new Jacobian.
    const stale = !fresh && (!next || norm(next.value) > 0.3 * norm(value));
    if (next && !stale) jacobian = updated(jacobian, here, next);
    if (next) here = next;
    if (stale) jacobian = differences(f, here);
    fresh = stale;
  }
  return undefined;
}

function search(f: Equations, { x, value }: At, step: readonly number[]): At | undefined {
  const size = norm(value);
  for (let part = 1; part > 1e-4; part /= 3) {
    const next = x.map((v, k) => v + part * step[k]!);
    const there = f(next);
    if (there && there.every(Number.isFinite) && norm(there) < size) return { x: next, value: there };
  }
  return undefined;
}

function differences(f: Equations, { x, value }: At): number[][] | undefined {
  const rows = value.map(() => new Array<number>(x.length).fill(0));
  for (const [k, v] of x.entries()) {
    const size = 1e-6 * Math.max(1e-3, Math.abs(v));
    const step = [size, -size].find((h) => f(x.map((w, l) => (l === k ? w + h : w))) !== undefined);
    if (step === undefined) return undefined;
    const shifted = f(x.map((w, l) => (l === k ? w + step : w)))!;
    shifted.forEach((s, r) => { rows[r]![k] = (s - value[r]!) / step; });
  }
  return rows;
}

/** Broyden's update: the smallest change that agrees with the last step. */
function updated(jacobian: readonly (readonly number[])[], { x, value }: At, { x: next, value: nextValue }: At): number[][] {
  const step = next.map((v, k) => v - x[k]!), square = step.reduce((s, v) => s + v * v, 0);
  if (square === 0) return jacobian.map((row) => [...row]);
  return jacobian.map((row, r) => {
    const missing = nextValue[r]! - value[r]! - row.reduce((s, v, k) => s + v * step[k]!, 0);
    return row.map((v, k) => v + (missing * step[k]!) / square);
  });
}
