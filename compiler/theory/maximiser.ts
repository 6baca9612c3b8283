/** The maximiser x of −(x − u)²/(2D) + L(x) as the field u changes: u = x − D L'(x), which it follows and where it jumps. */
import type { LogWeight, Outer } from "./oneStepField.ts";

/** The range of x whose fields are those of the outer average, without the wide parts where the field lies beyond them. */
export function maximisersOf(field: (x: number) => number, { low, high, width }: Outer): readonly [number, number] {
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
  return [nearer(field, at(from), at(from + 1), low, -1), nearer(field, at(to), at(to - 1), high, 1)];
}
const SAMPLES = 200;

/** Of an interval whose outer end has a field beyond `end` and whose inner end has not, the outer end of a 1000th part of it that is the same. */
function nearer(field: (x: number) => number, outside: number, inside: number, end: number, side: number): number {
  let [a, b] = [outside, inside];
  for (let k = 0; k < 10; k++) {
    const middle = (a + b) / 2;
    if (side * (field(middle) - end) > 0) a = middle; else b = middle;
  }
  return a;
}

/** For the maximiser x: its field u(x) and slope u'(x), L'(x), and the height of x at a field. */
export interface Maximiser { readonly field: (x: number) => number; readonly stretch: (x: number) => number; readonly slope: (x: number) => number; readonly height: (x: number, u: number) => number }

export function maximiserOf(weight: LogWeight, spread: number): Maximiser {
  const out = new Float64Array(4);
  return {
    field: (x) => { weight.at(x, out); return x - spread * out[1]!; },
    stretch: (x) => { weight.at(x, out); return 1 - spread * out[2]!; },
    slope: (x) => { weight.at(x, out); return out[1]!; },
    height: (x, u) => { weight.at(x, out); return out[0]! - (spread > 0 ? (x - u) ** 2 / (2 * spread) : 0); },
  };
}

export interface Jump { readonly left: number; readonly right: number; readonly field: number }

/** The one place where the maximiser jumps: both sides have the same height at the same field. `us` are the fields of the points `x`. */
export function jumpOf(x: Float64Array, us: Float64Array, { field, stretch, slope, height }: Maximiser): Jump | "several" | undefined {
  const turns: number[] = [];
  for (let k = 1; k < us.length; k++) {
    const falls = us[k]! < us[k - 1]!;
    if (falls !== (turns.length % 2 === 1)) turns.push(k - 1);
  }
  if (turns.length === 0) return undefined;
  if (turns.length !== 2) return "several";
  const turning = (k: number): number => zeroBetween(stretch, undefined, x[Math.max(0, k - 1)]!, x[Math.min(x.length - 1, k + 1)]!);
  const [first, last] = [turning(turns[0]!), turning(turns[1]!)];
  const ends = (u: number): readonly [number, number] => [zeroBetween((at) => field(at) - u, stretch, x[0]!, first), zeroBetween((at) => field(at) - u, stretch, last, x.at(-1)!)];
  // By a field u the height of a maximiser changes by L' there.
  const u = zeroBetween((at) => { const [l, r] = ends(at); return height(r, at) - height(l, at); }, (at) => { const [l, r] = ends(at); return slope(r) - slope(l); }, field(last), field(first));
  const [left, right] = ends(u);
  return { left, right, field: u };
}

/** A zero between two ends where f has different signs: Newton's method inside the bracket (secant steps without a slope), else its middle. */
function zeroBetween(f: (x: number) => number, slope: ((x: number) => number) | undefined, from: number, to: number): number {
  let [a, b, x, before, at] = [from, to, (from + to) / 2, from, f(from)];
  const rising = at < 0, accuracy = 4e-16 * Math.max(Math.abs(from), Math.abs(to));
  for (let k = 0; k < 100; k++) {
    const here = f(x);
    if (here === 0) return x;
    if (here < 0 === rising) a = x; else b = x;
    let next = x - here / (slope ? slope(x) : (here - at) / (x - before));
    if (!(next > a && next < b) || k % 8 === 7) next = (a + b) / 2;
    if (Math.abs(next - x) <= accuracy || next === a || next === b) return next;
    [before, at, x] = [x, here, next];
  }
  return x;
}
