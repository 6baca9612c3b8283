/**
 * The energy as a factor graph, for message passing: a sum of factors, one for each value of the indices of a term. What the runtime gets of a term:
 *
 * * in local form the flat places of the entries that a factor reads (`sites`), arrays through which their values are handed in (`values`), and a
 *   procedure that computes the energies of all factors from these: run once for each configuration it fills in their tables;
 * * in field form, where a factor depends on the state through one sum Σ_i a_i s_i + b, the coefficients a and b, and a procedure of the field.
 *   A factor that only asks whether its field is negative is a step: its Gaussian average is known in closed form.
 *
 * Products are distributed over sums only where one side holds no sum: `s[i] * sum(j in G[i]) s[j]` is a factor for each pair, (Σ_i x s)² one of a field.
 */
import { differentiate } from "../ir/differentiate.ts";
import { constant, freshIndex, indexValue, read, reduce, rewrite, substitute, visit, withChildren, children, apply, type Expression, type Index, type Range, type Read } from "../ir/expression.ts";
import { inlinedBody, wrapped } from "../ir/inline.ts";
import { fromNormal, normalise, positiveParameters, size } from "../ir/normalise.ts";
import { findArray, type ArrayDeclaration, type Program, type Slot } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";
import { domains } from "../library/domains/index.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import { monomials } from "./monomials.ts";
import { simplify } from "./simplify.ts";
import { linearInSites, type Linearity } from "./linearInSites.ts";
import type { Refusal } from "./valueDerivative.ts";

/** Names are of arrays of the program. */
export interface FactorTerm {
  readonly indices: readonly Index[];
  /** Truth values that hold where there is a factor. */
  readonly conditions: readonly Expression[];
  /** Energy of a factor, over `values` or over the field. */
  readonly body: Expression;
  /** Where the energies go. */
  readonly energies: string;
  /** 1 where there is a factor, else 0. */
  readonly present: string;
  readonly reads: readonly { readonly sites: string; readonly values: string }[];
  /**
   * What dense message passing can take, beside fields: a factor of one entry ("site"), or of two entries whose places are free of each other, so that
   * there is one for every pair ("pair"). Of real variables a site is quadratic, a pair a x y + b x² y² + sites.
   */
  readonly form?: "site" | "pair";
  /** Of reads in local form whose entries are different ones, whatever is drawn: the state array and the ranges that they run over within a factor. */
  readonly spans: readonly { readonly state: string; readonly ranges: readonly Range[] }[];
  readonly field?: { readonly values: string; readonly offsets: string; readonly coefficients: readonly { readonly state: string; readonly array: string }[]; readonly step?: { readonly orEqual: boolean } };
}

export interface FactorGraph {
  readonly program: Program;
  readonly terms: readonly FactorTerm[];
  /** Observables whose expectation the marginals of single sites give. */
  readonly linear: Readonly<Record<string, Linearity>>;
}

export function factorGraph(program: Program): FactorGraph | Refusal {
  const { body } = inlinedBody(program, program.energy, (a) => a.status === "thermal");
  const maker = new FactorGraphMaker(program);
  if (program.constraints.length > 0) return { refused: "a constraint ties its variables to each other" };
  const calls = new Set<string>();
  visit(body, (e) => { if (e.kind === "read" && isThermalCall(findArray(program, e.array))) calls.add(e.array); });
  if (calls.size > 0) return { refused: `it depends on ${[...calls].join(", ")}, which is no sum of factors` };
  if (maker.states.some((s) => s.slots.some((slot) => slot.order !== undefined))) return { refused: "a state array has ordered slots" };
  const leaves = maker.split(body, constant(1), [], []);
  const terms = leaves.map((leaf) => maker.term(leaf));
  return { program: { ...program, arrays: [...program.arrays, ...maker.added] }, terms, linear: linearInSites(program) };
}

const isThermalCall = ({ origin, status }: ArrayDeclaration): boolean => origin.kind === "call" && status === "thermal";

interface Leaf { readonly indices: readonly Index[]; readonly conditions: readonly Expression[]; readonly body: Expression }

class FactorGraphMaker {
  readonly added: ArrayDeclaration[] = [];
  readonly states: readonly ArrayDeclaration[];
  private readonly program: Program;
  private readonly names: ReadonlySet<string>;

  constructor(program: Program) {
    this.program = program;
    this.states = program.arrays.filter((a) => a.origin.kind === "state");
    this.names = new Set(this.states.map((s) => s.name));
  }

