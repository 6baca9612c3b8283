/**
 * Integer expressions of kernels: polynomials in sizes, loop variables, row offsets and cursors, with a few atoms that are
 * no polynomials. Offsets are exact: all intermediate values of the offset of an existing entry are below 2^32.
 */
import type { Scalar } from "./kernel.ts";

export interface Integer { readonly terms: readonly IntegerTerm[] }
/** coefficient × Π factors; no factors for the constant term. */
export interface IntegerTerm { readonly coefficient: number; readonly factors: readonly IntegerAtom[] }

export type IntegerAtom =
  | { readonly kind: "variable"; readonly name: string }
  /** Binomial coefficient "of over choose" for of ≥ 0, from which offsets of packed arrays are made. */
  | { readonly kind: "binomial"; readonly of: Integer; readonly choose: number }
  /** The remainder in 0 … divisor − 1, of negative numbers too: periodic subscripts. */
  | { readonly kind: "modulo"; readonly of: Integer; readonly divisor: Integer }
  /** The quotient rounded down, of numbers that are not negative: positions on the axes of an array from that in the whole. */
  | { readonly kind: "quotient"; readonly of: Integer; readonly divisor: Integer }
  | { readonly kind: "minimum" | "maximum"; readonly left: Integer; readonly right: Integer }
  /** A scalar whose value is an integer: an entry of an integer array that stands in a slot. */
  | { readonly kind: "scalar"; readonly value: Scalar };

export const integerConstant = (value: number): Integer => ({ terms: value === 0 ? [] : [{ coefficient: value, factors: [] }] });
export const integerAtom = (atom: IntegerAtom): Integer => ({ terms: [{ coefficient: 1, factors: [atom] }] });
export const integerVariable = (name: string): Integer => integerAtom({ kind: "variable", name });

/** Σ of several, with equal monomials merged. */
export function integerSum(...summands: readonly Integer[]): Integer {
  const merged = new Map<string, IntegerTerm>();
  for (const term of summands.flatMap((s) => s.terms)) {
    const key = term.factors.map(atomText).join("*");
    merged.set(key, { coefficient: (merged.get(key)?.coefficient ?? 0) + term.coefficient, factors: term.factors });
  }
  return { terms: [...merged.values()].filter((t) => t.coefficient !== 0) };
}

export const integerScale = (scale: number, x: Integer): Integer =>
  scale === 0 ? integerConstant(0) : { terms: x.terms.map((t) => ({ coefficient: scale * t.coefficient, factors: t.factors })) };
export const integerDifference = (x: Integer, y: Integer): Integer => integerSum(x, integerScale(-1, y));

export function integerProduct(x: Integer, y: Integer): Integer {
  const products = x.terms.flatMap((a) => y.terms.map((b): Integer => {
    const factors = [...a.factors, ...b.factors].sort((p, q) => (atomText(p) < atomText(q) ? -1 : 1));
    return { terms: [{ coefficient: a.coefficient * b.coefficient, factors }] };
  }));
  return integerSum(...products);
}

export function binomial(of: Integer, choose: number): Integer {
  if (choose === 0) return integerConstant(1);
  if (choose === 1) return of;
  return integerAtom({ kind: "binomial", of, choose });
}

/** The value if it has no variables. */
export function constantValue(x: Integer): number | undefined {
  if (x.terms.length === 0) return 0;
  const [only] = x.terms;
  return x.terms.length === 1 && only!.factors.length === 0 ? only!.coefficient : undefined;
}

/** The integers inside an atom. */
export function atomParts(atom: IntegerAtom): readonly Integer[] {
  switch (atom.kind) {
    case "binomial": return [atom.of];
    case "modulo": case "quotient": return [atom.of, atom.divisor];
    case "minimum": case "maximum": return [atom.left, atom.right];
    default: return [];
  }
}

/** Visits every atom, those inside atoms too. */
export function visitAtoms(x: Integer, enter: (atom: IntegerAtom) => void): void {
  for (const term of x.terms) for (const atom of term.factors) {
    enter(atom);
    for (const part of atomParts(atom)) visitAtoms(part, enter);
  }
}

/** How atoms that are not variables are written by a printer. */
export type AtomPrinter = (atom: IntegerAtom, print: (x: Integer) => string) => string;

/** Text of an integer as a sum of products: `row + 2 * i * N - 1`. */
export function printInteger(x: Integer, atom: AtomPrinter): string {
  const print = (y: Integer): string => printInteger(y, atom);
  if (x.terms.length === 0) return "0";
  // Constants last, positive terms first: `N - 1`, not `-1 + N`.
  const rank = (t: IntegerTerm): number => (t.coefficient < 0 ? 2 : 0) + (t.factors.length === 0 ? 1 : 0);
  return [...x.terms].sort((a, b) => rank(a) - rank(b)).map((t, k) => {
    const size = Math.abs(t.coefficient);
    const factors = [...(size === 1 && t.factors.length > 0 ? [] : [String(size)]), ...t.factors.map((f) => atom(f, print))];
    const sign = t.coefficient < 0 ? (k === 0 ? "-" : " - ") : k === 0 ? "" : " + ";
    return sign + factors.join(" * ");
  }).join("");
}

const defaultAtom: AtomPrinter = (a, print) => {
  switch (a.kind) {
    case "variable": return a.name;
    case "binomial": return `binomial(${print(a.of)}, ${a.choose})`;
    case "modulo": return `modulo(${print(a.of)}, ${print(a.divisor)})`;
    case "quotient": return `quotient(${print(a.of)}, ${print(a.divisor)})`;
    case "minimum": return `min(${print(a.left)}, ${print(a.right)})`;
    case "maximum": return `max(${print(a.left)}, ${print(a.right)})`;
    case "scalar": return `integer(${scalarText(a.value)})`;
  }
};

/** Canonical text: equal integers (as polynomials) may differ in the order of terms only if built differently. */
export const integerText = (x: Integer): string => printInteger(x, defaultAtom);
const atomText = (a: IntegerAtom): string => defaultAtom(a, integerText);

/** Text of a scalar with operators by their names: for keys and printed kernels. */
export function scalarText(s: Scalar): string {
  switch (s.kind) {
    case "constant": return String(s.value);
    case "real": return s.name;
    case "integer": { const text = integerText(s.value); return /^\w+$/u.test(text) ? text : `(${text})`; }
    case "load": return `${s.array}[${integerText(s.offset)}]`;
    case "apply": return `${s.operator}(${s.arguments.map(scalarText).join(", ")})`;
  }
}
