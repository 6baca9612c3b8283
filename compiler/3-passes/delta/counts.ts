/**
 * Counts as words of bits: a cache Σ_mu T(mu) of truth values (0/1 losses, windows, margins, votes of hidden units) whose entry under a move is found
 * 64 terms at a time. Where the site enters T by numbers that have two values only, x[mu, site] = ±1 or 0/1 and the entry itself,
 * T after the move is a polynomial over GF(2) in the bits of these numbers (Reed, Muller):
 *
 *     T'(mu) = base(mu) xor (x(site, mu) and flip(mu))
 *
 * base and flip depend on what is kept of the state, are kept as bits themselves and made anew after each accepted move; a proposal
 * counts the bits of T'. Which functions they are is found by putting both values in, so that any T will do.
 */
import { constant, freshIndex, indexValue, read, reduce, rewrite, substitute, visit, type Expression, type Index, type Range, type Read } from "../../ir/expression.ts";
import { print } from "../../ir/print.ts";
import { findArray, type Program, type Slot } from "../../ir/program.ts";
import { domains } from "../../library/domains/index.ts";
import type { DomainRecord } from "../../library/domains/index.ts";
import { build } from "../../library/ops/index.ts";
import { conjuncts } from "../conditions.ts";
import { materialise } from "../materialise.ts";
import type { Preparation } from "../preparation.ts";
import { simplify } from "../simplify.ts";
import type { Cache } from "./caches.ts";
import { NoDifference, type Differences } from "./difference.ts";
import { keptCount, type CountForm, type KeptCount } from "./keptDifferences.ts";
import type { Move } from "./move.ts";
import { finiteValues, isTruth } from "./finiteValues.ts";

/** Truth values kept as bits, which what is kept of the state determines. */
export interface Mask {
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly parts: readonly { readonly subscripts: readonly Expression[]; readonly indices: readonly Index[]; readonly value: Expression }[];
}

export interface CountChange {
  readonly change: Expression;
  /** Subscripts of the entry of the state array that must move for anything to change; absent where any will do. */
  readonly place?: readonly Expression[];
  readonly masks: readonly Mask[];
  /** The truth values themselves. */
  readonly now: Mask;
  /** Another form of the same change; absent where there is none. */
  readonly kept?: () => KeptCount;
}

interface Context {
  readonly program: Program;
  readonly preparation: Preparation;
  readonly freshName: (base: string) => string;
}

const [zero, one] = [constant(0), constant(1)];
/** Bits in a vector, which the rows of bits are whole numbers of. */
const WORD = 128;
/** Quenched numbers of two values in one truth value: the number of masks is exponential in theirs. */
const MOST_NUMBERS = 2;

/** Whether a cache counts truth values. */
export const isCount = (program: Program, e: Expression): boolean => e.kind === "reduce" && e.combine === "sum" && isTruth(program, e.body);