  /** The factors that an expression is a sum of, times a factor that the state does not change. What it does not change at all is left out. */
  split(e: Expression, factor: Expression, indices: readonly Index[], conditions: readonly Expression[]): readonly Leaf[] {
    if (!this.isThermal(e)) return [];
    const on = (next: Expression, by = factor): readonly Leaf[] => this.split(next, by, indices, conditions);
    if (e.kind === "reduce" && e.combine === "sum" && !this.isThermal(e.where)) {
      return this.split(e.body, factor, [...indices, ...e.indices], e.where === constant(1) ? conditions : [...conditions, e.where]);
    }
    if (e.kind === "apply") {
      const [x, y] = e.arguments as readonly [Expression, Expression];
      switch (e.operator) {
        case "neg": return on(x, build.neg(factor));
        case "add": return [...on(x), ...on(y)];
        case "sub": return [...on(x), ...on(y, build.neg(factor))];
        case "div": if (!this.isThermal(y)) return on(x, build.div(factor, y)); break;
        case "mul": {
          if (!this.isThermal(x)) return on(y, build.mul(factor, x));
          if (!this.isThermal(y)) return on(x, build.mul(factor, y));
          const distributed = distribute(x, y) ?? distribute(y, x);
          if (distributed) return on(distributed);
          break;
        }
        default: break;
      }
    }
    return [{ indices, conditions, body: build.mul(factor, e) }];
  }

  term(leaf: Leaf): FactorTerm {
    const { indices, conditions } = leaf;
    const common = { indices, conditions, energies: this.declare(this.freshName("factorEnergy"), indices), present: this.quenched("factorPresent", indices, conditions, constant(1)) };
    const field = this.fieldOf(leaf);
    if (field) return { ...common, ...field };
    const reads: { sites: string; values: string }[] = [];
    const spans: { state: string; ranges: readonly Range[] }[] = [];
    const known = new Map<Read, Expression>();
    const replace = (e: Expression, inner: readonly Index[], where: readonly Expression[]): Expression => {
      if (!this.isThermal(e)) return e;
      if (e.kind === "reduce") return reduce(e.combine, e.indices, replace(e.body, [...inner, ...e.indices], e.where === constant(1) ? where : [...where, e.where]), replace(e.where, inner, where));
      if (e.kind !== "read" || !this.names.has(e.array)) return withChildren(e, children(e).map((c) => replace(c, inner, where)));
      const before = known.get(e);
      if (before) return before;
      const own = inner.filter((i) => e.subscripts.some((s) => freeIndices(s).includes(i)));
      const all = [...indices, ...own];
      const values = this.declare(this.freshName("factorValue"), all);
      if (where.length === 0 && own.every((i) => e.subscripts.some((s) => s.kind === "index" && s.index === i))) spans.push({ state: e.array, ranges: own.map((i) => i.range) });
      reads.push({ sites: this.quenched("factorSite", all, [...conditions, ...where.filter((c) => freeIndices(c).every((i) => all.includes(i)))], this.placeOf(e)), values });
      const made = read(values, all.map(indexValue));
      known.set(e, made);
      return made;
    };
    const body = replace(leaf.body, [], []);
    const form = this.formOf(body, indices, known, reads.length);
    return { ...common, body, reads, spans, ...(form ? { form } : {}) };
  }

  private formOf(body: Expression, indices: readonly Index[], known: ReadonlyMap<Read, Expression>, count: number): FactorTerm["form"] {
    const entries = [...known.keys()];
    const variables = [...known.values()].filter((v): v is Read => v.kind === "read");
    if (variables.length !== count || !variables.every((v) => v.subscripts.length === indices.length) || count < 1 || count > 2) return undefined;
    const isReal = entries.some((e) => { const { origin } = findArray(this.program, e.array); return origin.kind === "state" && domains[origin.domain.name].continuous; });
    const powers = isReal ? monomials(body, variables) : [];
    if (powers === undefined) return undefined;
    if (count === 1) return powers.every(([n]) => n! <= 2) ? "site" : undefined;
    const places = entries.flatMap((e) => e.subscripts.map((s) => (s.kind === "index" ? s.index : undefined)));
    const isFree = places.length === indices.length && indices.every((i) => places.includes(i));
    return isFree && powers.every(([m, n]) => (m === 1 && n === 1) || (m === 2 && n === 2) || (m! * n! === 0 && m! + n! <= 2)) ? "pair" : undefined;
  }

