/**
 * Solutions with one step of replica symmetry breaking at given overlap q: followed from the replica-symmetric point, where q is the
 * typical overlap and D = B = P = 0, up in q at ε = 1/m = 0 (one integral, cheap), and at places of fixed q from there to the m that is
 * wanted. Every solution depends on the question alone: branches are followed through the same places in the same order, and a
 * question between them starts from those next to it.
 */
import { coordinatesOf, ordersAt } from "./oneStepChart.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import { looseRegion } from "./looseRegion.ts";
import { newton } from "./newton.ts";
import type { Zero } from "./newton.ts";
import { oneStepForm } from "./oneStepReplica.ts";
import type { OneStepForm, OneStepValues, OrderName } from "./oneStepReplica.ts";

/** ε = 1/m, or `star`: the ε at which the external entropy vanishes, 0 where it is positive at ε = 0. */
export type Parisi = number | "star";

export interface OneStepPoint { readonly q: number; readonly epsilon: number; readonly names: readonly OrderName[]; readonly x: readonly number[]; readonly values: OneStepValues; readonly residual: number }

export interface Known extends OneStepPoint {
  /** What Newton's method solved for: coordinates of `x`, then ε where that is free. */
  readonly y: readonly number[];
  readonly jacobian: Zero["jacobian"] | undefined;
  readonly free: boolean;
  /** The patterns no longer hold the weights: D = ∞. */
  readonly loose?: boolean;
}

const ACCURACY = 1e-10;
/** What a solution may differ by from that on narrower panels. */
const STABLE = 1e-8;
/** Panels of a control, against those of the search. */
const FINER = 1.7;
const SEARCH = 0.85;
/** Between neighbouring places of a branch, in −log(1 − q); up to the last one the curve of a local entropy is looked at. */
const STEP = 0.3;
const LAST = 0.9995;
const FAR = -Math.log1p(-LAST);
/** Steps in ε from 0 on. */
export const ladder = [0, 0.02, 0.05, 0.09, 0.14, 0.2, 0.28, 0.4, 0.6, 0.8, 1];

/** An ε of `star` that is clearly not 0. */
const CLEAR = 0.02;
/** At ε = 0 the spread D grows like exp(c/(1 − q)): a value at infinity does as well from here on, and from less where it gets lost. */
const RUNAWAY = 1e7;
const LARGE = 1e3;
/** A spread at ε = 0 at which `star` can be told from m = ∞ no more. */
const VAST = 1e6;
/** The shortest steps in −log(1 − q): next to the typical overlap D and B rise from 0 at once where few patterns hold the weights. */
const SHORTEST = 1e-4;

export type Answer = OneStepPoint | { readonly refused: string };

/** Solutions of one system over the overlap of replicas. */
export interface OverlapSolver {
  readonly typical: OneStepPoint;
  /** Overlaps of the places beyond the typical one. */
  readonly overlaps: readonly number[];
  /** The solution at overlap q, or why there is none. */
  readonly at: (q: number, m: Parisi) => Answer;
  /** The solution at place k of a branch. */
  readonly place: (k: number, m: Parisi) => OneStepPoint | undefined;
  /** A solution with its error: what its equations leave on narrower panels. */
  readonly checked: (point: OneStepPoint) => OneStepPoint;
}

export function answerAt({ q: least, ...typical }: OneStepPoint, q: number, m: Parisi, solved: () => OneStepPoint | undefined): Answer {
  if (!(q > 0 && q < 1)) return { refused: `the overlap ${q} is not between 0 and 1` };
  if (q < least - 1e-9) return { refused: `replicas at overlap ${format(q)} are farther apart than typical states, whose overlap is ${format(least)}: they form no denser region` };
  if (q < least + 1e-9) return { ...typical, q: least, epsilon: m === "star" ? 0 : m };
  return solved() ?? { refused: `the saddle point was lost between the typical overlap, ${format(least)}, and ${format(q)}` };
}

/** The places of a branch that were solved, from the first beyond the typical overlap on; complete where it ends or the next one is lost. */
interface Branch { readonly points: Known[]; complete: boolean }

type Solve = (q: number, start: Start) => Known | undefined;
interface Start { readonly y: readonly number[]; readonly epsilon: number; readonly jacobian: Zero["jacobian"] | undefined }

