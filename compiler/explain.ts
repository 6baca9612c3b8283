/** The derived mathematics of a model in words and formulas: `quench explain`. */
import { arraySizes, checkSizes, memoryText, shapeText } from "./1-check/checkSizes.ts";
import { generateModel } from "./generateModel.ts";
import { ACCEPTED_FOR_EACH } from "../runtime/modelSupport/completeModel.ts";
import type { ScheduledModel } from "./4-schedule/schedule.ts";
import { gradientForm, hessianForm } from "./ir/differentiate.ts";
import { inlinedBody } from "./ir/inline.ts";
import { latexDerivative, latexForm, latexName, latexStyle } from "./ir/latex.ts";
import { libraryCallIn } from "./ir/libraryCallIn.ts";
import { adjointName, layeredGradient } from "./ir/layeredGradient.ts";
import type { Equation, LayeredGradient } from "./ir/layeredGradient.ts";
import { normalise, positiveParameters } from "./ir/normalise.ts";
import { print, printDerivative, printEquation, printForm, textStyle } from "./ir/print.ts";
import { statesOf } from "./ir/program.ts";
import type { Program } from "./ir/program.ts";
import { gaussianCovariance } from "./library/recognisers/gaussianCovariance.ts";
import { constraintSet } from "./library/recognisers/constraintSet.ts";
import { formatMixture } from "./theory/gaussian/formatMixture.ts";
import type { Theory } from "./theory/prediction.ts";
import { describeTensorProgram } from "./4-schedule/tensor/describe.ts";
import { tensorProgram } from "./4-schedule/tensor/tensorProgram.ts";

export interface ExplainOptions { readonly latex?: boolean; readonly target: "wasm" | "typescript" | "tfjs"; readonly precision?: "f64" | "f32" }

export interface Section { readonly title: string; readonly lines: readonly string[] }

export function explainModel(program: Program, parameters: Readonly<Record<string, number>>, options: ExplainOptions): readonly Section[] {
  const states = statesOf(program);
  const positive = { positive: positiveParameters(program) };
  const [formText, derivativeText] = options.latex ? [latexForm, latexDerivative] : [printForm, printDerivative];
  const derived = (make: () => string): string[] => {
    try { return [make()]; } catch (error) { return [error instanceof Error ? error.message : String(error)]; }
  };
  const call = libraryCallIn(program, program.energy);
  const layered = call === undefined ? layersOf(program) : undefined;
  if (layered) return [...layeredSections(program.energy, layered, options), ...restSections(program, parameters, options)];
  const energy = `${options.latex ? latexName(program.energy) : program.energy} = ${formText(normalise(inlinedBody(program, program.energy).body, positive))}`;
  if (call !== undefined) return [
    { title: "energy", lines: [energy] },
    { title: "gradient", lines: [`not written out: \`${call}\` is a function of whole arrays, whose adjoint the kernels call`] },
    ...restSections(program, parameters, options),
  ];
  const gradients = states.flatMap((s) => derived(() => {
    const { indices, form } = gradientForm(program, program.energy, s.name);
    return derivativeText(program.energy, [{ array: s.name, indices }], form);
  }));
  const hessians = states.flatMap((a, k) => states.slice(k).flatMap((b) => derived(() => {
    const { indices, form } = hessianForm(program, program.energy, a.name, b.name);
    return derivativeText(program.energy, [{ array: a.name, indices: indices.slice(0, a.slots.length) }, { array: b.name, indices: indices.slice(a.slots.length) }], form);
  })));
  return [
    { title: "energy", lines: [energy] },
    { title: "gradient", lines: gradients },
    { title: "Hessian", lines: hessians },
    ...restSections(program, parameters, options),
  ].filter((s) => s.lines.length > 0);
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
    { title: "energy", lines: [line(of, { array: of, indices: [], form: value }), ...definitions.map((d) => line(d.array, d))] },
    { title: `derivatives of ${of} with respect to its definitions: ${definitions.map((d) => `${adjointName(d.array)} = ∂${of}/∂${d.array}`).join(", ")}`, lines: adjoints.map((a) => line(adjointName(a.array), a)) },
    { title: "gradient", lines: gradients.map(({ array, indices, form }) => printDerivative(of, [{ array, indices }], form, style)) },
    { title: "Hessian", lines: ["not written out: its products with vectors are the derivative of the gradient along a direction, at the cost of about two gradients"] },
  ];
}

/** What follows the formulas. */
function restSections(program: Program, parameters: Readonly<Record<string, number>>, options: ExplainOptions): readonly Section[] {
  return [
    { title: "geometry", lines: geometryLines(program) },
    { title: "covariance", lines: covarianceLines(program, parameters) },
    ...kernelSections(program, parameters, options),
  ].filter((s) => s.lines.length > 0);
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

function covarianceLines(program: Program, parameters: Readonly<Record<string, number>>): string[] {
  const found = gaussianCovariance(program, parameters);
  if (!found.ok) return [`the energy is not a Gaussian energy with a covariance in the overlap alone: ${found.reason}`];
  const [n, e, s] = [print(found.variables), program.energy, found.state];
  const terms = found.covariance.map(({ power, coefficient }) => {
    const form = normalise(coefficient, { positive: positiveParameters(program) });
    const text = printForm(form);
    return `${form.terms.length > 1 || text.startsWith("-") ? `(${text})` : text === "1" ? "" : text} (${s}·${s}')^${power}`.trim();
  }).join(" + ");
  return [
    `E[${e}(${s}) ${e}(${s}')] − (E ${e})² = ${terms}`,
    `= ${n} ξ(q) for large ${n},  q = ${s}·${s}'/${print(found.norm2)},  ξ(q) = ${formatMixture(found.mixture)}`,
    ...found.assumptions.map((a) => `assuming: ${a}`),
  ];
}

function kernelSections(program: Program, parameters: Readonly<Record<string, number>>, { target, precision = "f64" }: ExplainOptions): Section[] {
  const refused = checkSizes(program, parameters);
  if (refused.length > 0) return [{ title: "sizes", lines: refused.map((d) => d.message) }];
  const model = generateModel(program, { single: precision === "f32" });
  if (!model.ok) return [{ title: "kernels", lines: model.diagnostics.map((d) => d.message) }];
  const { kernels } = model.scheduled;
  const width = Math.max(...kernels.map((k) => k.kernel.name.length));
  const compiled = kernels.map((k) => `${k.kernel.name.padEnd(width)}  ${target === "typescript" ? "typescript  chosen by --target" : `${k.target}  ${k.reason}`}`);
  return [
    { title: "cost", lines: model.notes },
    ...(target === "tfjs" ? [{ title: "kernels on tfjs (float32, all starts of a sample at once)", lines: tensorLines(model.procedures) }] : []),
    { title: target === "tfjs" ? "float64 kernels (last digits of a descent, observables)" : "kernels", lines: compiled },
    { title: "precision", lines: precisionLines(model.scheduled, precision) },
    { title: `arrays at ${program.parameters.map((p) => `${p.name} = ${parameters[p.name] ?? p.default}`).join(", ")}`, lines: arrayLines(program, parameters) },
  ];
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
