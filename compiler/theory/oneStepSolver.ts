/**
 * Solutions with one step of replica symmetry breaking at given overlap q: followed from the replica-symmetric point, where q is the
 * typical overlap and D = B = P = 0, up in q at ε = 1/m = 0 (one integral, cheap), then to the m that is wanted. Solutions are kept;
 * later questions, also at neighbouring loads, start from the nearest.
 */
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import { symmetricSolution } from "./generalisedLinearReplica.ts";
import { newton } from "./newton.ts";
import type { Zero } from "./newton.ts";
import { oneStepForm } from "./oneStepReplica.ts";
import type { OneStepForm, OneStepValues, OrderName } from "./oneStepReplica.ts";

/** ε = 1/m, or `star`: the ε at which the external entropy vanishes, 0 where it is positive at ε = 0. */
export type Parisi = number | "star";

export interface OneStepPoint { readonly q: number; readonly epsilon: number; readonly x: readonly number[]; readonly values: OneStepValues; readonly residual: number }

interface Known extends OneStepPoint { readonly jacobian: Zero["jacobian"] | undefined; readonly free: boolean }

const ACCURACY = 1e-10;
/** What a solution may differ by from that on narrower panels. */
const STABLE = 1e-8;
/** Panels of a control, against those of the search. */
const FINER = 1.7;
/** The longest step in log(1 − q), and in ε from 0 on. */
const STEP = 0.35;
const ladder = [0.02, 0.05, 0.09, 0.14, 0.2, 0.28, 0.4, 0.6, 0.8, 1];

/** An ε of `star` that is clearly not 0. */
const CLEAR = 0.02;

/** Orders that run over many powers of ten where few patterns matter any more: solved for as UNIT sinh(y). */
const wide: ReadonlySet<OrderName> = new Set(["D", "B", "P"]);
const UNIT = 0.2;

const solvers = new Map<string, OneStepSolver>();
/** Of each form, the solver that was asked last: its solutions are starts for another load. */
const latest = new Map<string, OneStepSolver>();

/** Undefined where there is no replica-symmetric solution to start from. */
export function oneStepSolver(system: GeneralisedLinearSystem): OneStepSolver | undefined {
  const key = `${system.key} ${system.load} ${system.ratio} ${system.T}`;
  let solver = solvers.get(key);
  if (!solver) {
    const typical = typicalPoint(system);
    if (!typical) return undefined;
    solver = new OneStepSolver(system, typical, latest.get(system.key));
    solvers.set(key, solver);
    latest.set(system.key, solver);
  }
  return solver;
}

function typicalPoint(system: GeneralisedLinearSystem): Known | undefined {
  const { chosen, names } = symmetricSolution(system);
  const form = oneStepForm(system);
  if (!chosen?.inside) return undefined;
  const at = (name: string): number => chosen.x[names.indexOf(name)]!;
  const q = at("q");
  const start = { D: 0, B: 0, P: 0, p: at("p"), v: at("v"), r: at("ρ") * Math.sqrt(names.includes("p") ? at("p") : q) };
  const x = form.names.map((name) => start[name]);
  const values = form.at(x, q, 0, system, 1);
  return values && { q, epsilon: 0, x, values, residual: chosen.residual, jacobian: undefined, free: false };
}

export class OneStepSolver {
  private readonly known: Known[];
  private readonly form: OneStepForm;
  private readonly system: GeneralisedLinearSystem;
  readonly typical: OneStepPoint;
  private neighbour: OneStepSolver | undefined;
  /** Where the slope was found largest, for each m: neighbouring loads look there first. */
  private readonly steepest = new Map<Parisi, number>();

  constructor(system: GeneralisedLinearSystem, typical: Known, neighbour: OneStepSolver | undefined) {
    this.system = system;
    this.form = oneStepForm(system);
    this.typical = typical;
    this.known = [typical];
    this.neighbour = neighbour;
    // Only the last one is kept: not a chain of all loads that were ever asked for.
    if (neighbour) neighbour.neighbour = undefined;
  }

  /** The q of the largest slope at a load that differs little, and by how much of itself that differs. */
  expected(m: Parisi): { readonly q: number; readonly difference: number } | undefined {
    const { neighbour, system } = this;
    if (!neighbour) return undefined;
    const q = neighbour.steepest.get(m), difference = Math.abs(neighbour.system.load / system.load - 1);
    return q !== undefined && difference < 0.05 ? { q, difference } : undefined;
  }
  remember(m: Parisi, q: number): void {
    this.steepest.set(m, q);
  }

