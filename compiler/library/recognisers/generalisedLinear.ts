/**
 * Generalised linear energies Σ_μ ℓ(h_μ; y_μ), h_μ = c Σ_i x_μi w_i: found in the energy with all definitions written out, so that names,
 * order of factors and split `let`s make no difference. Inputs x are independent, or features x_μi = f(Σ_d F_id ξ_μd) of independent ones;
 * labels y are random signs, the sign of another linear field of the same inputs, the teacher's (with Gaussian noise in it or not), or
 * such a field or noise itself. Weights are spins, on a sphere, or held by a quadratic term λ Σ w² of the energy. What is longer than
 * usual here is one reading of one expression; labels are in `patternLabels.ts`.
 */
import { constant, indexValue, read, rewrite, substitute, visit } from "../../ir/expression.ts";
import type { Expression, Index, Reduce } from "../../ir/expression.ts";
import { inline, inlinedBody } from "../../ir/inline.ts";
import { fromNormal, normalise, positiveParameters, size } from "../../ir/normalise.ts";
import type { Factor, Term } from "../../ir/normal.ts";
import { print, printForm } from "../../ir/print.ts";
import { findArray } from "../../ir/program.ts";
import type { ArrayDeclaration, Program } from "../../ir/program.ts";
import { rangeText } from "../../ir/text.ts";
import { momentsOf } from "../distributions/index.ts";
import { build } from "../ops/index.ts";
import { field, labelsOf } from "./patternLabels.ts";
import type { PatternLabels } from "./patternLabels.ts";
import { nameSums, wholeActivation } from "./featureSums.ts";
import { numberOfEntries, recognisedForm, sphereConstraints } from "./sphereConstraints.ts";

export interface GeneralisedLinear {
  readonly ok: true;
  readonly weights: {
    readonly array: string; readonly domain: "spin" | "sphere" | "gaussian";
    /** |w|², in all; N where it is free. */
    readonly norm2: Expression;
    /** λ of the term λ Σ w² that holds Gaussian weights; else 0. */
    readonly penalty: Expression;
  };
  /** Number of weights N and of patterns P. */
  readonly sites: Expression;
  readonly patterns: Expression;
  /** ℓ as an expression of the reads `field` and `label` (`teacherField` and `noise` for linear labels) and of parameters. */
  readonly loss: Expression;
  /** The real field is `scale` times Σ_i x_i w_i with the inputs' variance `inputVariance`. */
  readonly scale: Expression;
  readonly inputVariance: Expression;
  /** Name of the ensemble of inputs (those in front of the features). */
  readonly inputs: string;
  readonly labels: PatternLabels;
  /** In front of the weights: x = f(u), u = `gain` Σ_d F_d ξ_d over `hidden` inputs, all of the given variances. */
  readonly features?: { readonly activation: Expression; readonly hidden: Expression; readonly variance: Expression; /** Of one hidden input. */ readonly inputVariance: Expression };
}

/** What stands for the argument of the activation. */
export const preactivation = read("u");

type Refusal = { readonly ok: false; readonly reason: string };
const refuse = (reason: string): Refusal => ({ ok: false, reason });

export function generalisedLinear(program: Program): GeneralisedLinear | Refusal {
  try {
    return recognise(program);
  } catch (error) {
    if (error instanceof NotLinear) return refuse(error.message);
    throw error;
  }
}

/** Leaves the recogniser with the reason. */
class NotLinear extends Error {}
const fail = (reason: string): never => { throw new NotLinear(reason); };

