/**
 * Expressions ⇄ normal forms (see `normal.ts`): products distributed over sums, sums over additions, integer powers expanded,
 * constants folded, Kronecker deltas resolved, sums of ones counted, indices named canonically, equal terms merged.
 *
 * Truth values are factors 0 or 1 (Iverson brackets) and become conditions; `select` becomes a sum of two terms. Sizes are taken
 * not to be negative. `(a b)^c` splits for integer c, and for other c only where the sign of the factors allows it.
 * Longer than usual because expansion, powers and conditions call each other; naming is in `canonical.ts`, texts in `text.ts`.
 */
import { operatorNames, ops, build } from "../library/ops/index.ts";
import { canonicalOrder } from "./canonical.ts";
import { apply, constant, freshIndex, identity, indexValue, parameter, read, reduce, substitute } from "./expression.ts";
import type { Apply, Expression, Index, Range, Reduce } from "./expression.ts";
import { resolveConditions } from "./conditions.ts";
import { bindingHeight, canonicalIndex, canonicalPlace, freeIndices, isCommutative, numberText, placeholder, rangeText, text, textUnder } from "./text.ts";
import type { Factor, NormalForm, Term } from "./normal.ts";

export interface NormaliseOptions {
  /** Parameters known to be positive (sizes, usually): their roots are taken out of products. */
  readonly positive?: ReadonlySet<string>;
  /** A power or product that would have more terms than this stays an atom (default 1000). */
  readonly maximumTerms?: number;
  /** An integer power of a sum above this stays an atom (default 8). */
  readonly maximumPower?: number;
}

/** The normal form; equal mathematics of polynomial expressions gives the same form, with the same `key`. */
export const normalise = (e: Expression, options: NormaliseOptions = {}): NormalForm => normaliserFor(options).normalise(e);

/** A text that is equal for equal normal forms. */
export const key = (form: NormalForm): string => form.terms.map(termText).join(" + ") || "0";

/** An expression with this normal form, as short as its terms allow. */
export function fromNormal(form: NormalForm): Expression {
  const value = constantOf(form);
  if (value !== undefined) return constant(value);
  let sum: Expression | undefined;
  for (const term of form.terms) {
    if (sum === undefined) sum = termExpression(term, term.coefficient);
    else if (term.coefficient < 0) sum = build.sub(sum, termExpression(term, -term.coefficient));
    else sum = build.add(sum, termExpression(term, term.coefficient));
  }
  return sum ?? constant(0);
}

/** A number, when the form is one. */
export function constantOf(form: NormalForm): number | undefined {
  if (form.terms.length === 0) return 0;
  const [first, ...others] = form.terms;
  return others.length === 0 && first!.factors.length === 0 && first!.conditions.length === 0 ? first!.coefficient : undefined;
}

const termText = (t: Term): string => `${numberText(t.coefficient)} ${shape(t)}`;
/** All of a term but its coefficient. */
const shape = (t: Term): string =>
  `{${t.indices.map((i) => `${text(indexValue(i))}:${rangeText(i.range)}`).join()}|${t.conditions.map(text).join()}} ` +
  t.factors.map((f) => `${text(f.base)}^${numberText(f.exponent)}`).join(" ");

function powerExpression({ base, exponent }: Factor): Expression {
  if (exponent === 1) return base;
  // A power of a sum stays a power: as a product it would be expanded when it is read again.
  if (exponent === 2 && !isComposite(base)) return build.mul(base, base);
  if (exponent === 0.5) return build.sqrt(base);
  return build.pow(base, constant(exponent));
}