  /** The solution at overlap q, or why there is none. */
  at(q: number, m: Parisi): OneStepPoint | { readonly refused: string } {
    const { q: typical } = this.typical;
    if (!(q > 0 && q < 1)) return { refused: `the overlap ${q} is not between 0 and 1` };
    if (q < typical - 1e-9) return { refused: `replicas at overlap ${format(q)} are farther apart than typical states, whose overlap is ${format(typical)}: they form no denser region` };
    if (q < typical + 1e-9) return { ...this.typical, epsilon: m === "star" ? 0 : m };
    const found = m === "star" ? this.star(q) : this.fixed(q, m);
    return found ?? { refused: `the saddle point was lost between the typical overlap, ${format(typical)}, and ${format(q)}` };
  }

  /** A solution with its error: what its equations leave on narrower panels. */
  checked(point: OneStepPoint): OneStepPoint {
    let known: Known = { ...point, jacobian: undefined, free: false };
    for (let fineness = FINER; fineness < 20; fineness *= FINER) {
      const values = this.form.at(known.x, known.q, known.epsilon, this.system, fineness);
      if (!values) break;
      const residual = Math.max(...values.equations.map(Math.abs), Math.abs(values.value - known.values.value));
      known = { ...known, values, residual };
      if (residual < STABLE) break;
      const again = this.solve(known.q, known.epsilon, known, false, fineness);
      if (again) known = again;
    }
    return known;
  }

  private solve(q: number, epsilon: number, start: { readonly x: readonly number[]; readonly jacobian: Zero["jacobian"] | undefined }, free: boolean, fineness = 1): Known | undefined {
    let last: { readonly y: readonly number[]; readonly values: OneStepValues } | undefined;
    const orders = (y: readonly number[]): number[] => this.form.names.map((n, k) => (wide.has(n) ? UNIT * Math.sinh(y[k]!) : y[k]!));
    const equations = (y: readonly number[]): readonly number[] | undefined => {
      const e = free ? y.at(-1)! : epsilon, x = orders(y);
      if (!(e >= 0)) return undefined;
      const values = this.form.at(x, q, e, this.system, fineness);
      if (!values) return undefined;
      last = { y, values };
      return free ? [...values.equations, values.external] : values.equations;
    };
    const from = this.form.names.map((n, k) => (wide.has(n) ? Math.asinh(start.x[k]! / UNIT) : start.x[k]!));
    const zero = newton(equations, free ? [...from, epsilon] : from, { accuracy: ACCURACY, iterations: 25, ...(start.jacobian ? { jacobian: start.jacobian } : {}) });
    if (!zero) return undefined;
    const at = free ? zero.x.at(-1)! : epsilon, x = orders(zero.x);
    const values = last?.y === zero.x ? last.values : this.form.at(x, q, at, this.system, fineness);
    return values && { q, epsilon: at, x, values, residual: zero.residual, jacobian: zero.jacobian, free };
  }

  private keep(point: Known | undefined): Known | undefined {
    if (point) this.known.push(point);
    return point;
  }

  /** Of these solutions the one at the nearest q. */
  private nearest(q: number, which: (p: Known) => boolean, of: readonly Known[] = this.known): Known | undefined {
    const distance = (p: Known): number => apart(p.q, q);
    return of.filter(which).reduce((best: Known | undefined, p) => (best === undefined || distance(p) < distance(best) ? p : best), undefined);
  }

  private fixed(q: number, epsilon: number): Known | undefined {
    const same = (p: Known): boolean => p.epsilon === epsilon && !p.free;
    const near = this.nearest(q, same);
    if (near && near.q === q) return near;
    const other = this.neighbour && this.nearest(q, same, this.neighbour.known);
    if (other && apart(other.q, q) < 0.05 && !(near && apart(near.q, q) < apart(other.q, q)) && other.values.conjugate >= 0) {
      const direct = this.keep(this.solve(q, epsilon, other, false));
      if (direct) return direct;
    }
    if (near) return this.follow(near, q, (at, start) => this.solve(at, epsilon, start, false));
    // No solution with this m yet: from m = ∞ at the same q.
    let here = this.fixed(q, 0);
    for (const [from, to] of pairs([0, ...ladder.filter((e) => e < epsilon), epsilon])) here = here && this.climb(q, here, from, to);
    return this.keep(here);
  }

  /** ε from one value to another at one q, in smaller steps where needed. */
  private climb(q: number, start: Known, from: number, to: number): Known | undefined {
    const direct = this.solve(q, to, { x: start.x, jacobian: from === 0 ? undefined : start.jacobian }, false);
    if (direct || to - from < 1e-4) return direct;
    const half = this.climb(q, start, from, (from + to) / 2);
    return half && this.climb(q, half, (from + to) / 2, to);
  }

