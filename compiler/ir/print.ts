/**
 * Expressions and normal forms as mathematics on paper, with as few parentheses as it needs:
 * `(1/N) Σ_{i,j,k} X[i,j,k] w[i] w[j] w[k]`. The same printer writes LaTeX in another style (`latex.ts`).
 * As in the language, Σ covers a product and stops at + and −. Brackets around a condition are 1 where it holds, else 0.
 */
import { build, ops } from "../library/ops/index.ts";
import { call, paper } from "../library/ops/notation.ts";
import type { Notation } from "../library/ops/operator.ts";
import { constant, identity, visit } from "./expression.ts";
import type { Combine, Expression, Index } from "./expression.ts";
import type { Factor, NormalForm, Term } from "./normal.ts";
import { freeIndices } from "./text.ts";

/** What differs between plain text and LaTeX. Arguments already have the parentheses they need. */
export interface Style {
  readonly notation: (operator: keyof typeof ops) => Notation;
  readonly name: (name: string) => string;
  readonly read: (array: string, subscripts: readonly string[]) => string;
  /** The sign of a reduction over `binders` ("i,j" or "i < j"). */
  readonly big: (combine: Combine, binders: string) => string;
  readonly juxtapose: (parts: readonly string[]) => string;
  readonly power: (base: string, exponent: string) => string;
  readonly root: (radicand: string) => string;
  /** `compound`: the denominator is several things; `alone`: nothing stands beside the fraction. */
  readonly fraction: (numerator: string, denominator: string, compound: boolean, alone: boolean) => string;
  /** Whether fractions group by themselves, so that a sum below the bar needs no parentheses. */
  readonly barGroups: boolean;
  readonly condition: (condition: string) => string;
  readonly parentheses: (inner: string) => string;
  readonly partial: (of: string, by: readonly string[]) => string;
}

const bigSigns: Readonly<Record<Combine, string>> = { sum: "Σ", product: "Π", max: "max", min: "min" };

export const textStyle: Style = {
  notation: (operator) => ops[operator].mathematics?.text ?? call(ops[operator].syntax.function ?? operator, ops[operator].arity, paper.atom),
  name: (name) => name,
  read: (array, subscripts) => (subscripts.length === 0 ? array : `${array}[${subscripts.join(",")}]`),
  big: (combine, binders) => (/^[\p{L}\p{N}]$/u.test(binders) ? `${bigSigns[combine]}_${binders}` : `${bigSigns[combine]}_{${binders}}`),
  juxtapose: (parts) => parts.join(" "),
  power: (base, exponent) => `${base}^${/^[\p{L}\p{N}]+$/u.test(exponent) ? exponent : `(${exponent})`}`,
  root: (radicand) => (/^[\p{L}\p{N}_.]+$/u.test(radicand) ? `√${radicand}` : `√(${radicand})`),
  fraction: (numerator, denominator, compound, alone) => {
    const quotient = `${numerator}/${compound ? `(${denominator})` : denominator}`;
    return alone ? quotient : `(${quotient})`;
  },
  barGroups: false,
  condition: (condition) => `[${condition}]`,
  parentheses: (inner) => `(${inner})`,
  partial: (of, by) => (by.length === 1 ? `∂${of}/∂${by[0]}` : `∂²${of}/${by.map((b) => `∂${b}`).join("")}`),
};

/** An expression as mathematics, in the shape in which it was written. */
export const print = (e: Expression, style: Style = textStyle): string => new Printer(style, [e]).expression(e).text;

/** A normal form as mathematics. */
export const printForm = (form: NormalForm, style: Style = textStyle): string => new Printer(style, expressionsOf(form)).form(form);

/** `∂L/∂w[a] = …`; two entries make a second derivative. */
export function printDerivative(of: string, entries: readonly { readonly array: string; readonly indices: readonly Index[] }[], form: NormalForm, style: Style = textStyle): string {
  const printer = new Printer(style, expressionsOf(form));
  const by = entries.map(({ array, indices }) => style.read(style.name(array), indices.map((i) => printer.indexName(i))));
  return `${style.partial(style.name(of), by)} = ${printer.form(form)}`;
}

/** `z[mu,c] = …` */
export function printEquation(array: string, indices: readonly Index[], form: NormalForm, style: Style = textStyle): string {
  const printer = new Printer(style, expressionsOf(form));
  return `${style.read(style.name(array), indices.map((i) => printer.indexName(i)))} = ${printer.form(form)}`;
}

/** A definition in the shape in which it was written, with the names of its indices. */
export function printDefinition(array: string, indices: readonly Index[], body: Expression, style: Style = textStyle): string {
  const printer = new Printer(style, [body]);
  return `${style.read(style.name(array), indices.map((i) => printer.indexName(i)))} = ${printer.expression(body).text}`;
}

const expressionsOf = (form: NormalForm): readonly Expression[] => form.terms.flatMap((t) => [...t.factors.map((f) => f.base), ...t.conditions]);

