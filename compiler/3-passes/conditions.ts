/** Conditions of a statement: splitting conjunctions, and what orders between indices say. */
import { constant, type Expression, type Index } from "../ir/expression.ts";

/** The conjuncts of a truth value; none for the constant 1. */
export function conjuncts(where: Expression): readonly Expression[] {
  if (where.kind === "apply" && where.operator === "and") return where.arguments.flatMap(conjuncts);
  return where === constant(1) ? [] : [where];
}

/** A comparison of two index values. */
export interface IndexRelation { readonly relation: "<" | "<=" | "!=" | "=="; readonly left: Index; readonly right: Index }

/** `i < j`, `j > i`, `i != j` … as a relation (with `>` turned round); nothing for other conditions. */
export function asIndexRelation(condition: Expression): IndexRelation | undefined {
  if (condition.kind !== "apply") return undefined;
  const [a, b] = condition.arguments;
  if (a?.kind !== "index" || b?.kind !== "index") return undefined;
  switch (condition.operator) {
    case "lt": return { relation: "<", left: a.index, right: b.index };
    case "le": return { relation: "<=", left: a.index, right: b.index };
    case "gt": return { relation: "<", left: b.index, right: a.index };
    case "ge": return { relation: "<=", left: b.index, right: a.index };
    case "ne": return { relation: "!=", left: a.index, right: b.index };
    case "eq": return { relation: "==", left: a.index, right: b.index };
    default: return undefined;
  }
}

/** What conditions imply about pairs of indices: the transitive closure of `<` and `<=`, and the pairs that differ. */
export interface IndexOrder {
  /** Whether a < b always holds. */
  readonly below: (a: Index, b: Index) => boolean;
  /** Whether a <= b always holds. */
  readonly atMost: (a: Index, b: Index) => boolean;
  readonly differ: (a: Index, b: Index) => boolean;
}

export function impliedOrder(conditions: readonly Expression[]): IndexOrder {
  const relations = conditions.map(asIndexRelation).filter((r) => r !== undefined);
  const unequal = (a: Index, b: Index): boolean =>
    relations.some((r) => r.relation === "!=" && ((r.left === a && r.right === b) || (r.left === b && r.right === a)));
  // Whether b is reached from a by steps of < and <=; `strict` if one of them is <.
  const reach = (a: Index, b: Index, strict: boolean): boolean => {
    const seen = new Set<string>();
    const go = (at: Index, already: boolean): boolean => {
      if (at === b && (already || !strict)) return true;
      const key = `${at.id} ${already}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return relations.some((r) => r.left === at && (r.relation === "<" || r.relation === "<=") && go(r.right, already || r.relation === "<"));
    };
    return go(a, false);
  };
  const below = (a: Index, b: Index): boolean => a !== b && (reach(a, b, true) || (reach(a, b, false) && unequal(a, b)));
  return { below, atMost: (a, b) => reach(a, b, false), differ: (a, b) => unequal(a, b) || below(a, b) || below(b, a) };
}