function termExpression(term: Term, coefficient: number): Expression {
  const times = (product: Expression | undefined, e: Expression): Expression => (product ? build.mul(product, e) : e);
  const start = Math.abs(coefficient) === 1 ? undefined : constant(Math.abs(coefficient));
  let body = term.factors.filter((f) => f.exponent > 0).map(powerExpression).reduce(times, start) ?? constant(1);
  const inverses = term.factors.filter((f) => f.exponent < 0).map((f) => ({ base: f.base, exponent: -f.exponent }));
  const divisor = inverses.filter((f) => !isComposite(f.base)).map(powerExpression).reduce(times, undefined as Expression | undefined);
  if (divisor) body = build.div(body, divisor);
  // One after the other and as powers: a divisor that is a product of sums would be expanded when it is read again.
  for (const f of inverses) {
    if (isComposite(f.base)) body = f.exponent === 1 ? build.div(body, f.base) : build.mul(body, build.pow(f.base, constant(-f.exponent)));
  }
  const condition = term.conditions.reduce<Expression | undefined>((all, c) => (all ? build.and(all, c) : c), undefined);
  if (term.indices.length > 0) body = reduce("sum", term.indices, body, condition ?? constant(1));
  else if (condition) body = body === constant(1) ? condition : build.select(condition, body, constant(0));
  return coefficient < 0 ? build.neg(body) : body;
}

const truthOperators = new Set(operatorNames.filter((name) => ops[name].type(Array.from({ length: ops[name].arity }, () => "real" as const)) === "truth"));
const isExtremum = (e: Expression): boolean => e.kind === "reduce" && (e.combine === "max" || e.combine === "min");
const compositeOperators = new Set(["add", "sub", "mul", "div", "neg", "pow", "sqrt", "select"]);
const isComposite = (e: Expression): boolean => (e.kind === "apply" && compositeOperators.has(e.operator)) || (e.kind === "reduce" && e.combine === "sum");

const one: Term = { coefficient: 1, factors: [], indices: [], conditions: [] };
const numberTerms = (x: number): readonly Term[] =>
  x === 0 ? [] : Number.isFinite(x) ? [{ ...one, coefficient: x }] : [{ ...one, factors: [{ base: constant(x), exponent: 1 }] }];
const atomTerms = (base: Expression, exponent = 1): readonly Term[] => [{ ...one, factors: [{ base, exponent }] }];

const normalisers = new Map<string, Normaliser>();
function normaliserFor(options: NormaliseOptions): Normaliser {
  const { positive = new Set<string>(), maximumTerms = 1000, maximumPower = 8 } = options;
  const id = `${[...positive].sort().join()}|${maximumTerms}|${maximumPower}`;
  let found = normalisers.get(id);
  if (!found) normalisers.set(id, (found = new Normaliser(positive, maximumTerms, maximumPower)));
  return found;
}

class Normaliser {
  // Expressions are interned for the life of the process, so weak keys cost nothing once a caller drops them.
  private readonly forms = new WeakMap<Expression, NormalForm>();
  private readonly expansions = new WeakMap<Expression, readonly Term[]>();
  private readonly positive: ReadonlySet<string>;
  private readonly maximumTerms: number;
  private readonly maximumPower: number;

  constructor(positive: ReadonlySet<string>, maximumTerms: number, maximumPower: number) {
    this.positive = positive;
    this.maximumTerms = maximumTerms;
    this.maximumPower = maximumPower;
  }

  normalise(e: Expression): NormalForm {
    let form = this.forms.get(e);
    if (!form) this.forms.set(e, (form = { terms: this.finish(this.expand(e)) }));
    return form;
  }

  /** The expression with everything inside in normal form. */
  private readonly atom = (e: Expression): Expression =>
    e.kind === "constant" || e.kind === "parameter" || e.kind === "index" ? e : fromNormal(this.normalise(e));

  // ───────────────────────────── expansion

  /** Terms over the indices of the expression itself: neither merged for good nor named. */
  private expand(e: Expression): readonly Term[] {
    let terms = this.expansions.get(e);
    if (!terms) this.expansions.set(e, (terms = this.expandNode(e)));
    return terms;
  }

  private expandNode(e: Expression): readonly Term[] {
    switch (e.kind) {
      case "constant": return numberTerms(e.value);
      case "parameter": case "index": return atomTerms(e);
      case "read": return atomTerms(read(e.array, e.subscripts.map(this.atom)));
      case "apply": return this.expandApply(e);
      case "reduce": return e.combine === "sum" ? this.expandSum(e) : atomTerms(this.canonicalReduce(e));
    }
  }