/** By how much a count changes, in bits; undefined where the site enters it in other ways. `differences` know the caches before it. */
export function countChange({ program, preparation, freshName }: Context, cache: Cache, move: Move, differences: Differences): CountChange | undefined {
  if (!isCount(program, cache.body) || cache.body.kind !== "reduce") return undefined;
  const { indices: summed, where, body } = cache.body;
  const truth = where === one ? body : build.and(where, body);
  const place = onePlace(differences, truth, cache.indices, move);
  const here = new Map(place?.map((s, k): [Expression, Expression] => [s, move.site[k]!]).filter(([s]) => s.kind === "index"));
  const after = expressionAfter(differences, truth, here);
  const { origin } = findArray(program, move.state);
  const pair = origin.kind === "state" ? (domains[origin.domain.name] as DomainRecord).pair : undefined;
  if (!after || after === truth || !pair) return undefined;
  const numbers = numbersOf(program, after, move, [...cache.indices, ...summed]);
  const bit = [...summed].reverse().find((i) => numbers.every((r) => r.subscripts.includes(indexValue(i))));
  if (!bit || numbers.length === 0 || numbers.length > MOST_NUMBERS) return undefined;

  const sets = [...Array(2 ** numbers.length).keys()];
  /** The truth value for an entry and for the set of numbers that have their upper value. */
  const valueAt = (entry: number, upper: number): Expression => {
    const proposed = pair[0] + pair[1] - entry;
    const values = new Map<Expression, Expression>([[move.entry, constant(entry)], [move.proposed, constant(proposed)], [move.change, constant(proposed - entry)]]);
    numbers.forEach((r, k) => values.set(r, constant(finiteValues(program, r)![upper & (1 << k) ? 1 : 0]!)));
    return simplify(rewrite(after, (x) => values.get(x) ?? x));
  };
  const tables = pair.map((entry) => sets.map((upper) => valueAt(entry, upper)));
  const used = tables.flat().map((value) => sitesOf(value, move));
  if (used.some((axes) => axes === undefined)) return undefined;
  const axes = [...new Set(used.flatMap((a) => a ?? []))].sort((a, b) => a - b);
  if (axes.length >= move.site.length) return undefined;

  const others = summed.filter((i) => i !== bit);
  const outer = [...cache.indices.filter((i) => !here.has(indexValue(i))), ...others];
  const masks: Mask[] = [];
  let lower: CountForm["lower"] = () => zero;
  const terms = sets.flatMap((set): Expression[] => {
    const parts = tables.map((table) => exclusive(sets.filter((s) => (s & set) === s).map((s) => table[s]!)));
    if (parts.every((p) => p === zero)) return [];
    const differ = parts[0] !== parts[1];
    const name = freshName(`bits_of_${cache.name}`);
    const sites = axes.map((k) => freshIndex(`i${k + 1}`, move.slots[k]!.range));
    const own = [...outer, bit].map((i) => freshIndex(i.name, i.range));
    const values = new Map([...outer, bit].map((i, k) => [i, indexValue(own[k]!)]));
    const atSites = new Map(axes.map((k, n) => [move.site[k]!, indexValue(sites[n]!)]));
    masks.push({
      name,
      slots: [...(differ ? [plain({ lower: one, upper: constant(2) })] : []), ...[...sites, ...own.slice(0, -1)].map((i) => plain(i.range)), wordSlot(bit.range)],
      parts: (differ ? parts : [parts[0]!]).map((part, k) => {
        const indices = [...sites, ...own];
        return { indices, subscripts: [...(differ ? [constant(k + 1)] : []), ...indices.map(indexValue)], value: substitute(rewrite(part, (x) => atSites.get(x) ?? x), values) };
      }),
    });
    if (set === 0) lower = (entry, at, place) => read(name, [...(differ ? [constant(entry + 1)] : []), ...at, place]);
    const variant = build.add(one, build.eq(move.entry, constant(pair[1])));
    const mask: Expression = read(name, [...(differ ? [variant] : []), ...axes.map((k) => move.site[k]!), ...[...outer, bit].map(indexValue)]);
    return [numbers.filter((_, k) => set & (1 << k)).reduce<Expression>((product, r) => build.and(bitsOf({ program, preparation, freshName }, r, move, bit), product), mask)];
  });
  const renewed = summed.map((i) => freshIndex(i.name, i.range));
  const [first, ...more] = terms;
  const value = first === undefined ? zero : more.reduce<Expression>((a, b) => build.ne(a, b), first);
  const total = reduce("sum", renewed, substitute(value, new Map(summed.map((i, k) => [i, indexValue(renewed[k]!)]))));
  const at = [...cache.indices, ...others, bit];
  const now = { name: freshName(`bits_of_${cache.name}`), slots: [...at.slice(0, -1).map((i) => plain(i.range)), wordSlot(bit.range)], parts: [{ indices: at, subscripts: at.map(indexValue), value: truth }] };
  const [number] = numbers;
  const kept = number && numbers.length === 1 && at.length === 1 && here.size === 0 ? (): KeptCount => keptCount(cache.name, { program, preparation, freshName, move, pair, number, bit, axes, tables, lower }) : undefined;
  return { ...(here.size > 0 && place ? { place } : {}), ...(kept ? { kept } : {}), change: build.sub(total, read(cache.name, cache.indices.map(indexValue))), masks, now };
}

/** The subscripts of the state array at which alone `truth` changes, where all that is not the site is an index of the cache; undefined for none. */
function onePlace(differences: Differences, truth: Expression, indices: readonly Index[], move: Move): readonly Expression[] | undefined {
  const places = differences.placesOf(truth);
  return places?.every((s, k) => s === move.site[k] || (s.kind === "index" && indices.includes(s.index))) ? places : undefined;
}

/** @param here what is the site where anything changes */
function expressionAfter(differences: Differences, truth: Expression, here: ReadonlyMap<Expression, Expression>): Expression | undefined {
  try {
    return simplify(atOneSite(rewrite(differences.after(truth), (x) => here.get(x) ?? x)));
  } catch (error) {
    if (error instanceof NoDifference) return undefined;
    throw error;
  }
}

