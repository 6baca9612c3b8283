/**
 * Gaussian energies that are known by their covariance alone: E[H(w) H(w')] − (E H)² = n ξ(q), q = w·w'/R² the overlap, n the
 * number of variables, on the sphere |w|² = R² or on the hypercube. p-spin models and their mixtures are of this kind.
 *
 * Nothing is recognised by its look: the energy is differentiated with respect to the entries of each ensemble, squared for two
 * copies of the state, and what remains after summation must be a polynomial in w·w'.
 */
import { inline, inlinedBody } from "../../ir/inline.ts";
import { differentiate, entryIndices } from "../../ir/differentiate.ts";
import { constant, indexValue, read, reduce, rewrite } from "../../ir/expression.ts";
import { libraryCallIn } from "../../ir/libraryCallIn.ts";
import type { Expression, Index } from "../../ir/expression.ts";
import { fromNormal, normalise, positiveParameters } from "../../ir/normalise.ts";
import type { NormaliseOptions } from "../../ir/normalise.ts";
import { fraction, print, printForm } from "../../ir/print.ts";
import type { Factor, NormalForm, Term } from "../../ir/normal.ts";
import { findArray } from "../../ir/program.ts";
import type { ArrayDeclaration, Program, Slot } from "../../ir/program.ts";
import { distributions } from "../distributions/index.ts";
import type { DistributionRecord } from "../distributions/index.ts";
import { build } from "../ops/index.ts";
import { inMagnetisation, inPlanted, isPlanted } from "./bias.ts";
import { growthExponent, largeSizeLimit } from "./largeSize.ts";
import { atParameters, overlapPolynomial } from "./overlapPolynomial.ts";
import type { Copies, OtherTerm, OverlapTerm } from "./overlapPolynomial.ts";
import { resolveOrder } from "./orderedReads.ts";
import { numberOfEntries, recognisedForm, sphereConstraints } from "./sphereConstraints.ts";

export type GaussianCovariance =
  | {
      readonly ok: true;
      readonly state: string;
      /** E[HH'] − (E H)² = Σ coefficient · (w·w')^power, coefficients of status parameter. */
      readonly covariance: readonly OverlapTerm[];
      /** The part of E H that doesn't depend on the state. */
      readonly mean: Expression;
      /** lim E H / n: an energy n·u lies u − this above the mean. */
      readonly meanPerVariable: number;
      /** R², the squared norm of every state. */
      readonly norm2: Expression;
      /** n, the number of variables. */
      readonly variables: Expression;
      /** ξ(q) = Σ coefficient · q^power in the limit of large size. */
      readonly mixture: readonly { readonly power: number; readonly coefficient: number }[];
      /** (E H − mean)/n = Σ coefficient · m^power in the limit of large size; empty unless it is allowed. */
      readonly bias: readonly { readonly power: number; readonly coefficient: number }[];
      /**
       * What m is the overlap with: nothing planted means the uniform direction. On the hypercube m = Σ v_i s_i / n; on the sphere
       * the cosine of the angle.
       */
      readonly planted?: { readonly array: string; readonly distribution: "Sign" | "Normal"; readonly variance: number };
      readonly assumptions: readonly string[];
    }
  | { readonly ok: false; readonly reason: string; readonly scaling?: Scaling };

/** An energy that is known by its covariance, which grows like another power of the number of variables than the first. */
export interface Scaling { readonly covariance: string; readonly factor: string; /** Exponent of the covariance's growth. */ readonly growth: number }

/** What is more than a centred Gaussian energy. */
export interface Allowance {
  /** A mean that is a function of one overlap with a fixed direction, and no disorder at all. */
  readonly bias?: boolean;
  /** Couplings of another distribution with the same variance, where there are many for each variable. */
  readonly universal?: boolean;
}

const refuse = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

/**
 * The covariance of the energy, or the reason why it isn't of the form n ξ(q). Sizes of the state array go to infinity at fixed
 * ratio; all other parameters have the given values (their defaults where absent).
 */
