/** Symbolic derivatives against central differences of the reference interpreter. */
import { describe, expect, test } from "vitest";
import { differentiate, gradientForm, hessianForm, obstacle } from "../../../compiler/ir/differentiate.ts";
import { evaluate, programEntries } from "../../../compiler/ir/evaluate.ts";
import type { Environment } from "../../../compiler/ir/evaluate.ts";
import { parameter, reduce } from "../../../compiler/ir/expression.ts";
import type { Expression } from "../../../compiler/ir/expression.ts";
import { fromNormal } from "../../../compiler/ir/normalise.ts";
import { printDerivative } from "../../../compiler/ir/print.ts";
import type { ArrayDeclaration, Program } from "../../../compiler/ir/program.ts";
import { build } from "../../../compiler/library/ops/index.ts";
import { N, definition, ensemble, entries, entry, number, over, pSpin, product, programOf, slot, squared, state, sum, total, value } from "./programs.ts";

const size = 4;
const parameters = { N: size, M: 3 };
const [i, j, k] = [over("i"), over("j"), over("k")];
const [mu, nu] = [over("mu", parameter("M")), over("nu", parameter("M"))];
const w = state("w", [slot()]);
const at = (x: typeof i): Expression => entry("w", x);
const x2 = ensemble("x", [slot(parameter("M")), slot()]);
const field = (m: typeof mu, a: typeof i): Expression => build.div(sum([a], product(entry("x", m, a), at(a))), build.sqrt(N));
const programWith = (arrays: readonly ArrayDeclaration[], energy: Expression): Program => programOf(arrays, energy, [], { M: 3 });

/** H with one entry of `array` moved by `by`; each further move adds up. */
const energyAt = (p: Program, moves: readonly { readonly array: string; readonly place: string; readonly by: number }[]): number => {
  const given: Environment["entry"] = (array, s) => entries(array, s) + moves.filter((m) => m.array === array && m.place === s.join()).reduce((sum_, m) => sum_ + m.by, 0);
  return programEntries(p, parameters, given)("H", []);
};
const evaluateAt = (e: Expression, p: Program, indices: readonly (readonly [ReturnType<typeof over>, number])[]): number =>
  evaluate(e, { parameters, entry: programEntries(p, parameters, entries), indices: new Map(indices) });