/** A number as a short fraction, or as a decimal. */
export function fraction(x: number): readonly [numerator: string, denominator: string] {
  if (Number.isInteger(x)) return [String(x), "1"];
  for (let q = 2; q <= 720; q++) {
    const p = Math.round(x * q);
    if (p !== 0 && Math.abs(x * q - p) < 1e-11 * Math.abs(p)) return [String(p), String(q)];
  }
  return [String(Number(x.toPrecision(12))), "1"];
}

/**
 * Terms that differ in one array entry only, as one term with the sum of these entries: (X[a,i,j] + X[i,a,j] + X[i,j,a]) w[i] w[j].
 * Only for the eye: a factor that is a sum has no place in a normal form.
 */
function collect(terms: readonly Term[]): readonly Term[] {
  const groups = new Map<string, { readonly term: Term; readonly place: number; readonly entries: Expression[] }>();
  for (const term of terms) {
    const subscripts = term.factors.map((f) => (f.base.kind === "read" && f.exponent === 1 ? f.base.subscripts.length : 0));
    const place = subscripts.indexOf(Math.max(1, ...subscripts));
    const rest = term.factors.filter((_, k) => k !== place).map((f) => `${identity(f.base)}^${f.exponent}`).sort();
    const key = place < 0 ? `alone ${groups.size}` : [term.coefficient, term.indices.map((i) => i.id), term.conditions.map(identity), rest].join("|");
    const group = groups.get(key);
    if (group) group.entries.push(term.factors[place]!.base);
    else groups.set(key, { term, place, entries: place < 0 ? [] : [term.factors[place]!.base] });
  }
  return [...groups.values()].map(({ term, place, entries }) => (entries.length < 2 ? term
    : { ...term, factors: term.factors.map((f, k) => (k === place ? { base: entries.reduce((sum, e) => build.add(sum, e)), exponent: 1 } : f)) }));
}

interface Piece { readonly text: string; readonly precedence: number }
const spareNames = ["i", "j", "k", "l", "m", "n", "p", "q", "r", "s", "t", "u", "v"];

class Printer {
  private readonly style: Style;
  private readonly names = new Map<Index, string>();
  private readonly used = new Set<string>();

  constructor(style: Style, subjects: readonly Expression[]) {
    this.style = style;
    for (const subject of subjects) {
      visit(subject, (e) => {
        if (e.kind === "parameter") this.used.add(e.name);
        if (e.kind === "read") this.used.add(e.array);
      });
    }
  }

  indexName(index: Index): string {
    let name = this.names.get(index);
    if (name === undefined) {
      name = [index.name, ...spareNames].find((n) => !this.used.has(n)) ?? `${index.name}${index.id}`;
      this.names.set(index, name);
      this.used.add(name);
    }
    return this.style.name(name);
  }

  /** Names for bound indices while `print` runs; the names are free again afterwards. */
  private binding<T>(indices: readonly Index[], run: () => T): T {
    const before = indices.map((i) => this.names.get(i));
    indices.forEach((i) => this.names.delete(i));
    indices.forEach((i) => this.indexName(i));
    const result = run();
    indices.forEach((i, k) => {
      this.used.delete(this.names.get(i)!);
      this.names.delete(i);
      if (before[k] !== undefined) this.names.set(i, before[k]);
    });
    return result;
  }

  private wrap({ text, precedence }: Piece, least: number): string {
    return precedence < least ? this.style.parentheses(text) : text;
  }

  expression(e: Expression): Piece {
    switch (e.kind) {
      case "constant": return this.number(e.value);
      case "parameter": return { text: this.style.name(e.name), precedence: paper.atom };
      case "index": return { text: this.indexName(e.index), precedence: paper.atom };
      case "read": return { text: this.style.read(this.style.name(e.array), e.subscripts.map((s) => this.subscript(s))), precedence: paper.atom };
      case "apply": {
        const [x, y] = e.arguments;
        if (e.operator === "mul" && x === y) return { text: this.style.power(this.wrap(this.expression(x!), paper.power + 1), "2"), precedence: paper.power };
        const notation = this.style.notation(e.operator);
        const args = e.arguments.map((a, k) => this.wrap(this.expression(a), notation.arguments[k] ?? 0));
        return { text: notation.print(...args), precedence: notation.precedence };
      }
      case "reduce":
        return this.binding(e.indices, () => {
          const { binders, others } = this.binders(e.indices, conjuncts(e.where));
          const body = this.wrap(this.expression(e.body), paper.multiplicative);
          const brackets = others.map((c) => this.style.condition(this.expression(c).text));
          return { text: this.style.juxtapose([this.style.big(e.combine, binders), ...brackets, body]), precedence: paper.negation };
        });
    }
  }

  /** Subscripts are tight: `i+1`. */
  private subscript(e: Expression): string {
    return this.expression(e).text.replace(/ ([+-]) /g, "$1");
  }

