/** The derived mathematics of a model in words and formulas: `quench explain`. */
import { arraySizes, checkSizes, memoryText, shapeText } from "./1-check/checkSizes.ts";
import { generateModel } from "./generateModel.ts";
import { constant, rewrite, visit, type Expression } from "./ir/expression.ts";
import { gradientForm, hessianForm, obstacle } from "./ir/differentiate.ts";
import { dynamics } from "../runtime/dynamics/index.ts";
import { ACCEPTED_FOR_EACH } from "../runtime/modelSupport/completeModel.ts";
import type { ScheduledModel } from "./4-schedule/schedule.ts";
import { inlinedBody } from "./ir/inline.ts";
import { latexDerivative, latexForm, latexName, latexStyle } from "./ir/latex.ts";
import { libraryCallIn } from "./ir/libraryCallIn.ts";
import { adjointName, layeredGradient } from "./ir/layeredGradient.ts";
import type { Equation, LayeredGradient } from "./ir/layeredGradient.ts";
import { constantOf, fromNormal, normalise, positiveParameters } from "./ir/normalise.ts";
import { print, printDefinition, printDerivative, printEquation, printForm, textStyle, type Style } from "./ir/print.ts";
import type { NormalForm } from "./ir/normal.ts";
import { findArray, statesOf, type Program, type Slot } from "./ir/program.ts";
import { unwrapReads } from "./3-passes/delta/periodic.ts";
import { gaussianCovariance } from "./library/recognisers/gaussianCovariance.ts";
import { constraintSet } from "./library/recognisers/constraintSet.ts";
import { build, writtenAs } from "./library/ops/index.ts";
import { moveFormulas } from "./explainMoves.ts";
import { formatMixture } from "./theory/gaussian/formatMixture.ts";
import type { Theory } from "./theory/prediction.ts";
import { describeTensorProgram } from "./4-schedule/tensor/describe.ts";
import { tensorProgram } from "./4-schedule/tensor/tensorProgram.ts";

export interface ExplainOptions { readonly latex?: boolean; readonly target: "wasm" | "typescript" | "tfjs"; readonly precision?: "f64" | "f32" }

/** `mathematics` says that each line is a formula, in LaTeX where that was asked for. */
export interface Section { readonly title: string; readonly lines: readonly string[]; readonly mathematics?: true }

export function explainModel(source: Program, parameters: Readonly<Record<string, number>>, options: ExplainOptions): readonly Section[] {
  // Subscripts of periodic slots wrap by themselves: so they are shorter to read.
  const slotsOf = (array: string): readonly Slot[] | undefined => source.arrays.find((a) => a.name === array)?.slots;
  const program: Program = { ...source, arrays: source.arrays.map((a) => (a.origin.kind === "definition" ? { ...a, origin: { ...a.origin, body: unwrapReads(a.origin.body, slotsOf) } } : a)) };
  const brief = (form: NormalForm): NormalForm => normalise(withoutTruths(unwrapReads(fromNormal(form), slotsOf)), positive);
  const states = statesOf(program);
  const positive = { positive: positiveParameters(program) };
  const [formText, derivativeText] = options.latex ? [latexForm, latexDerivative] : [printForm, printDerivative];
  const style = options.latex ? latexStyle : textStyle;
  const call = libraryCallIn(program, program.energy);
  const layered = call === undefined ? layersOf(program) : undefined;
  if (layered) return [...layeredSections(program.energy, layered, options), ...restSections(source, parameters, options)];
  const written = asWritten(program, style);
  const energy = `${options.latex ? latexName(program.energy) : program.energy} = ${formText(brief(normalise(inlinedBody(program, program.energy).body, positive)))}`;
  if (call !== undefined) return [
    { title: "energy", lines: written, mathematics: true },
    { title: "gradient", lines: [`not written out: \`${call}\` is a function of whole arrays, whose adjoint the kernels call`] },
    ...restSections(source, parameters, options),
  ];
  // Of spins and the like the energy difference of a move takes their place.
  const continuous = states.filter((s) => s.origin.domain.name === "real" || s.origin.domain.name === "interval" || s.origin.domain.name === "angle");
  const blunt = continuous.map((s) => obstacle(inlinedBody(program, program.energy).body, s.name)).find((operator) => operator !== undefined);
  const differentiated = blunt === undefined ? continuous : [];
  const gradients = differentiated.map((s) => {
    const { indices, form } = gradientForm(program, program.energy, s.name);
    return derivativeText(program.energy, [{ array: s.name, indices }], brief(form));
  });
  const hessians = differentiated.flatMap((a, k) => differentiated.slice(k).map((b) => {
    const { indices, form } = hessianForm(program, program.energy, a.name, b.name);
    return derivativeText(program.energy, [{ array: a.name, indices: indices.slice(0, a.slots.length) }, { array: b.name, indices: indices.slice(a.slots.length) }], brief(form));
  }));
  const sections: readonly Section[] = [
    { title: "energy", lines: [...written, ...(written.includes(energy) ? [] : [energy])], mathematics: true },
    { title: "gradient", lines: gradients, mathematics: true },
    { title: "Hessian", lines: hessians, mathematics: true },
    { title: "no gradient", lines: blunt === undefined ? [] : [`the energy goes through ${writtenAs(blunt)} of the state, which has no derivative to use`] },
    ...restSections(source, parameters, options),
  ];
  return sections.filter((s) => s.lines.length > 0);
}