  private expandApply(e: Apply): readonly Term[] {
    const [x, y, z] = e.arguments as [Expression, Expression, Expression];
    switch (e.operator) {
      case "add": return merge([...this.expand(x), ...this.expand(y)]);
      case "sub": return merge([...this.expand(x), ...scale(this.expand(y), -1)]);
      case "neg": return scale(this.expand(x), -1);
      case "mul": case "and": return this.multiply(this.expand(x), this.expand(y));
      case "div": return this.multiply(this.expand(x), this.power(this.expand(y), -1));
      case "sqrt": return this.power(this.expand(x), 0.5);
      case "pow": {
        const exponent = constantOf(this.normalise(y));
        return exponent === undefined ? atomTerms(apply("pow", this.atom(x), this.atom(y))) : this.power(this.expand(x), exponent);
      }
      case "select":
        return merge([...this.multiply(this.expand(x), this.expand(y)), ...this.multiply(this.expand(build.not(x)), this.expand(z))]);
      case "not": return this.expandNot(x);
      case "gt": return this.expandComparison("lt", y, x);
      case "ge": return this.expandComparison("le", y, x);
      case "lt": case "le": case "eq": case "ne": return this.expandComparison(e.operator, x, y);
      default: {
        const args = e.arguments.map(this.atom);
        if (args.every((a) => a.kind === "constant")) return numberTerms(ops[e.operator].value(...args.map((a) => (a as { value: number }).value)));
        if (isCommutative(e.operator)) args.sort((a, b) => (text(a) < text(b) ? -1 : 1));
        const made = apply(e.operator, ...args);
        return truthOperators.has(e.operator) ? [{ ...one, conditions: [made] }] : atomTerms(made);
      }
    }
  }

  private expandNot(x: Expression): readonly Term[] {
    if (x.kind === "apply") {
      const complement = ({ eq: "ne", ne: "eq", lt: "ge", le: "gt", gt: "le", ge: "lt" } as const)[x.operator as "eq"];
      if (complement) return this.expand(apply(complement, ...x.arguments));
      if (x.operator === "not") return this.expand(x.arguments[0]!);
      // not (a or b) = not a and not b
      if (x.operator === "or") return this.multiply(this.expandNot(x.arguments[0]!), this.expandNot(x.arguments[1]!));
    }
    const inner = this.atom(x);
    if (inner.kind === "constant") return numberTerms(inner.value === 0 ? 1 : 0);
    if (inner !== x && inner.kind === "apply") return this.expandNot(inner);
    return [{ ...one, conditions: [build.not(inner)] }];
  }

  /**
   * Positive terms of the difference stand on the left, the others on the right. What is compared with its largest value, as in `argmax`, stays
   * as it is: terms that change sides would be rounded differently.
   */
  private expandComparison(operator: "lt" | "le" | "eq" | "ne", x: Expression, y: Expression): readonly Term[] {
    if (isCommutative(operator) && (isExtremum(x) || isExtremum(y))) {
      const sides = [this.atom(x), this.atom(y)].sort((a, b) => (text(a) < text(b) ? -1 : 1));
      return sides[0] === sides[1] ? numberTerms(operator === "eq" ? 1 : 0) : [{ ...one, conditions: [apply(operator, ...sides)] }];
    }
    const difference = this.finish(merge([...this.expand(x), ...scale(this.expand(y), -1)]));
    const value = constantOf({ terms: difference });
    if (value !== undefined) return numberTerms(ops[operator].value(value, 0));
    let left = fromNormal({ terms: difference.filter((t) => t.coefficient > 0) });
    let right = fromNormal({ terms: scale(difference.filter((t) => t.coefficient < 0), -1) });
    if (isCommutative(operator) && text(right) < text(left)) [left, right] = [right, left];
    return [{ ...one, conditions: [apply(operator, left, right)] }];
  }

