/** Which plan the passes choose, what they store, and what it costs. */
import { describe, expect, test } from "vitest";
import { atDefaults } from "../../../compiler/3-passes/contract.ts";
import { arraySize, procedureCost, tupleCount } from "../../../compiler/3-passes/cost.ts";
import { countText } from "../../../compiler/3-passes/explanations.ts";
import { modelProcedures } from "../../../compiler/3-passes/modelProcedures.ts";
import { addPolynomials, evaluatePolynomial, fromPolynomial, multiplyPolynomials, polynomialText, toPolynomial } from "../../../compiler/3-passes/polynomial.ts";
import { evaluate } from "../../../compiler/ir/evaluate.ts";
import { constant, indexValue, reduce, type Expression } from "../../../compiler/ir/expression.ts";
import type { Procedure, ProcedureArray } from "../../../compiler/ir/procedure.ts";
import type { Program } from "../../../compiler/ir/program.ts";
import { build as b } from "../../../compiler/library/ops/index.ts";
import { at, definition, differ, ensemble, index, less, M, N, product, program, slot, state, sum } from "./model.ts";

const [i, j, k, mu] = [index("i"), index("j"), index("k"), index("mu", M)];
const X = ensemble("X", slot(), slot(), slot());
const w = state("w", slot());
const spin = (of: typeof i): Expression => at("w", of);
const sizes = { N: 100, M: 10 };
const make = (arrays: readonly Parameters<typeof program>[0][number][], body: Expression, at = sizes): ReturnType<typeof modelProcedures>["procedures"] =>
  modelProcedures(program([...arrays, definition("H", "thermal", [], body, "energy")], { sizes: at }), { energyHessian: true }).procedures;
const cost = (p: Procedure, of: Program): number => atDefaults(of, procedureCost(p));
const output = (p: Procedure): ProcedureArray => p.arrays.find((a) => a.role === "output")!;

describe("packing", () => {
  const p = make([X, w], b.div(sum([i, j, k], product(at("X", i, j, k), spin(i), spin(j), spin(k))), N));
  const exact = (n: number) => (n * (n + 1) * (n + 2)) / 6;

  test("the 3-spin couplings are stored once for each i <= j <= k", () => {
    expect(p.prepare).toHaveLength(1);
    const couplings = output(p.prepare[0]!);
    expect(couplings.slots.map((s) => s.order)).toEqual([undefined, "<=", "<="]);
    for (const n of [1, 7, 100]) expect(evaluatePolynomial(arraySize(couplings.slots), () => n)).toBeCloseTo(exact(n), 6);
  });
  test("the energy is one multiply-add a coupling, with the gradient two, and the rest is of lower order", () => {
    expect(countText(procedureCost(p.reference))).toBe("N³");
    expect(countText(procedureCost(p.energy))).toBe("N³/6");
    expect(countText(procedureCost(p.energyAndGradient))).toBe("N³/3");
    const operations = cost(p.energyAndGradient, p.program);
    expect(operations).toBeGreaterThan(2 * exact(100));
    expect(operations).toBeLessThan(2.1 * exact(100));
  });
  test("all statements of the gradient share one nest", () => {
    const { statements } = p.energyAndGradient;
    expect(statements.map((s) => s.target)).toEqual(["H", "gradient$w", "gradient$w", "gradient$w"]);
    expect(new Set(statements.map((s) => s.indices)).size).toBe(1);
    expect(new Set(statements.map((s) => s.conditions)).size).toBe(1);
  });
  test("the Hessian accumulates one triangle in that nest and mirrors it once", () => {
    const { method, procedure } = p.derivatives[0]!.hessian!;
    expect(method).toBe("direct");
    expect(procedure.statements.map((s) => s.target)).toEqual(["half_hessian$w$w", "half_hessian$w$w", "half_hessian$w$w", "hessian$w$w"]);
    expect(countText(procedureCost(procedure))).toBe("N³/2");
  });
  test("ensembles with the same state-dependent part are merged into one array, whatever the order of their subscripts", () => {
    const q = make([X, ensemble("Y", slot(), slot(), slot()), w], b.sub(sum([i, j, k], product(at("X", k, i, j), spin(i), spin(j), spin(k))), sum([i, j, k], product(at("Y", j, k, i), spin(i), spin(j), spin(k)))));
    expect(q.prepare).toHaveLength(1);
    expect(q.prepare[0]!.arrays.filter((a) => a.role === "input").map((a) => a.name).sort()).toEqual(["X", "Y"]);
    expect(countText(procedureCost(q.energyAndGradient))).toBe("N³/3");
  });
  test("i != j is packed strictly", () => {
    const q = make([ensemble("J", slot(), slot()), w], sum([i, j], product(at("J", i, j), spin(i), spin(j)), differ(i, j)));
    expect(output(q.prepare[0]!).slots.map((s) => s.order)).toEqual([undefined, "<"]);
  });
  test("an ordered sum over its own ensemble is read directly", () => {
    const q = make([ensemble("J", slot(), slot(N, "<")), w], b.div(sum([i, j], product(at("J", i, j), spin(i), spin(j)), less(i, j)), b.sqrt(N)));
    expect(q.prepare).toEqual([]);
    expect(countText(procedureCost(q.energyAndGradient))).toBe("N²");
  });
  test("a bipartite coupling is read directly", () => {
    const q = make([ensemble("X", slot(N), slot(M)), state("u", slot(N)), state("v", slot(M))], sum([i, mu], product(at("X", i, mu), at("u", i), at("v", mu))));
    expect(q.prepare).toEqual([]);
    expect(countText(procedureCost(q.energyAndGradient))).toBe("2 M N");
  });
  test("six interchangeable indices are too many, and the notes say so", () => {
    const indices = ["a", "b", "c", "d", "e", "f"].map((n) => index(n));
    const { notes, procedures } = modelProcedures(program([ensemble("X", ...indices.map(() => slot())), w,
      definition("H", "thermal", [], sum(indices, product(at("X", ...indices), ...indices.map(spin))), "energy")], { sizes: { N: 6 } }));
    expect(procedures.prepare).toEqual([]);
    expect(notes.join(" ")).toContain("6 indices are interchangeable");
  });
  test("couplings that would be far larger than what they are made from are not stored", () => {
    const q = make([ensemble("h", slot()), w], sum([i, j, k], product(at("h", i), spin(i), spin(j), spin(k)), b.and(differ(i, j), b.and(differ(j, k), differ(i, k)))), { N: 1000, M: 1 });
    expect(q.prepare).toEqual([]);
  });
});