/** Without conditions that hold by what a remainder is: 0 ≤ x mod N ≤ N − 1. */
const withoutTruths = (e: Expression): Expression => rewrite(e, (node) => {
  if (node.kind !== "apply" || node.operator !== "le") return node;
  const difference = normalise(build.sub(node.arguments[1]!, node.arguments[0]!));
  const least = difference.terms.map(({ coefficient, factors, indices }): Expression | undefined => {
    const [only, ...more] = factors;
    const remainder = indices.length === 0 && more.length === 0 && only?.exponent === 1 && only.base.kind === "apply" && only.base.operator === "mod" ? only.base : undefined;
    if (remainder) return coefficient > 0 ? constant(0) : build.mul(constant(coefficient), build.sub(remainder.arguments[1]!, constant(1)));
    return fromNormal({ terms: [{ coefficient, factors, indices, conditions: [] }] });
  });
  const value = constantOf(normalise(least.reduce((sum: Expression, t) => build.add(sum, t!), constant(0))));
  return value !== undefined && value >= 0 ? constant(1) : node;
});

/** The energy and the definitions that it reads, as they stand in the specification. */
function asWritten(program: Program, style: Style): readonly string[] {
  const written = new Map<string, string>();
  const write = (name: string): void => {
    const { origin } = findArray(program, name);
    if (written.has(name) || origin.kind !== "definition") return;
    written.set(name, printDefinition(name, origin.indices, origin.body, style));
    visit(origin.body, (e) => { if (e.kind === "read") write(e.array); });
  };
  write(program.energy);
  return [...written.values()];
}

/** Undefined where the flat form is as good, and where the energy has no derivative: the flat form says which operator has none. */
function layersOf(program: Program): LayeredGradient | undefined {
  try { return layeredGradient(program, program.energy); } catch { return undefined; }
}

/** By the chain rule over the definitions, where the energy is no polynomial. */
function layeredSections(of: string, { value, definitions, adjoints, gradients }: LayeredGradient, { latex: asLatex }: ExplainOptions): readonly Section[] {
  const style = asLatex ? latexStyle : textStyle;
  const line = (array: string, { indices, form }: Equation): string => printEquation(array, indices, form, style);
  return [
    { title: "energy", lines: [line(of, { array: of, indices: [], form: value }), ...definitions.map((d) => line(d.array, d))], mathematics: true },
    { title: `derivatives of ${of} with respect to its definitions: ${definitions.map((d) => `${adjointName(d.array)} = ∂${of}/∂${d.array}`).join(", ")}`, lines: adjoints.map((a) => line(adjointName(a.array), a)), mathematics: true },
    { title: "gradient", lines: gradients.map(({ array, indices, form }) => printDerivative(of, [{ array, indices }], form, style)), mathematics: true },
    { title: "Hessian", lines: ["not written out: its products with vectors are the derivative of the gradient along a direction, at the cost of about two gradients"] },
  ];
}

/** What follows the formulas. */
function restSections(program: Program, parameters: Readonly<Record<string, number>>, options: ExplainOptions): readonly Section[] {
  const sections: readonly Section[] = [
    { title: "geometry", lines: geometryLines(program) },
    ...covarianceSections(program, parameters, options),
    ...kernelSections(program, parameters, options),
  ];
  return sections.filter((s) => s.lines.length > 0);
}

