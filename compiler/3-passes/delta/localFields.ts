/**
 * Energies that are polynomials of the state: the difference of a move by d is the Taylor sum Σ_k d^k/k! ∂^k H/∂s^k at the site, which
 * ends. Derivatives that sum over other variables are kept for all sites (local fields, for the first); a kept one changes by the Taylor
 * sum of its own, whose coefficients that only the disorder determines are stored as dense symmetric tensors, so that an accepted move
 * of a p-spin model walks contiguous rows.
 */
import { constant, freshIndex, indexValue, read, reduce, substitute, visit, type Expression, type Index } from "../../ir/expression.ts";
import { isSure } from "./sure.ts";
import { differentiate, entryIndices } from "../../ir/differentiate.ts";
import type { Factor, NormalForm, Term } from "../../ir/normal.ts";
import { fromNormal, normalise, positiveParameters, type NormaliseOptions } from "../../ir/normalise.ts";
import type { ArrayDeclaration, Program, Slot } from "../../ir/program.ts";
import { build } from "../../library/ops/index.ts";
import { atDefaults } from "../contract.ts";
import { arraySize } from "../cost.ts";
import { rangeText } from "../structureText.ts";
import type { Cache } from "./caches.ts";
import type { Move } from "./move.ts";
import { scatteredUpdates, symmetricTensor, type ScatteredUpdate } from "./symmetricCouplings.ts";

/** Highest power of one entry, and most terms, that this is tried for. */
const mostDegree = 6;
const mostTerms = 60;
/** Numbers in one stored tensor of couplings. */
const mostEntries = 2 ** 26;

/** A quenched array that these procedures want: entries are `body` at `indices`. */
export interface QuenchedTensor { readonly indices: readonly Index[]; readonly slots: readonly Slot[]; readonly body: Expression; readonly name: string }

export interface FieldContext {
  readonly program: Program;
  /** All state arrays. */
  readonly states: readonly ArrayDeclaration[];
  readonly isThermal: (e: Expression) => boolean;
  readonly freshName: (base: string) => string;
  /** Makes a prepared array and returns its name. */
  readonly prepare: (tensor: QuenchedTensor) => string;
}

export interface LocalFields {
  readonly caches: readonly Cache[];
  /** ΔH of a move. */
  readonly difference: (move: Move) => Expression;
  /** Change of a cache at its own indices, without what `scattered` adds. */
  readonly ofCache: (move: Move, cache: Cache) => Expression;
  readonly scattered: (move: Move, cache: Cache) => readonly ScatteredUpdate[];
}

