/**
 * Finite differencing in index notation (Paige, Koenig, ACM TOPLAS 4, 402 (1982)): by how much an expression changes when one entry of
 * the state does. A change is a sum of terms, each of which is there only at some places: a read s[i] changes where i is the site.
 * Sums over i then have one term left, which is what makes a local move cheap. Nonlinear operators of k changing entries give the mixed
 * differences over all sets of them, so that entries that coincide are right too.
 */
import { constant, freshIndex, indexValue, read, reduce, rewrite, substitute, visit, withChildren, type Expression, type Index, type Read } from "../../ir/expression.ts";
import { wrapped } from "../../ir/inline.ts";
import { constantOf, fromNormal, normalise } from "../../ir/normalise.ts";
import type { Slot } from "../../ir/program.ts";
import { build } from "../../library/ops/index.ts";
import { conjuncts } from "../conditions.ts";
import { freeIndices } from "../../ir/freeIndices.ts";
import { isIntegerValued } from "../integerValued.ts";
import { simplify } from "../simplify.ts";
import { rangeText } from "../structureText.ts";
import type { Cache } from "./caches.ts";
import { added, aligned, replaced, restriction, samePlace, scaled, subsets, union, type Change, type Place } from "./changes.ts";
import type { Move } from "./move.ts";
import { unwrapped } from "./periodic.ts";
import { isSure } from "./sure.ts";

/** What is known of the program's arrays. */
interface KnownArrays {
  readonly isIntegerArray: (name: string) => boolean;
  /** Whether no two entries along the last axis are equal. */
  readonly hasDistinctRows: (name: string) => boolean;
}
/** The change has no closed form here; the reason is for `explain`. */
export class NoDifference extends Error {}

const zero = constant(0);
const one = constant(1);
/** Mixed differences of more entries than this have too many terms. */
const mostPlaces = 4;
/** A product of sums of changes has a term for each pair: more of them than this cost more than the energy itself. */
const mostTerms = 256;
/** Reductions inside other operators over no more values than this are written out. */
const mostUnrolled = 8;

export class Differences {
  private readonly move: Move;
  private readonly caches = new Map<string, { readonly indices: readonly Index[]; readonly changes: readonly Change[]; readonly again?: Expression; readonly isInteger: boolean }>();
  private readonly known = new Map<Expression, readonly Change[]>();
  private readonly isIntegerArray: (name: string) => boolean;
  private readonly hasDistinctRows: (name: string) => boolean;

  /**
   * @param caches in dependency order
   * @param known the change of a cache, where it is found in another way
   */
  constructor(move: Move, caches: readonly Cache[], { isIntegerArray, hasDistinctRows }: KnownArrays, known: (cache: Cache, differences: Differences) => { readonly change: Expression; readonly place?: readonly Expression[] } | undefined = () => undefined) {
    this.move = move;
    this.hasDistinctRows = hasDistinctRows;
    this.isIntegerArray = (name) => this.caches.get(name)?.isInteger ?? isIntegerArray(name);
    for (const cache of caches) {
      const found = known(cache, this);
      const again = found ? undefined : this.again(cache.body);
      const changes: readonly Change[] = found ? [{ places: found.place ? [{ subscripts: found.place }] : [], value: found.change }] : this.changes(cache.body);
      this.caches.set(cache.name, { indices: cache.indices, changes, ...(again ? { again } : {}), isInteger: isIntegerValued(cache.body, this.isIntegerArray) });
    }
  }

  /** How much `e` changes; its free indices stay free. */
  difference(e: Expression): Expression {
    return this.changes(e).map((c) => this.conditional(c)).reduce((sum, t) => (sum === zero ? t : build.add(sum, t)), zero as Expression);
  }

  /** How much an entry of a cache changes, at the cache's own indices. */
  ofCache(name: string): Expression {
    return this.caches.get(name)!.changes.map((c) => this.conditional(c)).reduce((sum, t) => (sum === zero ? t : build.add(sum, t)), zero as Expression);
  }

  /** An entry of a cache after the move, where it is computed as a whole instead of by a change, and reads nothing of what it was. */
  cacheAgain(name: string): Expression | undefined { return this.caches.get(name)!.again; }

  /**
   * The value after the move of what is computed again as a whole: a maximum, say. What it was plus a difference would be that only up to
   * rounding errors, and nothing at all where it was infinite.
   */
  private again(e: Expression): Expression | undefined {
    if (this.changes(e).length === 0) return undefined;
    if (e.kind === "read") {
      if (e.array === this.move.state && e.subscripts.length === 0) return this.move.proposed;
      const cache = this.caches.get(e.array);
      return cache?.again && substitute(cache.again, new Map(cache.indices.map((i, k) => [i, e.subscripts[k]!])));
    }
    if (e.kind !== "reduce" || !this.isDoneAgain(e) || this.withinOf(e)) return undefined;
    return reduce(e.combine, e.indices, this.after(e.body), this.after(e.where));
  }

