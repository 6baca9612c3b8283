/** A potential and its saddle-point equations for people, as text or LaTeX: Gaussian averages are written `⟨…⟩_z`. */
import { read, rewrite } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { latexName, latexStyle } from "../ir/latex.ts";
import { print, textStyle } from "../ir/print.ts";
import type { Style } from "../ir/print.ts";
import type { Averages } from "./averages.ts";
import type { CompiledPotential } from "./potential.ts";

export interface EquationText { readonly text: string; readonly latex: string }

/** An expression with its integrals written out. */
export function printAverages(averages: Averages, e: Expression, style: Style): string {
  const tex = style === latexStyle;
  const name = (n: string): string => n.replace(/·\d+$/, "");
  const inside = (x: Expression): Expression => rewrite(x, (node) => {
    if (node.kind !== "read") return node;
    const integral = averages.find(node.array);
    if (!integral) return node.array.includes("·") ? read(`\u0001${name(node.array)}`) : node;
    const { measure, variable } = integral.group;
    const body = printAverages(averages, integral.body, style);
    const z = tex ? latexName(name(variable)) : name(variable);
    const [from, to] = measure.kind === "range" ? [measure.from, measure.to].map((x) => (Number.isFinite(x) ? String(x) : `${x < 0 ? "-" : ""}${tex ? "\\infty" : "∞"}`)) : [];
    const text = measure.kind === "gauss" ? (tex ? `\\int\\! D${z} \\, \\left[${body}\\right]` : `∫D${z} [${body}]`)
      : tex ? `\\int_{${from}}^{${to}} d${z} \\, \\left[${body}\\right]` : `∫_{${from}}^{${to}} d${z} [${body}]`;
    return read(`\u0001${text}`);
  });
  const raw: Style = { ...style, name: (n) => (n.startsWith("\u0001") ? n.slice(1) : style.name(n)) };
  return print(inside(e), raw);
}

/** Potential, saddle-point equations, definitions and the values of the parameters, a line each. */
export function printEquations(
  averages: Averages, potentialName: string, value: Expression, orders: readonly string[], potential: CompiledPotential,
  definitions: ReadonlyMap<string, Expression>, values: Readonly<Record<string, number>>,
): readonly EquationText[] {
  const line = (make: (style: Style, tex: boolean) => string): EquationText => ({ text: make(textStyle, false), latex: make(latexStyle, true) });
  const named = (n: string, tex: boolean): string => (tex ? latexName(n) : n);
  return [
    ...(orders.length > 0 ? [line((style, tex) => `${named(potentialName, tex)} = ${printAverages(averages, value, style)}`)] : []),
    ...[...definitions].filter(([n]) => n !== potentialName).map(([n, e]) => line((style, tex) => `${named(n, tex)} = ${printAverages(averages, e, style)}`)),
    ...orders.map((o, k) => line((style, tex) => {
      const equation = potential.equations?.[k];
      const whole = potentialName.startsWith("−") ? style.parentheses(named(potentialName, tex)) : named(potentialName, tex);
      const left = tex ? `\\frac{\\partial ${whole}}{\\partial ${named(o, tex)}}` : `∂${whole}/∂${o}`;
      return equation ? `0 = ${left} = ${printAverages(averages, equation, style)}` : `0 = ${left}`;
    })),
    ...(Object.keys(values).length > 0 ? [line((_, tex) => Object.entries(values).map(([n, v]) => `${named(n, tex)} = ${Number(v.toPrecision(12))}`).join(tex ? ", \\; " : ", "))] : []),
  ];
}