/** An index under the condition that it is the site, as the site. */
const atOneSite = (e: Expression): Expression => rewrite(e, (x) => {
  if (x.kind !== "apply" || x.operator !== "select") return x;
  const [condition, value, otherwise] = x.arguments as [Expression, Expression, Expression];
  const known = new Map(conjuncts(condition).flatMap((c): [Index, Expression][] => {
    const [index, site] = c.kind === "apply" && c.operator === "eq" ? c.arguments : [];
    return index?.kind === "index" && site?.kind === "parameter" ? [[index.index, site]] : [];
  }));
  return build.select(condition, substitute(value, known), otherwise);
});

/** Reads of quenched numbers of two values at the site and the indices. */
function numbersOf(program: Program, e: Expression, move: Move, indices: readonly Index[]): readonly Read[] {
  const found: Read[] = [];
  visit(e, (x) => {
    if (x.kind !== "read" || program.arrays.find((a) => a.name === x.array)?.status !== "quenched" || !x.subscripts.some((s) => move.site.includes(s))) return;
    const direct = x.subscripts.every((s) => move.site.includes(s) || s.kind === "constant" || (s.kind === "index" && indices.includes(s.index)));
    if (direct && finiteValues(program, x)?.length === 2) found.push(x);
  });
  return found;
}

/** Along which axes the site enters; undefined where the move itself does. */
function sitesOf(e: Expression, move: Move): readonly number[] | undefined {
  const axes = new Set<number>();
  let other = false;
  visit(e, (x) => {
    const axis = move.site.indexOf(x);
    if (axis >= 0) axes.add(axis);
    if (x === move.entry || x === move.proposed || x === move.change) other = true;
  });
  return other ? undefined : [...axes];
}

/** The exclusive disjunction, in one order whatever that of the parts. */
function exclusive(parts: readonly Expression[]): Expression {
  const odd = [...new Set(parts)].filter((p) => p !== zero && parts.filter((q) => q === p).length % 2 === 1);
  const [first, ...rest] = odd.map((p) => ({ p, text: print(p) })).sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ p }) => p);
  return first === undefined ? zero : rest.reduce<Expression>((a, b) => build.ne(a, b), first);
}

const plain = (range: Range): Slot => ({ range, periodic: false });

/** Room for whole words. */
function wordSlot({ lower, upper }: Range): Slot {
  const length = build.add(build.sub(upper, lower), one);
  const room = build.mul(constant(WORD), build.floor(build.div(build.add(length, constant(WORD - 1)), constant(WORD))));
  return plain({ lower, upper: simplify(build.add(build.sub(room, one), lower)) });
}

/** Whether a number has its upper value, by site: bits that are made once after the draw. */
function bitsOf({ program, preparation, freshName }: Context, number: Read, move: Move, bit: Index): Expression {
  const sites = [...new Set(number.subscripts.filter((s) => move.site.includes(s)))];
  const others = [...new Set(number.subscripts.flatMap((s) => (s.kind === "index" && s.index !== bit ? [s.index] : [])))];
  const ranges = [...sites.map((s) => move.slots[move.site.indexOf(s)]!.range), ...others.map((i) => i.range)];
  const indices = [...ranges.map((range, k) => freshIndex(`i${k + 1}`, range)), freshIndex(bit.name, bit.range)];
  const keys: readonly Expression[] = [...sites, ...others.map(indexValue), indexValue(bit)];
  const at = new Map(keys.map((e, k) => [e, indexValue(indices[k]!)]));
  const subscripts = number.subscripts.map((s) => at.get(s) ?? s);
  const key = `bits ${number.array}[${number.subscripts.map((s) => (at.has(s) ? keys.indexOf(s) : print(s))).join()}] by ${[...ranges, bit.range].map((r) => `${print(r.lower)}..${print(r.upper)}`).join()}`;
  const name = preparation.hoist(key, [...ranges.map(plain), wordSlot(bit.range)], `bits_of_${number.array}`, freshName,
    (b, array) => { materialise(b, { name: array, subscripts: indices.map(indexValue), indices, conditions: [] }, build.eq(read(number.array, subscripts), constant(finiteValues(program, number)![1]!))); },
    `Whether an entry of ${number.array} has the upper one of its two values, as bits by the site of a move, once after the draw.`, { bits: true });
  return read(name, keys);
}

