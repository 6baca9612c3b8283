/**
 * The average over a field that one step of replica symmetry breaking leaves: with L the log weight of a field u,
 *
 *   J = ε ∫Dρ(u) log ∫Dz exp(L(u + √(εD) z)/ε),    ρ Gaussian of mean μ and variance v, times 2Φ(…) where a teacher gives labels,
 *
 * ε = 1/m of the Parisi parameter m. In terms of ε and D = m(q1 − q0) everything has a limit m → ∞: ε = 0 is
 *
 *   J = ∫Dρ(u) max over x of [−(x − u)²/(2D) + L(x)],
 *
 * and the integral is done over x with u = x − D L'(x), so that nothing is maximised; where u(x) falls the maximiser jumps, and the
 * points between are left out (equal areas). Derivatives follow from the heat equation ∂G/∂s² = ½(G'' + m G'²) of G = log ∫…/m.
 */
import type { Feature, Grid } from "./quadrature.ts";
import { panelGrid, widthNear } from "./quadrature.ts";

/** L and its first two derivatives at u, and whatever else is to be averaged, into `out`. */
export interface LogWeight { readonly at: (u: number, out: Float64Array) => void; readonly features: readonly Feature[] }

export interface OneStepQuestion {
  readonly weight: LogWeight;
  readonly mean: number;
  readonly variance: number;
  /** D and ε. */
  readonly spread: number;
  readonly epsilon: number;
  /** The label is `sign` with probability Φ(sign · c · (u − μ)/√v), c² = M²/(v − M²): a teacher whose field has the covariance M with u. */
  readonly teacher?: { readonly covariance: number; readonly sign: number };
  /** 1, or more for narrower panels. */
  readonly fineness: number;
}

export interface OneStepAverages {
  readonly value: number;
  /** ∫Dρ of ⟨L'⟩, ⟨L'⟩² and ⟨L'²⟩: averages with the weight of the inner integral. */
  readonly slope: number;
  readonly slope0: number;
  readonly slope1: number;
  /** ∫Dρ of ⟨L''⟩, and of G'' = ⟨L''⟩ + (⟨L'²⟩ − ⟨L'⟩²)/ε. */
  readonly curvature: number;
  readonly total: number;
  /** ∂J/∂ε at fixed v, D. */
  readonly external: number;
  /** ∂J/∂M. */
  readonly teacher: number;
  /** ∫Dρ of ⟨what else the weight gives⟩. */
  readonly further: number;
}

const RANGE = 9;
const rootTwoPi = Math.sqrt(2 * Math.PI);

/** The Gaussian density, with the probability of the label under the teacher: share 1 in all where there is none. */
interface Outer { readonly density: (u: number) => number; readonly conditioned: (u: number) => number; readonly features: readonly Feature[]; readonly low: number; readonly high: number; readonly width: number }

function outerOf({ mean, variance, teacher }: OneStepQuestion, cdf: (x: number) => number): Outer | undefined {
  const deviation = Math.sqrt(variance);
  if (!(deviation > 0)) return undefined;
  const gaussian = (u: number): number => Math.exp((-0.5 * (u - mean) ** 2) / variance) / (deviation * rootTwoPi);
  const base = { low: mean - RANGE * deviation, high: mean + RANGE * deviation, width: 2.5 * deviation };
  if (!teacher) return { ...base, density: gaussian, conditioned: () => 0, features: [] };
  const left = variance - teacher.covariance ** 2;
  if (!(left > 0)) return undefined;
  const narrow = Math.sqrt(left), c = (teacher.sign * teacher.covariance) / (narrow * deviation);
  return {
    ...base, density: (u) => gaussian(u) * cdf(c * (u - mean)),
    conditioned: (u) => (teacher.sign * Math.exp((-0.5 * (u - mean) ** 2) / left)) / (narrow * 2 * Math.PI), features: [{ place: mean, scale: narrow }],
  };
}

/** Undefined where a variance isn't positive or the maximiser jumps in several places. */
export function oneStepAverage(question: OneStepQuestion, cdf: (x: number) => number): OneStepAverages | undefined {
  const outer = outerOf(question, cdf);
  if (!outer || question.epsilon < 0) return undefined;
  if (question.epsilon === 0) return largestTerm(question, outer);
  return question.spread > 0 ? nested(question, outer) : undefined;
}