  private number(x: number): Piece {
    if (x === Math.PI) return { text: this.style.name("π"), precedence: paper.atom };
    if (!Number.isFinite(x)) return { text: Number.isNaN(x) ? "NaN" : x > 0 ? "∞" : "-∞", precedence: x > 0 ? paper.atom : paper.negation };
    return { text: String(Number(x.toPrecision(12))), precedence: x < 0 ? paper.negation : paper.atom };
  }

  /** `i < j` chains and a single `i ≠ j` go below the sign; other conditions are left over. */
  private binders(indices: readonly Index[], conditions: readonly Expression[]): { readonly binders: string; readonly others: readonly Expression[] } {
    const after = new Map<Index, Index>();
    const others: Expression[] = [];
    let unequal: readonly [Index, Index] | undefined;
    for (const c of conditions) {
      const [a, b] = c.kind === "apply" ? c.arguments : [];
      const pair = a?.kind === "index" && b?.kind === "index" && indices.includes(a.index) && indices.includes(b.index);
      if (pair && c.kind === "apply" && c.operator === "lt" && !after.has(a.index) && ![...after.values()].includes(b.index)) after.set(a.index, b.index);
      else if (pair && c.kind === "apply" && c.operator === "ne" && indices.length === 2) unequal = [a.index, b.index];
      else others.push(c);
    }
    if (unequal) return { binders: `${this.indexName(unequal[0])} ${this.style.notation("ne").print("", "").trim()} ${this.indexName(unequal[1])}`, others };
    const follows = new Set(after.values());
    const chains = indices.filter((i) => !follows.has(i)).map((first) => {
      const chain = [first];
      for (let next = after.get(first); next; next = after.get(next)) chain.push(next);
      return chain.map((i) => this.indexName(i)).join(" < ");
    });
    return { binders: chains.join(chains.some((c) => c.includes("<")) ? ", " : ","), others };
  }

  form(form: NormalForm): string {
    if (form.terms.length === 0) return "0";
    return collect(form.terms).map((t, k) => {
      const body = this.term(t);
      return k === 0 ? (t.coefficient < 0 ? `-${body}` : body) : t.coefficient < 0 ? ` - ${body}` : ` + ${body}`;
    }).join("");
  }

  /** A term without its sign. */
  private term(t: Term): string {
    return this.binding(t.indices, () => {
      const isPrefix = (f: Factor): boolean => f.base.kind === "parameter" || (freeIndices(f.base).size === 0 && !readsAnything(f.base));
      const [numerator, denominator] = fraction(Math.abs(t.coefficient));
      const prefix = t.factors.filter(isPrefix);
      const body = t.factors.filter((f) => !isPrefix(f));
      const { binders, others } = this.binders(t.indices, t.conditions);
      const middle = [
        ...(t.indices.length > 0 ? [this.style.big("sum", binders)] : []),
        ...others.map((c) => this.style.condition(this.expression(c).text)),
      ];
      const front = this.quotient(prefix, numerator, denominator, middle.length + body.length === 0);
      const back = this.quotient(body, "1", "1", middle.length + front.length === 0);
      const parts = [...front, ...middle, ...back];
      return this.style.juxtapose(parts) || "1";
    });
  }

  /** numerator/denominator · Π factors as a product or one fraction; nothing for 1. */
  private quotient(factors: readonly Factor[], numerator: string, denominator: string, alone: boolean): readonly string[] {
    const above = [...(numerator === "1" ? [] : [numerator]), ...factors.filter((f) => f.exponent > 0).map((f) => this.factor(f, 1, false))];
    const divisors = factors.filter((f) => f.exponent < 0);
    const lone = this.style.barGroups && denominator === "1" && divisors.length === 1;
    const below = [...(denominator === "1" ? [] : [denominator]), ...divisors.map((f) => this.factor(f, -1, lone))];
    if (below.length === 0) return above;
    return [this.style.fraction(this.style.juxtapose(above) || "1", this.style.juxtapose(below), below.length > 1, alone)];
  }

  /** base^(sign · exponent), inside a product unless `lone`. */
  private factor({ base, exponent }: Factor, sign: 1 | -1, lone: boolean): string {
    const power = exponent * sign;
    const piece = this.expression(base);
    if (power === 1) return lone ? piece.text : this.wrap(piece, paper.multiplicative + 0.5);
    if (power === 0.5) return this.style.root(piece.text);
    const [p, q] = fraction(power);
    return this.style.power(this.wrap(piece, paper.power + 1), q === "1" ? p : `${p}/${q}`);
  }
}

function readsAnything(e: Expression): boolean {
  let found = false;
  visit(e, (node) => { found ||= node.kind === "read"; });
  return found;
}

function conjuncts(e: Expression): readonly Expression[] {
  if (e === constant(1)) return [];
  return e.kind === "apply" && e.operator === "and" ? e.arguments.flatMap(conjuncts) : [e];
}
