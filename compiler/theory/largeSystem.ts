/** Limits of expressions of parameters as the sizes of a model go to infinity at fixed ratios. */
import { evaluate } from "../ir/evaluate.ts";
import { rewrite, visit } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import type { Program } from "../ir/program.ts";
import { growthExponent, largeSizeLimit } from "../library/recognisers/largeSize.ts";

export interface LargeSystem {
  /** The limit, if there is one: infinity and 0 by their growth. */
  readonly limit: (e: Expression) => number | undefined;
  /** The a of e ~ N^a. */
  readonly growth: (e: Expression) => number;
  /** Parameters of a system that is as large as double precision likes. */
  readonly large: Readonly<Record<string, number>>;
  /** The same, 16 times larger: what differs between the two has no limit of order 1. */
  readonly larger: Readonly<Record<string, number>>;
}

/** Rounding a size is of relative order 1/N: without it the limits are smooth. */
const unrounded = (e: Expression): Expression =>
  rewrite(e, (node) => (node.kind === "apply" && (node.operator === "round" || node.operator === "floor" || node.operator === "ceil") ? node.arguments[0]! : node));

/** Sizes are the integer parameters in `sizes`; N is the first of these expressions. */
export function largeSystem(program: Program, given: Readonly<Record<string, number>>, sizes: readonly Expression[]): LargeSystem | { readonly refused: string } {
  const parameters = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...given };
  const names = new Set<string>();
  for (const e of sizes) {
    const own: string[] = [];
    visit(e, (node) => { if (node.kind === "parameter" && program.parameters.find((p) => p.name === node.name)?.kind === "integer") own.push(node.name); });
    // A count that is a multiple of N grows with it: 2 in N/2 is a ratio, though it is an integer.
    if (!own.some((n) => names.has(n))) own.forEach((n) => names.add(n));
  }
  if (names.size === 0) return { refused: "the number of weights is no parameter: there is no limit of large size" };
  const smallest = Math.min(...[...names].map((n) => Math.max(1, parameters[n]!)));
  const at = (scale: number): Readonly<Record<string, number>> => ({ ...parameters, ...Object.fromEntries([...names].map((n) => [n, (Math.max(1, parameters[n]!) / smallest) * scale])) });
  const value = (e: Expression) => (scale: number): number => evaluate(unrounded(e), { parameters: at(scale), entry: () => NaN });
  const count = value(sizes[0]!);
  return {
    growth: (e) => growthExponent(value(e), count),
    limit: (e) => {
      const growth = growthExponent(value(e), count);
      if (growth === -Infinity || growth < -1e-6) return 0;
      if (growth > 1e-6) return value(e)(2 ** 20) > 0 ? Infinity : -Infinity;
      return largeSizeLimit(value(e));
    },
    large: at(2 ** 20), larger: at(2 ** 24),
  };
}