  private expandSum(e: Reduce): readonly Term[] {
    return this.multiply(this.expand(e.where), this.expand(e.body)).flatMap((t) => {
      const clash = new Set(t.indices);
      const apart = e.indices.some((i) => clash.has(i)) ? renameBound(t, clash) : t;
      return [{ ...apart, indices: [...apart.indices, ...e.indices] }];
    });
  }

  /** A product, maximum or minimum with its parts in normal form and its indices named. */
  private canonicalReduce(e: Reduce): Expression {
    const [where, body] = [this.atom(e.where), this.atom(e.body)];
    const parts = [{ expression: where, tag: "?" }, { expression: body, tag: "" }];
    const names = this.nameIndices(e.indices, parts.map((p) => p.expression), canonicalOrder(e.indices, parts, this.textUnder));
    const rename = (part: Expression): Expression => this.atom(substitute(part, names));
    return reduce(e.combine, [...names.values()].map((v) => v.index), rename(body), rename(where));
  }

  // ───────────────────────────── products and powers

  private multiply(a: readonly Term[], b: readonly Term[]): readonly Term[] {
    if (a.length * b.length > this.maximumTerms && a.length > 1 && b.length > 1) {
      return a.length > b.length ? this.multiply(this.composite(a, 1), b) : this.multiply(a, this.composite(b, 1));
    }
    return merge(a.flatMap((s) => b.flatMap((t) => this.multiplyTerms(s, t))));
  }

  private multiplyTerms(s: Term, t: Term): readonly Term[] {
    const clash = new Set(s.indices);
    const u = t.indices.some((i) => clash.has(i)) ? renameBound(t, clash) : t;
    const exponents = new Map(s.factors.map((f) => [f.base, f.exponent]));
    const again: Factor[] = [];
    for (const { base, exponent } of u.factors) {
      const before = exponents.get(base);
      const total = (before ?? 0) + exponent;
      if (Math.abs(total) < 1e-12) exponents.delete(base);
      else exponents.set(base, total);
      // Two powers of a sum may make a whole power that can be expanded after all: √S √S = S.
      if (before !== undefined && isComposite(base) && total > 0 && Math.abs(total - Math.round(total)) < 1e-12) {
        const expanded = this.power(this.expand(base), Math.round(total));
        if (expanded.length === 1 && expanded[0]!.factors.some((f) => f.base === base)) continue;
        exponents.delete(base);
        again.push({ base, exponent: Math.round(total) });
      }
    }
    const product: Term = {
      coefficient: s.coefficient * u.coefficient,
      factors: [...exponents].map(([base, exponent]) => ({ base, exponent })),
      indices: [...s.indices, ...u.indices],
      conditions: [...new Set([...s.conditions, ...u.conditions])],
    };
    return again.reduce<readonly Term[]>((terms, f) => this.multiply(terms, this.power(this.expand(f.base), f.exponent)), [product]);
  }

  /** (Π b^e)^n = Π b^(e n); a root of a sum may become a whole power of it, which is expanded. */
  private powerOfTerm(t: Term, exponent: number): readonly Term[] {
    const powers = t.factors.map((f) => ({ base: f.base, exponent: f.exponent * exponent, before: f.exponent }));
    const opened = powers.filter((f) => isComposite(f.base) && f.exponent > 0 && Number.isInteger(f.exponent) && !Number.isInteger(f.before));
    const kept: Term = { ...t, coefficient: t.coefficient ** exponent, factors: powers.filter((f) => !opened.includes(f)).map(({ base, exponent: e }) => ({ base, exponent: e })) };
    return opened.reduce<readonly Term[]>((all, f) => this.multiply(all, this.power(this.expand(f.base), f.exponent)), [kept]);
  }