/** The polynomial's derivatives, with those that sum over the state kept where `keep`; a reason where the energy is no polynomial. */
export function localFields(context: FieldContext, energy: Expression, keep: boolean): LocalFields | string {
  const { program, states } = context;
  const options = { positive: positiveParameters(program), maximumTerms: mostTerms };
  const form = normalise(energy, options);
  if (form.terms.length > mostTerms) return "its expansion has too many terms";
  for (const term of form.terms) {
    if (term.conditions.some(context.isThermal)) return "a condition depends on the state";
    let degree = 0;
    for (const { base, exponent } of term.factors) {
      if (!context.isThermal(base)) continue;
      if (base.kind !== "read" || base.subscripts.some(context.isThermal)) return "it is no polynomial of the state";
      if (!Number.isInteger(exponent) || exponent < 1) return "it is no polynomial of the state";
      degree += exponent;
    }
    if (degree > mostDegree) return `its degree is above ${mostDegree}`;
  }
  const reduced = (e: Expression): NormalForm => domainIdentities(context, normalise(e, options));

  const caches: Cache[] = [];
  /** Taylor coefficients of ∂^k/∂s^k at a site, k = 1, 2, …, as functions of the site. */
  const coefficients = new Map<string, readonly ((site: readonly Expression[]) => Expression)[]>();
  for (const state of states) {
    const list: ((site: readonly Expression[]) => Expression)[] = [];
    let derivative: Expression = fromNormal(reduced(energy));
    const indices = entryIndices(state.slots);
    for (let k = 1; k <= mostDegree + 1; k++) {
      // On from the derivative itself: the identities of the domain hold for values, not for derivatives.
      derivative = fromNormal(normalise(build.div(differentiate(derivative, { array: state.name, subscripts: indices.map(indexValue), slots: state.slots }), constant(k)), options));
      if (derivative === constant(0)) break;
      if (k > mostDegree) return `its degree is above ${mostDegree}`;
      const next = reduced(derivative);
      const body = fromNormal(next);
      const sums = next.terms.some((t) => t.indices.length > 0);
      if (sums && !context.isThermal(body)) {
        const name = context.prepare({ indices, slots: plainSlots(state.slots), body, name: `derivative${k}_${state.name}` });
        list.push((site) => read(name, site));
      } else if (sums && keep) {
        const name = context.freshName(k === 1 ? `field_${state.name}` : `derivative${k}_${state.name}`);
        caches.push({ name, indices, slots: plainSlots(state.slots), body });
        list.push((site) => read(name, site));
      } else list.push((site) => atSite(next, indices, site));
    }
    coefficients.set(state.name, list);
  }

  const taylor = (list: readonly Expression[], change: Expression): Expression => {
    // Horner: d (c1 + d (c2 + …)).
    let sum: Expression | undefined;
    for (const c of [...list].reverse()) sum = build.mul(change, sum === undefined ? c : build.add(c, sum));
    return sum ?? constant(0);
  };
  const changesOfCaches = new Map<string, ChangeOfCache>();
  const changeOf = (move: Move, cache: Cache): ChangeOfCache => {
    const id = `${move.state} ${cache.name}`;
    const known = changesOfCaches.get(id);
    if (known) return known;
    const state = states.find((s) => s.name === move.state)!;
    const indices = entryIndices(state.slots, "xyzuvw");
    let derivative = cache.body;
    let power: Expression = move.change;
    let sum: Expression = constant(0);
    const scattered: ScatteredUpdate[] = [];
    for (let k = 1; k <= mostDegree; k++) {
      derivative = fromNormal(normalise(build.div(differentiate(derivative, { array: state.name, subscripts: indices.map(indexValue), slots: state.slots }), constant(k)), options));
      if (derivative === constant(0)) break;
      const change = tensors(context, reduced(derivative), { site: indices, at: move.site, cache: cache.indices, power, options });
      sum = sum === constant(0) ? change.sum : build.add(sum, change.sum);
      scattered.push(...change.scattered);
      power = build.mul(power, move.change);
    }
    const made = { sum, scattered };
    changesOfCaches.set(id, made);
    return made;
  };
  return {
    caches,
    difference: (move) => taylor(coefficients.get(move.state)!.map((c) => c(move.site)), move.change),
    ofCache: (move, cache) => changeOf(move, cache).sum,
    scattered: (move, cache) => changeOf(move, cache).scattered,
  };
}

interface ChangeOfCache { readonly sum: Expression; readonly scattered: readonly ScatteredUpdate[] }

const plainSlots = (slots: readonly Slot[]): readonly Slot[] => slots.map(({ range }) => ({ range, periodic: false }));

/** A form with its free indices replaced; conditions without sums guard what is under them. */
function atSite(form: NormalForm, indices: readonly Index[], site: readonly Expression[]): Expression {
  const values = new Map(indices.map((i, k) => [i, site[k]!]));
  const ranges = indices.map((i) => ({ value: indexValue(i), range: i.range }));
  const sure = (t: Term): Term => ({ ...t, conditions: t.conditions.filter((c) => !isSure(c, ranges)) });
  const once = (t: Term): Term => (t.indices.length > 0 || t.conditions.length === 0 ? t : { ...t, indices: [freshIndex("once", { lower: constant(1), upper: constant(1) })] });
  return substitute(fromNormal({ terms: form.terms.map((t) => once(sure(t))) }), values);
}

/** s² = 1 for spins and b² = b for bits. */
function domainIdentities(context: FieldContext, form: NormalForm): NormalForm {
  const domains = new Map(context.states.map((s) => [s.name, s.origin.kind === "state" ? s.origin.domain.name : "real"]));
  let some = false;
  const terms = form.terms.map((t): Term => ({
    ...t,
    factors: t.factors.flatMap((f): Factor[] => {
      const domain = f.base.kind === "read" ? domains.get(f.base.array) : undefined;
      const exponent = domain === "spin" && Number.isInteger(f.exponent) ? Math.abs(f.exponent) % 2 : domain === "bit" && f.exponent >= 1 ? 1 : f.exponent;
      some ||= exponent !== f.exponent;
      return exponent === 0 ? [] : [{ ...f, exponent }];
    }),
  }));
  return some ? normalise(fromNormal({ terms }), { positive: positiveParameters(context.program), maximumTerms: mostTerms }) : form;
}

interface TensorPlace {
  /** Indices of the site and their values, indices of the cache. */
  readonly site: readonly Index[];
  readonly at: readonly Expression[];
  readonly cache: readonly Index[];
  /** What the derivative is multiplied with. */
  readonly power: Expression;
  readonly options: NormaliseOptions;
}