function geometryLines(program: Program): string[] {
  const set = constraintSet(program);
  const written = ({ left, relation, right }: Program["constraints"][number]): string => `${print(left)} ${relation === "==" ? "=" : "≤"} ${print(right)}`;
  return [
    ...set.refused.map((r) => r.reason),
    ...set.spheres.flatMap(({ array, freeAxes, norm2 }) => [
      freeAxes.length === 0 ? `${array} is on the sphere |${array}|² = ${print(norm2)}` : `${array} is on a product of spheres, one for each value of ${freeAxes.length} of its indices, |·|² = ${print(norm2)}`,
      `tangent gradient: (1 − ${array} ${array}ᵀ/R²) ∇;  retraction: rescale to the radius;  Riemannian Hessian: P (∇² − (${array}·∇/R²)) P, P = 1 − ${array} ${array}ᵀ/R²`,
    ]),
    ...set.smooth.map((c) => `c: ${written(c)}`),
    ...(set.smooth.length > 0 ? ["tangent projection: P = 1 − Jᵀ (J Jᵀ)⁻¹ J, J = ∇c;  retraction: Gauss-Newton;  Riemannian Hessian: P (∇² − Σ λ ∇²c) P, λ = (J Jᵀ)⁻¹ J ∇"] : []),
    ...set.sums.map(({ constraint }) => `conserved by exchanges: ${written(constraint)}`),
    ...set.tested.filter((c) => !set.sums.some((s) => s.constraint === c)).map((c) => `tested after each move: ${written(c)}`),
  ];
}

function covarianceSections(program: Program, parameters: Readonly<Record<string, number>>, { latex: asLatex }: ExplainOptions): readonly Section[] {
  // Nobody asks for it where nothing is drawn.
  if (!program.arrays.some((a) => a.origin.kind === "ensemble")) return [];
  const found = gaussianCovariance(program, parameters, undefined, { bias: true, universal: true });
  const others = statesOf(program).some((s) => s.origin.domain.name === "spin") ? gaussianCovariance(program, parameters, "hypercube", { bias: true, universal: true }) : found;
  const best = found.ok ? found : others;
  if (!best.ok) return [{ title: "covariance", lines: [`the energy is not a Gaussian energy with a covariance in the overlap alone: ${best.reason}`] }];
  const style = asLatex ? latexStyle : textStyle;
  const [n, e, s, norm2] = [print(best.variables, style), style.name(program.energy), style.name(best.state), print(best.norm2, style)];
  const dot = asLatex ? "\\cdot " : "·";
  const terms = best.covariance.filter(({ power }) => power > 0).map(({ power, coefficient }) => {
    const form = normalise(coefficient, { positive: positiveParameters(program) });
    const text = printForm(form, style);
    const factor = form.terms.length > 1 || text.startsWith("-") ? style.parentheses(text) : text === "1" ? "" : text;
    return [factor, `(${s}${dot}${s}')${power === 1 ? "" : asLatex ? `^{${power}}` : `^${power}`}`].filter((t) => t !== "").join(" ");
  }).join(" + ");
  const average = (of: string): string => (asLatex ? `\\mathbb{E}\\left[${of}\\right]` : `E[${of}]`);
  const xi = formatMixture(best.mixture);
  return [
    { title: "covariance", mathematics: true, lines: [
      `${average(`${e}(${s}) ${e}(${s}')`)} ${asLatex ? "-" : "−"} ${average(`${e}(${s})`)} ${average(`${e}(${s}')`)} = ${terms}`,
      asLatex ? `= ${n}\\,\\xi(q), \\quad q = ${s}\\cdot ${s}'/${norm2}, \\quad \\xi(q) = ${xi.replaceAll(/\^(\d+)/g, "^{$1}").replaceAll("·", "\\cdot ")}` : `= ${n} ξ(q) for large ${n},  q = ${s}·${s}'/${norm2},  ξ(q) = ${xi}`,
    ] },
    { title: "of the covariance", lines: best.assumptions.map((a) => `assuming: ${a}`) },
  ];
}

