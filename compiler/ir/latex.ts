/** Expressions and normal forms as LaTeX (for `$…$` or `\[…\]`; no packages beyond amsmath). */
import { ops } from "../library/ops/index.ts";
import { latexCall } from "../library/ops/notation.ts";
import type { Expression, Index } from "./expression.ts";
import type { NormalForm } from "./normal.ts";
import { print, printDerivative, printForm } from "./print.ts";
import type { Style } from "./print.ts";

const greek = new Map([..."αβγδεζηθικλμνξπρστυφχψω"].map((letter, k) => [letter, [
  "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
][k]!]));
const spelled = new Set(greek.values());

/** `alpha` and `α` become `\alpha`, single letters stand alone, longer names are upright, `x_2` and `x2` get subscripts, `q̂` a hat, `−e` a sign. */
export function latexName(name: string): string {
  if (name.startsWith("−")) return `-${latexName(name.slice(1))}`;
  const [, hatted, below] = /^(.)\u0302(_?\d*)$/u.exec(name.normalize("NFD")) ?? [];
  if (hatted !== undefined) return latexName(`${hatted}${below!}`).replace(/^[^_]+/, "\\hat{$&}");
  const [, stem, subscript] = /^(.*?)_?(\d*)$/u.exec(name)!;
  const word = stem!.replaceAll("_", "\\_");
  const letter = greek.get(stem!) ?? (spelled.has(stem!) ? stem! : undefined);
  // `δz`: the variation of z.
  const [first, ...rest] = stem!;
  if (!letter && greek.has(first ?? "") && rest.length > 0) return `\\${greek.get(first!)!} ${latexName(`${rest.join("")}${subscript ? `_${subscript}` : ""}`)}`;
  if (first === "Δ" && rest.length > 0) return `\\Delta ${latexName(`${rest.join("")}${subscript ? `_${subscript}` : ""}`)}`;
  const base = letter ? `\\${letter}` : [...stem!].length <= 1 ? stem! : `\\mathrm{${word}}`;
  return subscript ? `${base}_{${subscript}}` : base;
}

const signs = { sum: "\\sum", product: "\\prod", max: "\\max", min: "\\min" } as const;

export const latexStyle: Style = {
  notation: (operator) => ops[operator].mathematics?.latex ?? latexCall(`\\operatorname{${operator.replaceAll("_", "\\_")}}`, ops[operator].arity),
  name: latexName,
  // Braces keep a name with a subscript of its own from having two.
  read: (array, subscripts) => (subscripts.length === 0 ? array : `${array.includes("_") ? `{${array}}` : array}_{${subscripts.join(",")}}`),
  big: (combine, binders) => `${signs[combine]}_{${binders}}`,
  juxtapose: (parts) => parts.join(" \\, "),
  power: (base, exponent) => (/_\{[^{}]*\}$/.test(base) || /^[^_]+$/.test(base) ? `${base}^{${exponent}}` : `{${base}}^{${exponent}}`),
  root: (radicand) => `\\sqrt{${radicand}}`,
  fraction: (numerator, denominator) => `\\frac{${numerator}}{${denominator}}`,
  barGroups: true,
  condition: (condition) => `\\left[${condition}\\right]`,
  parentheses: (inner) => `\\left(${inner}\\right)`,
  partial: (of, by) =>
    by.length === 1 ? `\\frac{\\partial ${of}}{\\partial ${by[0]}}` : `\\frac{\\partial^2 ${of}}{${by.map((b) => `\\partial ${b}`).join(" \\, ")}}`,
};

export const latex = (e: Expression): string => print(e, latexStyle);
export const latexForm = (form: NormalForm): string => printForm(form, latexStyle);
export const latexDerivative = (of: string, entries: readonly { readonly array: string; readonly indices: readonly Index[] }[], form: NormalForm): string =>
  printDerivative(of, entries, form, latexStyle);