  private star(q: number): Known | undefined {
    const near = this.nearest(q, (p) => p.free);
    if (near && near.q === q) return near;
    const other = this.neighbour && this.nearest(q, (p) => p.free && p.epsilon > CLEAR, this.neighbour.known);
    if (other && apart(other.q, q) < 0.1 && !(near && near.epsilon > CLEAR && apart(near.q, q) < apart(other.q, q))) {
      const direct = this.keep(this.solve(q, other.epsilon, other, true));
      if (direct) return direct;
    }
    // Once below 0 at m = ∞ the external entropy falls on with q: there is no need to look there again.
    const beyond = near && near.q < q && near.epsilon > CLEAR;
    const densest = beyond ? undefined : this.fixed(q, 0);
    if (!beyond && (!densest || densest.values.external >= 0)) return densest;
    const followed = near && this.follow(near, q, (at, start, epsilon) => this.solve(at, epsilon, start, true));
    if (followed || !densest) return followed;
    let here: Known | undefined = densest;
    for (const [from, to] of pairs([0, ...ladder])) {
      const next: Known | undefined = this.climb(q, here, from, to);
      if (!next) return undefined;
      if (next.values.external >= 0) {
        return this.keep(this.vanishing(q, here, next));
      }
      here = next;
    }
    return undefined;
  }

  /** Between two ε where the external entropy changes its sign: with ε as an unknown, or by false position (Illinois). */
  private vanishing(q: number, from: Known, to: Known): Known | undefined {
    let [a, b, at, bt] = [from, to, from.values.external, to.values.external];
    for (let k = 0; k < 40; k++) {
      const share = at / (at - bt);
      const epsilon = a.epsilon + share * (b.epsilon - a.epsilon), x = a.x.map((v, i) => v + share * (b.x[i]! - v));
      const direct = k === 0 ? this.solve(q, epsilon, { x, jacobian: undefined }, true) : undefined;
      if (direct) return direct;
      const middle = this.solve(q, epsilon, { x, jacobian: undefined }, false);
      if (!middle) return undefined;
      const value = middle.values.external;
      if (Math.abs(value) < 1e-9 || Math.abs(b.epsilon - a.epsilon) < 1e-12) return middle;
      if (value * at > 0) { [a, at] = [middle, value]; bt /= 2; } else { [b, bt] = [middle, value]; at /= 2; }
    }
    return undefined;
  }

  /** From a solution to another q, in steps that are short where needed; the solutions between are kept. */
  private follow(from: Known, q: number, solve: (q: number, start: { readonly x: readonly number[]; readonly jacobian: Zero["jacobian"] | undefined }, epsilon: number) => Known | undefined): Known | undefined {
    let [here, before]: [Known, Known | undefined] = [from, undefined];
    const place = (p: number): number => Math.log1p(-p);
    let step = STEP;
    while (here.q !== q) {
      const left = place(q) - place(here.q);
      const next = Math.abs(left) <= step ? q : -Math.expm1(place(here.q) + Math.sign(left) * step);
      const ahead: number = before ? (place(next) - place(here.q)) / (place(here.q) - place(before.q)) : 0;
      const last: Known | undefined = before;
      const at: readonly number[] = here.x;
      const x: readonly number[] = last ? at.map((v, k) => extrapolated(last.x[k]!, v, ahead)) : at;
      const found: Known | undefined = solve(next, { x, jacobian: here.jacobian }, here.epsilon) ?? (last ? solve(next, { x: at, jacobian: undefined }, here.epsilon) : undefined);
      if (!found) {
        step /= 3;
        if (step < 0.02) return undefined;
        continue;
      }
      [before, here] = [here, found];
      this.keep(found);
      step = Math.min(STEP, step * 1.5);
    }
    return here;
  }
}

/** Straight on; what grows fast (D does where few patterns matter any more) straight on in its logarithm. */
const extrapolated = (before: number, here: number, ahead: number): number =>
  before > 0 && here > 1.3 * before ? here * (here / before) ** ahead : here + ahead * (here - before);
/** Of two overlaps, in log(1 − q). */
const apart = (p: number, q: number): number => Math.abs(Math.log((1 - p) / (1 - q)));
const pairs = (list: readonly number[]): readonly (readonly [number, number])[] => list.slice(1).map((to, k) => [list[k]!, to]);
const format = (x: number): string => String(Number(x.toPrecision(7)));
