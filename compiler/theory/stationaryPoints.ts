/**
 * Points where a gradient vanishes inside a box. One unknown is searched on a grid that is fine towards both ends, so that every
 * change of sign is met; several are searched by Levenberg-Marquardt steps from many starts. All work in coordinates that
 * stretch the ends of the box to infinity, and finish with Newton steps.
 */
import { findRoot } from "../../runtime/results/findRoot.ts";
import { solveLinear } from "./solveLinear.ts";

export interface Interval { readonly lower: number; readonly upper: number }
export interface StationaryPoint {
  readonly x: readonly number[];
  readonly residual: number;
  /** With one unknown: the starts that a damped iteration takes here. It moves along or against the gradient, whichever keeps it inside the interval. */
  readonly basin?: Interval;
  /** With several unknowns: the number of the first start that led here. */
  readonly start?: number;
}
/** `tolerance`: the relative accuracy that is enough, where it is less than all. */
export type Gradient = (x: readonly number[], tolerance?: number) => ArrayLike<number>;

/** Monotone map of the real line onto an interval, with its inverse. */
interface Chart { readonly x: (u: number) => number; readonly u: (x: number) => number; readonly from: number; readonly to: number }

function chartOf({ lower, upper }: Interval): Chart {
  if (Number.isFinite(lower) && Number.isFinite(upper)) {
    const width = upper - lower;
    return { x: (u) => (u < 0 ? lower + (width * Math.exp(u)) / (1 + Math.exp(u)) : upper - width / (1 + Math.exp(u))), u: (x) => Math.log((x - lower) / (upper - x)), from: -25, to: 25 };
  }
  if (Number.isFinite(lower)) return { x: (u) => lower + Math.exp(u), u: (x) => Math.log(x - lower), from: -25, to: 16 };
  if (Number.isFinite(upper)) return { x: (u) => upper - Math.exp(-u), u: (x) => -Math.log(upper - x), from: -16, to: 25 };
  return { x: Math.sinh, u: Math.asinh, from: -16, to: 16 };
}

const GRID = 80;
/** Accuracy of the survey of the line; what it finds is found again with all digits. */
const SURVEY = 1e-7;

export function stationaryPoints(gradient: Gradient, box: readonly Interval[], starts: readonly (readonly number[])[]): readonly StationaryPoint[] {
  const found = box.length === 1 ? searchLine((x, tolerance) => gradient([x], tolerance)[0]!, box[0]!) : searchBox(gradient, box, starts);
  return distinct(found).sort((a, b) => a.x[0]! - b.x[0]!);
}

interface Sample { readonly u: number; readonly value: number }

function searchLine(g: (x: number, tolerance?: number) => number, interval: Interval): StationaryPoint[] {
  const chart = chartOf(interval);
  const h = (u: number): number => g(chart.x(u));
  const sample = (u: number): Sample => ({ u, value: g(chart.x(u), SURVEY) });
  const spacing = (chart.to - chart.from) / GRID;
  let line = Array.from({ length: GRID + 1 }, (_, k) => sample(chart.from + spacing * k));
  const roots: number[] = [];
  const add = (u: number): boolean => {
    if (roots.some((r) => Math.abs(r - u) <= 1e-9 * (1 + Math.abs(u)))) return false;
    roots.push(u);
    return true;
  };
  const between = (a: number, b: number): readonly number[] => {
    if (!(h(a) * h(b) <= 0)) return [];
    const root = findRoot(h, a, b);
    return "root" in root ? [root.root] : [];
  };
  const survey = (): readonly number[] => line.flatMap(({ u, value }, k): readonly number[] => {
    if (value === 0) return Math.abs(line[k - 1]?.value ?? 1) + Math.abs(line[k + 1]?.value ?? 1) > 1e-13 ? [u] : [];
    const next = line[k + 1], before = line[k - 1];
    if (!next) return [];
    if (value * next.value < 0) return Math.abs(value) + Math.abs(next.value) > 1e-13 ? between(u, next.u) : [];
    // A pair of zeros between grid points: |g| dips without a change of sign.
    if (!before || !(before.value * value > 0 && value * next.value > 0 && Math.abs(value) < Math.abs(before.value) && Math.abs(value) < Math.abs(next.value))) return [];
    const lowest = minimise((v) => g(chart.x(v), SURVEY) * Math.sign(value), before.u, next.u);
    return h(lowest) * value < 0 ? [...between(before.u, lowest), ...between(lowest, next.u)] : [];
  });
  // Zeros come in groups where a solution splits: looked for again next to each one that was found.
  for (let round = 0; round < 4; round++) {
    const fresh = survey().filter(add);
    if (fresh.length === 0) break;
    const near = fresh.flatMap((u) => [-0.3, -0.03, -1e-3, 1e-3, 0.03, 0.3].map((d) => u + d * spacing)).filter((u) => u > chart.from && u < chart.to);
    line = [...line, ...near.map(sample)].sort((a, b) => a.u - b.u);
  }
  roots.sort((a, b) => a - b);
  const found = roots.map((u): { readonly u: number; readonly x: number; readonly residual: number } => ({ u, x: chart.x(u), residual: Math.abs(h(u)) }));
  // The lower end itself, where the gradient falls to 0 in proportion to the distance: an overlap of 0.
  if (Number.isFinite(interval.lower)) {
    const width = Number.isFinite(interval.upper) ? interval.upper - interval.lower : 1;
    const [near, far, away] = [1e-5, 1e-4, 1e-1].map((d) => Math.abs(g(interval.lower + d * width)));
    if (near! < 1e-3 * away! && far! < 1e-2 * away! && near! <= 0.2 * far!) found.unshift({ u: -Infinity, x: interval.lower, residual: 0 });
  }
  return withBasins(found, line, interval);
}