  private power(terms: readonly Term[], exponent: number): readonly Term[] {
    if (exponent === 0) return [one];
    if (exponent === 1) return terms;
    if (Number.isInteger(exponent) && exponent > 0) {
      if (terms.length === 0) return [];
      if (terms.length === 1 && terms[0]!.indices.length === 0) return this.powerOfTerm(terms[0]!, exponent);
      if (exponent > this.maximumPower || binomial(terms.length + exponent - 1, exponent) > this.maximumTerms) return this.composite(terms, exponent);
      let result = terms;
      for (let k = 1; k < exponent; k++) result = this.multiply(result, terms);
      return result;
    }
    const settled = this.finish(terms);
    const value = constantOf({ terms: settled });
    if (value !== undefined) return numberTerms(value ** exponent);
    return this.composite(settled, exponent);
  }

  /** A power that stays: what can be is taken out of it, the rest is a factor with the sum as its base. */
  private composite(terms: readonly Term[], exponent: number): readonly Term[] {
    const settled = this.finish(terms);
    const whole = Number.isInteger(exponent);
    const negative = settled.every((t) => t.coefficient < 0);
    // max |coefficient| doesn't depend on the order of terms, unlike the first one.
    const content = Math.max(...settled.map((t) => Math.abs(t.coefficient))) * (negative && whole ? -1 : 1);
    let rest = scale(settled, 1 / content);
    const common: Factor[] = [];
    const signs = settled.length === 1 && settled[0]!.indices.length === 0 && settled[0]!.conditions.length === 0 ? settled[0]! : undefined;
    for (const { base } of settled[0]!.factors) {
      const exponents = settled.map((t) => t.factors.find((f) => f.base === base && !t.indices.some((i) => freeIndices(base).has(i)))?.exponent);
      if (exponents.some((p) => p === undefined)) continue;
      const shared = exponents.reduce((a, b) => (Math.sign(a!) !== Math.sign(b!) ? 0 : Math.abs(a!) < Math.abs(b!) ? a : b))!;
      if (shared === 0) continue;
      const positive = base.kind === "parameter" && this.positive.has(base.name);
      if (whole || positive) common.push({ base, exponent: shared });
    }
    rest = rest.map((t) => divideBy(t, common));
    if (!whole && signs && rest[0]!.factors.length === 1 && rest[0]!.coefficient > 0) {
      // A single factor of unknown sign: b^e has no other sign than b for odd e, and for fractional e b isn't negative.
      const [only] = rest[0]!.factors;
      if (Math.abs(only!.exponent) % 2 !== 0) {
        common.push(only!);
        rest = [{ ...rest[0]!, factors: [] }];
      }
    }
    const factors = common.map((f) => ({ base: f.base, exponent: f.exponent * exponent }));
    const restForm = { terms: this.finish(rest) };
    const restValue = constantOf(restForm);
    if (restValue === undefined) factors.push({ base: fromNormal(restForm), exponent });
    return [{ ...one, coefficient: Math.abs(content) ** exponent * (content < 0 && Math.abs(exponent) % 2 === 1 ? -1 : 1) * (restValue ?? 1) ** exponent, factors }];
  }

  // ───────────────────────────── finishing

  /** Conditions resolved, unused indices counted, indices named, terms merged and sorted. */
  private finish(terms: readonly Term[]): readonly Term[] {
    const named = new Map<string, { term: Term; magnitude: number }>();
    for (const settled of merge(terms.flatMap((t) => this.settle(t)))) {
      const term = this.name(settled);
      const place = shape(term);
      const before = named.get(place);
      const coefficient = (before?.term.coefficient ?? 0) + term.coefficient;
      named.set(place, { term: { ...term, coefficient }, magnitude: (before?.magnitude ?? 0) + Math.abs(term.coefficient) });
    }
    return [...named]
      .filter(([, { term, magnitude }]) => !cancelled(term.coefficient, magnitude))
      .sort(([a, s], [b, t]) => s.term.factors.length - t.term.factors.length || (a < b ? -1 : a > b ? 1 : 0))
      .map(([, { term }]) => term);
  }