describe("contraction", () => {
  test("(Σ w)² takes N operations however it is written", () => {
    for (const body of [b.pow(sum([i], spin(i)), constant(2)), sum([i, j], product(spin(i), spin(j)))])
      expect(countText(procedureCost(make([w], body).energy))).toBe("N");
  });
  const xi = ensemble("xi", slot(M), slot());
  const expanded = sum([mu, i, j], product(at("xi", mu, i), at("xi", mu, j), spin(i), spin(j)));
  test("overlaps with few patterns are contracted through Σ_i ξ_μi w_i, which is computed once", () => {
    const p = make([xi, w], expanded);
    expect(countText(procedureCost(p.energy))).toBe("M N");
    expect(p.energy.arrays.filter((a) => a.role !== "output").map((a) => a.role).sort()).toEqual(["input", "input", "temporary"]);
  });
  test("with many patterns the couplings are hoisted and packed", () => {
    const p = make([xi, w], expanded, { N: 20, M: 400 });
    expect(p.prepare).toHaveLength(1);
    expect(countText(procedureCost(p.energy))).toBe("N²/2");
  });
  test("a polynomial that is worse expanded stays as written", () => {
    const p = make([xi, w], sum([mu], b.pow(sum([i], product(at("xi", mu, i), spin(i))), constant(4))));
    expect(countText(procedureCost(p.energy))).toBe("M N");
    expect(p.derivatives[0]!.hessian!.method).toBe("columns");
  });
  test("polynomial lets are seen through, nonlinear ones are kept", () => {
    const field = sum([i], product(at("xi", mu, i), spin(i)));
    const h = definition("h", "thermal", [mu], field);
    const linear = make([xi, w, h], sum([mu], product(at("h", mu), at("h", mu))), { N: 20, M: 400 });
    expect(linear.prepare).toHaveLength(1);
    const nonlinear = make([xi, w, h], sum([mu], b.tanh(at("h", mu))));
    expect(nonlinear.energy.arrays.filter((a) => a.role === "temporary").map((a) => a.name)).toEqual(["h"]);
  });
  test("quenched sums inside of nonlinear functions are computed after the draw", () => {
    const p = make([ensemble("J", slot(), slot()), w], sum([i], b.log(b.cosh(b.mul(spin(i), sum([j], at("J", i, j)))))));
    expect(p.prepare).toHaveLength(1);
    expect(countText(procedureCost(p.energyAndGradient))).toMatch(/^\d+(\.\d+)? N(\/2)?$/);
  });
});

