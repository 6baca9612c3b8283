/** A root, or why there is none, worded for the author of a specification. */
export type RootResult = { readonly root: number } | { readonly refused: string };

export interface RootSearch {
  /** That of the value found last: a function that is 0 within it is 0. */
  readonly uncertainty: () => number;
  /** Called before values are looked at, when all that do not depend on each other were asked for. What it throws ends the search. */
  readonly settled: () => void;
}

const exactly: RootSearch = { uncertainty: () => 0, settled: () => {} };
const INTERVALS = 32;
const ITERATIONS = 200;

/**
 * Finds the zero of a function of one variable between two ends, to about 1e-14 relative. If the signs at the ends are equal (or one end has
 * no value), the interval is searched in 32 parts for a single change of sign. A change of sign across a pole is not a root.
 *
 * Method: R. Brent, "Algorithms for Minimization without Derivatives" (1973), chapter 4.
 */
export function findRoot(f: (x: number) => number, from: number, to: number, search: RootSearch = exactly): RootResult {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return { refused: `the interval ${from}..${to} of a root is not finite` };
  const atFrom = f(from);
  const atTo = f(to);
  search.settled();
  if (atFrom === 0) return { root: from };
  if (atTo === 0) return { root: to };
  if (atFrom * atTo < 0) return checked(f, from, atFrom, to, atTo, search);

  const values = Array.from({ length: INTERVALS - 1 }, (_, i) => f(from + ((to - from) * (i + 1)) / INTERVALS));
  search.settled();
  const brackets: [number, number, number, number][] = [];
  let left = from;
  let atLeft = atFrom;
  let undefinedValues = Number.isNaN(atFrom) ? 1 : 0;
  for (let i = 1; i <= INTERVALS; i++) {
    const right = i === INTERVALS ? to : from + ((to - from) * i) / INTERVALS;
    const atRight = i === INTERVALS ? atTo : values[i - 1];
    if (Number.isNaN(atRight)) undefinedValues++;
    if (atLeft * atRight < 0 || (atRight === 0 && i < INTERVALS)) brackets.push([left, atLeft, right, atRight]);
    [left, atLeft] = [right, atRight];
  }
  if (brackets.length === 0) {
    if (undefinedValues > INTERVALS) return { refused: `the function has no value anywhere between ${from} and ${to}` };
    return { refused: `no change of sign between ${from} and ${to}: the function is ${format(atFrom)} at one end and ${format(atTo)} at the other` };
  }
  if (brackets.length > 1) return { refused: `several changes of sign between ${from} and ${to}: narrow the interval to one of them` };
  const [a, atA, b, atB] = brackets[0];
  return atB === 0 ? { root: b } : checked(f, a, atA, b, atB, search);
}

function checked(f: (x: number) => number, a: number, atA: number, b: number, atB: number, search: RootSearch): RootResult {
  const root = brent(f, a, atA, b, atB, search);
  // At a pole |f| grows without bound as the bracket shrinks.
  const value = f(root);
  search.settled();
  if (!(Math.abs(value) <= Math.max(Math.abs(atA), Math.abs(atB)))) {
    return { refused: `the function changes sign at ${format(root)}, but has no zero there` };
  }
  return { root };
}

function brent(f: (x: number) => number, a: number, fa: number, b: number, fb: number, search: RootSearch): number {
  let c = a;
  let fc = fa;
  let step = b - a;
  let before = step;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    if (Math.sign(fb) === Math.sign(fc)) {
      [c, fc] = [a, fa];
      step = before = b - a;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const tolerance = 2 * Number.EPSILON * Math.abs(b) + 1e-300;
    const half = 0.5 * (c - b);
    if (Math.abs(half) <= tolerance || fb === 0) return b;
    if (Math.abs(before) >= tolerance && Math.abs(fa) > Math.abs(fb)) {
      // Secant where only two points differ, else inverse quadratic interpolation; taken only if it shrinks the bracket fast enough.
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const r = fb / fc;
        const t = fa / fc;
        p = s * (2 * half * t * (t - r) - (b - a) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      p = Math.abs(p);
      if (2 * p < Math.min(3 * half * q - Math.abs(tolerance * q), Math.abs(before * q))) {
        before = step;
        step = p / q;
      } else {
        step = before = half;
      }
    } else {
      step = before = half;
    }
    [a, fa] = [b, fb];
    b += Math.abs(step) > tolerance ? step : Math.sign(half) * tolerance;
    fb = f(b);
    search.settled();
    if (Math.abs(fb) <= search.uncertainty()) return b;
  }
  return b;
}

const format = (x: number): string => String(Number(x.toPrecision(6)));
