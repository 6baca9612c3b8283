/** Points per curve to begin with, and at most. */
const FIRST = 101;
const MOST = 400;
/** A point may lie off the chord of its neighbours by this part of the curve's height. */
const FLATNESS = 1e-3;
/** Edges, where the curve begins or ends, are found to this part of the range. */
const EDGE = 1e-4;

export interface Curve { readonly x: readonly number[]; readonly y: readonly number[] }

/**
 * A function of a continuous variable as the points of a line: evenly spaced (in the logarithm if `log`), then refined where it bends and
 * where it begins or ends to have a value. Non-finite values are gaps.
 *
 * @param settled called before values are looked at, when all that do not depend on each other were asked for: false where some are not there yet,
 * which ends the curve
 */
export function theoryCurve(f: (x: number) => number, from: number, to: number, log: boolean, settled: () => boolean = () => true): Curve {
  const position = (t: number): number => {
    if (t === 0 || from === to) return from;
    if (t === 1) return to;
    return log ? from * (to / from) ** t : from + (to - from) * t;
  };
  const at = (t: number) => ({ t, x: position(t), y: f(position(t)) });
  let points = Array.from({ length: from === to ? 1 : FIRST }, (_, i) => at(i / (FIRST - 1)));
  while (settled()) {
    const finite = points.map((point) => point.y).filter(Number.isFinite);
    const height = finite.length === 0 ? 0 : Math.max(...finite) - Math.min(...finite);
    const split = new Set<number>();
    for (let i = 0; i + 1 < points.length; i++) {
      const [left, right] = [points[i], points[i + 1]];
      if (right.t - left.t < EDGE) continue;
      if (Number.isFinite(left.y) !== Number.isFinite(right.y)) split.add(i);
      if (i > 0 && bends(points[i - 1], left, right, height)) split.add(i - 1).add(i);
    }
    if (split.size === 0 || points.length + split.size > MOST) break;
    points = points.flatMap((point, i) => (split.has(i) ? [point, at((point.t + points[i + 1].t) / 2)] : [point]));
  }
  return { x: points.map((point) => point.x), y: points.map((point) => point.y) };
}

interface CurvePoint { readonly t: number; readonly y: number }

function bends(left: CurvePoint, middle: CurvePoint, right: CurvePoint, height: number): boolean {
  if (right.t - left.t < 2 * EDGE) return false;
  const chord = left.y + ((right.y - left.y) * (middle.t - left.t)) / (right.t - left.t);
  return Math.abs(middle.y - chord) > FLATNESS * height;
}