export function gaussianCovariance(
  program: Program,
  parameters: Readonly<Record<string, number>> = {},
  geometry: "sphere" | "hypercube" = "sphere",
  allow: Allowance = {},
): GaussianCovariance {
  const call = libraryCallIn(program, program.energy);
  if (call !== undefined) return refuse(`the energy depends on \`${call}\`, a function of whole arrays`);
  const options: NormaliseOptions = { positive: positiveParameters(program) };
  const space = stateSpace(program, geometry, options);
  if (typeof space === "string") return refuse(space);
  const energy = resolveOrder(inlinedBody(program, program.energy).body, options);
  const form = normalise(energy, options);
  const parts = splitLinear(program, form, space.array, allow);
  if (typeof parts === "string") return refuse(parts);

  let pairs: Expression = constant(0);
  let mean: Expression = constant(0), common: Expression = constant(0);
  const counted: { readonly array: ArrayDeclaration; readonly kurtosis: Expression }[] = [];
  for (const ensemble of parts.ensembles) {
    const contribution = contributionOf(program, energy, ensemble, space, options, allow);
    if (typeof contribution === "string") return refuse(contribution);
    pairs = build.add(pairs, contribution.pairs);
    mean = build.add(mean, contribution.mean);
    common = build.add(common, contribution.common);
    if (!contribution.gaussian) counted.push({ array: ensemble, kurtosis: contribution.kurtosis });
  }
  const meanForm = normalise(mean, options);
  if (!allow.bias && readsOf(meanForm).length > 0) return refuse(`the mean of the energy over the disorder depends on the state: ${printForm(meanForm)}`);
  // Couplings that are moved to have the mean 0, 2 B − 1, leave nothing.
  const average = inMagnetisation(normalise(fromNormal({ terms: [...parts.constants, ...meanForm.terms] }), options).terms, space);
  const [outside] = average.others;
  if (outside) return refuse(`the energy has the term ${outside.description}, which depends on the state but on no ensemble: ${outside.reason}`);
  const along = average.terms.filter((t) => t.power > 0);
  if (!allow.bias && along.length > 0) return refuse(`the energy has the term ${printForm({ terms: parts.constants.filter((t) => readsOf({ terms: [t] }).length > 0) })}, which depends on the state but on no ensemble: the energy is not a centred Gaussian`);
  const plantedPart = parts.planted && inPlanted(parts.planted.terms, parts.planted.array.name, space);
  if (plantedPart?.others[0]) return refuse(`the energy has the term ${plantedPart.others[0].description}: ${plantedPart.others[0].reason}`);
  if (plantedPart && along.length > 0) return refuse(`the energy depends on the overlaps with two directions, the uniform one and \`${parts.planted!.array.name}\`: one is covered`);

  const polynomial = overlapPolynomial(normalise(pairs, options), space);
  if (polynomial.terms.length === 0 && polynomial.others.length > 0) return refuse(otherReason(polynomial.others[0]!));
  const asked = largeSizes(program, parameters, space, polynomial.terms, parts.ensembles.length === 0);
  // Beside a mean that is extensive the disorder may be lost.
  const faint = typeof asked !== "string" && "factor" in asked && asked.growth < 1 && (along.length > 0 || plantedPart !== undefined);
  const limit = faint ? largeSizes(program, parameters, space, [], true) : asked;
  const notExtensive = (scaling: Scaling): GaussianCovariance => ({ ...refuse(`the covariance of the energy is ${scaling.covariance}: the energy is not extensive; multiply it by ${scaling.factor}`), scaling });
  if (typeof limit === "string") return refuse(limit);
  if ("factor" in limit) return notExtensive(limit);
  const shift = Math.max(-Infinity, ...overlapPolynomial(normalise(common, options), space).terms.map((t) => limit.growth(t.coefficient)));
  if (shift > 1 + 1e-9) return refuse(`a random part of the energy that depends on no state has a variance that grows like N^${shift}: energies have no limit per variable`);
  const assumptions = [`${geometry === "sphere" ? "the state is on the sphere" : "the state is on the hypercube"}; the number of variables is large`, ...polynomial.assumptions];
  if (faint) assumptions.push("fluctuations of the couplings are of lower order than the mean energy, and are dropped");
  else for (const { array, kurtosis } of counted) {
    const entries = limit.growth(numberOfEntries({ ...array, slots: array.slots.map((s) => ({ ...s, range: { lower: inline(s.range.lower, program), upper: inline(s.range.upper, program) } })) }));
    const name = `\`${array.name}\``, tails = Math.max(0, limit.growth(kurtosis));
    if (entries < 1.4) return refuse(`the entries of ${name} are ${array.origin.kind === "ensemble" ? array.origin.distribution : ""}, not Gaussian, and there are too few of them for their variance alone to matter`);
    // Fourth cumulants add up to N² · kurtosis / entries, against a variance of N.
    if (entries - tails < 1.4) return refuse(`too few of the entries of ${name} differ from the others for their variance alone to matter: sparse couplings are those of a graph, \`ErdosRenyi(N, degree = c)\`, for bethe()`);
    assumptions.push(`of the couplings \`${array.name}\` only the variance matters: there are many for each variable`);
  }
  for (const other of polynomial.others) {
    const subleading = other.bound !== undefined && limit.growth(other.bound) <= 1 - 0.4;
    if (!subleading) return refuse(otherReason(other));
    assumptions.push(`the term ${other.description} of the covariance is dropped: for states spread over all sites it is of relative order N^${limit.growth(other.bound!) - 1}`);
  }
  const fixed = average.terms.find((t) => t.power === 0)?.coefficient ?? constant(0);
  const meanPerVariable = limit.perSite(fixed);
  if (meanPerVariable === undefined) return refuse(`the mean of the energy over the disorder, ${print(fixed)}, has no limit per variable for large size`);
  const direction = parts.planted && plantedOf(program, parts.planted.array, limit.at);
  if (typeof direction === "string") return refuse(direction);
  const bias: { power: number; coefficient: number }[] = [];
  const spread = geometry === "hypercube" ? build.mul(space.sites, space.sites) : build.mul(build.mul(space.sites, space.norm2), constant(direction?.variance ?? 1));
  for (const t of plantedPart?.terms.filter((p) => p.power > 0) ?? along) {
    const size = build.mul(t.coefficient, build.pow(spread, constant(t.power / 2)));
    const growth = limit.growth(size);
    if (growth > 1 + 1e-9) return refuse(`the mean energy grows like N^${growth}, faster than the number of variables`);
    if (growth < 1 - 1e-9) { if (growth > -Infinity) assumptions.push(`the part of the mean energy in m^${t.power} is dropped: it is of relative order N^${growth - 1}`); continue; }
    const coefficient = limit.perSite(size);
    if (coefficient === undefined) return refuse(`the coefficient of m^${t.power} in the mean energy has no limit for large size`);
    bias.push({ power: t.power, coefficient });
  }
  if (bias.length === 0 && faint && "factor" in asked) return notExtensive(asked);
  if (parts.ensembles.length === 0 && bias.length === 0) return refuse("the energy doesn't depend on an ensemble: there is no disorder to average over");
  return {
    ok: true, state: space.array, covariance: polynomial.terms, mean: fixed, meanPerVariable, bias, ...(direction ? { planted: direction } : {}),
    norm2: space.norm2, variables: space.sites, mixture: limit.mixture, assumptions: [...assumptions, ...average.assumptions, ...(plantedPart?.assumptions ?? []), ...limit.assumptions].filter((a, k, all) => all.indexOf(a) === k),
  };
}