function kernelSections(program: Program, parameters: Readonly<Record<string, number>>, { target, latex: asLatex, precision = "f64" }: ExplainOptions): Section[] {
  const refused = checkSizes(program, parameters);
  if (refused.length > 0) return [{ title: "sizes", lines: refused.map((d) => d.message) }];
  const model = generateModel(program, { single: precision === "f32", lanes: target !== "typescript" && canAsk(program) });
  if (!model.ok) return [{ title: "kernels", lines: model.diagnostics.map((d) => d.message) }];
  const { kernels, lanes } = model.scheduled;
  const width = Math.max(...kernels.map((k) => k.kernel.name.length));
  const compiled = kernels.map((k) => `${k.kernel.name.padEnd(width)}  ${target === "typescript" ? "typescript  chosen by --target" : `${k.target}  ${k.reason}`}`);
  const differences = statesOf(program).some((s) => s.origin.domain.name !== "real") ? moveFormulas(model.procedures, parameters, asLatex ? latexStyle : textStyle) : { formulas: [], notes: [] };
  return [
    { title: "energy difference of a move, and what is kept for it", lines: differences.formulas, mathematics: true },
    { title: differences.formulas.length > 0 ? "in these" : "energy difference of a move", lines: differences.notes },
    { title: "cost", lines: model.notes },
    ...(target === "tfjs" ? [{ title: "kernels on tfjs (float32, all starts of a sample at once)", lines: tensorLines(model.procedures) }] : []),
    { title: target === "tfjs" ? "float64 kernels (last digits of a descent, observables)" : "kernels", lines: compiled },
    ...(lanes && "reason" in lanes && model.procedures.gradientRefusal === undefined ? [{ title: "kernels of several starts", lines: [`none, gradients are computed one start after the other: ${lanes.reason}`] }] : []),
    { title: "precision", lines: precisionLines(model.scheduled, precision) },
    { title: `arrays at ${program.parameters.map((p) => `${p.name} = ${parameters[p.name] ?? p.default}`).join(", ")}`, lines: arrayLines(program, parameters) },
  ];
}

/** Whether there are dynamics of all variables whose starts can be evaluated together. */
function canAsk(program: Program): boolean {
  const domains = statesOf(program).map((s) => s.origin.domain.name);
  return Object.values(dynamics).some((d) => d?.asks !== undefined && domains.every((domain) => d.domains.includes(domain)));
}

/** What is computed in which precision, and why. */
function precisionLines({ kernels, memory, moves }: ScheduledModel, precision: "f64" | "f32"): string[] {
  const single = kernels.filter(({ kernel }) => kernel.arrays.some((a) => a.single)).map((k) => k.kernel.name);
  if (precision === "f64") return ["float64: what --precision says, and the default"];
  if (single.length === 0) return ["float64 all the same: no loop of a gradient or a local move walks an array"];
  const cached = moves?.caches.some((cache) => memory.some((a) => a.name === cache && a.single));
  return [
    `float32 by --precision f32: arrays of ${single.join(", ")}; their single numbers and sums over outer loops are float64`,
    "float64: energies and observables that are recorded, Hessians, states between two calls",
    ...(cached ? [`caches of local moves are computed anew after ${ACCEPTED_FOR_EACH} accepted moves a variable: until then an entry is off by at most that number of moves times 2⁻²⁴ of the largest one`] : []),
  ];
}

function arrayLines(program: Program, parameters: Readonly<Record<string, number>>): string[] {
  const sizes = arraySizes(program, parameters).filter((s) => s.array.slots.length > 0);
  const width = Math.max(0, ...sizes.map((s) => s.array.name.length));
  return sizes.map((s) => `${s.array.name.padEnd(width)}  ${s.array.status.padEnd(9)}  ${shapeText(s)}  ${memoryText(s.bytes)}`);
}

function tensorLines(procedures: Parameters<typeof tensorProgram>[0]): readonly string[] {
  const made = tensorProgram(procedures);
  return made.ok ? describeTensorProgram(made.program) : [`none: ${made.reason}; the run falls back to wasm`];
}

/** A theory's status, assumptions and equations. */
export const explainTheory = (theory: Theory, options: { readonly latex?: boolean } = {}): readonly Section[] => [
  { title: "status", lines: [theory.status] },
  { title: "assumptions", lines: theory.assumptions },
  { title: "equations", lines: theory.equations.map((e) => (typeof e === "string" ? e : options.latex ? e.latex : e.text)) },
  { title: "quantities", lines: theory.quantities.map((q) => `${q.name}${q.form === "value" ? "" : q.form === "subscript" ? `[${q.arguments.map((a) => a.name).join(", ")}]` : `(${q.arguments.map((a) => a.name).join(", ")})`}  ${q.doc}`) },
];
