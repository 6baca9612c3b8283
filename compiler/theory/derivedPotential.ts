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

/** A potential that is compiled once for all values of its parameters, and where its saddle points were last. */
export interface Prepared { readonly potential: Potential; readonly compiled: CompiledPotential; neighbours: readonly (readonly number[])[] }

const prepared = new Map<string, Prepared>();

/** `key` says everything that the expressions depend on. */
export function prepare(key: string, make: () => Potential): Prepared {
  let known = prepared.get(key);
  if (!known) {
    const potential = make();
    known = { potential, compiled: compilePotential(potential), neighbours: [] };
    prepared.set(key, known);
  }
  return known;
}

/** How many starts are tried beside the given ones: at first, and where those find nothing. */
export interface Effort {
  readonly few: number;
  readonly many: number;
  /** Nothing of earlier questions is used, so that the answer depends on this one alone. */
  readonly fresh?: boolean;
}

/** All saddle points; the search of several unknowns begins at the neighbouring point's, and at fewer others then. */
export function solvePrepared(p: Prepared, inputs: Readonly<Record<string, number>>, box: readonly Interval[], start: readonly number[], effort: Effort = { few: 8, many: 40 }): readonly Saddle[] {
  const known = effort.fresh ? [] : p.neighbours;
  const search = (further: number): readonly Saddle[] => p.compiled.solve({ inputs, box, starts: [...known, start], further });
  const few = search(known.length > 0 ? Math.min(2, effort.few) : effort.few);
  const saddles = few.some((f) => f.inside) || box.length === 1 || effort.many <= effort.few ? few : search(effort.many);
  if (saddles.some((s) => s.inside)) p.neighbours = saddles.filter((s) => s.inside).map((s) => s.x);
  return saddles;
}