  /** Maxima, products, sums over what the state decides, and sums of terms relative to a maximum (logsumexp): old and new ones may differ by any factor. */
  private isDoneAgain(e: Extract<Expression, { kind: "reduce" }>): boolean {
    if (e.combine !== "sum" || this.changes(e.where).length > 0) return true;
    let relative = false;
    visit(e.body, (x) => { if (x.kind === "read" && this.caches.get(x.array)?.again) relative = true; });
    return relative;
  }

  /** As a statement condition, not as a value: what stands under it is not evaluated elsewhere. */
  private conditional(change: Change): Expression {
    const { places, value } = this.resolved(change);
    const conditions = places.map((p) => this.isSite(p));
    if (conditions.length === 0) return value;
    return under(conditions, value);
  }

  private isSite({ subscripts }: Place): Expression {
    return subscripts.map((s, k) => atSite(s, this.move.slots[k]!, this.move.site[k]!)).reduce<Expression>((a, b) => (a === one ? b : build.and(a, b)), one);
  }

  /**
   * A place "for some l" as a sum over the l that are the site, of which the first one counts: with the index of the sum around, that is
   * a sum over the places of an integer array that have one value (`incidence.ts`).
   */
  private resolved(change: Change): Change {
    const open = [...change.places, ...(change.within && !change.summed ? [change.within] : [])].filter((p) => p.some);
    const value = open.reduce((inner, { subscripts, some, only }) => {
      const own = indexValue(freshIndex(some!.name, some!.range));
      const at = (l: Expression): Expression => this.isSite({ subscripts: subscripts.map((s) => substitute(s, new Map([[some!, l]]))) });
      if (only) return reduce("sum", [own.index], substitute(inner, new Map([[some!, own]])), at(own));
      const earlier = valuesOf(some!.range)!.map((k) => build.not(build.and(build.lt(constant(k), own), at(constant(k))))).slice(0, -1);
      return reduce("sum", [own.index], inner, earlier.reduce((a, b) => build.and(a, b), at(own)));
    }, change.value);
    return { places: change.places.filter((p) => !p.some), value };
  }

  /** The subscripts of the one place at which alone `e` changes; undefined where there are others. */
  placesOf(e: Expression): readonly Expression[] | undefined {
    const changes = this.changes(e);
    const places = changes.flatMap((c) => c.places).reduce<readonly Place[]>((all, p) => union(all, [p]), []);
    const [only] = places;
    return places.length === 1 && only && !only.some && changes.every((c) => c.places.length === 1) ? only.subscripts : undefined;
  }

  private changes(e: Expression): readonly Change[] {
    let found = this.known.get(e);
    if (found === undefined) this.known.set(e, (found = this.changesOf(e).flatMap((c): Change[] => {
      const value = simplify(c.value);
      return value === zero ? [] : [{ ...c, value }];
    })));
    return found;
  }

  private changesOf(e: Expression): readonly Change[] {
    switch (e.kind) {
      case "constant": case "parameter": case "index": return [];
      case "read": return this.changesOfRead(e);
      case "reduce": return this.changesOfReduce(e);
      case "apply": break;
    }
    const [x, y] = e.arguments as [Expression, Expression];
    switch (e.operator) {
      case "add": return [...this.changes(x), ...this.changes(y)];
      case "sub": return [...this.changes(x), ...scaled(this.changes(y), constant(-1))];
      case "neg": return scaled(this.changes(x), constant(-1));
      case "mul": return this.changesOfProduct(x, y);
      case "pow": if (y === constant(2)) return this.changesOfProduct(x, x); break;
      case "div": if (this.changes(y).length === 0) return this.changes(x).map((c) => ({ ...c, value: build.div(c.value, y) })); break;
      case "eq": case "ne":
        // What is kept and what is computed again differ by rounding errors.
        if (!e.arguments.every((a) => isIntegerValued(a, this.isIntegerArray))) throw new NoDifference("real numbers are tested for equality");
        break;
      // Of other functions the new value less the old one.
      default:
    }
    return this.mixed(e, e.arguments, (args) => withChildren(e, args));
  }