/** The distribution of a planted vector. */
function plantedOf(program: Program, { name, origin }: ArrayDeclaration, at: (e: Expression) => number | undefined): { readonly array: string; readonly distribution: "Sign" | "Normal"; readonly variance: number } | string {
  if (origin.kind !== "ensemble") return `\`${name}\` is not an ensemble`;
  if (origin.distribution === "Sign") return { array: name, distribution: "Sign", variance: 1 };
  const [mean, variance] = origin.arguments.map((a) => at(inline(a, program)));
  if (origin.distribution !== "Normal" || mean !== 0 || !(variance! > 0)) return `the planted vector \`${name}\` is ${origin.distribution}: independent \`Sign\` and \`Normal\` entries of mean 0 are covered`;
  return { array: name, distribution: "Normal", variance: variance! };
}

const otherReason = (other: OtherTerm): string => `the covariance of the energy has the term ${other.description}: ${other.reason}`;

interface StateSpace extends Copies { readonly norm2: Expression }

/** The one state array with its norm; or why the space is neither a sphere nor a hypercube. */
function stateSpace(program: Program, geometry: "sphere" | "hypercube", options: NormaliseOptions): StateSpace | string {
  const states = program.arrays.filter((a) => a.origin.kind === "state");
  const [state] = states;
  if (!state || states.length > 1) return `the model has ${states.length} state arrays (${states.map((s) => s.name).join(", ")}): the covariance is known as a function of one overlap only`;
  const canonical = (e: Expression): Expression => fromNormal(normalise(inline(e, program), options));
  const slots: readonly Slot[] = state.slots.map((s) => ({ ...s, range: { lower: canonical(s.range.lower), upper: canonical(s.range.upper) } }));
  if (slots.some((s) => s.order !== undefined)) return `the state \`${state.name}\` has ordered slots`;
  const sites = canonical(numberOfEntries(state));
  const base = { array: state.name, copy: `${state.name}'`, slots, sites };
  const domain = state.origin.kind === "state" ? state.origin.domain.name : "real";
  if (geometry === "hypercube") {
    if (domain !== "spin") return `\`${state.name}\` is ${domain}, not spin`;
    if (program.constraints.length > 0) return "constraints on spins restrict the overlap distribution and are not covered";
    return { ...base, geometry: { kind: "hypercube" }, norm2: sites };
  }
  const constraints = sphereConstraints(program);
  if (!constraints.ok) return constraints.reason;
  const sphere = constraints.spheres.find((s) => s.array === state.name);
  if (!sphere) return `the state \`${state.name}\` is not on a sphere: there is no constraint that is ${recognisedForm}`;
  if (sphere.freeAxes.length > 0) return `the state \`${state.name}\` is a product of several spheres: the covariance is known as a function of one overlap only`;
  return { ...base, geometry: { kind: "sphere", norm2: sphere.norm2 }, norm2: sphere.norm2 };
}

