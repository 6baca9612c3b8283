/**
 * A potential over order parameters: its saddle points and what is evaluated at them. Both theories that a specification writes down
 * and those that are derived from a model take this form.
 */
import type { Expression } from "../ir/expression.ts";
import { visit } from "../ir/expression.ts";
import type { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import type { ScalarFunction } from "./compileScalars.ts";
import { spreadStarts, stationaryPoints } from "./stationaryPoints.ts";
import type { Interval, StationaryPoint } from "./stationaryPoints.ts";

export interface Order { readonly name: string }

export interface Potential {
  readonly averages: Averages;
  /** Names of scalars that are given: parameters. */
  readonly inputs: readonly string[];
  readonly orders: readonly Order[];
  readonly value: Expression;
  /** What else is wanted at a saddle point, by name. */
  readonly outputs: ReadonlyMap<string, Expression>;
}

export interface Saddle extends StationaryPoint {
  /** Evaluated when they are read; what their integrals lack in accuracy counts to the residual from then on. */
  readonly outputs: Readonly<Record<string, number>>;
  readonly value: number;
  /** Whether it lies inside the intervals, not at an end. */
  readonly inside: boolean;
}

export interface SaddleQuestion {
  readonly inputs: Readonly<Record<string, number>>;
  readonly box: readonly Interval[];
  /** Start values, from the specification or from a neighbouring point. */
  readonly starts: readonly (readonly number[])[];
  /** How many further starts are tried where there are several unknowns. */
  readonly further: number;
}

export interface CompiledPotential {
  readonly solve: (question: SaddleQuestion) => readonly Saddle[];
  /** A saddle point that was found by other means, with the residual that it was left with. */
  readonly at: (orders: readonly number[], inputs: Readonly<Record<string, number>>, residual: number) => Saddle;
  /** The saddle-point equations ∂value/∂order, in the order of the orders; undefined where they are differences of the value. */
  readonly equations: readonly Expression[] | undefined;
  /** Why the value isn't differentiated symbolically. */
  readonly obstacle: string | undefined;
  /** Orders that an equation gives in terms of the others. */
  readonly eliminated: readonly string[];
  readonly gradient: (orders: readonly number[], inputs: Readonly<Record<string, number>>) => readonly number[];
  readonly value: (orders: readonly number[], inputs: Readonly<Record<string, number>>) => number;
}

/** Relative error of the integrals up to which a solution counts as solved to all digits; beyond it is part of its residual. */
const ACCURACY = 1e-9;

const inexact = (error: number, value: number): number => (error > ACCURACY ? error * Math.max(1, Math.abs(value)) : 0);

/** With several unknowns, a point so close to the lower end of an interval is at the end. */
const NEAR_END = 1e-7;

/** x_j = −(∂_i value at x_j = 0)/coefficient: equation i is affine in order j. */
interface Elimination { readonly equation: number; readonly order: number; readonly coefficient: Expression }

export function compilePotential({ averages, inputs, orders, value, outputs }: Potential): CompiledPotential {
  const names = orders.map((o) => o.name);
  const all = [...inputs, ...names];
  const obstacle = names.map((n) => averages.obstacle(value, n)).find((o) => o !== undefined);
  const equations = obstacle === undefined ? names.map((n) => averages.derivative(value, n)) : undefined;
  const eliminations = equations ? eliminate(averages, names, equations) : [];
  const gone = eliminations.map((e) => e.order);
  const kept = names.map((_, k) => k).filter((k) => !gone.includes(k));
  const open = names.map((_, k) => k).filter((k) => !eliminations.some((e) => e.equation === k));

  const valueOf = compileScalars(averages, all, [value]);
  const outputNames = [...outputs.keys()];
  // Each when it is asked for: one may cost far more than the saddle point.
  const compiled = new Map<string, ScalarFunction>();
  const lazily = (at: readonly number[], note: (error: number) => void): Readonly<Record<string, number>> => {
    const made: Record<string, number> = {};
    for (const name of outputNames) {
      let known: number | undefined;
      Object.defineProperty(made, name, { enumerable: true, get: () => {
        if (known !== undefined) return known;
        if (!compiled.has(name)) compiled.set(name, compileScalars(averages, all, [outputs.get(name)!]));
        const accuracy = { error: 0 };
        known = compiled.get(name)!(at, undefined, accuracy)[0]!;
        note(inexact(accuracy.error, known));
        return known;
      } });
    }
    return made;
  };
  const full = equations ? compileScalars(averages, all, equations) : differences(valueOf, inputs.length);
  const remaining = equations && eliminations.length > 0 ? compileScalars(averages, all, open.map((k) => equations[k]!)) : full;
  // In this order: one may read those before it.
  const solved = eliminations.map((e) => compileScalars(averages, all, [equations![e.equation]!, e.coefficient]));

  const point = (given: Readonly<Record<string, number>>, x: readonly number[]): number[] => {
    const at = [...inputs.map((n) => given[n]!), ...x];
    return at;
  };
  /** All orders from those that are kept. */
  const complete = (given: Readonly<Record<string, number>>, some: readonly number[], tolerance?: number): number[] => {
    const x = new Array<number>(names.length).fill(0);
    kept.forEach((k, n) => { x[k] = some[n]!; });
    eliminations.forEach((e, n) => {
      const [equation, coefficient] = solved[n]!(point(given, x), tolerance);
      x[e.order] = -equation! / coefficient!;
    });
    return x;
  };

  const saddleAt = (found: StationaryPoint, at: readonly number[], inside: boolean): Saddle => {
    const accuracy = { error: 0 };
    const [made] = valueOf(at, undefined, accuracy);
    let error = inexact(accuracy.error, made!);
    return { ...found, value: made!, inside, outputs: lazily(at, (more) => { error = Math.max(error, more); }), get residual() { return Math.max(found.residual, error); } };
  };

  const solve = ({ inputs: given, box, starts, further }: SaddleQuestion): readonly Saddle[] => {
    if (names.length === 0) return [saddleAt({ x: [], residual: 0 }, point(given, []), true)];
    const part = kept.map((k) => box[k]!);
    const gradient = (some: readonly number[], tolerance?: number): ArrayLike<number> => remaining(point(given, complete(given, some, tolerance)), tolerance);
    const from = [...starts.map((s) => kept.map((k) => s[k]!)), ...(kept.length > 1 ? spreadStarts(part, further) : [])];
    const saddles = stationaryPoints(gradient, part, from).flatMap((found): Saddle[] => {
      // An end of an interval, where the gradient vanishes: evaluated next to it, at a distance whose square is below all digits.
      const x = complete(given, found.x.map((v, k) => (v === part[k]!.lower ? v + 1e-6 : v)));
      const inside = found.x.every((v, k) => v - part[k]!.lower > (found.basin || kept.length === 1 ? 0 : NEAR_END));
      if (inside && x.some((v, k) => !(v >= box[k]!.lower - 1e-12 && v <= box[k]!.upper + 1e-12))) return [];
      // What has no value at the end itself has its limit there.
      const beside = (distance: number): readonly number[] => complete(given, found.x.map((v, k) => (v === part[k]!.lower ? v + distance : v)));
      const shown = inside ? x : complete(given, found.x).map((v, k) => (Number.isFinite(v) ? v : Math.max(box[k]!.lower, 2 * beside(1e-8)[k]! - beside(2e-8)[k]!)));
      const saddle = saddleAt({ ...found, x: shown }, point(given, x), inside);
      return Number.isFinite(saddle.value) ? [saddle] : [];
    });
    // At an end the other orders may lose their meaning, and a whole line is stationary: one of it is kept.
    return saddles.filter((s, k) => s.inside || !saddles.slice(0, k).some((other) => !other.inside && Math.abs(other.value - s.value) < 1e-9));
  };
  return {
    solve, at: (x, given, residual) => saddleAt({ x, residual }, point(given, x), true), equations, obstacle, eliminated: gone.map((k) => names[k]!),
    gradient: (x, given) => [...full(point(given, x))],
    value: (x, given) => valueOf(point(given, x))[0]!,
  };
}

function eliminate(averages: Averages, names: readonly string[], equations: readonly Expression[]): readonly Elimination[] {
  const found: Elimination[] = [];
  for (const [j, name] of names.entries()) {
    for (const [i, equation] of equations.entries()) {
      if (i === j || found.some((e) => e.equation === i || e.order === i || e.equation === j)) continue;
      // What gives one order may need those that are given before it, not after.
      if (found.some((e) => averages.reads(equations[e.equation]!).has(name))) continue;
      if (!averages.reads(equation).has(name) || averages.obstacle(equation, name) !== undefined) continue;
      const coefficient = averages.derivative(equation, name);
      if (averages.reads(coefficient).has(name) || averages.integralsIn(coefficient).length > 0 || isZero(coefficient)) continue;
      found.push({ equation: i, order: j, coefficient });
      break;
    }
  }
  // One order has to stay, to be searched for.
  return found.slice(0, names.length - 1);
}

const isZero = (e: Expression): boolean => {
  let number = true;
  visit(e, (node) => { if (node.kind !== "constant") number = false; });
  return number && e.kind === "constant" && e.value === 0;
};

/** Central differences with one step of Richardson extrapolation, for values with steps in them. */
function differences(value: ScalarFunction, before: number): ScalarFunction {
  return (inputs) => {
    const at = Float64Array.from(inputs);
    const out = new Float64Array(at.length - before);
    for (let k = before; k < at.length; k++) {
      const x = at[k]!;
      const slope = (h: number): number => {
        at[k] = x + h;
        const up = value(at)[0]!;
        at[k] = x - h;
        const down = value(at)[0]!;
        at[k] = x;
        return (up - down) / (2 * h);
      };
      const step = 1e-3 * Math.max(1e-3, Math.min(Math.abs(x), Math.abs(1 - Math.abs(x)) || 1));
      out[k - before] = (4 * slope(step) - slope(2 * step)) / 3;
    }
    return out;
  };
}