  private settle(term: Term): readonly Term[] {
    // What the ranges of the indices say anyway; written like any other comparison so that they can be recognised.
    const ends = term.conditions.some((c) => c.kind === "apply" && c.operator === "le")
      ? new Set(term.indices.flatMap((i) => [[i.range.lower, indexValue(i)], [indexValue(i), i.range.upper]] as const).flatMap(([a, b]) => this.expandComparison("le", a, b)[0]?.conditions ?? []))
      : new Set<Expression>();
    const action = resolveConditions({ ...term, conditions: term.conditions.filter((c) => !ends.has(c)) }, (c) => this.linear(c));
    if (action.kind === "zero") return [];
    if (action.kind === "substitute") {
      const { index, value } = action;
      const range = sameRange(value, index.range) ? [] : [build.le(index.range.lower, value), build.le(value, index.range.upper)];
      const values = new Map([[index, value]]);
      const rebuilt = this.rebuild({ ...term, conditions: action.conditions, indices: term.indices.filter((i) => i !== index) }, values);
      return range.reduce((all, c) => this.multiply(all, this.expand(c)), rebuilt).flatMap((t) => this.settle(t));
    }
    const used = new Set([...term.factors.map((f) => f.base), ...action.conditions].flatMap((e) => [...freeIndices(e)]));
    const counted = term.indices.filter((i) => !used.has(i));
    const settled: Term = { ...term, conditions: action.conditions, indices: term.indices.filter((i) => used.has(i)) };
    return counted.reduce<readonly Term[]>((all, i) => this.multiply(all, this.expand(size(i.range))), [settled]);
  }

  /** The term with values put for indices, expanded anew. */
  private rebuild(term: Term, values: ReadonlyMap<Index, Expression>): readonly Term[] {
    const start: Term = { ...one, coefficient: term.coefficient, indices: term.indices };
    const factors = term.factors.map((f) => this.power(this.expand(substitute(f.base, values)), f.exponent));
    const conditions = term.conditions.map((c) => this.expand(substitute(c, values)));
    return [...factors, ...conditions].reduce((all, next) => this.multiply(all, next), [start] as readonly Term[]);
  }

  /** left − right of a comparison, as terms. */
  private linear(comparison: Apply): readonly Term[] {
    return this.finish(merge([...this.expand(comparison.arguments[0]!), ...scale(this.expand(comparison.arguments[1]!), -1)]));
  }

  private name(term: Term): Term {
    const parts = [
      ...term.factors.map((f) => ({ expression: f.base, tag: `${numberText(f.exponent)}:` })),
      ...term.conditions.map((c) => ({ expression: c, tag: "?" })),
    ];
    const order = term.indices.length === 0 ? [] : canonicalOrder(term.indices, parts, this.textUnder);
    const names = this.nameIndices(term.indices, parts.map((p) => p.expression), order);
    const rename = (e: Expression): Expression => (names.size === 0 ? e : this.renamed(e, names));
    const byText = <T>(items: readonly T[], of: (item: T) => Expression): readonly T[] =>
      items.map((item) => ({ item, text: text(of(item)) })).sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ item }) => item);
    return {
      coefficient: term.coefficient,
      factors: byText(term.factors.map((f) => ({ base: rename(f.base), exponent: f.exponent })), (f) => f.base),
      indices: [...names.values()].map((v) => v.index),
      conditions: byText(term.conditions.map(rename), (c) => c),
    };
  }

  private nameIndices(indices: readonly Index[], parts: readonly Expression[], order: readonly Index[]): ReadonlyMap<Index, { readonly kind: "index"; readonly index: Index }> {
    const height = parts.reduce((most, p) => Math.max(most, bindingHeight(p)), 0);
    // A canonical index that is free here (a term taken apart by a caller) keeps its name; no bound one may have it.
    const bound = new Set(indices);
    const taken = new Set(parts.flatMap((p) => [...freeIndices(p)]).filter((i) => !bound.has(i) && canonicalPlace(i)?.height === height).map((i) => canonicalPlace(i)!.number));
    const names = new Map<Index, { readonly kind: "index"; readonly index: Index }>();
    let number = 0;
    for (const index of order) {
      while (taken.has(number)) number++;
      const range: Range = { lower: this.atom(index.range.lower), upper: this.atom(index.range.upper) };
      names.set(index, indexValue(canonicalIndex(height, number++, range)));
    }
    return names;
  }

  /** An atom under other names: sums and symmetric arguments inside are sorted anew. */
  private renamed(e: Expression, names: ReadonlyMap<Index, Expression>): Expression {
    const moved = substitute(e, names);
    if (moved === e) return e;
    if (isComposite(e)) return this.atom(moved);
    const [only, ...more] = this.expand(moved);
    if (!only || more.length > 0 || only.factors.length + only.conditions.length !== 1) return moved;
    return only.conditions[0] ?? only.factors[0]!.base;
  }

  private readonly textUnder = (e: Expression, names: ReadonlyMap<Index, string>): string => {
    const quick = textUnder(e, names);
    if (quick !== undefined) return quick;
    const values = new Map([...freeIndices(e)].filter((i) => names.has(i)).map((i) => [i, indexValue(placeholder(names.get(i)!))] as const));
    return text(this.atom(substitute(e, values)));
  };
}

