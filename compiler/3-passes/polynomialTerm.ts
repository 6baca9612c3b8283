/** A term of a normal form split by status, with what is nonlinear in it lifted into arrays: what contraction and packing work on. */
import { constant, type Expression, type Index } from "../ir/expression.ts";
import type { Factor, Term } from "../ir/normal.ts";
import { build } from "../library/ops/index.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import type { ProcedureBuilder, Target } from "./procedureBuilder.ts";

export interface PolynomialTerm {
  readonly coefficient: number;
  /** Factors of status parameter or quenched. */
  readonly quenched: readonly Expression[];
  /** Factors that depend on the state, repeated for powers: `w[i]²` is twice `w[i]`. */
  readonly thermal: readonly Expression[];
  readonly indices: readonly Index[];
  readonly conditions: readonly Expression[];
}

/** base^exponent as factors of a product: small whole powers by repetition, negative ones as a quotient. */
function powerFactors({ base, exponent }: Factor): readonly Expression[] {
  if (Number.isInteger(exponent) && exponent >= 1 && exponent <= 4) return Array.from({ length: exponent }, () => base);
  const magnitude = Math.abs(exponent);
  const power = magnitude === 1 ? base : magnitude === 0.5 ? build.sqrt(base) : magnitude === 2 ? build.mul(base, base) : build.pow(base, constant(magnitude));
  return [exponent > 0 ? power : build.div(constant(1), power)];
}

/** `target` is where the term is accumulated: reductions inside of its atoms are lifted under its conditions. */
export function polynomialTerm(builder: ProcedureBuilder, target: Target, term: Term): PolynomialTerm {
  const conditions = term.conditions.map((c) => builder.liftReductions(c, []));
  const around = [...target.conditions, ...conditions];
  const factors = term.factors.flatMap((f) => powerFactors({ ...f, base: builder.liftReductions(f.base, around, [...target.indices, ...term.indices]) }));
  const isThermal = (e: Expression): boolean => builder.status(e) === "thermal";
  return {
    coefficient: term.coefficient,
    quenched: factors.filter((f) => !isThermal(f)),
    thermal: factors.filter(isThermal),
    indices: term.indices,
    conditions,
  };
}

/** The indices of a term in the order of the subscripts of its largest array, so that nests walk memory in order. */
export function storageOrder(term: PolynomialTerm): readonly Index[] {
  let best: readonly Index[] = [];
  for (const f of [...term.quenched, ...term.thermal]) {
    if (f.kind !== "read") continue;
    const subscripts = f.subscripts.flatMap((s) => (s.kind === "index" && term.indices.includes(s.index) ? [s.index] : []));
    const distinct = [...new Set(subscripts)];
    if (distinct.length > best.length) best = distinct;
  }
  return [...term.indices.filter((i) => !best.includes(i)), ...best];
}

/** Indices that the state-dependent factors of a term mention, those of the target excluded. */
export const thermalIndices = (term: PolynomialTerm): readonly Index[] => {
  const found = new Set(term.thermal.flatMap(freeIndices));
  return term.indices.filter((i) => found.has(i));
};