interface Parts { readonly constants: readonly Term[]; readonly ensembles: readonly ArrayDeclaration[]; readonly planted?: { readonly array: ArrayDeclaration; readonly terms: readonly Term[] } }

/** Terms without a random factor, the ensembles that the others are linear in, and those that hold a planted vector. */
function splitLinear(program: Program, form: NormalForm, state: string, allow: Allowance): Parts | string {
  const isRandom = (name: string): boolean => name !== state && findArray(program, name).status === "quenched";
  const randomOf = (term: Term): readonly Factor[] => term.factors.filter((f) => readsIn(f.base).some(isRandom));
  const constants: Term[] = [];
  const names = new Set<string>();
  const vectors = new Set(!allow.bias ? [] : form.terms.flatMap((term) => {
    const random = randomOf(term);
    const [first] = random;
    if (!first || first.base.kind !== "read" || !isPlanted(term, random, state)) return [];
    const { origin } = findArray(program, first.base.array);
    return random.length > 1 || (origin.kind === "ensemble" && origin.distribution === "Sign") ? [first.base.array] : [];
  }));
  const planted: Term[] = [];
  for (const term of form.terms) {
    const random = randomOf(term);
    const shown = printForm({ terms: [term] });
    if (term.conditions.some((c) => readsIn(c).length > 0)) return `the energy has the term ${shown}, whose condition depends on the ${term.conditions.some((c) => readsIn(c).includes(state)) ? "state" : "disorder"}: it is not linear in Gaussian ensembles`;
    if (random.length === 0) {
      constants.push(term);
      continue;
    }
    const [factor] = random;
    if (factor!.base.kind === "read" && vectors.has(factor!.base.array) && isPlanted(term, random, state)) {
      planted.push(term);
      continue;
    }
    if (random.length > 1 || factor!.exponent !== 1 || factor!.base.kind !== "read" || factor!.base.subscripts.some((s) => readsIn(s).length > 0)) {
      return `the energy is not linear in the ensemble${random.length > 1 ? "s" : ""} ${[...new Set(random.flatMap((f) => readsIn(f.base)).filter(isRandom))].map((n) => `\`${n}\``).join(", ")}: it has the term ${shown}`;
    }
    if (vectors.has(factor!.base.array)) return `the planted vector \`${factor!.base.array}\` is a coupling too: the energy has the term ${shown}`;
    names.add(factor!.base.array);
  }
  if (vectors.size > 1) return `the energy has several planted vectors: ${[...vectors].map((v) => `\`${v}\``).join(", ")}: one is covered`;
  if (names.size === 0 && !allow.bias) return "the energy doesn't depend on an ensemble: there is no disorder to average over";
  const [vector] = vectors;
  return { constants, ensembles: [...names].map((n) => findArray(program, n)), ...(vector === undefined ? {} : { planted: { array: findArray(program, vector), terms: planted } }) };
}

/** Σ var G(w) G(w') and Σ mean G(w), G = ∂H/∂A[…], over the entries of one ensemble. */
function contributionOf(program: Program, energy: Expression, ensemble: ArrayDeclaration, space: Copies, options: NormaliseOptions, allow: Allowance): { readonly pairs: Expression; /** Of the part that reads no state, beside one that does. */ readonly common: Expression; readonly mean: Expression; readonly gaussian: boolean; readonly kurtosis: Expression } | string {
  const { origin, name } = ensemble;
  const record = origin.kind === "ensemble" ? recordOf(origin.distribution) : undefined;
  if (origin.kind !== "ensemble" || !record) return `\`${name}\` is not an ensemble of known distribution`;
  const moments = record.gaussian || allow.universal ? record.moments?.(origin.arguments.map((a) => inline(a, program))) : undefined;
  if (!moments) return `the entries of \`${name}\` are ${origin.distribution}, not Gaussian: the mean number of critical points follows from the covariance only for Gaussian disorder (what large-N free energies share need not hold for it); draw them from Normal with the same variance`;
  const { mean, variance } = moments;
  if ([mean, variance].some((a) => readsIn(a).length > 0)) return `the mean or variance of \`${name}\` is itself random`;
  const slots = ensemble.slots.map((s): Slot => ({ ...s, range: { lower: inline(s.range.lower, program), upper: inline(s.range.upper, program) } }));
  const indices = entryIndices(slots);
  const gradient = differentiate(energy, { array: name, subscripts: indices.map(indexValue), slots });
  const copy = rewrite(gradient, (e) => (e.kind === "read" && e.array === space.array ? read(space.copy, e.subscripts) : e));
  const where = orderOf(slots, indices);
  // Separately normalised first: the Kronecker deltas resolve there, and the square stays small.
  const [left, right] = [normalise(gradient, options), normalise(copy, options)];
  // What reads no state moves all energies of a sample together.
  const moving = (form: NormalForm): Expression => fromNormal({ terms: form.terms.filter((t) => readsOf({ terms: [t] }).some((a) => a === space.array || a === space.copy)) });
  const still: NormalForm = { terms: left.terms.filter((t) => !readsOf({ terms: [t] }).includes(space.array)) };
  const over = (body: Expression): Expression => (indices.length === 0 ? body : reduce("sum", indices, body, where));
  const common = still.terms.length === left.terms.length ? constant(0) : over(build.mul(variance, build.mul(fromNormal(still), fromNormal(still))));
  const all = still.terms.length === left.terms.length;
  return { pairs: over(build.mul(variance, all ? build.mul(fromNormal(left), fromNormal(right)) : build.mul(moving(left), moving(right)))), common, mean: over(build.mul(mean, fromNormal(left))), gaussian: record.gaussian, kurtosis: moments.kurtosis ?? constant(1) };
}