  /** D(x y) = Dx y + x Dy + Dx Dy. */
  private changesOfProduct(x: Expression, y: Expression): readonly Change[] {
    const [a, b] = [this.changes(x), this.changes(y)];
    if (a.length * b.length > mostTerms) throw new NoDifference("a product has too many terms that change");
    return [...scaled(a, y), ...scaled(b, x), ...a.flatMap((c) => aligned(b, c.places).map((d): Change => ({ places: union(c.places, d.places), value: build.mul(c.value, d.value), ...restriction(c.within ? c : d) })))];
  }

  private changesOfRead(e: Read): readonly Change[] {
    if (e.subscripts.some((s) => this.changes(s).length > 0)) {
      if (e.array === this.move.state || this.caches.has(e.array)) throw new NoDifference(`${e.array} is read at a place that depends on the state`);
      return this.mixed(e, e.subscripts, (subscripts) => read(e.array, subscripts));
    }
    // One variable is the site wherever it is read.
    if (e.array === this.move.state) return [{ places: e.subscripts.length === 0 ? [] : [{ subscripts: e.subscripts }], value: this.move.change }];
    const cache = this.caches.get(e.array);
    if (!cache) return [];
    const values = new Map(cache.indices.map((i, k) => [i, e.subscripts[k]!]));
    if (cache.again) return [{ places: [], value: build.sub(substitute(cache.again, values), e) }];
    return cache.changes.map((c) => replaced(c, values));
  }

  private changesOfReduce(e: Extract<Expression, { kind: "reduce" }>): readonly Change[] {
    const [body, where] = [this.changes(e.body), this.changes(e.where)];
    if (body.length === 0 && where.length === 0) return [];
    if (this.isDoneAgain(e)) {
      const within = this.withinOf(e);
      // Nothing better than to do it again: the new value less the old one.
      const value = build.sub(reduce(e.combine, e.indices, this.after(e.body), this.after(e.where)), e);
      return [within ? { places: [], value: unrolled(value), within } : { places: [], value }];
    }
    return body.map((c) => this.summed(c, e.indices, e.where));
  }

  private withinOf(e: Extract<Expression, { kind: "reduce" }>): Place | undefined {
    return this.changes(e.where).length === 0 ? this.someOf(e.indices, this.changes(e.body)) : undefined;
  }

  /** The one place at which changes in the body of a reduction are, where that is told by an integer array over few values of its index. */
  private someOf(indices: readonly Index[], body: readonly Change[]): Place | undefined {
    const places = body.flatMap((c) => c.places).reduce<readonly Place[]>((all, p) => union(all, [p]), []);
    const [only, ...more] = places;
    const [index, ...others] = indices;
    if (!only || !index || more.length > 0 || others.length > 0 || only.some || body.some((c) => c.places.length === 0)) return undefined;
    const gathers = only.subscripts.some((s) => readsAnything(s) && freeIndices(s).includes(index));
    return gathers && valuesOf(index.range) ? { subscripts: only.subscripts, some: index } : undefined;
  }

  /** The expression as it will be. */
  after(e: Expression): Expression {
    if (this.changes(e).length === 0) return e;
    if (e.kind === "read" && e.array === this.move.state) return build.select(this.isSite({ subscripts: e.subscripts }), this.move.proposed, e);
    if (e.kind === "read" && !this.caches.has(e.array)) return read(e.array, e.subscripts.map((s) => this.after(s)));
    if (e.kind === "apply") return withChildren(e, e.arguments.map((a) => this.after(a)));
    const again = this.again(e);
    if (again) return again;
    return this.changes(e).map((c) => this.resolved({ places: c.places, value: c.value }))
      .reduce<Expression>((sum, c) => build.add(sum, c.places.length === 0 ? c.value : build.select(c.places.map((p) => this.isSite(p)).reduce((a, b) => build.and(a, b)), c.value, zero)), e);
  }

  /** The place of a change in a sum over one index, of which an integer array with distinct rows makes at most one value the site. */
  private onlyPlace({ places: [place, ...more] }: Change, [index, ...others]: readonly Index[], where: Expression): Place | undefined {
    if (!place || !index || more.length > 0 || others.length > 0 || where !== one || place.some || valuesOf(index.range)) return undefined;
    const gathers = (s: Expression): boolean => s.kind === "read" && this.hasDistinctRows(s.array) && s.subscripts.at(-1) === indexValue(index)
      && !s.subscripts.slice(0, -1).some((x) => freeIndices(x).includes(index));
    return place.subscripts.some(gathers) ? { subscripts: place.subscripts, some: index, only: true } : undefined;
  }

