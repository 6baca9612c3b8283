/**
 * The part of an energy that remains when couplings of mean 0 are averaged away, where it depends on the state through one overlap
 * alone: with the uniform direction (fields, ferromagnetic couplings) or with a planted vector of independent entries.
 */
import { read } from "../../ir/expression.ts";
import type { Factor, Term } from "../../ir/normal.ts";
import { printForm } from "../../ir/print.ts";
import { overlapPolynomial } from "./overlapPolynomial.ts";
import type { Copies, OverlapPolynomial } from "./overlapPolynomial.ts";

/** A polynomial in Σ_i w_i; squares that the geometry knows are constants. */
export const inMagnetisation = (terms: readonly Term[], copies: Copies): OverlapPolynomial =>
  overlapPolynomial({ terms: terms.map((t) => ({ ...t, factors: t.factors.flatMap((f) => [f, ...uniform(f, copies)]) })) }, copies);

/** The same in Σ_i v_i w_i, v an array of the state's shape. */
export const inPlanted = (terms: readonly Term[], array: string, copies: Copies): OverlapPolynomial =>
  overlapPolynomial({ terms: terms.map((t) => ({ ...t, factors: t.factors.map((f) => (f.base.kind === "read" && f.base.array === array ? { ...f, base: read(copies.copy, f.base.subscripts) } : f)) })) }, copies);

/** The uniform direction as a second copy that stands at every site once. */
function uniform({ base, exponent }: Factor, copies: Copies): readonly Factor[] {
  const single = copies.geometry.kind === "hypercube" ? exponent % 2 === 1 : exponent === 1;
  return base.kind === "read" && base.array === copies.array && single ? [{ base: read(copies.copy, base.subscripts), exponent: 1 }] : [];
}

/** Whether a random factor stands at the site of a state's factor, each once: v[i] w[i]. */
export function isPlanted(term: Term, random: readonly Factor[], state: string): boolean {
  const place = (f: Factor): string | undefined => (f.base.kind === "read" ? printForm({ terms: [{ coefficient: 1, factors: [{ base: read("·", f.base.subscripts), exponent: 1 }], indices: [], conditions: [] }] }) : undefined);
  const sites = term.factors.filter((f) => f.base.kind === "read" && f.base.array === state && f.exponent === 1).map(place);
  const places = random.map(place);
  const [first] = random;
  return random.every((f) => f.exponent === 1 && f.base.kind === "read" && first!.base.kind === "read" && f.base.array === first!.base.array) && places.length === sites.length && places.every((p) => p !== undefined && sites.includes(p));
}
