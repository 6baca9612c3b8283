/** What the conditions of one term say: that it vanishes, that an index equals something, or which of them are needed. */
import type { Apply, Expression, Index } from "./expression.ts";
import { build } from "../library/ops/index.ts";
import { constant } from "./expression.ts";
import type { Term } from "./normal.ts";
import { freeIndices, rangeText } from "./text.ts";

export type Resolution =
  | { readonly kind: "zero" }
  /** `index` equals `value`; `conditions` are the others. */
  | { readonly kind: "substitute"; readonly index: Index; readonly value: Expression; readonly conditions: readonly Expression[] }
  | { readonly kind: "keep"; readonly conditions: readonly Expression[] };

/** `linear` gives left − right of a comparison as terms in normal form. */
export function resolveConditions(term: Term, linear: (comparison: Apply) => readonly Term[]): Resolution {
  const conditions = [...new Set(term.conditions)];
  for (const c of conditions) {
    if (c.kind === "constant" && c.value === 0) return { kind: "zero" };
    if (c.kind !== "apply" || c.operator !== "eq") continue;
    const solved = solve(linear(c), term.indices);
    if (solved) return { kind: "substitute", ...solved, conditions: conditions.filter((other) => other !== c) };
  }
  return withoutImplied(conditions.filter((c) => c.kind !== "constant"));
}

/** A bound index that stands alone and linearly in `difference = 0`, with what it equals. */
function solve(difference: readonly Term[], bound: readonly Index[]): { readonly index: Index; readonly value: Expression } | undefined {
  const candidates = difference.flatMap((t) => {
    const [only] = t.factors;
    if (Math.abs(t.coefficient) !== 1 || t.factors.length !== 1 || t.indices.length + t.conditions.length > 0) return [];
    if (only!.base.kind !== "index" || only!.exponent !== 1 || !bound.includes(only!.base.index)) return [];
    const index = only!.base.index;
    const others = difference.filter((o) => o !== t);
    if (others.some((o) => o.indices.length + o.conditions.length > 0 || o.factors.some((f) => f.exponent !== 1 || freeIndices(f.base).has(index)))) return [];
    // Only integer combinations are certain to be values of an index.
    if (others.some((o) => !Number.isInteger(o.coefficient))) return [];
    return [{ index, value: combination(others, -t.coefficient) }];
  });
  // Which of two indices goes must not depend on their names.
  return candidates.sort((a, b) => (rangeText(a.index.range) < rangeText(b.index.range) ? -1 : 1))[0];
}

function combination(terms: readonly Term[], sign: number): Expression {
  let sum: Expression | undefined;
  for (const t of terms) {
    const product = t.factors.reduce<Expression | undefined>((p, f) => (p ? build.mul(p, f.base) : f.base), undefined);
    const c = t.coefficient * sign;
    const part = product === undefined ? constant(c) : c === 1 ? product : build.mul(constant(c), product);
    sum = sum ? build.add(sum, part) : part;
  }
  return sum ?? constant(0);
}

/** Drops what follows from other conditions; notices a circle of `<`. */
function withoutImplied(conditions: readonly Expression[]): Resolution {
  const below = new Map<Expression, Set<Expression>>();
  for (const c of conditions) {
    if (c.kind !== "apply" || c.operator !== "lt") continue;
    const [a, b] = c.arguments as [Expression, Expression];
    below.set(a, (below.get(a) ?? new Set()).add(b));
  }
  /** Whether a < b follows from a chain of at least `length` conditions. */
  const chain = (a: Expression, b: Expression, length: number, seen = new Set<Expression>()): boolean =>
    [...(below.get(a) ?? [])].some((next) => {
      if (next === b && length <= 1) return true;
      if (next === b || seen.has(next)) return false;
      return chain(next, b, length - 1, new Set([...seen, next]));
    });
  const kept: Expression[] = [];
  for (const c of conditions) {
    if (c.kind === "apply" && c.arguments.length === 2) {
      const [a, b] = c.arguments as [Expression, Expression];
      if (c.operator === "lt") {
        if (chain(b, a, 1)) return { kind: "zero" };
        if (chain(a, b, 2)) continue;
      }
      if (c.operator === "eq" && (chain(a, b, 1) || chain(b, a, 1) || conditions.includes(build.ne(a, b)) || conditions.includes(build.ne(b, a)))) return { kind: "zero" };
      if (c.operator === "ne" && (chain(a, b, 1) || chain(b, a, 1))) continue;
      if (c.operator === "le") {
        if (chain(b, a, 1)) return { kind: "zero" };
        if (chain(a, b, 1)) continue;
      }
    }
    kept.push(c);
  }
  return { kind: "keep", conditions: kept };
}