function recognise(program: Program): GeneralisedLinear {
  const options = { positive: positiveParameters(program) };
  const domain = weightsOf(program);
  const written = inlinedBody(program, program.energy).body;
  visit(written, (node) => {
    if (node.kind === "read" && node.subscripts.length === 0 && findArray(program, node.array).origin.kind !== "definition") fail(`the energy depends on \`${node.array}\`, one number that all patterns share`);
  });
  const all = split(program, written, constant(1), options);
  const penalties = all.map((part) => penaltyOf(program, part, domain.array, options));
  const parts = all.filter((_, k) => penalties[k] === undefined);
  for (const { reduce } of parts) if (overWeights(reduce, domain.array)) fail(`the energy has the part ${print(reduce)}, a sum over the weights \`${domain.array}\`: beside the sum over patterns only λ Σ w² of real weights is covered`);
  const penalty = penalties.reduce((sum: Expression, p) => (p === undefined ? sum : build.add(sum, p)), constant(0));
  if (domain.domain === "gaussian" && penalties.every((p) => p === undefined)) fail(`the weights \`${domain.array}\` are real and nothing holds them: there is no constraint that is ${recognisedForm}, and no term λ Σ w² of the energy`);
  const weights = { ...domain, penalty: domain.domain === "gaussian" ? penalty : constant(0) };
  if (parts.length === 0) fail("the energy is not a sum over patterns of a function of one field each");
  const pattern = parts[0]!.reduce.indices[0]!;
  let body: Expression | undefined;
  for (const { factor, reduce } of parts) {
    const [index] = reduce.indices;
    if (reduce.indices.length !== 1) fail(`the energy has a sum over ${reduce.indices.length} indices, ${reduce.indices.map((i) => i.name).join(", ")}: a generalised linear energy is one sum over patterns`);
    if (rangeText(index!.range) !== rangeText(pattern.range)) fail("the energy has sums over different ranges: a generalised linear energy is one sum over patterns");
    const own = reduce.where === constant(1) ? reduce.body : build.mul(reduce.where, reduce.body);
    const one = times(factor, index === pattern ? own : substitute(own, new Map([[index!, indexValue(pattern)]])));
    body = body ? build.add(body, one) : one;
  }

  // The fields: sums over the weights. All must be one field, up to factors without the weights' index.
  let found: { readonly shape: string; readonly inputs: Factor; readonly index: Index } | undefined;
  let scale: Expression = constant(1);
  const replaced = rewrite(body!, (node) => {
    if (node.kind !== "reduce" || !readsArray(node, weights.array)) return node;
    if (node.combine !== "sum") fail(`the energy has the ${node.combine} of a function of \`${weights.array}\`: a generalised linear energy depends on it through sums Σ x w only`);
    const sums = nameSums(node, (e) => readsArray(e, weights.array), options);
    const form = { terms: wholeActivation(normalise(sums.field, options).terms, sums, weights.array, fail, options) };
    if (form.terms.some((t) => t.conditions.length === 0 && t.factors.every((f) => parametric(f.base) || (f.base.kind === "read" && f.base.array === weights.array)))) fail(`the field ${printForm(form)} holds the weights without random inputs: only inputs with mean 0 are covered`);
    // One field with several factors: parameters and coefficients are its scale, what depends on the pattern alone is a label.
    let factor: Expression = constant(0);
    for (const term of form.terms) {
      const split = splitField(program, term, weights.array), inputs = { ...split.inputs, base: sums.restore(split.inputs.base) };
      const outside = fromNormal({ terms: [{ coefficient: term.coefficient, factors: split.outside, indices: [], conditions: term.conditions }] });
      const shape = printForm(normalise(fromNormal({ terms: [{ coefficient: 1, factors: [inputs], indices: term.indices, conditions: [] }] }), options));
      if (found && found.shape !== shape) fail(`the loss of a pattern depends on two different fields of \`${weights.array}\`: ${found.shape} and ${shape}`);
      if (!found) {
        found = { shape, inputs, index: split.index };
        scale = fromNormal({ terms: [{ coefficient: term.coefficient, factors: split.outside.filter((f) => parametric(f.base)), indices: [], conditions: [] }] });
      }
      factor = build.add(factor, outside);
    }
    return times(fromNormal(normalise(build.div(factor, scale), options)), field);
  });
  if (!found) return fail(`the energy depends on \`${weights.array}\` through no field Σ x w`);
  if (readsArray(replaced, weights.array)) fail(`the loss of a pattern depends on \`${weights.array}\` outside of its field`);

  const { inputs, features, inputVariance, range: seen } = inputsOf(program, found.inputs, found.index, pattern, options);
  const labelled = labelsOf(program, replaced, { pattern, inputs, range: seen, entriesOver: (e, indices) => entriesOver(program, e, indices), varianceOf: (array) => varianceOf(program, array), fail }, options);
  const range = (i: Index): Expression => inline(size(i.range), program);
  return {
    ok: true, weights, sites: range(found.index), patterns: range(pattern), loss: labelled.loss, scale, inputVariance, inputs, labels: labelled.labels,
    ...(features ? { features } : {}),
  };
}

