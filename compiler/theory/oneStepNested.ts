/** The nested average of one step of replica symmetry breaking at ε > 0: an inner sum over x for each field u of the outer one. */
import { jumpOf, maximiserOf, maximisersOf } from "./maximiser.ts";
import type { OneStepAverages, OneStepQuestion, Outer } from "./oneStepField.ts";
import { rootTwoPi } from "./oneStepField.ts";
import type { Feature } from "./quadrature.ts";
import { panelGrid, widthNear } from "./quadrature.ts";

export function nested({ weight, spread, epsilon, fineness }: OneStepQuestion, outer: Outer): OneStepAverages | undefined {
  const m = 1 / epsilon, s2 = epsilon * spread, s = Math.sqrt(s2), precision = 0.5 / s2;
  const out = new Float64Array(4);
  const halved = weight.even === true && outer.even;
  const [low, high] = halved ? [0, outer.high] : [outer.low, outer.high];
  const maximiser = maximiserOf(weight, spread);
  const [lowest, highest] = rangeOf((at, u) => { weight.at(at, out); return m * out[0]! - precision * (at - u) ** 2; }, maximisersOf(maximiser.field, outer), low, high, s);
  const breaks = (from: number, to: number, features: readonly Feature[]): number[] => [...new Set([from, ...features.map((f) => f.place).filter((p) => p > from && p < to), to])].sort((x, y) => x - y);
  const peak = (u: number): number => { weight.at(u, out); return 1 / Math.sqrt(1 / s2 + m * Math.abs(out[2]!)); };
  const inner = panelGrid(breaks(lowest, highest, weight.features), (a, b) => Math.min(9 * Math.min(peak(a), peak((a + b) / 2), peak(b)), widthNear(weight.features, a, b)) / fineness);
  if (!inner) return undefined;
  const { x } = inner, count = x.length;
  const [scaled, value, first, second, extra] = Array.from({ length: 5 }, () => new Float64Array(count)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  for (let j = 0; j < count; j++) {
    weight.at(x[j]!, out);
    value[j] = out[0]!; first[j] = out[1]!; second[j] = out[2]!; extra[j] = out[3]!;
    scaled[j] = m * out[0]! + Math.log(inner.weight[j]!);
  }
  const smoothed = weight.features.map(({ place, scale }) => ({ place, scale: Math.max(scale, 0.7 * s) }));
  const point = low === high;
  const jump = point ? undefined : jumpOf(x, Float64Array.from(x, (at, j) => at - spread * first[j]!), maximiser);
  if (jump === "several") return undefined;
  // Where two parts of the inner integral change places, over fields of order ε; where they are about to, of order ε^(3/4).
  let sharpest = 0;
  for (let j = 1; j < count; j++) if (second[j]! > second[sharpest]!) sharpest = j;
  const left = 1 - spread * second[sharpest]!;
  const critical = left < 0.6 ? [{ place: x[sharpest]! - spread * first[sharpest]!, scale: Math.max(Math.max(0, left) ** 1.5, epsilon ** 0.75) }] : [];
  const features = [...smoothed, ...outer.features, ...(jump ? [{ place: jump.field, scale: Math.min(epsilon ** 0.75, (epsilon * spread) / (jump.right - jump.left)) }] : critical)];
  const grid = point ? { x: Float64Array.of(low), weight: Float64Array.of(1) } : panelGrid(breaks(low, high, features), (a, b) => Math.min(outer.width, widthNear(features, a, b)) / fineness);
  if (!grid) return undefined;
  const sums = new Sums();
  const normal = Math.log(s * rootTwoPi);
  windows(grid.x, x, scaled, precision, (i, from, to, largest) => {
    const u = grid.x[i]!;
    let z = 0, l = 0, l1 = 0, l11 = 0, l2 = 0, e0 = 0;
    for (let j = from; j <= to; j++) {
      const d = x[j]! - u, e = scaled[j]! - precision * d * d - largest;
      if (e < NEGLIGIBLE) continue;
      const p = Math.exp(e), f = first[j]!;
      z += p; l += p * value[j]!; l1 += p * f; l11 += p * f * f; l2 += p * second[j]!; e0 += p * extra[j]!;
    }
    const log = largest + Math.log(z) - normal;
    sums.add(grid.weight[i]!, outer, u, { value: epsilon * log, l1: l1 / z, l11: l11 / z, l2: l2 / z, external: log - l / z / epsilon, extra: e0 / z });
  });
  return sums.averages(spread, epsilon, halved ? 2 : 1);
}

/** Where terms count at any field from `low` to `high`: outside of the maximisers they fall, and one that is left out at an end is at all fields. */
function rangeOf(exponent: (x: number, u: number) => number, [first, last]: readonly [number, number], low: number, high: number, s: number): readonly [number, number] {
  const end = (u: number, from: number, to: number, side: number): number => {
    const step = (to - from) / SURVEY, samples = Array.from({ length: SURVEY + 1 }, (_, k) => exponent(from + k * step, u));
    const least = Math.max(...samples) + NEGLIGIBLE, k = samples.findIndex((e) => e > least);
    let x = from + (k - 1) * step;
    if (k === 0) for (let n = 0, far = s; n === 0 || exponent(x, u) > least; n++, far *= n > STEADY ? 1.5 : 1) x = (n === 0 ? from : x) + side * far;
    return x;
  };
  return [end(low, first, last, -1), end(high, last, first, 1)];
}
const SURVEY = 100;
/** Steps of one deviation outwards, before they grow. */
const STEADY = 30;

/** The logarithm of the share below which a term of the inner sum is left out. */
const NEGLIGIBLE = -36;

/**
 * For each outer point i the first and last inner points whose terms count, and the largest exponent. The ratio of the terms of two points
 * changes monotonically with u, so that both ends move only up with it: the middle point halves the search of the others.
 */
function windows(us: Float64Array, x: Float64Array, scaled: Float64Array, precision: number, visit: (i: number, from: number, to: number, largest: number) => void): void {
  const divide = (iLow: number, iHigh: number, jLow: number, jHigh: number): void => {
    if (iLow > iHigh) return;
    const i = (iLow + iHigh) >> 1, u = us[i]!;
    let largest = -Infinity;
    for (let j = jLow; j <= jHigh; j++) {
      const d = x[j]! - u, e = scaled[j]! - precision * d * d;
      if (e > largest) largest = e;
    }
    const counts = (j: number): boolean => scaled[j]! - precision * (x[j]! - u) ** 2 - largest >= NEGLIGIBLE;
    let [from, to] = [jLow, jHigh];
    while (from < to && !counts(from)) from++;
    while (to > from && !counts(to)) to--;
    divide(iLow, i - 1, jLow, to);
    visit(i, from, to, largest);
    divide(i + 1, iHigh, from, jHigh);
  };
  divide(0, us.length - 1, 0, x.length - 1);
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
