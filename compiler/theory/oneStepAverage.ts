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
export interface LogWeight { readonly at: (u: number, out: Float64Array) => void; readonly features: readonly Feature[]; /** L(−u) = L(u). */ readonly even?: boolean }

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

const RANGE = 8.6;
const rootTwoPi = Math.sqrt(2 * Math.PI);

/** The Gaussian density, with the probability of the label under the teacher: share 1 in all where there is none. */
interface Outer { readonly density: (u: number) => number; readonly conditioned: (u: number) => number; readonly features: readonly Feature[]; readonly low: number; readonly high: number; readonly width: number; readonly even: boolean }

function outerOf({ mean, variance, teacher }: OneStepQuestion, cdf: (x: number) => number): Outer | undefined {
  const deviation = Math.sqrt(variance);
  if (!(deviation > 0)) return undefined;
  const gaussian = (u: number): number => Math.exp((-0.5 * (u - mean) ** 2) / variance) / (deviation * rootTwoPi);
  const base = { low: mean - RANGE * deviation, high: mean + RANGE * deviation, width: 6 * deviation, even: mean === 0 && !teacher };
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
  const inner = panelGrid(breaks(low, high, weight.features), (a, b) => Math.min(9 * Math.min(peak(a), peak((a + b) / 2), peak(b)), widthNear(weight.features, a, b)) / fineness);
  if (!inner) return undefined;
  const count = inner.x.length;
  const [scaled, value, first, second, extra] = Array.from({ length: 5 }, () => new Float64Array(count)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  for (let j = 0; j < count; j++) {
    weight.at(inner.x[j]!, out);
    value[j] = out[0]!; first[j] = out[1]!; second[j] = out[2]!; extra[j] = out[3]!;
    scaled[j] = m * out[0]! + Math.log(inner.weight[j]!);
  }
  const smoothed = weight.features.map(({ place, scale }) => ({ place, scale: Math.max(scale, 0.7 * s) }));
  const { field, value: height } = largestOf(weight, spread, out);
  const jump = jumpOf(inner, field, height);
  if (jump === "several") return undefined;
  // Where two parts of the inner integral change places, over fields of order ε; where they are about to, of order ε^(3/4).
  let sharpest = 0;
  for (let j = 1; j < count; j++) if (second[j]! > second[sharpest]!) sharpest = j;
  const left = 1 - spread * second[sharpest]!;
  const critical = left < 0.6 ? [{ place: inner.x[sharpest]! - spread * first[sharpest]!, scale: Math.max(Math.max(0, left) ** 1.5, epsilon ** 0.75) }] : [];
  const features = [...smoothed, ...outer.features, ...(jump ? [{ place: jump.field, scale: Math.min(epsilon ** 0.75, (epsilon * spread) / (jump.right - jump.left)) }] : critical)];
  const halved = weight.even === true && outer.even;
  const grid = panelGrid(breaks(halved ? 0 : outer.low, outer.high, features), (a, b) => Math.min(outer.width, widthNear(features, a, b)) / fineness);
  if (!grid) return undefined;
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
      if (e < -36) continue;
      const p = Math.exp(e), f = first[j]!;
      z += p; l += p * value[j]!; l1 += p * f; l11 += p * f * f; l2 += p * second[j]!; x += p * extra[j]!;
    }
    const log = largest + Math.log(z) - normal;
    sums.add(grid.weight[i]!, outer, u, { value: epsilon * log, l1: l1 / z, l11: l11 / z, l2: l2 / z, external: log - l / z / epsilon, extra: x / z });
  }
  return sums.averages(spread, epsilon, halved ? 2 : 1);
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
  averages(spread: number, epsilon: number, times: number): OneStepAverages {
    const [slope0, slope1, curvature] = [times * this.slope0, times * this.slope1, times * this.curvature];
    return {
      slope0, slope1, curvature, value: times * this.value, slope: times === 2 ? 0 : this.slope, teacher: this.teacher, further: times * this.further,
      total: curvature + (slope1 - slope0) / epsilon, external: times * this.external + (spread / 2) * (curvature + slope1 / epsilon),
    };
  }
}