// ───────────────────────────── terms

const scale = (terms: readonly Term[], by: number): readonly Term[] => (by === 1 ? terms : terms.map((t) => ({ ...t, coefficient: t.coefficient * by })));

const divideBy = (t: Term, common: readonly Factor[]): Term => ({
  ...t,
  factors: t.factors.flatMap((f) => {
    const exponent = f.exponent - (common.find((c) => c.base === f.base)?.exponent ?? 0);
    return Math.abs(exponent) < 1e-12 ? [] : [{ base: f.base, exponent }];
  }),
});

/** Whether a sum of coefficients is nothing but the rounding of its parts. */
const cancelled = (sum: number, magnitude: number): boolean => Math.abs(sum) <= 1e-14 * magnitude;

/** Adds up terms over the very same indices; keeps products of long sums from growing before they are finished. */
function merge(terms: readonly Term[]): readonly Term[] {
  if (terms.length < 2) return terms;
  const merged = new Map<string, Term>();
  const magnitudes = new Map<string, number>();
  for (const t of terms) {
    const place = [
      t.indices.map((i) => i.id).sort((a, b) => a - b).join(),
      t.conditions.map(identity).sort((a, b) => a - b).join(),
      t.factors.map((f) => `${identity(f.base)}^${f.exponent}`).sort().join(),
    ].join("|");
    const before = merged.get(place);
    merged.set(place, before ? { ...before, coefficient: before.coefficient + t.coefficient } : t);
    magnitudes.set(place, (magnitudes.get(place) ?? 0) + Math.abs(t.coefficient));
  }
  return [...merged].filter(([place, t]) => !cancelled(t.coefficient, magnitudes.get(place)!)).map(([, t]) => t);
}

/** The same term over new indices in place of those in `clash`. */
function renameBound(t: Term, clash: ReadonlySet<Index>): Term {
  const names = new Map(t.indices.filter((i) => clash.has(i)).map((i) => [i, indexValue(freshIndex(i.name, i.range))] as const));
  const rename = (e: Expression): Expression => substitute(e, names);
  return {
    coefficient: t.coefficient,
    factors: t.factors.map((f) => ({ base: rename(f.base), exponent: f.exponent })),
    indices: t.indices.map((i) => names.get(i)?.index ?? i),
    conditions: t.conditions.map(rename),
  };
}

/** Number of values in a range. */
export const size = (range: Range): Expression => build.add(build.sub(range.upper, range.lower), constant(1));

const sameRange = (value: Expression, range: Range): boolean => value.kind === "index" && rangeText(value.index.range) === rangeText(range);

const binomial = (n: number, k: number): number => {
  let result = 1;
  for (let j = 1; j <= k; j++) result = (result * (n - k + j)) / j;
  return result;
};

/** The set of a program's parameters that are sizes or counts, for `NormaliseOptions.positive`. */
export const positiveParameters = (program: { readonly parameters: readonly { readonly name: string; readonly kind: string }[] }): ReadonlySet<string> =>
  new Set(program.parameters.filter((p) => p.kind === "integer").map((p) => parameter(p.name).name));