describe("counts", () => {
  test("tuples under orders", () => {
    const n = (conditions: readonly Expression[]) => evaluatePolynomial(tupleCount([i, j, k], conditions), () => 6);
    expect(n([])).toBe(216);
    expect(n([less(i, j), less(j, k)])).toBeCloseTo(20, 9);
    expect(n([b.le(indexValue(i), indexValue(j)), b.le(indexValue(j), indexValue(k))])).toBeCloseTo(56, 9);
    expect(n([less(k, i)])).toBeCloseTo(15 * 6, 9);
  });
  test("a count is an expression of the parameters, and readable", () => {
    const count = procedureCost(make([X, w], sum([i, j, k], product(at("X", i, j, k), spin(i), spin(j), spin(k)))).energyAndGradient);
    const entry = (): number => NaN;
    for (const n of [1, 5, 30]) expect(evaluate(fromPolynomial(count), { parameters: { N: n }, entry })).toBeCloseTo(evaluatePolynomial(count, () => n), 6);
    const size = b.sub(b.mul(constant(3), N), constant(1));
    expect(polynomialText(multiplyPolynomials(toPolynomial(size), toPolynomial(M)), (e) => (e.kind === "parameter" ? e.name : "?"))).toBe("3 M N - M");
    expect(countText(addPolynomials(toPolynomial(b.mul(N, M)), toPolynomial(b.mul(N, N)), toPolynomial(N)))).toBe("M N + N²");
  });
  test("many layers are compiled in time", () => {
    const layers = Array.from({ length: 9 }, (_, depth) => definition(`u${depth}`, "thermal", [i], b.tanh(sum([j], product(at(`W${depth}`, i, j), depth === 0 ? at("x", j) : at(`u${depth - 1}`, j))))));
    const p = make([ensemble("x", slot()), ...layers.map((_, depth) => state(`W${depth}`, slot(), slot())), ...layers], sum([i], product(at("u8", i), at("u8", i))));
    expect(countText(procedureCost(p.energyAndGradient))).toMatch(/^\d+ N²$/);
    expect(p.energy.statements.length).toBe(19);
  }, 3000);
  test("a dense layer costs one multiply-add a weight, three with the backward pass of both factors", () => {
    const K = index("a");
    const p = make([ensemble("x", slot(M), slot()), state("W", slot(), slot()), definition("u", "thermal", [mu, K], b.tanh(sum([i], product(at("W", K, i), at("x", mu, i)))))],
      sum([mu, K], product(at("u", mu, K), at("u", mu, K))));
    expect(countText(procedureCost(p.energy))).toBe("M N²");
    expect(countText(procedureCost(p.energyAndGradient))).toBe("2 M N²");
  });
});

describe("refusals", () => {
  const h = definition("h", "thermal", [mu], sum([i], product(at("xi", mu, i), spin(i))));
  const xi = ensemble("xi", slot(M), slot());
  test.each<[string, Expression, RegExp]>([
    ["a counting energy", sum([mu], b.lt(at("h", mu), constant(0))), /`<` has no derivative/],
    ["a sign", sum([mu], b.mul(b.sign(at("h", mu)), at("h", mu))), /`sign` has no derivative/],
    ["a product of signs", reduce("product", [mu], b.sign(at("h", mu))), /`sign` has no derivative/],
  ])("%s has no gradient, for a stated reason, and no wrong one", (_, body, reason) => {
    const { procedures, diagnostics } = modelProcedures(program([xi, w, h, definition("H", "thermal", [], body, "energy")]));
    expect(procedures.gradientRefusal).toMatch(reason);
    expect(procedures.energyAndGradient.arrays.filter((a) => a.role === "output").map((a) => a.name)).toEqual(["H"]);
    expect(diagnostics).toEqual([]);
    const asked = modelProcedures(program([xi, w, h, definition("H", "thermal", [], body, "energy")]), { energyHessian: true });
    expect(asked.diagnostics.map((d) => d.code)).toEqual(["Q350"]);
    expect(asked.procedures.derivatives).toEqual([{ of: "H" }]);
  });
  test("a conditional is differentiated, its condition is not", () => {
    const p = make([xi, w, h], sum([mu], b.select(b.gt(at("h", mu), constant(0)), b.mul(at("h", mu), at("h", mu)), constant(0))));
    expect(p.gradientRefusal).toBeUndefined();
  });
});