/**
 * A derivative of a cache by the site's entry: terms with the same reads of the state share one stored tensor of what multiplies them,
 * over the site's axes, the cache's, and those of the reads.
 */
function tensors(context: FieldContext, form: NormalForm, { site, at, cache, power, options }: TensorPlace): ChangeOfCache {
  const groups = new Map<string, { readonly axes: readonly Index[]; readonly thermal: Expression; readonly terms: Term[]; readonly array: string | undefined }>();
  const rest: Term[] = [];
  const place = new Map(site.map((i, k) => [i, at[k]!]));
  for (const term of form.terms) {
    const thermal = term.factors.filter((f) => context.isThermal(f.base));
    const axes = thermal.flatMap(({ base }) => (base.kind === "read" ? base.subscripts : [])).flatMap((s) => (s.kind === "index" ? [s.index] : []));
    const plain = thermal.every(({ base }) => base.kind === "read" && base.subscripts.every((s) => s.kind === "index" && term.indices.includes(s.index)));
    const sparse = term.conditions.some((c) => c.kind === "apply" && c.operator === "eq");
    const quenched = term.factors.filter((f) => !context.isThermal(f.base));
    // A coefficient that is no array needs no tensor.
    const stored = plain && !sparse && new Set(axes).size === axes.length && (term.conditions.length > 0 || quenched.some((f) => readsArray(f.base)));
    const shape = [...site, ...cache, ...axes];
    const entries = shape.reduce((n, i) => n * atDefaults(context.program, arraySize([{ range: i.range, periodic: false }])), 1);
    if (!stored || entries > mostEntries) { rest.push(term); continue; }
    const canonical = axes.map((i) => freshIndex(i.name, i.range));
    const id = thermal.map(({ base, exponent }) => `${base.kind === "read" ? base.array : ""}^${exponent}`).join(" ") + ` ${axes.map((i) => rangeText(i.range)).join()}`;
    let group = groups.get(id);
    const names = (to: readonly Index[]): ReadonlyMap<Index, Expression> => new Map(axes.map((i, k) => [i, indexValue(to[k]!)]));
    if (!group) {
      const product = thermal.flatMap(({ base, exponent }) => Array.from({ length: exponent }, () => substitute(base, names(canonical)))).reduce<Expression | undefined>((p, f) => (p === undefined ? f : build.mul(p, f)), undefined) ?? constant(1);
      const arrays = new Set(thermal.map(({ base, exponent }) => (base.kind === "read" && base.subscripts.length === 1 && exponent === 1 ? base.array : undefined)));
      groups.set(id, (group = { axes: canonical, thermal: product, terms: [], array: arrays.size === 1 ? [...arrays][0] : undefined }));
    }
    const to = names(group.axes);
    const left = term.indices.filter((i) => !axes.includes(i));
    group.terms.push({ ...term, factors: quenched.map((f) => ({ ...f, base: substitute(f.base, to) })), conditions: term.conditions.map((c) => substitute(c, to)), indices: left });
  }
  let sum: Expression | undefined;
  const scattered: ScatteredUpdate[] = [];
  for (const { axes, thermal, terms, array } of groups.values()) {
    const tensor = array !== undefined && cache.length === 1 ? symmetricTensor({ axes, coefficients: terms }, site, cache[0]!, options) : undefined;
    if (tensor) {
      const name = context.prepare({ ...tensor, name: "couplings" });
      scattered.push(...scatteredUpdates(tensor, name, array!, at, power));
      continue;
    }
    const body = terms.map((t) => fromNormal({ terms: [t] })).reduce((a, b) => build.add(a, b));
    const all = [...site, ...cache, ...axes];
    const name = context.prepare({ indices: all, slots: all.map((i) => ({ range: i.range, periodic: false })), body, name: "couplings" });
    const value = build.mul(read(name, [...at, ...cache.map(indexValue), ...axes.map(indexValue)]), thermal);
    const part = axes.length === 0 ? value : reduce("sum", axes, value);
    sum = sum === undefined ? part : build.add(sum, part);
  }
  if (rest.length > 0) {
    const part = atSite({ terms: rest }, [], []);
    const placed = substitute(part, place);
    sum = sum === undefined ? placed : build.add(sum, placed);
  }
  return { sum: sum === undefined ? constant(0) : build.mul(power, sum), scattered };
}

function readsArray(e: Expression): boolean {
  let found = false;
  visit(e, (x) => { if (x.kind === "read") found = true; });
  return found;
}