  private isThermal(e: Expression): boolean {
    let thermal = false;
    visit(e, (x) => { thermal ||= x.kind === "read" && this.names.has(x.array); });
    return thermal;
  }

  /** Linear in the state, up to a constant, with coefficients that do not depend on it. */
  private isAffine(e: Expression): boolean {
    if (!this.isThermal(e)) return true;
    if (e.kind === "read") return this.names.has(e.array);
    if (e.kind === "reduce") return e.combine === "sum" && !this.isThermal(e.where) && this.isAffine(e.body);
    if (e.kind !== "apply") return false;
    const [x, y] = e.arguments as readonly [Expression, Expression];
    switch (e.operator) {
      case "add": case "sub": case "neg": return e.arguments.every((a) => this.isAffine(a));
      case "mul": return (!this.isThermal(x) && this.isAffine(y)) || (!this.isThermal(y) && this.isAffine(x));
      case "div": return !this.isThermal(y) && this.isAffine(x);
      default: return false;
    }
  }

  /** The field form of a factor that depends on the state through one sum over a whole axis. */
  private fieldOf({ indices, conditions, body }: Leaf): Pick<FactorTerm, "body" | "reads" | "spans" | "field"> | undefined {
    const name = this.freshName("factorField");
    const place = read(name, indices.map(indexValue));
    let core: Expression | undefined;
    let fits = true;
    const asField = (e: Expression): Expression => {
      const wanted = simplify(e);
      fits &&= core === undefined || core === wanted;
      core = wanted;
      return place;
    };
    const go = (e: Expression): Expression => {
      if (!this.isThermal(e)) return e;
      if (e.kind === "apply") {
        const [x, y] = e.arguments as readonly [Expression, Expression];
        const margin = this.marginOf(e);
        if (margin) return apply(margin.orEqual ? "le" : "lt", asField(margin.value), constant(0));
        if (e.operator === "neg" && this.isAffine(x)) return build.neg(go(x));
        if ((e.operator === "mul" || e.operator === "div" || e.operator === "sub" || e.operator === "add") && this.isAffine(e) && !(this.isThermal(x) && this.isThermal(y))) return apply(e.operator, go(x), go(y));
        if (!this.isAffine(e)) return apply(e.operator, ...e.arguments.map(go));
      }
      if (this.isAffine(e)) return asField(e);
      fits = false;
      return e;
    };
    const replaced = go(body);
    if (!fits || core === undefined || !this.spansAxes(core)) return undefined;
    const field: Expression = core;
    this.declare(name, indices);
    const options = { positive: positiveParameters(this.program) };
    const reduced = (e: Expression): Expression => fromNormal(normalise(e, options));
    const zero = (e: Expression): Expression => rewrite(e, (x) => (x.kind === "read" && this.names.has(x.array) ? constant(0) : x));
    const coefficients = this.states.map((state) => {
      const entry = state.slots.map((slot) => freshIndex("i", slot.range));
      const of = differentiate(field, { array: state.name, subscripts: entry.map(indexValue), slots: state.slots });
      return { state: state.name, array: this.quenched("factorCoefficient", [...indices, ...entry], conditions, reduced(of)) };
    });
    return { body: replaced, reads: [], spans: [], field: { values: name, offsets: this.quenched("factorOffset", indices, conditions, simplify(zero(field))), coefficients, ...stepOf(replaced, place) } };
  }

  /** `a < b` as (a − b) < 0, and `sign(u) != y` with a label y = ±1 as y u <= 0, where these are linear in the state. */
  private marginOf(e: Extract<Expression, { kind: "apply" }>): { readonly value: Expression; readonly orEqual: boolean } | undefined {
    const [x, y] = e.arguments as readonly [Expression, Expression];
    const affine = (value: Expression, orEqual: boolean): { value: Expression; orEqual: boolean } | undefined => (this.isAffine(value) ? { value, orEqual } : undefined);
    switch (e.operator) {
      case "lt": case "le": return affine(build.sub(x, y), e.operator === "le");
      case "gt": case "ge": return affine(build.sub(y, x), e.operator === "ge");
      case "ne": {
        const [signed, label] = x.kind === "apply" && x.operator === "sign" && this.isThermal(x) ? [x, y] : [y, x];
        return signed.kind === "apply" && signed.operator === "sign" && !this.isThermal(label) ? affine(build.mul(label, signed.arguments[0]!), true) : undefined;
      }
      default: return undefined;
    }
  }