function recordOf(distribution: string): DistributionRecord | undefined {
  const all: readonly (readonly [string, DistributionRecord])[] = Object.entries(distributions);
  return all.find(([name, record]) => name === distribution || record.runtime === distribution)?.[1];
}

function orderOf(slots: readonly Slot[], indices: readonly Index[]): Expression {
  return slots.reduce((all: Expression, { order }, k) => {
    if (order === undefined) return all;
    const [a, b] = [indexValue(indices[k - 1]!), indexValue(indices[k]!)];
    const here = order === "<" ? build.lt(a, b) : build.le(a, b);
    return all === constant(1) ? here : build.and(all, here);
  }, constant(1));
}

/** ξ in the limit, the growth of expressions with n, or why the energy isn't extensive. */
function largeSizes(program: Program, given: Readonly<Record<string, number>>, space: StateSpace, covariance: readonly OverlapTerm[], ordered: boolean):
  | { readonly mixture: readonly { readonly power: number; readonly coefficient: number }[]; readonly growth: (e: Expression) => number; readonly perSite: (e: Expression) => number | undefined; readonly at: (e: Expression) => number | undefined; readonly assumptions: readonly string[] }
  | Scaling | string {
  const parameters = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...given };
  const sizes = [...new Set(parametersIn(space.sites))];
  if (sizes.length === 0) return `the number of variables is ${print(space.sites)}, not a parameter: there is no limit of large size`;
  const smallest = Math.min(...sizes.map((name) => Math.max(1, parameters[name]!)));
  const at = (scale: number): Readonly<Record<string, number>> =>
    ({ ...parameters, ...Object.fromEntries(sizes.map((name) => [name, Math.round((Math.max(1, parameters[name]!) / smallest) * scale)])) });
  const value = (e: Expression) => (scale: number): number => atParameters(e, at(scale));
  const n = value(space.sites);
  const growth = (e: Expression): number => growthExponent(value(e), n);

  const atFullOverlap = covariance.map((t) => ({ power: t.power, size: build.mul(t.coefficient, build.pow(space.norm2, constant(t.power))) }));
  const growths = atFullOverlap.map((t) => growth(t.size));
  const leading = Math.max(-Infinity, ...growths);
  const perSite = (e: Expression): number | undefined => largeSizeLimit((scale) => value(e)(scale) / n(scale));
  const limitOf = (e: Expression): number | undefined => largeSizeLimit(value(e));
  if (ordered) return { mixture: [], growth, perSite, at: limitOf, assumptions: [] };
  if (leading === -Infinity) return "the covariance of the energy vanishes";
  const symbol = sizes.length === 1 ? sizes[0]! : "n";
  if (Math.abs(leading - 1) > 1e-9) {
    return { covariance: `${power(symbol, leading)}·ξ(q), not ${symbol}·ξ(q)`, factor: power(symbol, (1 - leading) / 2), growth: leading };
  }
  const mixture: { power: number; coefficient: number }[] = [];
  const assumptions: string[] = [];
  for (const [k, t] of atFullOverlap.entries()) {
    if (growths[k] === -Infinity) continue;
    if (growths[k]! < 1) { assumptions.push(`the part of the covariance in q^${t.power} is dropped: it is of relative order ${power(symbol, growths[k]! - 1)}`); continue; }
    const coefficient = largeSizeLimit((scale) => value(t.size)(scale) / n(scale));
    if (coefficient === undefined) return `the coefficient of q^${t.power} in the covariance has no limit for large ${symbol}`;
    mixture.push({ power: t.power, coefficient });
  }
  return { mixture, growth, perSite, at: limitOf, assumptions };
}

function power(base: string, exponent: number): string {
  if (exponent === 1) return base;
  const [p, q] = fraction(exponent);
  return `${base}^${q === "1" && exponent >= 0 ? p : `(${q === "1" ? p : `${p}/${q}`})`}`;
}

function readsIn(e: Expression): readonly string[] {
  if (e.kind === "read") return [e.array, ...e.subscripts.flatMap(readsIn)];
  return (e.kind === "apply" ? e.arguments : e.kind === "reduce" ? [e.where, e.body] : []).flatMap(readsIn);
}
const readsOf = (form: NormalForm): readonly string[] => form.terms.flatMap((t) => [...t.factors.map((f) => f.base), ...t.conditions].flatMap(readsIn));
const parametersIn = (e: Expression): readonly string[] => (e.kind === "parameter" ? [e.name] : e.kind === "apply" ? e.arguments.flatMap(parametersIn) : []);