export class OneStepSolver implements OverlapSolver {
  private readonly branches = new Map<Parisi, Branch>();
  private readonly asked = new Map<string, Known | undefined>();
  readonly form: OneStepForm;
  private readonly system: GeneralisedLinearSystem;
  private readonly origin: Known;
  private readonly apart: boolean;
  readonly typical: OneStepPoint;
  readonly overlaps: readonly number[];

  /** `apart`: groups of replicas share nothing. */
  constructor(system: GeneralisedLinearSystem, typical: OneStepPoint, apart = false) {
    this.system = system;
    this.apart = apart;
    this.form = oneStepForm(system, apart);
    this.typical = typical;
    this.origin = { ...typical, y: this.coordinates(typical), jacobian: undefined, free: false };
    const places = Array.from({ length: Math.ceil(FAR / STEP) }, (_, k) => k * STEP).filter((place) => place > placeOf(typical.q) + 0.1 && place < FAR - 0.1);
    this.overlaps = typical.q < LAST ? [...places.map((place) => -Math.expm1(-place)), LAST] : [];
  }

  at(q: number, m: Parisi): Answer {
    return answerAt(this.typical, q, m, () => this.solved(q, m));
  }

  place(k: number, m: Parisi): OneStepPoint | undefined {
    return this.placed(k, m);
  }

  solved(q: number, m: Parisi): Known | undefined {
    const key = `${q} ${m}`;
    if (!this.asked.has(key)) this.asked.set(key, this.between(q, m));
    return this.asked.get(key);
  }

  checked(point: OneStepPoint): OneStepPoint {
    let known: Known = { ...point, y: this.coordinates(point), jacobian: undefined, free: false };
    if (point.x.some((v) => v === Infinity)) return point;
    for (let fineness = FINER; fineness < 20; fineness *= FINER) {
      const values = this.form.at(known.x, known.q, known.epsilon, this.system, fineness);
      if (!values) break;
      const residual = Math.max(point.residual, ...values.equations.map(Math.abs), Math.abs(values.value - known.values.value));
      known = { ...known, values, residual };
      if (residual < STABLE) break;
      const again = this.solve(known.q, known, false, fineness);
      if (again) known = again;
    }
    return known;
  }

  private coordinates({ x, q, epsilon }: Pick<OneStepPoint, "x" | "q" | "epsilon">): number[] {
    return coordinatesOf(this.form.names, x, q, epsilon);
  }

  solve(q: number, { y: start, epsilon, jacobian }: Start, free: boolean, fineness = SEARCH): Known | undefined {
    let last: { readonly y: readonly number[]; readonly values: OneStepValues } | undefined;
    const { names } = this.form;
    const orders = (y: readonly number[], e: number): number[] => ordersAt(names, y, q, e);
    const equations = (y: readonly number[]): readonly number[] | undefined => {
      const e = free ? y.at(-1)! : epsilon;
      if (!(e >= 0)) return undefined;
      const values = this.form.at(orders(y, e), q, e, this.system, fineness);
      if (!values) return undefined;
      last = { y, values };
      return free ? [...values.equations, values.external] : values.equations;
    };
    const from = free ? [...start.slice(0, names.length), epsilon] : start.slice(0, names.length);
    const size = from.length;
    const zero = newton(equations, from, { accuracy: ACCURACY, iterations: 25, ...(jacobian?.length === size ? { jacobian } : {}) });
    if (!zero) return undefined;
    const at = free ? zero.x.at(-1)! : epsilon, x = orders(zero.x, at);
    const values = last?.y === zero.x ? last.values : this.form.at(x, q, at, this.system, fineness);
    return values && { q, epsilon: at, names, x, y: zero.x, values, residual: zero.residual, jacobian: zero.jacobian, free };
  }

  private placed(k: number, m: Parisi): Known | undefined {
    let branch = this.branches.get(m);
    if (!branch) this.branches.set(m, (branch = { points: [], complete: false }));
    while (branch.points.length <= k && !branch.complete) {
      const next = this.next(branch.points, m);
      if (next) branch.points.push(next);
      branch.complete = !next || branch.points.length === this.overlaps.length;
    }
    return branch.points[k];
  }

  /** The branch one place further. */
  private next(points: readonly Known[], m: Parisi): Known | undefined {
    const k = points.length, q = this.overlaps[k]!, last = points.at(-1);
    const onward = (p: Known): Known | undefined => this.solveFrom(points.slice(-4).filter((o) => o.free === p.free), q) ?? this.follow(p, q).reached;
    if (m === "star") return this.star(q, last, () => this.placed(k, 0), last?.free ? () => onward(last) : undefined);
    if (m > 0) {
      const here = last && onward(last);
      if (here) return here;
      return this.upward(q, m, this.placed(k, 0));
    }
    return this.outward(points, q);
  }

