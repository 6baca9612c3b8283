/**
 * Functions of two copies of a state that depend on their overlap alone: Σ_i w_i w'_i = w·w' for each pair of factors, the norm for
 * each square. Sums over ordered or unequal indices are taken to leading order in the number of sites.
 */
import { evaluate } from "../../ir/evaluate.ts";
import { constant } from "../../ir/expression.ts";
import type { Expression, Index } from "../../ir/expression.ts";
import { fromNormal, size } from "../../ir/normalise.ts";
import type { Factor, NormalForm, Term } from "../../ir/normal.ts";
import { printForm } from "../../ir/print.ts";
import { freeIndices, rangeText, text } from "../../ir/text.ts";
import type { Slot } from "../../ir/program.ts";
import { build } from "../ops/index.ts";

/** The state array, the name of its second copy, and what is known about its norm. */
export interface Copies {
  readonly array: string;
  readonly copy: string;
  /** With ranges in normal form. */
  readonly slots: readonly Slot[];
  /** On the sphere only Σ x² is known, and is norm2; on the hypercube every x² is 1. */
  readonly geometry: { readonly kind: "sphere"; readonly norm2: Expression } | { readonly kind: "hypercube" };
  /** Number of entries of the array. */
  readonly sites: Expression;
}

/** coefficient · (w·w')^power */
export interface OverlapTerm { readonly power: number; readonly coefficient: Expression }

/** A term that isn't a function of the overlap. `bound` is an upper bound of its size for states spread over all sites. */
export interface OtherTerm { readonly description: string; readonly reason: string; readonly bound: Expression | undefined }

export interface OverlapPolynomial { readonly terms: readonly OverlapTerm[]; readonly others: readonly OtherTerm[]; readonly assumptions: readonly string[] }

export const droppedDiagonals = "terms with equal indices are dropped: relative order 1/N";

export function overlapPolynomial(form: NormalForm, copies: Copies): OverlapPolynomial {
  const terms = new Map<number, Expression>();
  const others: OtherTerm[] = [];
  const assumptions = new Set<string>();
  for (const term of form.terms) {
    const found = reduceTerm(term, copies);
    if ("reason" in found) others.push({ ...found, description: printForm({ terms: [term] }) });
    else {
      const before = terms.get(found.power);
      terms.set(found.power, before ? build.add(before, found.coefficient) : found.coefficient);
      if (found.leadingOrder) assumptions.add(droppedDiagonals);
    }
  }
  return { terms: [...terms].map(([power, coefficient]) => ({ power, coefficient })).sort((a, b) => a.power - b.power), others, assumptions: [...assumptions] };
}

interface Site { readonly indices: readonly Index[]; first: number; second: number }
type Kind = "pair" | "square" | "free";

function reduceTerm(term: Term, copies: Copies): { readonly power: number; readonly coefficient: Expression; readonly leadingOrder: boolean } | { readonly reason: string; readonly bound: Expression | undefined } {
  const refuse = (reason: string): { readonly reason: string; readonly bound: undefined } => ({ reason, bound: undefined });
  const sites = new Map<string, Site>();
  const scalars: Factor[] = [];
  for (const factor of term.factors) {
    const { base, exponent } = factor;
    if (!readsAny(base)) {
      if (freeIndices(base).size > 0) return refuse("it weights the entries of the state by their index");
      scalars.push(factor);
      continue;
    }
    if (base.kind !== "read" || (base.array !== copies.array && base.array !== copies.copy) || !Number.isInteger(exponent) || exponent < 1) {
      return refuse(`it depends on \`${copies.array}\` through a nonlinear function`);
    }
    const indices = base.subscripts.map((s) => (s.kind === "index" && term.indices.includes(s.index) ? s.index : undefined));
    if (indices.some((i) => i === undefined)) return refuse(`it couples particular entries of \`${copies.array}\`, not all of them alike`);
    if (new Set(indices).size !== indices.length) return refuse(`it reads \`${copies.array}\` on a diagonal`);
    if (indices.some((i, k) => rangeText(i!.range) !== rangeText(copies.slots[k]!.range))) return refuse(`it sums over part of the entries of \`${copies.array}\``);
    const place = base.subscripts.map(text).join();
    const site = sites.get(place) ?? { indices: indices as Index[], first: 0, second: 0 };
    if (base.array === copies.array) site.first += exponent;
    else site.second += exponent;
    sites.set(place, site);
  }
  const kinds = new Map<Index, Kind>(term.indices.map((i) => [i, "free"]));
  let [power, squares, spread] = [0, 0, constant(1) as Expression];
  let other: string | undefined;
  const seen = new Set<Index>();
  for (const site of sites.values()) {
    if (site.indices.some((i) => seen.has(i))) return refuse(`it couples entries of \`${copies.array}\` along one of its axes`);
    site.indices.forEach((i) => seen.add(i));
    const onCube = copies.geometry.kind === "hypercube";
    const [first, second] = onCube ? [site.first % 2, site.second % 2] : [site.first, site.second];
    const kind: Kind | undefined =
      first === 1 && second === 1 ? "pair" : onCube && first + second === 0 ? "free" : (first === 2 && second === 0) || (first === 0 && second === 2) ? "square" : undefined;
    if (kind === undefined) other ??= nameOf(copies, first, second);
    else site.indices.forEach((i) => kinds.set(i, kind));
    if (kind === "pair") power++;
    if (kind === "square") squares++;
    spread = build.mul(spread, build.mul(copies.sites, typicalPower(copies, first + second)));
  }
  let coefficient = fromNormal({ terms: [{ coefficient: term.coefficient, factors: scalars, indices: [], conditions: [] }] });
  // Indices that belong to no site, and sites of the hypercube that square away.
  for (const index of term.indices) if (!seen.has(index)) coefficient = build.mul(coefficient, size(index.range));
  if (other !== undefined) return { reason: `it contains ${other}, which is not a function of the overlap`, bound: build.abs(build.mul(coefficient, spread)) };
  for (const site of sites.values()) if (kinds.get(site.indices[0]!) === "free") coefficient = build.mul(coefficient, copies.sites);
  const share = shareOfOrders(term, kinds, copies.slots.length);
  if (typeof share === "string") return refuse(share);
  if (share !== 1) coefficient = build.mul(constant(share), coefficient);
  if (copies.geometry.kind === "sphere") for (let k = 0; k < squares; k++) coefficient = build.mul(coefficient, copies.geometry.norm2);
  return { power, coefficient, leadingOrder: term.conditions.length > 0 };
}

