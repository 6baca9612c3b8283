/** Pieces that derived potentials share. */
import { constant, read } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { compilePotential } from "./potential.ts";
import type { CompiledPotential, Potential, Saddle } from "./potential.ts";
import type { Interval } from "./stationaryPoints.ts";

export const num = constant;
export const half = constant(0.5);
export const add = (...x: readonly Expression[]): Expression => x.reduce((s, e) => b.add(s, e));
export const mul = (...x: readonly Expression[]): Expression => x.reduce((s, e) => b.mul(s, e));
export const scalar = (name: string): Expression => read(name);
/** log(2 cosh x) without overflow: softplus(2x) − x. */
export const logTwoCosh = (x: Expression): Expression => b.sub(b.softplus(b.mul(constant(2), x)), x);

/** A potential that is compiled once for all values of its parameters, with the saddle points at places of a grid of parameters. */
export interface Prepared { readonly potential: Potential; readonly compiled: CompiledPotential; readonly grid: Map<string, readonly (readonly number[])[]> }

const prepared = new Map<string, Prepared>();

/** `key` says everything that the expressions depend on. */
export function prepare(key: string, make: () => Potential): Prepared {
  let known = prepared.get(key);
  if (!known) {
    const potential = make();
    known = { potential, compiled: compilePotential(potential), grid: new Map() };
    prepared.set(key, known);
  }
  return known;
}

/** How many starts are tried beside the given one: at first, and where those find nothing. */
export interface Effort { readonly few: number; readonly many: number }
const USUAL: Effort = { few: 8, many: 40 };

/** All saddle points from these starts and others. */
export function solvePrepared(p: Prepared, inputs: Readonly<Record<string, number>>, box: readonly Interval[], starts: readonly (readonly number[])[], effort = USUAL): readonly Saddle[] {
  const search = (further: number): readonly Saddle[] => p.compiled.solve({ inputs, box, starts, further });
  const few = search(effort.few);
  return few.some((f) => f.inside) || box.length === 1 || effort.many <= effort.few ? few : search(effort.many);
}

/**
 * The same for one box and start at all parameters: the search begins at the saddle points of the next place of a grid of
 * parameters, so that neighbouring questions are cheap and each answer still depends on its own question alone.
 */
export function solveFromGrid(p: Prepared, inputs: Readonly<Record<string, number>>, box: readonly Interval[], start: readonly number[]): readonly Saddle[] {
  const place = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, rounded(value)]));
  const key = JSON.stringify(Object.values(place));
  const inside = (saddles: readonly Saddle[]): readonly (readonly number[])[] => saddles.filter((s) => s.inside).map((s) => s.x);
  let known = p.grid.get(key);
  if (!known) p.grid.set(key, (known = inside(solvePrepared(p, place, box, [start]))));
  const near = known.length === 0 ? [] : solvePrepared(p, inputs, box, [...known, start], { few: 2, many: 2 });
  return near.some((s) => s.inside) ? near : solvePrepared(p, inputs, box, [start]);
}

/** The nearest of numbers that differ by 20%. */
const rounded = (x: number): number => (x === 0 || !Number.isFinite(x) ? x : Math.sign(x) * Math.exp(Math.round(Math.log(Math.abs(x)) / GRID) * GRID));
const GRID = 0.2;