function nested({ weight, spread, epsilon, fineness }: OneStepQuestion, outer: Outer): OneStepAverages | undefined {
  const m = 1 / epsilon, s2 = epsilon * spread, s = Math.sqrt(s2);
  const out = new Float64Array(4);
  const slopeAt = (u: number): number => { weight.at(u, out); return out[1]!; };
  const low = outer.low - RANGE * s + spread * Math.min(0, slopeAt(outer.low)), high = outer.high + RANGE * s + spread * Math.max(0, slopeAt(outer.high));
  const bendAt = (u: number): number => { weight.at(u, out); return Math.abs(out[2]!); };
  const breaks = (a: number, b: number, features: readonly Feature[]): number[] => [...new Set([a, ...features.map((f) => f.place).filter((p) => p > a && p < b), b])].sort((x, y) => x - y);
  const peak = (u: number): number => 1 / Math.sqrt(1 / s2 + m * bendAt(u));
  const inner = panelGrid(breaks(low, high, weight.features), (a, b) => Math.min(4 * Math.min(peak(a), peak((a + b) / 2), peak(b)), widthNear(weight.features, a, b)) / fineness);
  const count = inner.x.length;
  const [scaled, value, first, second, extra] = Array.from({ length: 5 }, () => new Float64Array(count)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  for (let j = 0; j < count; j++) {
    weight.at(inner.x[j]!, out);
    value[j] = out[0]!; first[j] = out[1]!; second[j] = out[2]!; extra[j] = out[3]!;
    scaled[j] = m * out[0]! + Math.log(inner.weight[j]!);
  }
  const smoothed = weight.features.map(({ place, scale }) => ({ place, scale: Math.max(scale, 0.7 * s) }));
  const features = [...smoothed, ...outer.features];
  const grid = panelGrid(breaks(outer.low, outer.high, features), (a, b) => Math.min(outer.width, widthNear(features, a, b)) / fineness);
  const sums = new Sums();
  const normal = Math.log(s * rootTwoPi), precision = 0.5 / s2, exponents = new Float64Array(count);
  for (let i = 0; i < grid.x.length; i++) {
    const u = grid.x[i]!;
    let largest = -Infinity;
    for (let j = 0; j < count; j++) {
      const d = inner.x[j]! - u, e = scaled[j]! - precision * d * d;
      exponents[j] = e;
      if (e > largest) largest = e;
    }
    let z = 0, l = 0, l1 = 0, l11 = 0, l2 = 0, x = 0;
    for (let j = 0; j < count; j++) {
      const e = exponents[j]! - largest;
      if (e < -42) continue;
      const p = Math.exp(e), f = first[j]!;
      z += p; l += p * value[j]!; l1 += p * f; l11 += p * f * f; l2 += p * second[j]!; x += p * extra[j]!;
    }
    const log = largest + Math.log(z) - normal;
    sums.add(grid.weight[i]!, outer, u, { value: epsilon * log, l1: l1 / z, l11: l11 / z, l2: l2 / z, external: log - l / z / epsilon, extra: x / z });
  }
  return sums.averages(spread, epsilon);
}

class Sums {
  private value = 0; private slope = 0; private slope0 = 0; private slope1 = 0; private curvature = 0; private external = 0; private teacher = 0; private further = 0;
  add(weight: number, outer: Outer, u: number, inner: { readonly value: number; readonly l1: number; readonly l11: number; readonly l2: number; readonly external: number; readonly extra: number }): void {
    const w = weight * outer.density(u);
    this.value += w * inner.value;
    this.slope += w * inner.l1;
    this.slope0 += w * inner.l1 * inner.l1;
    this.slope1 += w * inner.l11;
    this.curvature += w * inner.l2;
    this.external += w * inner.external;
    this.further += w * inner.extra;
    this.teacher += weight * outer.conditioned(u) * inner.l1;
  }
  averages(spread: number, epsilon: number): OneStepAverages {
    const { value, slope, slope0, slope1, curvature, teacher, further } = this;
    return {
      value, slope, slope0, slope1, curvature, teacher, further,
      total: curvature + (slope1 - slope0) / epsilon, external: this.external + (spread / 2) * (curvature + slope1 / epsilon),
    };
  }
}

function largestTerm({ weight, spread, fineness }: OneStepQuestion, outer: Outer): OneStepAverages | undefined {
  const out = new Float64Array(4);
  const field = (x: number): number => { weight.at(x, out); return x - spread * out[1]!; };
  const value = (x: number, u: number): number => { weight.at(x, out); return out[0]! - (spread > 0 ? (x - u) ** 2 / (2 * spread) : 0); };
  // The x that belong to the ends of the field's range: beyond them on both sides u(x) is monotone for every weight that falls off.
  const reach = (end: number, side: number): number => {
    let step = outer.width;
    let x = end;
    for (let k = 0; k < 60 && side * (field(x) - end) < 0; k++, step *= 1.5) x += side * step;
    for (let k = 0; k < 60 && side * (field(x - side * step) - end) > 0; k++) x -= side * step;
    return x;
  };
  const [low, high] = [reach(outer.low, -1), reach(outer.high, 1)];
  const features = [...weight.features, ...outer.features.map(({ place, scale }) => ({ place, scale: scale / (1 + Math.max(0, spread)) }))];
  const places = features.map((f) => f.place).filter((p) => p > low && p < high);
  const stretch = (x: number): number => { weight.at(x, out); return Math.abs(1 - spread * out[2]!); };
  const width = (a: number, b: number): number => Math.min(outer.width / Math.max(stretch(a), stretch((a + b) / 2), stretch(b)), widthNear(features, a, b)) / fineness;
  const survey = panelGrid([...new Set([low, ...places, high])].sort((a, b) => a - b), width);
  const jump = jumpOf(survey, field, value);
  if (jump === "several") return undefined;
  const cuts = jump ? [[low, jump.left], [jump.right, high]] as const : [[low, high]] as const;
  const sums = { value: 0, slope: 0, slope0: 0, curvature: 0, total: 0, external: 0, teacher: 0, further: 0 };
  for (const [from, to] of cuts) {
    const grid = jump ? panelGrid([...new Set([from, ...places.filter((p) => p > from && p < to), to])].sort((a, b) => a - b), width) : survey;
    for (let i = 0; i < grid.x.length; i++) {
      weight.at(grid.x[i]!, out);
      const [l, l1, l2, extra] = out as unknown as readonly [number, number, number, number];
      const u = grid.x[i]! - spread * l1, slope = 1 - spread * l2, w = grid.weight[i]! * slope * outer.density(u);
      if (!(slope > 0)) continue;
      sums.value += w * (l - 0.5 * spread * l1 * l1);
      sums.slope += w * l1;
      sums.slope0 += w * l1 * l1;
      sums.curvature += w * l2;
      sums.total += (w * l2) / slope;
      sums.external -= 0.5 * w * Math.log(slope);
      sums.teacher += grid.weight[i]! * slope * outer.conditioned(u) * l1;
      sums.further += w * extra;
    }
  }
  // The jump of G' is a delta in G''.
  if (jump) sums.total += ((jump.right - jump.left) / spread) * outer.density(jump.field);
  return { ...sums, slope1: sums.slope0 };
}

/** The one place where the maximiser jumps: both sides have the same height at the same field. */
function jumpOf(grid: Grid, field: (x: number) => number, value: (x: number, u: number) => number): { readonly left: number; readonly right: number; readonly field: number } | "several" | undefined {
  const us = Array.from(grid.x, field);
  const turns: number[] = [];
  for (let k = 1; k < us.length; k++) {
    const falls = us[k]! < us[k - 1]!;
    if (falls !== (turns.length % 2 === 1)) turns.push(k - 1);
  }
  if (turns.length === 0) return undefined;
  if (turns.length !== 2) return "several";
  const [top, bottom] = turns as [number, number];
  const solve = (from: number, to: number, u: number): number => {
    let [a, b] = [from, to];
    for (let k = 0; k < 200 && b - a > 1e-16 * (Math.abs(a) + Math.abs(b)); k++) { const c = (a + b) / 2; if (c <= a || c >= b) break; if (field(c) < u) a = c; else b = c; }
    return (a + b) / 2;
  };
  const ends = (u: number): readonly [number, number] => [solve(grid.x[0]!, turning(grid.x, top, field, 1), u), solve(turning(grid.x, bottom, field, -1), grid.x.at(-1)!, u)];
  let [a, b] = [us[bottom]!, us[top]!];
  for (let k = 0; k < 200; k++) {
    const u = (a + b) / 2;
    if (u <= a || u >= b) break;
    const [left, right] = ends(u);
    if (value(left, u) > value(right, u)) a = u; else b = u;
  }
  const u = (a + b) / 2, [left, right] = ends(u);
  return { left, right, field: u };
}

/** The point near grid point k where the field is extremal, by golden section; `sign` 1 for a maximum. */
function turning(x: Float64Array, k: number, field: (x: number) => number, sign: number): number {
  let [a, b] = [x[Math.max(0, k - 1)]!, x[Math.min(x.length - 1, k + 1)]!];
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let n = 0; n < 60; n++) {
    const [p, q] = [b - ratio * (b - a), a + ratio * (b - a)];
    if (sign * field(p) > sign * field(q)) b = q; else a = p;
  }
  return (a + b) / 2;
}
