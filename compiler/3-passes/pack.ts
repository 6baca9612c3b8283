/**
 * Packing: terms with the same state-dependent part T become one nest over sorted tuples with one coupling array,
 *
 *     Σ_all tuples Q(t) T(t)  =  Σ_{g1 <= g2 <= …} S[g] T(g),     S[g] = Σ over the distinct rearrangements t of g of Q(t),
 *
 * where Q collects coefficients, parameters, quenched factors, sums over indices that only they have, and conditions. S is computed
 * once after the draw. For `sum(i, j, k) X[i,j,k] w[i] w[j] w[k]` that is N(N+1)(N+2)/6 entries, the diagonal included. A rearrangement
 * is counted once when entries of g are equal: it stands for its coset only where it keeps equal entries in order,
 * which is a condition g1 < g2 on those that don't; nothing is divided. Where the conditions of all terms make the indices of a class
 * distinct, only g1 < g2 < … is stored.
 */
import { constant, freshIndex, indexValue, read, substitute, visit, type Expression, type Index } from "../ir/expression.ts";
import type { Slot } from "../ir/program.ts";
import { build, type OperatorName } from "../library/ops/index.ts";
import { asIndexRelation, impliedOrder } from "./conditions.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import { thermalIndices, type PolynomialTerm } from "./polynomialTerm.ts";
import type { ProcedureBuilder, Target } from "./procedureBuilder.ts";
import { fromProduct, sumOf, type Product } from "./product.ts";
import { simplify } from "./simplify.ts";
import { orderConditions } from "./slotConditions.ts";
import { sortSubscripts } from "./sortSubscripts.ts";
import { rangeText, structureText } from "./structureText.ts";
import { permutations, type Symmetry } from "./symmetry.ts";

/** A class of n indices needs n! rearrangements of each coupling. */
const largestClass = 5;

export interface TermWithSymmetry { readonly term: PolynomialTerm; readonly symmetry: Symmetry }

/** One contribution to S: `value` summed over `inner` where `conditions` hold. */
interface Contribution { readonly value: Expression; readonly inner: readonly Index[]; readonly conditions: readonly Expression[]; readonly ties: readonly Expression[] }

/**
 * Why terms with the same T are not packed: a sentence for `explain` where that costs something, the empty text where there is
 * nothing to gain. Undefined when `pack` applies.
 */
export function packingRefusal(group: readonly TermWithSymmetry[]): string | undefined {
  const [{ term, symmetry }, ...more] = group as readonly [TermWithSymmetry, ...TermWithSymmetry[]];
  const large = symmetry.classes.find((c) => c.length > largestClass);
  if (large) return `Not packed: ${large.length} indices are interchangeable, and ${large.length}! rearrangements of each coupling are too many.`;
  if (group.some((g) => isCutOff(g.term))) return "Not packed: where no index satisfies the conditions a coupling is 0, and a function there may be infinite.";
  const quenched = term.quenched.filter((f) => f.kind === "read" || freeIndices(f).length > 0);
  const { below } = impliedOrder(term.conditions);
  const sorted = symmetry.classes.every((c) => isChain(c.map((p) => symmetry.order[p]!), below));
  return more.length === 0 && sorted && quenched.length <= 1 && thermalIndices(term).length === term.indices.length ? "" : undefined;
}

const infinite: ReadonlySet<OperatorName> = new Set<OperatorName>(["exp", "expm1", "sinh", "cosh", "tan", "log", "log1p", "sqrt", "atanh", "div", "pow", "erfcx"]);

/** Whether an order that ends with an index of the couplings leaves out values at which the state's part need not be finite. */
function isCutOff({ indices, thermal, conditions }: PolynomialTerm): boolean {
  const kept = new Set(thermal.flatMap(freeIndices));
  const isOrder = (c: Expression): boolean => c.kind === "apply" && c.operator !== "ne" && freeIndices(c).some((i) => indices.includes(i) && !kept.has(i));
  if (!conditions.some(isOrder)) return false;
  let found = false;
  for (const factor of thermal) visit(factor, (e) => { if (e.kind === "apply" && infinite.has(e.operator)) found = true; });
  return found;
}

/** Whether some order of the indices is strictly increasing by the conditions. */
const isChain = (indices: readonly Index[], below: (a: Index, b: Index) => boolean): boolean =>
  indices.every((a) => indices.every((b) => a === b || below(a, b) || below(b, a)));

/**
 * Adds the packed nest of `group` to `builder`, and its coupling array to the preparation. Returns the reason when that makes
 * no sense after all: nothing in Q depends on an index, and equal indices are allowed.
 */