function weightsOf(program: Program): Omit<GeneralisedLinear["weights"], "penalty"> {
  const states = program.arrays.filter((a) => a.origin.kind === "state");
  const [state] = states;
  if (!state || states.length > 1) return fail(`the model has ${states.length} state arrays (${states.map((s) => s.name).join(", ")}): one array of weights is covered`);
  if (state.slots.length !== 1) return fail(`the weights \`${state.name}\` have ${state.slots.length} indices: one is covered`);
  const domain = state.origin.kind === "state" ? state.origin.domain.name : "real";
  const sites = inline(numberOfEntries(state), program);
  if (domain === "spin") {
    if (program.constraints.length > 0) return fail("constraints on spins are not covered");
    return { array: state.name, domain: "spin", norm2: sites };
  }
  if (domain !== "real") return fail(`the weights \`${state.name}\` are ${domain}: spins, and real weights on a sphere are covered`);
  const constraints = sphereConstraints(program);
  if (!constraints.ok) return fail(constraints.reason);
  const sphere = constraints.spheres.find((s) => s.array === state.name);
  if (!sphere) return { array: state.name, domain: "gaussian", norm2: sites };
  return { array: state.name, domain: "sphere", norm2: sphere.norm2 };
}

interface Part { readonly factor: Expression; readonly reduce: Reduce }

const times = (factor: Expression, e: Expression): Expression => (factor === constant(1) ? e : build.mul(factor, e));

/** Whether a sum adds functions of one weight each. */
function overWeights({ indices, where, body }: Reduce, weights: string): boolean {
  let found = false;
  for (const e of [where, body]) visit(e, (n) => { found ||= n.kind === "read" && n.array === weights && n.subscripts.some((s) => s.kind === "index" && indices.includes(s.index)); });
  return found && indices.length === 1;
}

/** c of a part c Σ_i w_i² of the energy. */
function penaltyOf(program: Program, { factor, reduce }: Part, weights: string, options: Options): Expression | undefined {
  const { terms } = normalise(reduce, options);
  const [term] = terms;
  const square = term?.factors.find((f) => f.base.kind === "read" && f.base.array === weights);
  if (terms.length !== 1 || square?.base.kind !== "read" || square.exponent !== 2 || term!.indices.length !== 1 || term!.conditions.length > 0) return undefined;
  const [subscript] = square.base.subscripts, slot = findArray(program, weights).slots[0]!.range;
  const others = term!.factors.filter((f) => f !== square);
  if (subscript?.kind !== "index" || subscript.index !== term!.indices[0] || others.some((f) => !parametric(f.base))) return undefined;
  if (rangeText({ lower: inline(slot.lower, program), upper: inline(slot.upper, program) }) !== rangeText(subscript.index.range)) return undefined;
  return build.mul(factor, fromNormal({ terms: [{ ...term!, factors: others, indices: [] }] }));
}