  /** At ε = 0 from solutions to a larger overlap: beyond what can be reached there may be loose weights. */
  private outward(points: readonly Known[], q: number): Known | undefined {
    if (this.apart) return undefined;
    const last = points.at(-1) ?? this.origin;
    if (last.loose ?? this.spread(last) > RUNAWAY) return this.loose(q, last);
    const direct = this.solveFrom(points.slice(-4), q);
    if (direct) return direct;
    const { reached, furthest } = this.follow(last, q);
    return reached ?? (this.spread(furthest) > LARGE ? this.loose(q, furthest) : undefined);
  }

  private spread({ x }: Pick<OneStepPoint, "x">): number {
    return x[this.form.names.indexOf("D")]!;
  }

  /** What the patterns cost at D is at most of the order of their number over 2D. */
  loose(q: number, last: OneStepPoint & { readonly loose?: boolean }): Known {
    const x = this.form.names.map((n) => (n === "D" ? Infinity : NaN));
    return { q, epsilon: 0, names: this.form.names, x, y: x, values: looseRegion(q, this.system, this.form), residual: last.loose || this.apart ? last.residual : this.system.load / this.spread(last), jacobian: undefined, free: false, loose: true };
  }

  /** `onward` where the last place had an ε above 0. */
  private star(q: number, last: Known | undefined, densestThere: () => Known | undefined, onward: (() => Known | undefined) | undefined): Known | undefined {
    // Once below 0 at m = ∞ the external entropy falls on with q: there is no need to look there again.
    const followed = last && last.epsilon > CLEAR ? onward?.() : undefined;
    if (followed) return followed;
    const densest = densestThere();
    if (densest && (densest.loose || densest.values.external >= 0)) return densest;
    // q0 ≥ 0 keeps ε below q/D: the values differ by less than |Σ| q/D.
    if (densest && this.spread(densest) > VAST) return { ...densest, residual: Math.max(densest.residual, (-densest.values.external * q) / this.spread(densest)) };
    return onward?.() ?? (densest && this.vanishing(q, densest));
  }

  /** Between two places: from those next to it on the same branch. */
  private between(q: number, m: Parisi): Known | undefined {
    const above = this.overlaps.findIndex((o) => o >= q), k = above < 0 ? this.overlaps.length : above;
    if (this.overlaps[k] === q) return this.placed(k, m);
    const last = k > 0 ? this.placed(k - 1, m) : undefined;
    if (k > 0 && !last) return undefined;
    const around = (free: boolean): readonly Known[] => [k - 2, k - 1, k, k + 1].flatMap((n) => { const p = n >= 0 && n < this.overlaps.length ? this.placed(n, m) : undefined; return p && p.free === free && !p.loose ? [p] : []; });
    const onward = (free: boolean): Known | undefined => {
      const near = around(free);
      const start = last?.free === free ? last : near[0];
      return start && (this.solveFrom(near, q) ?? this.follow(start, q).reached);
    };
    if (m === "star") return this.star(q, last, () => this.between(q, 0), last?.free || around(true).length > 0 ? () => onward(true) : undefined);
    const found = last && !last.loose ? onward(false) : undefined;
    if (found) return found;
    if (m === 0) return this.outward(last ? [last] : [], q);
    return this.upward(q, m, this.between(q, 0));
  }

  /** From solutions at other overlaps: a polynomial in log(1 − q) through them says where to start. */
  private solveFrom(points: readonly Known[], q: number): Known | undefined {
    if (points.length < 2) return undefined;
    const places = points.map((p) => placeOf(p.q)), place = placeOf(q);
    const shares = places.map((own, a) => places.reduce((s, other, b) => (a === b ? s : (s * (place - other)) / (own - other)), 1));
    const mixed = (of: (p: Known) => number): number => points.reduce((s, p, k) => s + shares[k]! * of(p), 0);
    const nearest = points.reduce((best, p) => (Math.abs(placeOf(p.q) - place) < Math.abs(placeOf(best.q) - place) ? p : best));
    const { free } = nearest;
    const epsilon = free ? Math.max(0, mixed((p) => p.epsilon)) : nearest.epsilon;
    return this.solve(q, { y: nearest.y.map((_, n) => mixed((p) => p.y[n]!)), epsilon, jacobian: nearest.jacobian }, free);
  }

