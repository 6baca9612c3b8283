/** Quotients that divide by zero where two indices are equal, as in sum(i, j) s[i] * s[j] / abs(i - j): a warning, as the sum is then no number. */
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { CheckedModel } from "./1-check/checkModels.ts";
import { children, constant, indexValue, substitute, visit, type Expression, type Index } from "./ir/expression.ts";
import { bounds, evaluate } from "./ir/evaluate.ts";
import { freeIndices } from "./ir/freeIndices.ts";
import { constantOf, normalise } from "./ir/normalise.ts";
import { rangeText } from "./ir/text.ts";

/** One warning for each definition, at the first pair of indices. */
export function checkDiagonal({ program }: CheckedModel): readonly Diagnostic[] {
  return (program?.arrays ?? []).flatMap((array): Diagnostic[] => {
    if (array.origin.kind !== "definition") return [];
    const pair = dividingPair(array.origin.body, array.origin.indices, Object.fromEntries(program!.parameters.map((p) => [p.name, p.default])));
    if (!pair) return [];
    const [i, j] = pair.map((index) => index.name) as [string, string];
    return [{
      severity: "warning", code: "Q267", message: `\`${array.name}\` divides by zero where \`${i}\` equals \`${j}\``, labels: [{ span: array.span, message: "" }],
      help: `bind different ones, \`${i} != ${j}\`, or each pair once, \`${i} < ${j}\`; a factor that is 0 there leaves 0 · ∞, which is no number`, arguments: { array: array.name },
    }];
  });
}

/** Two bound indices of one range that may be equal, and between which a denominator then is 0. */
function dividingPair(root: Expression, slots: readonly Index[], parameters: Readonly<Record<string, number>>): readonly [Index, Index] | undefined {
  const go = (e: Expression, bound: readonly Index[], guards: readonly Expression[]): readonly [Index, Index] | undefined => {
    const denominator = e.kind === "apply" && e.operator === "div" ? e.arguments[1] : e.kind === "apply" && e.operator === "pow" && (constantOf(normalise(e.arguments[1]!)) ?? 0) < 0 ? e.arguments[0] : undefined;
    const found = denominator && vanishing(denominator, bound, guards, parameters);
    if (found) return found;
    if (e.kind === "reduce") return go(e.body, [...bound, ...e.indices], [...guards, e.where]);
    // A condition may keep the pair out.
    const inner = e.kind === "apply" && e.operator === "select" ? [...guards, e.arguments[0]!] : guards;
    const parts = e.kind === "apply" && e.operator === "select" ? e.arguments.slice(1) : children(e);
    for (const part of parts) {
      const below = go(part, bound, inner);
      if (below) return below;
    }
    return undefined;
  };
  return go(root, slots, []);
}

function vanishing(denominator: Expression, bound: readonly Index[], guards: readonly Expression[], parameters: Readonly<Record<string, number>>): readonly [Index, Index] | undefined {
  const free = new Set(freeIndices(denominator));
  const candidates = bound.filter((index) => free.has(index));
  for (const [k, i] of candidates.entries()) for (const j of candidates.slice(k + 1)) {
    if (rangeText(i.range) !== rangeText(j.range)) continue;
    if (guards.some((g) => g !== constant(1) && freeIndices(g).includes(i) && freeIndices(g).includes(j))) continue;
    const onDiagonal = substitute(denominator, new Map([[j, indexValue(i)]]));
    if (constantOf(normalise(onDiagonal)) === 0 || isZero(onDiagonal, parameters)) return [i, j];
  }
  return undefined;
}

/** Of numbers and indices alone, where an exponent is a parameter: at the first value and the last. */
function isZero(e: Expression, parameters: Readonly<Record<string, number>>): boolean {
  const indices = freeIndices(e);
  let reads = false;
  visit(e, (node) => { if (node.kind === "read" || node.kind === "reduce") reads = true; });
  return !reads && [0, 1].every((end) => evaluate(e, { parameters, entry: () => NaN, indices: new Map(indices.map((i) => [i, bounds(i.range, parameters)[end]!])) }) === 0);
}
