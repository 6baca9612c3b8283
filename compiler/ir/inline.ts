/** Definitions written out where they are read, so that a model with split `let`s is the same mathematics as one without. */
import { build } from "../library/ops/index.ts";
import { constant, freshIndex, indexValue, reduce, rewrite, substitute } from "./expression.ts";
import type { Expression, Index, Range } from "./expression.ts";
import { size } from "./normalise.ts";
import type { ArrayDeclaration, Program } from "./program.ts";

/**
 * `expression` with reads of definitions for which `which` holds replaced by their bodies (all by default), over fresh bound
 * indices, through and through; ranges too. A subscript of a periodic slot that isn't a plain index is wrapped; arrays over
 * more than two ordered slots stay, because their bodies are given for increasing subscripts only.
 */
export function inline(expression: Expression, program: Program, which: (array: ArrayDeclaration) => boolean = () => true): Expression {
  const arrays = new Map(program.arrays.map((a) => [a.name, a]));
  const bodies = new Map<string, Expression>();
  const go = (e: Expression): Expression => rewrite(e, (node) => {
    if (node.kind === "reduce") return withInlinedRanges(node);
    if (node.kind !== "read") return node;
    const array = arrays.get(node.array);
    if (!array || array.origin.kind !== "definition" || !which(array)) return node;
    const place = bodySubscripts(array, node.subscripts);
    if (!place) return node;
    let body = bodies.get(array.name);
    if (!body) bodies.set(array.name, (body = go(array.origin.body)));
    return substitute(freshen(body), new Map(array.origin.indices.map((index, k) => [index, place[k]!])));
  });
  const withInlinedRanges = (node: Extract<Expression, { kind: "reduce" }>): Expression => {
    const ranges = node.indices.map((i) => ({ lower: go(i.range.lower), upper: go(i.range.upper) }));
    if (ranges.every((r, k) => r.lower === node.indices[k]!.range.lower && r.upper === node.indices[k]!.range.upper)) return node;
    return rebind(node, node.indices.map((i, k) => freshIndex(i.name, ranges[k]!)));
  };
  return go(expression);
}

/** The body of a scalar definition, the energy for example, with everything written out. */
export function inlinedBody(program: Program, name: string, which?: (array: ArrayDeclaration) => boolean): { readonly indices: readonly Index[]; readonly body: Expression } {
  const array = program.arrays.find((a) => a.name === name);
  if (!array || array.origin.kind !== "definition") throw new Error(`internal: ${name} is not a definition of ${program.model}`);
  return { indices: array.origin.indices, body: inline(array.origin.body, program, which) };
}

/** The same expression over new bound indices. */
export const freshen = (e: Expression): Expression =>
  rewrite(e, (node) => (node.kind === "reduce" ? rebind(node, node.indices.map((i) => freshIndex(i.name, i.range))) : node));

function rebind(node: Extract<Expression, { kind: "reduce" }>, indices: readonly Index[]): Expression {
  const names = new Map(node.indices.map((i, k) => [i, indexValue(indices[k]!)]));
  return reduce(node.combine, indices, substitute(node.body, names), substitute(node.where, names));
}

/** A subscript of a periodic slot, brought into its range. */
export const wrapped = (s: Expression, range: Range): Expression => build.add(range.lower, build.mod(build.sub(s, range.lower), size(range)));

/** Subscripts as the body of a definition expects them, or undefined where they cannot be given. */
function bodySubscripts(array: ArrayDeclaration, subscripts: readonly Expression[]): readonly Expression[] | undefined {
  const ordered = array.slots.filter((s) => s.order !== undefined).length;
  if (ordered > 1) return undefined;
  const place = subscripts.map((s, k) => {
    const { periodic, range } = array.slots[k]!;
    if (!periodic || s.kind === "index") return s;
    return wrapped(s, range);
  });
  const second = array.slots.findIndex((s) => s.order !== undefined);
  if (second > 0) {
    const [a, b] = [place[second - 1]!, place[second]!];
    if (a.kind === "constant" && b.kind === "constant") [place[second - 1], place[second]] = [constant(Math.min(a.value, b.value)), constant(Math.max(a.value, b.value))];
    else [place[second - 1], place[second]] = [build.min2(a, b), build.max2(a, b)];
  }
  return place;
}