  /** From a solution to another q at the same ε, or along vanishing external entropy, in steps that are short where needed. */
  private follow(from: Known, q: number): { readonly reached: Known | undefined; readonly furthest: Known } {
    let [here, before]: [Known, Known | undefined] = [from, undefined];
    const solve: Solve = (next, start) => this.solve(next, start, from.free);
    // Few patterns leave small typical overlaps, beside which everything changes over distances of their size.
    const near = this.apart ? STEP : placeOf(from.q);
    let step = Math.min(STEP, near);
    while (here.q !== q) {
      const left = placeOf(q) - placeOf(here.q);
      const next = Math.abs(left) <= step ? q : -Math.expm1(-(placeOf(here.q) + Math.sign(left) * step));
      const found: Known | undefined = (before && this.solveFrom([before, here], next)) ?? solve(next, here) ?? (here.jacobian && solve(next, { ...here, jacobian: undefined }));
      if (found) {
        [before, here] = [here, found];
        step = Math.min(STEP, step * 1.5);
        if (here.epsilon === 0 && here.q !== q && this.spread(here) > RUNAWAY) return { reached: undefined, furthest: here };
      } else if ((step /= 3) < Math.min(SHORTEST, near / 30)) return { reached: undefined, furthest: here };
    }
    return { reached: here, furthest: here };
  }

  /** From ε = 0 to another one at one q, in smaller steps where needed; else along that ε from next to the typical overlap, where spreads are small. */
  upward(q: number, epsilon: number, densest: Known | undefined): Known | undefined {
    if (this.apart) return this.follow({ ...this.origin, epsilon }, q).reached;
    const found = densest && this.climb(densest, epsilon);
    if (found) return found;
    const first = placeOf(this.origin.q), nearby = -Math.expm1(-Math.min(placeOf(q), first + Math.min(STEP / 3, first / 2)));
    const low = this.follow(this.origin, nearby).reached, start = low && this.climb(low, epsilon);
    return start && this.follow(start, q).reached;
  }

  climb(from: Known, epsilon: number): Known | undefined {
    let here = from.loose ? undefined : from;
    for (const to of [...ladder.filter((e) => e > 0 && e < epsilon), epsilon]) here = here && this.step(here.q, here, to);
    return here;
  }

  step(q: number, start: Known, to: number): Known | undefined {
    const direct = this.solve(q, { y: start.y, epsilon: to, jacobian: start.epsilon === 0 ? undefined : start.jacobian }, false);
    if (direct || Math.abs(to - start.epsilon) < 1e-4) return direct;
    const half = this.step(q, start, (start.epsilon + to) / 2);
    return half && this.step(q, half, to);
  }

  /** The ε of vanishing external entropy next to ε = 0, where that is negative. */
  vanishing(q: number, densest: Known): Known | undefined {
    if (densest.loose) return undefined;
    let here = densest;
    for (const to of ladder.slice(1)) {
      const next = this.step(q, here, to);
      if (!next) return undefined;
      if (next.values.external >= 0) return this.zeroBetween(q, here, next);
      here = next;
    }
    return undefined;
  }

  /** Between two ε where the external entropy changes its sign: with ε as an unknown, or by false position (Illinois). */
  zeroBetween(q: number, from: Known, to: Known): Known | undefined {
    let [a, b, at, bt] = [from, to, from.values.external, to.values.external];
    for (let k = 0; k < 40; k++) {
      const share = at / (at - bt);
      const epsilon = a.epsilon + share * (b.epsilon - a.epsilon), y = a.y.map((v, i) => v + share * (b.y[i]! - v));
      const direct = k === 0 ? this.solve(q, { y, epsilon, jacobian: undefined }, true) : undefined;
      if (direct) return direct;
      const middle = this.solve(q, { y, epsilon, jacobian: undefined }, false);
      if (!middle) return undefined;
      const value = middle.values.external;
      if (Math.abs(value) < 1e-9 || Math.abs(b.epsilon - a.epsilon) < 1e-12) return middle;
      if (value * at > 0) { [a, at] = [middle, value]; bt /= 2; } else { [b, bt] = [middle, value]; at /= 2; }
    }
    return undefined;
  }
}

/** −log(1 − q). */
export const placeOf = (q: number): number => -Math.log1p(-q);
const format = (x: number): string => String(Number(x.toPrecision(7)));