export function pack(builder: ProcedureBuilder, target: Target, group: readonly TermWithSymmetry[]): string | undefined {
  const { symmetry: { order, classes }, term: representative } = group[0]!;
  const strict = classes.map((c) => group.every(({ term, symmetry }) => {
    const { differ } = impliedOrder(term.conditions);
    const members = c.map((p) => symmetry.order[p]!);
    return members.every((a, k) => members.slice(k + 1).every((b) => differ(a, b)));
  }));
  // Sorted indices take the names of the term's own, in alphabetical order.
  const inClass = new Set(classes.flat());
  const sorted: Index[] = [...order];
  order.forEach((i, p) => { sorted[p] = freshIndex(i.name, i.range); });
  for (const c of classes) {
    const names = c.map((p) => order[p]!.name).sort();
    c.forEach((p, k) => { sorted[p] = freshIndex(names[k]!, order[p]!.range); });
  }
  const positions = [...order.keys()].filter((p) => !inClass.has(p)).concat(classes.flat());
  const axes: Slot[] = [...target.indices.map((i): Slot => ({ range: i.range, periodic: false })), ...positions.map((p): Slot => {
    const c = classes.findIndex((members) => members.indexOf(p) > 0);
    const slot = { range: order[p]!.range, periodic: false };
    return c < 0 ? slot : { ...slot, order: strict[c]! ? "<" : "<=" };
  })];
  const indices = [...target.indices, ...positions.map((p) => sorted[p]!)];
  const conditions = [...target.conditions, ...orderConditions(axes, indices)];
  const subscripts = indices.map(indexValue);

  const scale = commonScale(builder, group);
  const contributions = group.flatMap((member) => rearrangements(builder, member, scale, classes, strict, sorted, conditions));
  const merged = mergeByTies(contributions).map((c) => ({ ...c, value: simplify(fromProduct({ coefficient: scale.coefficient, factors: [...scale.factors, c.value] })) }));
  const thermal = representative.thermal.map((f) => substitute(f, new Map(order.map((i, p) => [i, indexValue(sorted[p]!)]))));
  const nest: Target = { ...target, indices, conditions };
  const only = merged.length === 1 ? merged[0]! : undefined;
  if (only && only.inner.length === 0 && only.conditions.length === 0 && freeIndices(only.value).length === 0) {
    builder.add(nest, fromProduct({ coefficient: 1, factors: [only.value, ...thermal] }));
    return undefined;
  }
  if (contributions.every((c) => c.inner.length === 0 && freeIndices(c.value).length === 0)) return "there is no coupling to store";

  const names = new Map(indices.map((i, k) => [i, `${k}:${rangeText(i.range)}`]));
  const textOf = (c: Contribution): string => {
    const inner = new Map([...names, ...c.inner.map((i, k) => [i, `inner${k}:${rangeText(i.range)}`] as const)]);
    return [c.value, ...c.conditions].map((e) => structureText(e, inner)).join(" if ");
  };
  const key = [axes.map((s) => `${rangeText(s.range)}${s.order ?? ""}`).join(), ...merged.map(textOf)].join(" + ");
  const name = builder.options.preparation.hoist(key, axes, couplingName(group), (base) => builder.freshName(base, true), (prepare, array) => {
    for (const c of merged)
      prepare.add({ name: array, subscripts, indices: c.inner.length === 0 ? indices : [...indices, ...c.inner], conditions: [...conditions, ...c.conditions] }, c.value);
  }, "Couplings of all terms with the same state-dependent part, summed over the rearrangements of interchangeable indices.");
  builder.add(nest, fromProduct({ coefficient: 1, factors: [read(name, subscripts), ...thermal] }));
  return undefined;
}

/** What all terms have in common and no rearrangement changes: multiplied once, after these are added up. */
function commonScale(builder: ProcedureBuilder, group: readonly TermWithSymmetry[]): Product {
  const [{ term: first }] = group as readonly [TermWithSymmetry];
  const isScale = (f: Expression): boolean => freeIndices(f).length === 0 && builder.status(f) === "parameter";
  const factors = first.quenched.filter((f, k, all) => all.indexOf(f) === k && isScale(f) && group.every(({ term }) => term.quenched.filter((g) => g === f).length === 1));
  return { coefficient: group.every(({ term }) => term.coefficient === first.coefficient) ? first.coefficient : 1, factors };
}

