/** The curve of the local entropy over the overlap: its largest slope, and where it is stationary. */
import { placeOf } from "./oneStepSolver.ts";
import type { OneStepPoint, OverlapSolver, Parisi } from "./oneStepSolver.ts";
import type { Prediction } from "./prediction.ts";

/** The accuracy in log(1 − q) of what is found. */
const FINAL = 1e-4;

/** The conjugate q̂ below which the patterns no longer hold the weights. */
const FREE = 0.05;

/** From here on a curve that falls and whose order parameters grow beyond all bounds falls on. */
const CLOSE = 0.99;

interface Curve { readonly places: readonly number[]; readonly points: readonly OneStepPoint[] }

/** Points between the typical overlap and the last one, at places that are the same for all loads. */
function survey(solver: OverlapSolver, m: Parisi): Curve | { readonly refused: string } {
  if (solver.overlaps.length === 0) return { refused: `the typical overlap, ${solver.typical.q}, is too close to 1` };
  const points: OneStepPoint[] = [];
  for (const [k, q] of solver.overlaps.entries()) {
    const [last, before] = [points.at(-1), points.at(-2)];
    // Where the field of the patterns is gone the curve is that of free weights, which falls ever faster.
    const falls = last && before && last.values.slope < before.values.slope;
    if (falls && last.values.conjugate < FREE) break;
    const found = solver.place(k, m);
    if (!found) {
      if (falls && last.q > CLOSE) break;
      return { refused: `the saddle point was lost between the typical overlap, ${solver.typical.q}, and ${q}` };
    }
    points.push(found);
  }
  return { places: points.map((p) => placeOf(p.q)), points };
}

/**
 * The largest slope beyond the typical overlap, where it is 0 and falls. Where it never rises again there is no such point, and
 * the slope half-way in log(1 − q) is given: it is negative too.
 */
export function largestSlope(solver: OverlapSolver, m: Parisi): Prediction {
  let lost: string | undefined;
  let best: OneStepPoint | undefined;
  const slopeAt = (place: number): number => {
    const found = solver.at(-Math.expm1(-place), m);
    if ("refused" in found) { lost = found.refused; return -Infinity; }
    if (!best || found.values.slope > best.values.slope) best = found;
    return found.values.slope;
  };
  const finish = (bracket: readonly [Sample, Sample, Sample]): Prediction => {
    maximumBetween(slopeAt, ...bracket);
    if (lost !== undefined || !best) return { refused: lost ?? "the slope has no value" };
    return answer(solver, best);
  };
  const curve = survey(solver, m);
  if ("refused" in curve) return curve;
  const slopes = curve.points.map((p) => p.values.slope);
  const first = slopes.findIndex((s, k) => k > 0 && s > slopes[k - 1]!);
  if (first < 0) return answer(solver, curve.points[Math.floor(curve.points.length / 2)]!);
  const top = slopes.reduce((highest, s, k) => (k >= first && s > slopes[highest]! ? k : highest), first);
  best = curve.points[top]!;
  if (top === slopes.length - 1) return answer(solver, best);
  const sample = (k: number): Sample => [curve.places[k]!, slopes[k]!];
  return finish([sample(top - 1), sample(top), sample(top + 1)]);
}

function answer(solver: OverlapSolver, point: OneStepPoint): Prediction {
  const { values, residual } = solver.checked(point);
  return { value: values.slope, residual };
}

type Sample = readonly [number, number];

/** The maximum of a smooth function inside a bracket, by parabolas through three points (Brent 1973, chapter 5) and golden section. */
function maximumBetween(f: (x: number) => number, a: Sample, b: Sample, c: Sample): void {
  let [left, top, right] = [a, b, c];
  for (let k = 0; k < 30 && right[0] - left[0] > FINAL; k++) {
    const [u, v] = [(top[1] - left[1]) * (right[0] - top[0]), (top[1] - right[1]) * (top[0] - left[0])];
    let next = (0.5 * (u * (left[0] + top[0]) + v * (top[0] + right[0]))) / (u + v);
    const edge = 0.02 * (right[0] - left[0]);
    if (!(next > left[0] + edge && next < right[0] - edge) || k % 4 === 3) next = top[0] - left[0] > right[0] - top[0] ? top[0] - 0.38 * (top[0] - left[0]) : top[0] + 0.38 * (right[0] - top[0]);
    // The parabola has settled: the slope changes by the square of what is left.
    const settled = Math.abs(next - top[0]) < FINAL;
    const sample: Sample = [next, f(next)];
    if (sample[1] > top[1]) { if (next > top[0]) left = top; else right = top; top = sample; } else if (next > top[0]) right = sample; else left = sample;
    if (settled) return;
  }
}

/** The stationary point beyond the typical overlap, of several that of largest φ for m > 1, else of smallest; the typical one where there is none. */
export function stationaryOverlap(solver: OverlapSolver, m: Parisi): OneStepPoint | { readonly refused: string } {
  const curve = survey(solver, m);
  if ("refused" in curve) return curve;
  const found: OneStepPoint[] = [];
  for (let k = 1; k < curve.points.length; k++) {
    let [a, b] = [curve.points[k - 1]!, curve.points[k]!];
    if (!(a.values.slope * b.values.slope < 0)) continue;
    for (let n = 0; n < 60 && b.q - a.q > 1e-11; n++) {
      const share = n % 3 === 2 ? 0.5 : Math.min(0.98, Math.max(0.02, a.values.slope / (a.values.slope - b.values.slope)));
      const middle = solver.at(a.q + share * (b.q - a.q), m);
      if ("refused" in middle) return middle;
      if (Math.abs(middle.values.slope) < 1e-11) { a = b = middle; break; }
      if (middle.values.slope * a.values.slope > 0) a = middle; else b = middle;
    }
    found.push(Math.abs(a.values.slope) < Math.abs(b.values.slope) ? a : b);
  }
  const sign = m === "star" || m < 1 ? 1 : -1;
  const [first, ...rest] = found;
  if (!first) return solver.at(solver.typical.q, m);
  return rest.reduce((best, p) => (sign * p.values.value > sign * best.values.value ? p : best), first);
}