/** |w_i|^count for a state spread evenly over its sites. */
function typicalPower(copies: Copies, count: number): Expression {
  if (copies.geometry.kind === "hypercube") return constant(1);
  return build.pow(build.div(copies.geometry.norm2, copies.sites), constant(count / 2));
}

function nameOf(copies: Copies, first: number, second: number): string {
  const factor = (name: string, n: number): string => (n === 0 ? "" : n === 1 ? `${name}[i]` : `${name}[i]^${n}`);
  // What one copy contributes alone reads the same for both.
  if (first === 0) return nameOf(copies, second, 0);
  const inside = [factor(copies.array, first), factor(copies.copy, second)].filter((s) => s !== "").join(" ");
  return first + second === 1 ? `the magnetisation Σ_i ${inside}` : `Σ_i ${inside}`;
}

/** The part of all orders of the indices that the conditions leave, or why it isn't known. Equal indices are not counted. */
function shareOfOrders(term: Term, kinds: ReadonlyMap<Index, Kind>, axes: number): number | string {
  if (term.conditions.length === 0) return 1;
  if (axes > 1) return "it orders or compares the indices of an array with several axes";
  const below: (readonly [Index, Index])[] = [];
  for (const c of term.conditions) {
    const [a, b] = c.kind === "apply" ? c.arguments : [];
    if (c.kind !== "apply" || a?.kind !== "index" || b?.kind !== "index" || !["lt", "le", "ne"].includes(c.operator)) return `it is restricted by the condition ${printForm({ terms: [{ ...term, coefficient: 1, factors: [], indices: [], conditions: [c] }] })}`;
    if (rangeText(a.index.range) !== rangeText(b.index.range)) return "it compares indices of different ranges";
    if (c.operator !== "ne") below.push([a.index, b.index]);
  }
  let share = 1;
  let rest = [...new Set(below.flat())];
  while (rest.length > 0) {
    const group = new Set([rest[0]!]);
    for (let grown = true; grown; ) {
      grown = false;
      for (const [a, b] of below) if (group.has(a) !== group.has(b)) { group.add(a).add(b); grown = true; }
    }
    if (new Set([...group].map((i) => kinds.get(i))).size > 1) return "it orders indices that stand in different factors, so that the overlap alone doesn't determine it";
    share *= linearExtensions([...group], below) / factorial(group.size);
    rest = rest.filter((i) => !group.has(i));
  }
  return share;
}

/** Number of orders of the indices in which every `a < b` holds. */
function linearExtensions(indices: readonly Index[], below: readonly (readonly [Index, Index])[]): number {
  if (indices.length === 0) return 1;
  const minimal = indices.filter((i) => !below.some(([a, b]) => b === i && indices.includes(a)));
  return minimal.reduce((sum, first) => sum + linearExtensions(indices.filter((i) => i !== first), below), 0);
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

function readsAny(e: Expression): boolean {
  if (e.kind === "read") return true;
  const parts = e.kind === "apply" ? e.arguments : e.kind === "reduce" ? [e.where, e.body] : [];
  return parts.some(readsAny);
}

/** The value of an expression of parameters. */
export const atParameters = (e: Expression, parameters: Readonly<Record<string, number>>): number =>
  evaluate(e, { parameters, entry: (array) => { throw new Error(`internal: ${array} is not of status parameter`); } });
