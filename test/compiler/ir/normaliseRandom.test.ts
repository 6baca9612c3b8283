/** Random expressions: the normal form keeps the value and doesn't see commuted operands, regrouped sums or renamed indices. */
import { expect, test } from "vitest";
import { differentiate, obstacle } from "../../../compiler/ir/differentiate.ts";
import { evaluate } from "../../../compiler/ir/evaluate.ts";
import { apply, reduce, rewrite } from "../../../compiler/ir/expression.ts";
import type { Expression, Index } from "../../../compiler/ir/expression.ts";
import { freshen } from "../../../compiler/ir/inline.ts";
import { fromNormal, key, normalise } from "../../../compiler/ir/normalise.ts";
import { build } from "../../../compiler/library/ops/index.ts";
import { N, entries, entry, number, over, sum, value } from "./programs.ts";

/** Numbers below `n` from a linear congruential generator (Numerical Recipes). */
function generator(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => { x = (Math.imul(x, 1664525) + 1013904223) >>> 0; return Math.floor((x / 2 ** 32) * n); };
}

function randomExpression(next: (n: number) => number, depth: number, scope: readonly Index[]): Expression {
  const pick = (): Index => scope[next(scope.length)]!;
  const inner = (): Expression => randomExpression(next, depth - 1, scope);
  if (depth === 0) {
    switch (next(6)) {
      case 0: return number(next(5) - 2);
      case 1: return N;
      case 2: return entry("A", pick(), pick());
      default: return entry("w", pick());
    }
  }
  switch (next(12)) {
    case 0: case 1: return build.add(inner(), inner());
    case 2: case 3: return build.mul(inner(), inner());
    case 4: return build.sub(inner(), inner());
    case 5: return build.pow(inner(), number(2));
    case 6: return build.tanh(inner());
    case 7: return build.select(build.lt(inner(), inner()), inner(), inner());
    case 8: return build.div(inner(), build.add(number(2), build.pow(inner(), number(2))));
    default: {
      const index = over("ijklm"[next(5)]!);
      const body = randomExpression(next, depth - 1, [...scope, index]);
      const other = pick();
      const where = [[], [], [build.lt(value(index), value(other))], [build.ne(value(other), value(index))], [build.eq(value(index), value(other))]][next(5)]!;
      return sum([index], body, ...where);
    }
  }
}

const commutative = new Set(["add", "mul", "and", "or", "eq", "ne"]);
const shuffled = (e: Expression, next: (n: number) => number): Expression => freshen(rewrite(e, (node) => {
  if (node.kind === "apply" && commutative.has(node.operator) && next(2) === 0) return apply(node.operator, node.arguments[1]!, node.arguments[0]!);
  if (node.kind === "apply" && node.operator === "sub") return build.add(build.neg(node.arguments[1]!), node.arguments[0]!);
  if (node.kind === "apply" && node.operator === "lt" && next(2) === 0) return build.gt(node.arguments[1]!, node.arguments[0]!);
  if (node.kind === "reduce" && node.body.kind === "reduce" && node.body.combine === "sum" && node.combine === "sum" && next(2) === 0) {
    return reduce("sum", [...node.body.indices, ...node.indices], node.body.body, build.and(node.body.where, node.where));
  }
  return node;
}));

// 588 once lost terms of a renamed divisor.
test.each([...Array.from({ length: 150 }, (_, seed) => seed), 588])("seed %i", (seed) => {
  const next = generator(seed * 7919 + 1);
  const free = over("a");
  const e = randomExpression(next, 2 + next(3), [free]);
  const environment = { parameters: { N: 3 }, entry: entries, indices: new Map([[free, 1 + next(3)]]) };
  const form = normalise(e);
  const before = evaluate(e, environment);
  // Expansion adds up terms of both signs: their magnitude sets the scale of rounding.
  const scale = form.terms.reduce((s, t) => s + Math.abs(evaluate(fromNormal({ terms: [t] }), environment)), 1);
  const close = (x: number, y: number, factor = 1): void => expect(Math.abs(x - y), `${x} and ${y}`).toBeLessThanOrEqual(1e-11 * factor * Math.max(scale, Math.abs(x)));
  close(evaluate(fromNormal(form), environment), before);
  expect(key(normalise(fromNormal(form)))).toBe(key(form));
  expect(key(normalise(shuffled(e, next)))).toBe(key(form));
  // Differentiation commutes with normalisation, except that a conditional between 1 and 0 is then a bare truth value.
  const place = { array: "w", subscripts: [number(2)] };
  if (obstacle(fromNormal(form), "w") !== undefined) return;
  close(evaluate(differentiate(fromNormal(form), place), environment), evaluate(differentiate(e, place), environment), 100);
});