/** Q of one term at every rearrangement of the sorted indices, without those that its conditions exclude. */
function rearrangements(
  builder: ProcedureBuilder, { term, symmetry }: TermWithSymmetry, scale: Product, classes: readonly (readonly number[])[], strict: readonly boolean[],
  sorted: readonly Index[], orders: readonly Expression[],
): readonly Contribution[] {
  const inner = term.indices.filter((i) => !symmetry.order.includes(i));
  const q = fromProduct({ coefficient: term.coefficient / scale.coefficient, factors: term.quenched.filter((f) => !scale.factors.includes(f)) });
  const place = new Map<Index, readonly [cls: number, rank: number]>();
  classes.forEach((c, k) => c.forEach((p, rank) => place.set(sorted[p]!, [k, rank])));
  const choices = classes.reduce<readonly (readonly (readonly number[])[])[]>((all, c) =>
    all.flatMap((chosen) => permutations([...c.keys()]).map((permutation) => [...chosen, permutation])), [[]]);
  return choices.flatMap((choice) => {
    const at = new Map(symmetry.order.map((i, p) => [i, sorted[p]!]));
    const ties: Expression[] = [];
    choice.forEach((permutation, k) => {
      const members = classes[k]!;
      members.forEach((p, rank) => at.set(symmetry.order[p]!, sorted[members[permutation[rank]!]!]!));
      if (strict[k]) return;
      for (let rank = 0; rank + 1 < members.length; rank++)
        if (permutation.indexOf(rank + 1) < permutation.indexOf(rank))
          ties.push(build.lt(indexValue(sorted[members[rank]!]!), indexValue(sorted[members[rank + 1]!]!)));
    });
    const values = new Map([...at].map(([from, to]) => [from, indexValue(to)]));
    const kept: Expression[] = [];
    for (const condition of term.conditions.map((c) => substitute(c, values))) {
      const decided = decide(condition, place, strict);
      if (decided === false) return [];
      if (decided === undefined && !ties.includes(condition)) kept.push(condition);
    }
    const sortedValue = sortSubscripts(substitute(q, values), [...orders, ...kept, ...ties], (name) => builder.slotsOf(name));
    return [{ value: simplify(sortedValue), inner, conditions: kept, ties }];
  });
}

/** What the order of the sorted indices says about a condition. */
function decide(condition: Expression, place: ReadonlyMap<Index, readonly [number, number]>, strict: readonly boolean[]): boolean | undefined {
  const r = asIndexRelation(condition);
  const [a, b] = [r && place.get(r.left), r && place.get(r.right)];
  if (!r || !a || !b || a[0] !== b[0] || a[1] === b[1]) return undefined;
  const distinct = strict[a[0]]!;
  switch (r.relation) {
    case "<": return a[1] > b[1] ? false : distinct ? true : undefined;
    case "<=": return a[1] < b[1] ? true : distinct ? false : undefined;
    case "!=": return distinct ? true : undefined;
    case "==": return distinct ? false : undefined;
  }
}

/**
 * Contributions without further conditions or inner sums become one value with truth-value weights, so that S is filled in one
 * pass. Others keep their conditions as conditions: what they read may not exist where they don't hold.
 */
function mergeByTies(contributions: readonly Contribution[]): readonly Contribution[] {
  const plain = contributions.filter((c) => c.inner.length === 0 && c.conditions.length === 0);
  const rest = contributions.filter((c) => !plain.includes(c)).map((c) => ({ ...c, conditions: [...c.conditions, ...c.ties], ties: [] }));
  if (plain.length === 0) return mergeInner(rest);
  const byTies = new Map<string, { ties: readonly Expression[]; values: Map<Expression, number> }>();
  for (const c of plain) {
    const key = c.ties.map((t) => String(asIndexRelation(t)!.left.id)).join();
    const entry = byTies.get(key) ?? { ties: c.ties, values: new Map<Expression, number>() };
    byTies.set(key, entry);
    entry.values.set(c.value, (entry.values.get(c.value) ?? 0) + 1);
  }
  const value = simplify(sumOf([...byTies.values()].map(({ ties, values }) => fromProduct({
    coefficient: 1,
    factors: [...ties, sumOf([...values].map(([v, times]) => (times === 1 ? v : build.mul(constant(times), v))))],
  }))));
  return [{ value, inner: [], conditions: [], ties: [] }, ...mergeInner(rest)];
}

/** Equal contributions once, with their multiplicity. */
function mergeInner(contributions: readonly Contribution[]): readonly Contribution[] {
  const same = (a: Contribution, b: Contribution): boolean =>
    a.value === b.value && a.inner === b.inner && a.conditions.length === b.conditions.length && a.conditions.every((c, k) => c === b.conditions[k]);
  const result: { contribution: Contribution; times: number }[] = [];
  for (const c of contributions) {
    const known = result.find((r) => same(r.contribution, c));
    if (known) known.times++;
    else result.push({ contribution: c, times: 1 });
  }
  return result.map(({ contribution, times }) => (times === 1 ? contribution : { ...contribution, value: simplify(build.mul(constant(times), contribution.value)) }));
}

/** `packed_X_Y` after the quenched arrays in it, `hoisted_X_Y` where no indices are interchangeable; `coefficients` without any. */
function couplingName(group: readonly TermWithSymmetry[]): string {
  const arrays = new Set(group.flatMap(({ term }) => term.quenched.flatMap((f) => (f.kind === "read" ? [f.array] : []))));
  if (arrays.size === 0) return "coefficients";
  return [group[0]!.symmetry.classes.length > 0 ? "packed" : "hoisted", ...[...arrays].slice(0, 3)].join("_");
}