/** Sums with their factors of parameters; constants are left out, they shift the energy. */
function split(program: Program, e: Expression, factor: Expression, options: Options): readonly Part[] {
  if (parametric(e)) return [];
  if (e.kind === "reduce" && e.combine === "sum") return [{ factor, reduce: e }];
  if (e.kind === "apply") {
    const [x, y] = e.arguments as readonly [Expression, Expression];
    switch (e.operator) {
      case "neg": return split(program, x, build.neg(factor), options);
      case "add": return [...split(program, x, factor, options), ...split(program, y, factor, options)];
      case "sub": return [...split(program, x, factor, options), ...split(program, y, build.neg(factor), options)];
      case "div": if (parametric(y)) return split(program, x, build.div(factor, y), options); break;
      case "mul":
        if (parametric(x)) return split(program, y, build.mul(factor, x), options);
        if (parametric(y)) return split(program, x, build.mul(factor, y), options);
        break;
      default: break;
    }
  }
  // The square of a norm, for example.
  const plain = fromNormal(normalise(e, options));
  if (plain !== e) return split(program, plain, factor, options);
  return fail(`the energy has the part ${print(e)}, which is not a sum over patterns times a number`);
}

function splitField(program: Program, term: Term, weights: string): { readonly outside: readonly Factor[]; readonly inputs: Factor; readonly index: Index } {
  const shown = printForm({ terms: [term] });
  if (term.indices.length !== 1) fail(`the field ${shown} is a sum over ${term.indices.length} indices: it must be Σ_i x[i] ${weights}[i]`);
  const index = term.indices[0]!;
  if (term.conditions.some((c) => uses(c, index) || readsArray(c, weights))) fail(`the field ${shown} is restricted by a condition: every weight must enter alike`);
  const own = term.factors.filter((f) => f.base.kind === "read" && f.base.array === weights);
  const [w] = own;
  if (own.length === 0) fail(`the field has the part ${shown} without the weights, one more random number of each pattern; where weights are 0 and 1, write them as spins`);
  if (own.length !== 1 || w!.exponent !== 1 || w!.base.kind !== "read" || w!.base.subscripts.length !== 1 || w!.base.subscripts[0]!.kind !== "index" || w!.base.subscripts[0]!.index !== index) {
    fail(`the field ${shown} is not linear in \`${weights}\``);
  }
  const slot = findArray(program, weights).slots[0]!.range;
  if (rangeText({ lower: inline(slot.lower, program), upper: inline(slot.upper, program) }) !== rangeText(index.range)) fail(`the field ${shown} is a sum over part of the weights`);
  const others = term.factors.filter((f) => f !== w);
  if (others.some((f) => readsArray(f.base, weights))) fail(`the field ${shown} is not linear in \`${weights}\``);
  const inside = others.filter((f) => uses(f.base, index));
  if (inside.length !== 1 || inside[0]!.exponent !== 1) fail(inside.length === 0 ? `the field ${shown} adds the weights up without inputs` : `the inputs ${inside.map((f) => print(f.base)).join(" ")} of the field are not one array of independent entries`);
  return { outside: others.filter((f) => !inside.includes(f)), inputs: inside[0]!, index };
}

type Options = Parameters<typeof normalise>[1];