  /** Σ over `indices`: an index that must have one value for the places to be the site is no longer summed over. */
  private summed(given: Change, indices: readonly Index[], where: Expression): Change {
    const only = this.onlyPlace(given, indices, where);
    if (only) return { places: [only], value: given.value };
    const change = this.resolved(given);
    const within = given.places.length === 1 && where === one ? this.someOf(indices, [given]) : undefined;
    // Fresh indices: the same sum may stand in several factors of one product.
    const renewed = new Map(indices.map((i) => [i, indexValue(freshIndex(i.name, i.range))]));
    let open = [...renewed.values()].map((v) => v.index);
    let value = substitute(change.value, renewed);
    let condition = substitute(where, renewed);
    let subscripts = change.places.map((p) => p.subscripts.map((s): Expression | undefined => substitute(s, renewed)));
    let limits: Expression[] = [];
    for (let place = 0; place < subscripts.length; place++) {
      for (let axis = 0; axis < this.move.slots.length; axis++) {
        const subscript = subscripts[place]![axis];
        if (subscript === undefined) continue;
        const site = this.move.site[axis]!;
        const slot = this.move.slots[axis]!;
        if (subscript === site) { subscripts[place]![axis] = undefined; continue; }
        const solved = solve(subscript, slot, site, open);
        if (!solved) {
          if (freeIndices(subscript).length > 0 && !freeIndices(subscript).some((i) => open.includes(i))) continue;
          limits.push(atSite(subscript, slot, site));
          subscripts[place]![axis] = undefined;
          continue;
        }
        const values = new Map([[solved.index, solved.value]]);
        open = open.filter((i) => i !== solved.index);
        if (!solved.covers) limits.push(build.le(solved.index.range.lower, solved.value), build.le(solved.value, solved.index.range.upper));
        limits = limits.map((l) => substitute(l, values));
        value = substitute(value, values);
        condition = substitute(condition, values);
        subscripts = subscripts.map((p) => p.map((s) => s && substitute(s, values)));
        subscripts[place]![axis] = undefined;
      }
    }
    // What is left depends on indices outside: a place with some axes resolved keeps only the others, as conditions on the spot.
    const left: Place[] = [];
    for (const p of subscripts) {
      if (p.every((s) => s === undefined)) continue;
      if (p.every((s) => s !== undefined)) { left.push({ subscripts: p as Expression[] }); continue; }
      left.push({ subscripts: p.map((s, k) => s ?? this.move.site[k]!) });
    }
    const conditions = [...(condition === one ? [] : [condition]), ...limits.filter((l) => !isSure(l, this.move.slots.map(({ range }, k) => ({ value: this.move.site[k]!, range }))))].map(simplify).filter((c) => c !== one);
    if (conditions.includes(zero)) return { places: [], value: zero };
    if (open.length > 0) return { places: left, value: reduce("sum", open, value, conditions.reduce<Expression>((a, b) => (a === one ? b : build.and(a, b)), one)), ...(within ? { within, summed: true } : {}) };
    return { places: left, value: conditions.length === 0 ? value : under(conditions, value) };
  }

  /** f(after) − f(before), for an f whose arguments change. */
  private mixed(e: Expression, args: readonly Expression[], f: (args: readonly Expression[]) => Expression): readonly Change[] {
    const lists = args.map((a): readonly Change[] => this.changes(a).map((c): Change => (c.within ? { places: [...c.places, c.within], value: unrolled(c.value) } : c)));
    const places = lists.flat().flatMap((c) => c.places).reduce<readonly Place[]>((all, p) => union(all, [p]), []);
    lists.forEach((list, k) => { lists[k] = aligned(list, places); });
    if (places.length > mostPlaces) throw new NoDifference("an operator depends on too many entries of the state at once");
    // Everywhere, then where some of the entries are the site.
    const everywhere = args.map((a, k) => this.again(a) ?? added(a, lists[k]!.filter((c) => c.places.length === 0)));
    const changes: Change[] = [];
    const denseChange = everywhere.some((a, k) => a !== args[k]);
    if (denseChange) changes.push({ places: [], value: build.sub(f(everywhere), e) });
    const at = (set: readonly Place[]): Expression => f(args.map((a, k) => {
      const here = lists[k]!.filter((c) => c.places.length > 0 && c.places.every((p) => set.includes(p) || set.some((q) => samePlace(p, q))));
      return a.kind === "read" && a.array === this.move.state && here.length > 0 ? this.move.proposed : added(everywhere[k]!, here);
    }));
    for (const set of subsets(places)) {
      if (set.length === 0) continue;
      let value: Expression = zero;
      for (const part of subsets(set)) {
        const term = at(part);
        const sign = (set.length - part.length) % 2 === 0;
        value = value === zero ? (sign ? term : build.neg(term)) : sign ? build.add(value, term) : build.sub(value, term);
      }
      changes.push({ places: set, value });
    }
    return changes;
  }
}