function largestTerm({ weight, spread, fineness }: OneStepQuestion, outer: Outer): OneStepAverages | undefined {
  const out = new Float64Array(4);
  const { field, value } = largestOf(weight, spread, out);
  const [low, high] = maximisersOf(field, outer);
  const features = [...weight.features, ...outer.features.map(({ place, scale }) => ({ place, scale: scale / (1 + Math.max(0, spread)) }))];
  const places = features.map((f) => f.place).filter((p) => p > low && p < high);
  const stretch = (x: number): number => { weight.at(x, out); return Math.abs(1 - spread * out[2]!); };
  const width = (a: number, b: number): number => {
    const places = [a, (a + b) / 2, b], fields = places.map(field);
    // Where no field of the outer average belongs, only the shape of u(x) matters.
    const met = Math.min(...fields) < outer.high && Math.max(...fields) > outer.low;
    return Math.min(met ? outer.width / Math.max(...places.map(stretch)) : Infinity, widthNear(features, a, b)) / fineness;
  };
  const survey = panelGrid([...new Set([low, ...places, high])].sort((a, b) => a - b), width);
  if (!survey) return undefined;
  const jump = jumpOf(survey, field, value);
  if (jump === "several") return undefined;
  const cuts = jump ? [[low, jump.left], [jump.right, high]] as const : [[low, high]] as const;
  const sums = { value: 0, slope: 0, slope0: 0, curvature: 0, total: 0, external: 0, teacher: 0, further: 0 };
  for (const [from, to] of cuts) {
    const grid = jump ? panelGrid([...new Set([from, ...places.filter((p) => p > from && p < to), to])].sort((a, b) => a - b), width) : survey;
    if (!grid) return undefined;
    for (let i = 0; i < grid.x.length; i++) {
      weight.at(grid.x[i]!, out);
      const l = out[0]!, l1 = out[1]!, l2 = out[2]!, extra = out[3]!;
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

/** The range of x whose fields are those of the outer average, without the wide parts where the field lies beyond them. */
function maximisersOf(field: (x: number) => number, { low, high, width }: Outer): readonly [number, number] {
  const beyond = (end: number, side: number): number => {
    let [x, step] = [end, width];
    for (let k = 0; k < 60 && side * (field(x) - end) < 0; k++, step *= 1.5) x += side * step;
    return x;
  };
  const [first, last] = [beyond(low, -1), beyond(high, 1)];
  const at = (k: number): number => first + ((last - first) * k) / SAMPLES;
  let [from, to] = [0, SAMPLES];
  while (from < SAMPLES && field(at(from + 1)) < low) from++;
  while (to > 0 && field(at(to - 1)) > high) to--;
  return [at(from), at(to)];
}
const SAMPLES = 200;

/** The field u(x) whose maximiser is x, and the height of x at a field. */
const largestOf = (weight: LogWeight, spread: number, out: Float64Array): { readonly field: (x: number) => number; readonly value: (x: number, u: number) => number } => ({
  field: (x) => { weight.at(x, out); return x - spread * out[1]!; },
  value: (x, u) => { weight.at(x, out); return out[0]! - (spread > 0 ? (x - u) ** 2 / (2 * spread) : 0); },
});

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
  const [first, last] = [turning(grid.x, top, field, 1), turning(grid.x, bottom, field, -1)];
  const solve = (from: number, to: number, u: number): number => {
    let [a, b] = [from, to];
    for (let k = 0; k < 100; k++) {
      const c = (a + b) / 2;
      if (c <= a || c >= b) break;
      if (field(c) < u) a = c; else b = c;
    }
    return (a + b) / 2;
  };
  const ends = (u: number): readonly [number, number] => [solve(grid.x[0]!, first, u), solve(last, grid.x.at(-1)!, u)];
  let [a, b] = [field(last), field(first)];
  const accuracy = 1e-13 * (b - a);
  while (b - a > accuracy) {
    const u = (a + b) / 2;
    if (!(u > a && u < b)) break;
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
