/**
 * Which sums over the state are worth keeping while it moves: every reduction that stands inside a nonlinear operator, or in a product
 * with another part that depends on the state, becomes a cache over its free indices (stabilities h[mu], magnetisations, patterns'
 * overlaps). What is left around the caches depends on single entries, or on caches, in closed form.
 */
import { children, freshIndex, indexValue, read, reduce, substitute, visit, withChildren, type Expression, type Index } from "../../ir/expression.ts";
import type { Slot } from "../../ir/program.ts";
import { freeIndices } from "../../ir/freeIndices.ts";
import { asProduct, fromProduct } from "../product.ts";
import { rangeText, structureText } from "../structureText.ts";

export interface Cache {
  readonly name: string;
  /** One for each axis; `body` is the entry at these values. */
  readonly indices: readonly Index[];
  readonly slots: readonly Slot[];
  /** Reads the state and caches before this one. */
  readonly body: Expression;
}

const isTrue = (e: Expression): boolean => e.kind === "constant" && e.value !== 0;

export class CacheBuilder {
  readonly caches: Cache[] = [];
  private readonly known = new Map<string, string>();
  private readonly thermal: Set<string>;
  private readonly freshName: (base: string) => string;
  private readonly hoisted: (e: Expression) => Expression;
  private readonly isKept: (e: Expression) => boolean;

  /**
   * @param hoisted replaces the reductions of an expression that only the disorder determines by arrays that are computed once
   * @param isKept whether a sum becomes a cache even where it stands for itself
   */
  constructor(states: readonly string[], freshName: (base: string) => string, hoisted: (e: Expression) => Expression, isKept: (e: Expression) => boolean = () => false) {
    this.thermal = new Set(states);
    this.freshName = freshName;
    this.hoisted = hoisted;
    this.isKept = isKept;
  }

  isThermal(e: Expression): boolean {
    let found = false;
    visit(e, (x) => { if (x.kind === "read" && this.thermal.has(x.array)) found = true; });
    return found;
  }

  /** The expression over caches; itself it may be a sum of anything. */
  linear(e: Expression): Expression {
    if (!this.isThermal(e)) return this.hoisted(e);
    if (e.kind === "reduce") {
      if (e.combine !== "sum" || this.isThermal(e.where)) return this.kept(e);
      if (this.isKept(e)) return this.keptByEntry(e);
      return withChildren(e, [e.where, this.linear(e.body)]);
    }
    if (e.kind !== "apply") return e;
    const [x, y] = e.arguments as [Expression, Expression];
    switch (e.operator) {
      case "add": case "sub": case "neg": return withChildren(e, e.arguments.map((a) => this.linear(a)));
      case "div": return withChildren(e, this.isThermal(y) ? [this.inside(x), this.inside(y)] : [this.linear(x), y]);
      case "mul": {
        const alone = asProduct(e).factors.filter((f) => this.isThermal(f)).length === 1;
        return withChildren(e, e.arguments.map((a) => (alone ? this.linear(a) : this.inside(a))));
      }
      default: return withChildren(e, e.arguments.map((a) => this.inside(a)));
    }
  }

  /** The expression with the outermost of its reductions over the state as reads of caches. */
  private inside(e: Expression): Expression {
    if (!this.isThermal(e)) return this.hoisted(e);
    if (e.kind === "reduce") return this.kept(e);
    const before = children(e);
    return before.length === 0 ? e : withChildren(e, before.map((c) => this.inside(c)));
  }

  /** Indices that say which entry of a state, or of a cache, is read. */
  private entriesIn(e: Expression): ReadonlySet<Index> {
    const entries = new Set<Index>();
    visit(e, (x) => { if (x.kind === "read" && this.thermal.has(x.array)) for (const s of x.subscripts) if (s.kind === "index") entries.add(s.index); });
    return entries;
  }

  /** What is counted for each entry of the state, if something is, and summed over these: a move then changes one of the counts. */
  private keptByEntry(e: Extract<Expression, { kind: "reduce" }>): Expression {
    const entries = this.entriesIn(e);
    const outer = e.indices.filter((i) => entries.has(i));
    const inner = e.indices.filter((i) => !entries.has(i));
    if (outer.length === 0 || inner.length === 0 || !isTrue(e.where)) return this.kept(e);
    const one = reduce("sum", inner, e.body);
    return reduce("sum", outer, one.kind === "reduce" ? this.kept(one) : one);
  }

  /** Factors that no index of a sum is in stay outside: sums of integers are then kept as integers, and their signs never round. */
  private kept(e: Extract<Expression, { kind: "reduce" }>): Expression {
    const { coefficient, factors } = asProduct(e.body);
    const outside = e.combine === "sum" ? factors.filter((f) => !this.isThermal(f) && !freeIndices(f).some((i) => e.indices.includes(i))) : [];
    if (outside.length > 0 && outside.length < factors.length) {
      const inner = reduce("sum", e.indices, fromProduct({ coefficient: 1, factors: factors.filter((f) => !outside.includes(f)) }), e.where);
      return fromProduct({ coefficient, factors: [...outside.map((f) => this.hoisted(f)), inner.kind === "reduce" ? this.kept(inner) : inner] });
    }
    // Indices of the entry of the state first: a move then changes entries that lie side by side.
    const entries = this.entriesIn(e);
    const free = [...freeIndices(e)].sort((a, b) => Number(entries.has(b)) - Number(entries.has(a)));
    const key = structureText(e, new Map(free.map((i, k) => [i, `f${k}:${rangeText(i.range)}`])));
    let name = this.known.get(key);
    if (name === undefined) {
      const indices = free.map((i) => freshIndex(i.name, i.range));
      const own = substitute(e, new Map(free.map((i, k) => [i, indexValue(indices[k]!)])));
      if (own.kind !== "reduce") throw new Error("internal: a reduction that is none over other indices");
      const sum = own.combine === "sum" && !this.isThermal(own.where);
      const body = withChildren(own, sum ? [own.where, this.linear(own.body)] : [this.inside(own.where), this.inside(own.body)]);
      const arrays = new Set<string>();
      visit(e, (x) => { if (x.kind === "read") arrays.add(x.array); });
      name = this.freshName(`${e.combine}_${[...arrays].slice(0, 3).join("_")}`);
      this.known.set(key, name);
      this.thermal.add(name);
      this.caches.push({ name, indices, slots: indices.map((i) => ({ range: i.range, periodic: false })), body });
    }
    return read(name, free.map(indexValue));
  }
}