const onLattice = { periodic: true };
const cases: Readonly<Record<string, readonly [Program, array: string]>> = {
  "three-spin, state": [pSpin(3), "w"],
  "three-spin, couplings": [pSpin(3), "X"],
  "pairs i < j, couplings": [programWith([ensemble("J", [slot(), slot(N, { order: "<" })]), w], sum([i, j], product(entry("J", i, j), at(i), at(j)), build.lt(value(i), value(j)))), "J"],
  "pairs i < j read both ways": [programWith([ensemble("J", [slot(), slot(N, { order: "<" })]), w], sum([i, j], product(entry("J", i, j), at(i), squared(at(j))), build.ne(value(i), value(j)))), "J"],
  "perceptron with a smooth loss": [programWith([x2, w], sum([mu], build.softplus(build.mul(number(-2), field(mu, i))))), "w"],
  "through a let": [programWith([x2, w, definition("h", [mu], field(mu, i))], sum([nu], build.tanh(entry("h", nu)))), "w"],
  "logarithm of a partition sum": [programWith([x2, w], build.log(sum([mu], build.exp(field(mu, i))))), "w"],
  "a conditional": [programWith([w], sum([i], build.select(build.gt(at(i), number(0)), build.pow(at(i), number(3)), build.mul(number(2), at(i))))), "w"],
  "a product": [programWith([w], reduce("product", [i], total(number(2), at(i)))), "w"],
  "a product over unequal pairs": [programWith([w], reduce("product", [i, j], total(number(2), product(at(i), squared(at(j)))), build.ne(value(i), value(j)))), "w"],
  "the largest entry": [programWith([w], squared(reduce("max", [i], product(at(i), at(i))))), "w"],
  "a diagonal": [programWith([state("m", [slot(), slot()])], sum([i], squared(entry("m", i, i)))), "m"],
  "neighbours on a ring": [programWith([state("w", [slot(N, onLattice)])], sum([i], product(at(i), entry("w", build.add(value(i), number(1))), entry("w", build.sub(value(i), number(2)))))), "w"],
  "neighbours in a chain": [programWith([w], (() => { const c = over("c", build.sub(N, number(1))); return sum([c], product(at(c), entry("w", build.add(value(c), number(1))))); })()), "w"],
  "a square root": [programWith([w], build.sqrt(total(number(1), sum([k], build.pow(at(k), number(4)))))), "w"],
};
describe.each(Object.entries(cases).map(([name, [p, array]]) => [name, p, array] as const))("%s", (_, p, array) => {
  const { slots } = p.arrays.find((a) => a.name === array)!;
  const extent = (s: (typeof slots)[number]): number => evaluate(s.range.upper, { parameters, entry: entries });
  const places = slots.reduce<readonly (readonly number[])[]>((all, s) => all.flatMap((before) => Array.from({ length: extent(s) }, (_x, a) => a + 1).filter((a) => s.order === undefined || a > before.at(-1)!).map((a) => [...before, a])), [[]]);
  test("the gradient", () => {
    const { indices, form } = gradientForm(p, "H", array);
    let largest = 0;
    for (const place of places) {
      const h = 1e-4;
      const moved = (by: number): number => energyAt(p, [{ array, place: place.join(), by }]);
      const difference = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
      const symbolic = evaluateAt(fromNormal(form), p, indices.map((index, a) => [index, place[a]!]));
      largest = Math.max(largest, Math.abs(symbolic));
      expect(Math.abs(symbolic - difference), `at ${place.join()}: ${symbolic} and ${difference}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(difference)));
    }
    expect(largest).toBeGreaterThan(1e-3);
  });
  test("the Hessian", () => {
    const { indices, form } = hessianForm(p, "H", array, array);
    const symbolic = fromNormal(form);
    for (const a of places.slice(0, 4)) for (const b of places.slice(0, 4)) {
      const moved = (x: number, y: number): number => energyAt(p, [{ array, place: a.join(), by: x }, { array, place: b.join(), by: y }]);
      const mixed = (h: number): number => (moved(h, h) - moved(h, -h) - moved(-h, h) + moved(-h, -h)) / (4 * h * h);
      const difference = (4 * mixed(5e-4) - mixed(1e-3)) / 3;
      const exact = evaluateAt(symbolic, p, indices.map((index, n) => [index, [...a, ...b][n]!]));
      expect(Math.abs(exact - difference), `at ${a.join()} ${b.join()}: ${exact} and ${difference}`).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(difference)));
    }
  });
});

test("as on paper", () => {
  const { indices, form } = gradientForm(pSpin(2), "H", "w");
  expect(printDerivative("H", [{ array: "w", indices }], form)).toBe("∂H/∂w[a] = (1/√N) Σ_i (X[i,a] + X[a,i]) w[i]");
});

describe("what has no derivative", () => {
  const counting = sum([mu], build.lt(field(mu, i), number(0)));
  test("is named", () => {
    expect(obstacle(counting, "w")).toBe("lt");
    expect(obstacle(sum([i], build.mul(at(i), build.sign(entry("v", i)))), "w")).toBeUndefined();
    expect(obstacle(sum([i], build.sign(at(i))), "w")).toBe("sign");
    expect(obstacle(sum([i], number(1), build.lt(at(i), number(0))), "w")).toBe("a condition");
    expect(obstacle(sum([i], build.select(build.lt(at(i), number(0)), at(i), number(0))), "w")).toBeUndefined();
  });
  test("is an internal error when asked for anyway", () => {
    expect(() => differentiate(counting, { array: "w", subscripts: [number(1)] })).toThrow("internal: lt has no derivative");
  });
});