function inputsOf(program: Program, { base }: Factor, site: Index, pattern: Index, options: Options): { readonly inputs: string; readonly range: Index["range"]; readonly features?: GeneralisedLinear["features"]; readonly inputVariance: Expression } {
  if (base.kind === "read") {
    const ensemble = entriesOver(program, base, [pattern, site]);
    return { inputs: ensemble.name, inputVariance: varianceOf(program, ensemble), range: site.range };
  }
  // Features: one sum over hidden inputs inside a function.
  const sums = new Set<Reduce>();
  const outermost = (e: Expression): void => {
    if (e.kind === "reduce") sums.add(e);
    else if (e.kind === "apply") e.arguments.forEach(outermost);
  };
  outermost(base);
  const [sum] = sums;
  if (sums.size !== 1 || sum!.combine !== "sum") fail(`the inputs ${print(base)} are neither independent random numbers nor a function of one random projection`);
  const form = normalise(sum!, options);
  const term = form.terms[0]!;
  const shown = printForm(form);
  if (form.terms.length !== 1 || term.indices.length !== 1 || term.conditions.length > 0) fail(`the features' projection ${shown} is not one sum Σ_d F[d] ξ[d]`);
  const hidden = term.indices[0]!;
  const random = term.factors.filter((f) => !parametric(f.base));
  const gain = fromNormal({ terms: [{ coefficient: term.coefficient, factors: term.factors.filter((f) => !random.includes(f)), indices: [], conditions: [] }] });
  const projection = random.find((f) => uses(f.base, site)), inputs = random.find((f) => uses(f.base, pattern));
  if (random.length !== 2 || !projection || !inputs || random.some((f) => f.exponent !== 1)) return fail(`the features' projection ${shown} is not one sum Σ_d F[d] ξ[d]`);
  const F = entriesOver(program, projection.base, [site, hidden]), xi = entriesOver(program, inputs.base, [pattern, hidden]);
  const activation = rewrite(base, (node) => (node === sum ? preactivation : node));
  visit(activation, (node) => {
    if ((node.kind === "read" && node !== preactivation) || node.kind === "index") fail(`the activation ${print(activation)} depends on more than its argument`);
  });
  const hiddenSize = inline(size(hidden.range), program);
  const inputVariance = varianceOf(program, xi);
  const variance = build.mul(build.mul(build.mul(gain, gain), hiddenSize), build.mul(varianceOf(program, F), inputVariance));
  return { inputs: xi.name, inputVariance: constant(1), range: hidden.range, features: { activation, hidden: hiddenSize, variance, inputVariance } };
}

/** The ensemble that `e` reads with exactly these indices, one a slot. */
function entriesOver(program: Program, e: Expression, indices: readonly Index[]): ArrayDeclaration {
  if (e.kind !== "read") return fail(`${print(e)} is not an array of independent random numbers`);
  const array = findArray(program, e.array);
  if (array.origin.kind !== "ensemble") return fail(`\`${array.name}\` is not an ensemble: what is averaged over is random`);
  const places = e.subscripts.map((s) => (s.kind === "index" ? s.index : undefined));
  if (places.length !== indices.length || !indices.every((i) => places.includes(i))) return fail(`${print(e)} is not read once for each ${indices.map((i) => i.name).join(" and ")}: its entries are shared`);
  if (array.slots.some((s) => s.order !== undefined)) return fail(`\`${array.name}\` has ordered slots: its entries are not independent`);
  return array;
}

/** Of independent entries with mean 0, of any distribution: they enter in sums of very many. */
function varianceOf(program: Program, array: ArrayDeclaration): Expression {
  const { origin } = array;
  if (origin.kind !== "ensemble") return fail(`\`${array.name}\` is not an ensemble`);
  if (origin.distribution === "Sphere") return build.div(inline(origin.arguments[0]!, program), inline(numberOfEntries(array), program));
  const moments = momentsOf(origin.distribution)?.(origin.arguments.map((a) => inline(a, program)));
  if (!moments) return fail(`the entries of \`${array.name}\` are ${origin.distribution}: independent ones with a variance are covered, such as \`Sign\` and \`Normal\``);
  const mean = fromNormal(normalise(moments.mean));
  if (!(mean.kind === "constant" && mean.value === 0)) return fail(`the entries of \`${array.name}\` have the mean ${print(mean)}: only inputs with mean 0 are covered`);
  if (!parametric(moments.variance)) return fail(`the variance of \`${array.name}\` differs from entry to entry or is random: inputs must be alike`);
  return moments.variance;
}

function readsArray(e: Expression, array: string): boolean {
  let found = false;
  visit(e, (node) => { found ||= node.kind === "read" && node.array === array; });
  return found;
}
function uses(e: Expression, index: Index): boolean {
  let found = false;
  visit(e, (node) => { found ||= node.kind === "index" && node.index === index; });
  return found;
}
function parametric(e: Expression): boolean {
  let found = true;
  visit(e, (node) => { if (node.kind === "read" || node.kind === "index" || node.kind === "reduce") found = false; });
  return found;
}