/** The direction of the iteration is that which leads inwards at both ends; there are no basins where none does. */
function withBasins(roots: readonly { readonly u: number; readonly x: number; readonly residual: number }[], line: readonly Sample[], interval: Interval): StationaryPoint[] {
  const clear = line.filter((s) => Number.isFinite(s.value) && Math.abs(s.value) > 1e-13);
  const sides = Array.from({ length: roots.length + 1 }, (_, k) => {
    const inside = clear.filter((s) => s.u > (roots[k - 1]?.u ?? -Infinity) && s.u < (roots[k]?.u ?? Infinity));
    return Math.sign(inside.reduce((most, s) => (Math.abs(s.value) > Math.abs(most) ? s.value : most), 0));
  });
  const last = sides.at(-1)!;
  return roots.map(({ x, residual }, k): StationaryPoint => {
    if (last === 0) return { x: [x], residual };
    const [below, above] = [sides[k]! * -last, sides[k + 1]! * -last];
    // Below a root the iteration comes up to it where it is positive.
    const lower = below > 0 ? (k === 0 ? interval.lower : roots[k - 1]!.x) : x;
    const upper = above < 0 ? (roots[k + 1]?.x ?? interval.upper) : x;
    return { x: [x], residual, basin: { lower, upper } };
  });
}

function minimise(f: (x: number) => number, a: number, b: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [p, q] = [b - ratio * (b - a), a + ratio * (b - a)], [fp, fq] = [f(p), f(q)];
  for (let k = 0; k < 40 && Math.min(fp, fq) > 0; k++) {
    if (fp < fq) { b = q; q = p; fq = fp; p = b - ratio * (b - a); fp = f(p); } else { a = p; p = q; fp = fq; q = a + ratio * (b - a); fq = f(q); }
  }
  return fp < fq ? p : q;
}

function searchBox(gradient: Gradient, box: readonly Interval[], starts: readonly (readonly number[])[]): StationaryPoint[] {
  const charts = box.map(chartOf);
  const x = (u: readonly number[]): number[] => u.map((v, k) => charts[k]!.x(v));
  /** The gradient in the stretched coordinates: of one scale, whatever the intervals are. */
  const stretched = (tolerance?: number) => (u: readonly number[]): number[] => {
    const g = gradient(x(u), tolerance);
    return u.map((v, k) => {
      const step = 1e-4;
      return (g[k]! * (charts[k]!.x(v + step) - charts[k]!.x(v - step))) / (2 * step);
    });
  };
  const outside = (u: readonly number[]): boolean => u.some((v, k) => v <= charts[k]!.from || v >= charts[k]!.to);
  // Found roughly from everywhere, then each with all digits.
  const rough: { readonly point: readonly number[]; readonly start: number }[] = [];
  for (const [number, start] of starts.entries()) {
    const point = solveFrom(stretched(SURVEY), start.map((v, k) => charts[k]!.u(v)), 1e-4, 1e-4);
    if (point && !outside(point) && !rough.some((r) => r.point.every((v, k) => Math.abs(v - point[k]!) < 1e-3))) rough.push({ point, start: number });
  }
  return rough.flatMap((from) => {
    const point = solveFrom(stretched(), from.point, 1e-6, 1e-10);
    if (!point || outside(point) || !settled(stretched(), point)) return [];
    const at = x(point);
    return [{ x: at, residual: Math.max(...Array.from(gradient(at), Math.abs)), start: from.start }];
  });
}