  /** Whether a sum runs over entries that plain indices name: not over the few that an array of places picks. */
  private spansAxes(e: Expression): boolean {
    let [sums, plain] = [false, true];
    visit(e, (x) => {
      if (x.kind === "reduce" && this.isThermal(x)) sums = true;
      if (x.kind === "read" && this.names.has(x.array) && x.subscripts.some((s) => s.kind !== "index")) plain = false;
    });
    return sums && plain;
  }

  /** The flat place of an entry in the state vector, from 1. */
  private placeOf({ array, subscripts }: Read): Expression {
    let start: Expression = constant(1);
    for (const state of this.states) {
      if (state.name === array) break;
      start = build.add(start, state.slots.map((s) => size(s.range)).reduce((a, b) => build.mul(a, b), constant(1)));
    }
    let place: Expression = constant(0);
    findArray(this.program, array).slots.forEach((slot, k) => {
      const at = slot.periodic && subscripts[k]!.kind !== "index" ? wrapped(subscripts[k]!, slot.range) : subscripts[k]!;
      place = build.add(build.mul(place, size(slot.range)), build.sub(at, slot.range.lower));
    });
    return build.add(start, place);
  }

  private freshName(wanted: string): string {
    const taken = new Set([...this.program.arrays, ...this.added, ...this.program.parameters].map((x) => x.name));
    for (let k = 1; ; k++) if (!taken.has(`${wanted}_${k}`)) return `${wanted}_${k}`;
  }

  /** An array that the runtime fills, or a procedure. */
  private declare(name: string, indices: readonly Index[]): string {
    this.added.push({ name, status: "thermal", element: "real", slots: slotsOf(indices), origin: { kind: "gathered" }, span: findArray(this.program, this.program.energy).span });
    return name;
  }

  /** An array that is computed after the draw: `body` where the conditions hold, else 0. */
  private quenched(wanted: string, indices: readonly Index[], conditions: readonly Expression[], body: Expression): string {
    const name = this.freshName(wanted);
    // Indices of a definition are its own.
    const own = indices.map((i) => freshIndex(i.name, i.range));
    const renamed = new Map(indices.map((i, k) => [i, indexValue(own[k]!)]));
    const guarded = conditions.length === 0 ? body : reduce("sum", [freshIndex("once", { lower: constant(1), upper: constant(1) })], body, conditions.reduce((a, b) => build.and(a, b)));
    this.added.push({
      name, status: "quenched", element: "real", slots: slotsOf(indices), span: findArray(this.program, this.program.energy).span,
      origin: { kind: "definition", role: "derived", indices: own, body: substitute(guarded, renamed) },
    });
    return name;
  }
}

const slotsOf = (indices: readonly Index[]): readonly Slot[] => indices.map((i) => ({ range: i.range, periodic: false }));

/** x · y as a sum, where y is one and x holds none. */
function distribute(x: Expression, y: Expression): Expression | undefined {
  const holdsSum = (e: Expression): boolean => {
    let sums = false;
    visit(e, (part) => { sums ||= part.kind === "reduce"; });
    return sums;
  };
  // Without a sum inside, a product of additions is one factor: a clause that is written out.
  if (holdsSum(x) || !holdsSum(y)) return undefined;
  if (y.kind === "reduce" && y.combine === "sum") return reduce("sum", y.indices, build.mul(x, y.body), y.where);
  if (y.kind !== "apply") return undefined;
  const [a, b] = y.arguments as readonly [Expression, Expression];
  switch (y.operator) {
    case "add": case "sub": return apply(y.operator, build.mul(x, a), build.mul(x, b));
    case "neg": return build.neg(build.mul(x, a));
    default: return undefined;
  }
}

/** Whether a body asks nothing of the field but if it is negative. */
function stepOf(body: Expression, field: Expression): { readonly step?: { readonly orEqual: boolean } } {
  const steps = new Set<Expression>();
  let others = false;
  const go = (e: Expression): void => {
    if (e === field) others = true;
    else if (e.kind === "apply" && (e.operator === "lt" || e.operator === "le") && e.arguments[0] === field && e.arguments[1] === constant(0)) steps.add(e);
    else children(e).forEach(go);
  };
  go(body);
  const [step] = steps;
  return others || steps.size !== 1 || step?.kind !== "apply" ? {} : { step: { orEqual: step.operator === "le" } };
}
