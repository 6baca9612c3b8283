/** By how much an expression changes with one entry of the state, as a sum of terms that are each there only at some places. */
import { indexValue, substitute, type Expression, type Index } from "../../ir/expression.ts";
import { build } from "../../library/ops/index.ts";
import { rangeText } from "../structureText.ts";

/**
 * A read of the moved array at these subscripts is of the site; with `some`, for at least one value of that index. `only`: for one at most, and
 * the value of the change is that at this one.
 */
export interface Place { readonly subscripts: readonly Expression[]; readonly some?: Index; readonly only?: true }
/** `value`, where all places are the site. */
export interface Change {
  readonly places: readonly Place[];
  readonly value: Expression;
  /** Elsewhere the value is 0 by itself: where an integer array tells which entries are read, a restriction to this place saves work. */
  readonly within?: Place;
  /** The value is a sum that says so itself, term by term. */
  readonly summed?: true;
}

export const added = (e: Expression, changes: readonly Change[]): Expression => changes.reduce<Expression>((sum, c) => build.add(sum, c.value), e);
export const scaled = (changes: readonly Change[], by: Expression): readonly Change[] => changes.map((c) => ({ ...c, value: build.mul(by, c.value) }));
export const samePlace = (a: Place, b: Place): boolean => {
  if (!a.some || !b.some) return a.some === b.some && a.subscripts.every((s, k) => s === b.subscripts[k]);
  const names = new Map([[b.some, indexValue(a.some)]]);
  return rangeText(a.some.range) === rangeText(b.some.range) && a.subscripts.every((s, k) => s === substitute(b.subscripts[k]!, names));
};
/** Changes with the values at places that are among `places`, by the indices of these. */
export const aligned = (changes: readonly Change[], places: readonly Place[]): readonly Change[] => changes.map((c) => {
  const names = new Map(c.places.flatMap((p) => {
    const same = p.only && places.find((q) => samePlace(p, q));
    return same && same.some !== p.some ? [[p.some!, indexValue(same.some!)] as const] : [];
  }));
  return names.size === 0 ? c : { ...c, places: c.places.map((p) => places.find((q) => samePlace(p, q)) ?? p), value: substitute(c.value, names) };
});
export const union = (a: readonly Place[], b: readonly Place[]): readonly Place[] => [...a, ...b.filter((p) => !a.some((q) => samePlace(p, q)))];
export const restriction = ({ within, summed }: Change, at: (p: Place) => Place = (p) => p): Pick<Change, "within" | "summed"> => (within ? { within: at(within), ...(summed ? { summed } : {}) } : {});
export const replaced = (c: Change, values: ReadonlyMap<Index, Expression>): Change =>
{
  const at = (p: Place): Place => ({ ...p, subscripts: p.subscripts.map((s) => substitute(s, values)) });
  return { places: c.places.map(at), value: substitute(c.value, values), ...restriction(c, at) };
};
export const subsets = <T>(items: readonly T[]): readonly (readonly T[])[] => items.reduce<readonly (readonly T[])[]>((sets, x) => [...sets, ...sets.map((s) => [...s, x])], [[]]);