const norm = (v: readonly number[]): number => Math.sqrt(v.reduce((s, a) => s + a * a, 0));

/** Levenberg-Marquardt on |g|², then Newton; undefined where it doesn't converge. */
function solveFrom(g: (u: readonly number[]) => number[], start: readonly number[], difference: number, accuracy: number): readonly number[] | undefined {
  let u = [...start], value = g(u), size = norm(value), damping = 1e-2;
  if (!Number.isFinite(size)) return undefined;
  for (let iteration = 0; iteration < 60; iteration++) {
    const jacobian = columns(g, u, value, difference);
    let moved = false;
    for (let attempt = 0; attempt < 12; attempt++) {
      const step = leastSquaresStep(jacobian, value, damping);
      const longest = Math.max(...step.map(Math.abs));
      if (!Number.isFinite(longest)) { damping = Math.max(damping * 10, 1e-12); continue; }
      if (longest < 0.1 * accuracy && damping < 1e-6) return u;
      const shorter = Math.min(1, 2 / longest);
      const next = u.map((v, k) => v + shorter * step[k]!);
      const nextValue = g(next), nextSize = norm(nextValue);
      if (nextSize < size) {
        [u, value, size] = [next, nextValue, nextSize];
        damping = Math.max(damping * 0.1, 1e-14);
        moved = true;
        if (longest < accuracy && damping < 1e-2) return u;
        break;
      }
      // Rounding: no step lowers the norm any more.
      if (longest < 1e3 * accuracy && damping < 1e-3) return u;
      damping = Math.max(damping * 8, 1e-12);
    }
    if (!moved) return undefined;
  }
  return undefined;
}

/** Where damped steps end in a narrow valley Newton's step still leads far along it; no step is known along a direction that nothing depends on. */
function settled(g: (u: readonly number[]) => number[], u: readonly number[]): boolean {
  const value = g(u), step = solveLinear(columns(g, u, value, 1e-6).map((row, r) => [...row, -value[r]!]));
  return !(step.every(Number.isFinite) && step.some((s) => Math.abs(s) > FAR));
}
const FAR = 1e-2;

function columns(g: (u: readonly number[]) => number[], u: readonly number[], value: readonly number[], difference: number): number[][] {
  const rows = value.map(() => new Array<number>(u.length).fill(0));
  u.forEach((v, k) => {
    const step = difference * (1 + Math.abs(v));
    const shifted = g(u.map((w, l) => (l === k ? w + step : w)));
    shifted.forEach((s, r) => { rows[r]![k] = (s - value[r]!) / step; });
  });
  return rows;
}

/** −(JᵀJ + damping diag(JᵀJ))⁻¹ Jᵀ g. */
function leastSquaresStep(jacobian: readonly (readonly number[])[], g: readonly number[], damping: number): number[] {
  const n = jacobian[0]!.length;
  const matrix = Array.from({ length: n }, (_, a) => Array.from({ length: n + 1 }, (_, b) =>
    jacobian.reduce((s, row, r) => s + row[a]! * (b === n ? -g[r]! : row[b]!), 0)));
  matrix.forEach((row, a) => { row[a] = row[a]! * (1 + damping) + 1e-300; });
  return solveLinear(matrix);
}

function distinct(points: readonly StationaryPoint[]): StationaryPoint[] {
  const kept: StationaryPoint[] = [];
  for (const p of [...points].sort((a, b) => a.residual - b.residual)) {
    if (!kept.some((k) => k.x.every((v, i) => Math.abs(v - p.x[i]!) <= 1e-6 * (1 + Math.abs(v))))) kept.push(p);
  }
  return kept;
}

/** Points of the box that differ from each other, spread evenly in the stretched coordinates (Halton's sequence). */
export function spreadStarts(box: readonly Interval[], count: number): readonly (readonly number[])[] {
  const primes = [2, 3, 5, 7, 11, 13, 17, 19];
  return Array.from({ length: count }, (_, n) => box.map((interval, k) => {
    const { lower, upper } = interval;
    let [t, f, i] = [0, 1, n + 1];
    const base = primes[k % primes.length]!;
    for (; i > 0; i = Math.floor(i / base)) { f /= base; t += f * (i % base); }
    const bounded = Number.isFinite(lower) && Number.isFinite(upper);
    return bounded ? lower + (upper - lower) * (0.02 + 0.96 * t) : chartOf(interval).x(-2 + 5 * t);
  }));
}