/** `value` where the conditions hold, else 0: as a sum over one value, since conditions of sums guard what is under them. */
function under(conditions: readonly Expression[], value: Expression): Expression {
  const once = freshIndex("once", { lower: one, upper: one });
  return reduce("sum", [once], value, conditions.reduce((a, b) => build.and(a, b)));
}

/** The values of a range that few numbers make: 1..3. */
function valuesOf({ lower, upper }: Index["range"]): readonly number[] | undefined {
  if (lower.kind !== "constant" || upper.kind !== "constant" || upper.value - lower.value >= mostUnrolled) return undefined;
  return Array.from({ length: upper.value - lower.value + 1 }, (_, k) => lower.value + k);
}

/** Reductions over few values, written out: they need no memory where they stand inside other operators. */
function unrolled(e: Expression): Expression {
  return rewrite(e, (node) => {
    const [index, ...more] = node.kind === "reduce" ? node.indices : [];
    const values = index && more.length === 0 ? valuesOf(index.range) : undefined;
    if (node.kind !== "reduce" || !index || !values || values.length === 0 || !conjuncts(node.where).every((c) => c.kind === "apply" && (c.operator === "eq" || c.operator === "not"))) return node;
    const terms = values.map((k) => {
      const at = new Map([[index, constant(k)]]);
      const [body, where] = [substitute(node.body, at), simplify(substitute(node.where, at))];
      return where === one ? body : build.select(where, body, constant(combineIdentity[node.combine]));
    });
    const both = { sum: build.add, product: build.mul, max: build.max2, min: build.min2 }[node.combine];
    return terms.reduce((a, b) => both(a, b));
  });
}
const combineIdentity = { sum: 0, product: 1, max: -Infinity, min: Infinity } as const;

/** The index among `open` that has one value where `subscript` is the site, that value, and whether it is always in the index's range. */
function solve(subscript: Expression, slot: Slot, site: Expression, open: readonly Index[]): { readonly index: Index; readonly value: Expression; readonly covers: boolean } | undefined {
  const sameRange = (i: Index): boolean => rangeText(i.range) === rangeText(slot.range);
  if (subscript.kind === "index") return open.includes(subscript.index) ? { index: subscript.index, value: site, covers: sameRange(subscript.index) } : undefined;
  if (!freeIndices(subscript).some((i) => open.includes(i)) || readsAnything(subscript)) return undefined;
  const { terms } = normalise(slot.periodic ? unwrapped(subscript, slot) : subscript);
  const term = terms.find(({ coefficient, factors: [only, ...more], indices, conditions }) =>
    coefficient === 1 && more.length === 0 && indices.length === 0 && conditions.length === 0 && only?.exponent === 1 && only.base.kind === "index" && open.includes(only.base.index));
  if (!term) return undefined;
  const base = term.factors[0]!.base;
  if (base.kind !== "index") return undefined;
  const shift = fromNormal({ terms: terms.filter((t) => t !== term) });
  if (freeIndices(shift).includes(base.index)) return undefined;
  // On a shorter range a periodic subscript could come round to the site from two sides; solve only where it can't.
  if (slot.periodic) return sameRange(base.index) ? { index: base.index, value: wrapped(build.sub(site, shift), slot.range), covers: true } : undefined;
  return { index: base.index, value: build.sub(site, shift), covers: false };
}

/** Whether a subscript is the site's. In a periodic slot a site that is shifted by c is itself where the period divides c. */
function atSite(subscript: Expression, slot: Slot, site: Expression): Expression {
  if (!slot.periodic || subscript.kind === "index") return build.eq(subscript, site);
  const shift = constantOf(normalise(build.sub(unwrapped(subscript, slot), site)));
  if (shift === undefined) return build.eq(wrapped(subscript, slot.range), site);
  if (shift === 0) return one;
  const period = build.add(build.sub(slot.range.upper, slot.range.lower), one);
  const divisors = Array.from({ length: Math.abs(shift) }, (_, k) => k + 1).filter((d) => shift % d === 0);
  return divisors.map((d): Expression => build.eq(fromNormal(normalise(period)), constant(d))).reduce((a, b) => build.or(a, b));
}

function readsAnything(e: Expression): boolean {
  let found = false;
  visit(e, (x) => { if (x.kind === "read") found = true; });
  return found;
}
