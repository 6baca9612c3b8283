/** What the checker makes of an expression over results: a plan, its type, and how it varies from record to record. */
import type { ResultExpression } from "../../../runtime/results/expression.ts";

export interface Typed {
  /** "unknown" is the type of what was reported already: it fits everywhere. */
  readonly type: "number" | "truth" | "unknown";
  readonly expression: ResultExpression;
  /** Names of the runs of which it reads observables outside of an inner estimator: it changes from record to record. */
  readonly records: readonly string[];
  /** Names of the runs of which it holds estimators, and how deeply these are nested (0: none, 2: an estimator of an estimator). */
  readonly estimated: readonly string[];
  readonly depth: number;
}

const union = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())];

export const number = (expression: ResultExpression): Typed => ({ type: "number", expression, records: [], estimated: [], depth: 0 });
export const constant = (value: number): Typed => number({ kind: "constant", value });
export const unknown: Typed = { type: "unknown", expression: { kind: "constant", value: NaN }, records: [], estimated: [], depth: 0 };

/** `expression` over `parts`: varies as they do, and is unknown if one of them is. */
export function over(parts: readonly Typed[], type: "number" | "truth", expression: ResultExpression): Typed {
  return {
    type: parts.some((p) => p.type === "unknown") ? "unknown" : type,
    expression,
    records: union(parts.map((p) => p.records)),
    estimated: union(parts.map((p) => p.estimated)),
    depth: Math.max(0, ...parts.map((p) => p.depth)),
  };
}
