import { describe, expect, test } from "vitest";
import { evaluate, programEntries } from "../../../compiler/ir/evaluate.ts";
import { parameter } from "../../../compiler/ir/expression.ts";
import type { Expression } from "../../../compiler/ir/expression.ts";
import type { Program } from "../../../compiler/ir/program.ts";
import { build } from "../../../compiler/library/ops/index.ts";
import { gaussianCovariance } from "../../../compiler/library/recognisers/gaussianCovariance.ts";
import { N, ensemble, entries, entry, number, onSphere, over, pSpin, pSpinEnergy, product, programOf, slot, span, squared, state, sum, total, value } from "../ir/programs.ts";

const w = state("w", [slot()]);
const [i, j, k, l] = [over("i"), over("j"), over("k"), over("l")];
const at = (x: typeof i): Expression => entry("w", x);
const slots = (p: number) => Array.from({ length: p }, () => slot());
const root = (x: Expression): Expression => build.sqrt(x);

const accept = (p: Program, parameters?: Record<string, number>, geometry?: "sphere" | "hypercube") => {
  const found = gaussianCovariance(p, parameters, geometry);
  if (!found.ok) throw new Error(found.reason);
  return found;
};
const reason = (p: Program, geometry?: "sphere" | "hypercube"): string => {
  const found = gaussianCovariance(p, {}, geometry);
  return found.ok ? `accepted: ${JSON.stringify(found.mixture)}` : found.reason;
};

/** Two points on the sphere of squared radius n. */
const onTheSphere = (name: string, n: number): readonly number[] => {
  const x = Array.from({ length: n }, (_, a) => entries(name, [a + 1]));
  const norm = Math.sqrt(x.reduce((s, v) => s + v * v, 0) / n);
  return x.map((v) => v / norm);
};

describe("the polynomial is the exact covariance", () => {
  // H is linear in the couplings: H at a unit coupling is ∂H/∂X, and Σ var H(e) H'(e) over all unit couplings is E[HH'].
  const cases: readonly (readonly [string, Program, number])[] = [
    ["two-spin", pSpin(2), 5], ["three-spin", pSpin(3), 4], ["four-spin", pSpin(4), 3],
    ["a transposed copy added", programOf([ensemble("X", slots(2)), w], build.div(sum([i, j], product(total(entry("X", i, j), entry("X", j, i)), at(i), at(j))), root(N))), 5],
    ["a square of the state", programOf([ensemble("X", slots(2)), w], build.div(sum([i, j, k], product(entry("X", i, j), at(i), at(j), squared(at(k)))), build.pow(N, number(1.5)))), 4],
    ["a variance", programOf([ensemble("X", slots(3), "Normal", [number(0), build.div(number(1.7), squared(N))]), w], sum([i, j, k], product(entry("X", i, j, k), at(i), at(j), at(k)))), 4],
  ];
  test.each(cases)("%s", (_, p, n) => {
    const found = accept(p);
    const [first, second] = [onTheSphere("first", n), onTheSphere("second", n)];
    const couplings = p.arrays.find((a) => a.origin.kind === "ensemble")!;
    const parameters = { N: n };
    const { origin } = couplings;
    const variance = origin.kind === "ensemble" ? evaluate(origin.arguments[1]!, { parameters, entry: entries }) : NaN;
    const energyAt = (unit: string, x: readonly number[]): number => {
      const given = (array: string, s: readonly number[]): number => (array === couplings.name ? (s.join() === unit ? 1 : 0) : x[s[0]! - 1]!);
      return programEntries(p, parameters, given)("H", []);
    };
    let exact = 0;
    const units = couplings.slots.reduce<readonly (readonly number[])[]>((all) => all.flatMap((u) => Array.from({ length: n }, (_, a) => [...u, a + 1])), [[]]);
    for (const unit of units) exact += variance * energyAt(unit.join(), first) * energyAt(unit.join(), second);
    const overlap = first.reduce((s, v, a) => s + v * second[a]!, 0);
    const polynomial = found.covariance.reduce((s, t) => s + evaluate(t.coefficient, { parameters, entry: entries }) * overlap ** t.power, 0);
    expect(Math.abs(exact)).toBeGreaterThan(1e-3);
    expect(Math.abs(polynomial - exact)).toBeLessThanOrEqual(1e-12 * Math.abs(exact));
  });
});

describe("the mixture in the limit of large size", () => {
  test.each([[1], [2], [3], [4], [5], [6]])("p = %i", (p) => expect(accept(pSpin(p)).mixture).toEqual([{ power: p, coefficient: expect.closeTo(1, 11) }]));
  test("couplings and sizes", () => {
    const energy = total(product(parameter("J"), pSpinEnergy(3, "X")), product(root(parameter("K")), pSpinEnergy(4, "Y")));
    const p = programOf([ensemble("X", slots(3)), ensemble("Y", slots(4)), w], energy, [onSphere()], { J: 1.5, K: 0.25 });
    expect(accept(p).mixture).toEqual([{ power: 3, coefficient: expect.closeTo(2.25, 11) }, { power: 4, coefficient: expect.closeTo(0.25, 11) }]);
    expect(accept(p, { J: 0.5 }).mixture[0]!.coefficient).toBeCloseTo(0.25, 11);
  });
  test("the radius enters", () => {
    // |w|² = 2N: (w·w')³ = 8 N³ q³
    expect(accept({ ...pSpin(3), constraints: [onSphere("w", build.mul(number(2), N))] }).mixture[0]!.coefficient).toBeCloseTo(8, 10);
  });
  test("ordered sums count once", () => {
    const ordered = programOf([ensemble("X", slots(3)), w], build.div(sum([i, j, k], product(entry("X", i, j, k), at(i), at(j), at(k)), build.lt(value(i), value(j)), build.lt(value(j), value(k))), N));
    const found = accept(ordered);
    expect(found.mixture[0]!.coefficient).toBeCloseTo(1 / 6, 11);
    expect(found.assumptions.join()).toContain("terms with equal indices are dropped: relative order 1/N");
  });
  test("unequal indices are as good as all", () => {
    const unequal = programOf([ensemble("X", slots(2)), w], build.div(sum([i, j], product(entry("X", i, j), at(i), at(j)), build.ne(value(i), value(j))), root(N)));
    expect(accept(unequal).mixture).toEqual([{ power: 2, coefficient: expect.closeTo(1, 11) }]);
  });
  test("Sherrington-Kirkpatrick on the hypercube, with couplings over pairs", () => {
    const spins = state("s", [slot()], "spin");
    const energy = build.div(build.neg(sum([i, j], product(entry("J", i, j), entry("s", i), entry("s", j)), build.lt(value(i), value(j)))), root(N));
    const p = programOf([ensemble("J", [slot(), slot(N, { order: "<" })]), spins], energy, []);
    expect(accept(p, {}, "hypercube").mixture).toEqual([{ power: 2, coefficient: expect.closeTo(0.5, 11) }]);
    expect(reason(p)).toContain("is not on a sphere");
  });
  test("what is of lower order is dropped, and said so", () => {
    const shifted = total(pSpinEnergy(3), sum([i], product(entry("h", i), at(i), build.div(number(1), root(N)))));
    const found = accept(programOf([ensemble("X", slots(3)), ensemble("h", slots(1)), w], shifted));
    expect(found.mixture.map((t) => t.power)).toEqual([3]);
    expect(found.assumptions.join("\n")).toContain("q^1 is dropped: it is of relative order N^(-1)");
    const diagonal = total(pSpinEnergy(3), build.div(sum([i, k], product(entry("Y", i, k), squared(at(i)), at(k))), N));
    const dropped = accept(programOf([ensemble("X", slots(3)), ensemble("Y", slots(2)), w], diagonal));
    expect(dropped.mixture.map((t) => t.power)).toEqual([3]);
    expect(dropped.assumptions.join("\n")).toContain("w'[");
  });
  test("corrections of order 1/N are extrapolated away", () => {
    const p = programOf([ensemble("X", slots(3), "Normal", [number(0), build.div(total(N, number(7)), build.mul(squared(N), total(N, root(N))))]), w], sum([i, j, k], product(entry("X", i, j, k), at(i), at(j), at(k))));
    expect(accept(p).mixture[0]!.coefficient).toBeCloseTo(1, 9);
  });
  test("a constant mean of the energy is reported apart", () => {
    const p = programOf([ensemble("X", slots(1), "Normal", [number(3), number(1)]), ensemble("Y", slots(3)), w], total(pSpinEnergy(3, "Y"), build.div(sum([i], entry("X", i)), root(N)), number(2)));
    const found = accept(p);
    expect(evaluate(found.mean, { parameters: { N: 16 }, entry: entries })).toBeCloseTo(2 + 3 * 4, 12);
    expect(found.mixture.map((t) => t.power)).toEqual([3]);
  });
});

describe("refused with the reason", () => {
  const three = [ensemble("X", slots(3)), w];
  const bare = sum([i, j, k], product(entry("X", i, j, k), at(i), at(j), at(k)));
  const cases: readonly (readonly [string, Program, RegExp])[] = [
    ["no normalisation", programOf(three, bare), /N\^3·ξ\(q\), not N·ξ\(q\).*not extensive; multiply it by N\^\(-1\)/],
    ["half a power too much", programOf(three, build.div(bare, build.pow(N, number(1.25)))), /N\^\(1\/2\)·ξ\(q\).*multiply it by N\^\(1\/4\)/],
    ["no sphere", programOf(three, pSpinEnergy(3), []), /`w` is not on a sphere: .*sum of squares/],
    ["coin-flip couplings", programOf([ensemble("X", slots(3), "Sign", []), w], pSpinEnergy(3)), /`X` are Sign, not Gaussian/],
    ["a field", programOf(three, total(pSpinEnergy(3), sum([i], at(i)))), /Σ_i w\[i\], which depends on the state but on no ensemble/],
    ["a ferromagnetic mean", programOf([ensemble("X", slots(2), "Normal", [build.div(number(1), N), number(1)]), w], build.div(sum([i, j], product(entry("X", i, j), at(i), at(j))), root(N))), /mean of the energy over the disorder depends on the state/],
    ["a nonlinear function of the state", programOf([ensemble("X", slots(1)), w], sum([i], product(entry("X", i), build.tanh(at(i))))), /through a nonlinear function/],
    ["a square of the disorder", programOf([ensemble("X", slots(1)), w], squared(sum([i], product(entry("X", i), at(i))))), /not linear in the ensembles `X`/],
    ["a nonlinear function of the disorder", programOf([ensemble("X", slots(1)), w], sum([i], build.exp(product(entry("X", i), at(i))))), /not linear in the ensemble `X`/],
    ["squares site by site", programOf([ensemble("X", slots(1)), w], sum([i], product(entry("X", i), squared(at(i))))), /Σ_i w\[i\]\^2 w'\[i\]\^2, which is not a function of the overlap/],
    ["a diagonal alone", programOf(three, build.div(sum([i, k], product(entry("X", i, i, k), squared(at(i)), at(k))), N)), /not a function of the overlap/],
    ["a common random number", programOf([ensemble("g", []), w], product(entry("g"), build.div(sum([i], at(i)), root(N)))), /the magnetisation Σ_i w\[i\]/],
    ["weights that depend on the index", programOf([ensemble("X", slots(1)), w], build.div(sum([i], product(entry("X", i), at(i), value(i))), N)), /weights the entries of the state by their index/],
    ["a chain", programOf([ensemble("X", slots(1)), w], sum([over("c", build.sub(N, number(1)))].flatMap((c) => [c]), number(1))), /doesn't depend on an ensemble/],
    ["neighbours", (() => { const c = over("c", build.sub(N, number(1))); return programOf([ensemble("X", slots(1)), w], sum([c], product(entry("X", c), at(c), entry("w", build.add(value(c), number(1)))))); })(), /particular entries|part of the entries/],
    ["a counted field", programOf([ensemble("X", slots(2)), w], sum([i], build.lt(sum([j], product(entry("X", i, j), at(j))), number(0)))), /condition depends on/],
    ["a fixed size", (() => { const a = over("a", number(10)); return programOf([ensemble("X", [slot(number(10))]), state("w", [slot(number(10))])], sum([a], product(entry("X", a), entry("w", a))), [{ relation: "==", indices: [], left: sum([a], squared(entry("w", a))), right: number(10), span }]); })(), /number of variables is 10, not a parameter/],
    ["two state arrays", programOf([ensemble("X", slots(2)), w, state("v", [slot()])], build.div(sum([i, j], product(entry("X", i, j), at(i), entry("v", j))), root(N)), [onSphere(), onSphere("v")]), /2 state arrays \(w, v\)/],
    ["a product of spheres", (() => { const c = over("c", number(3)); return programOf([ensemble("X", slots(2)), state("w", [slot(), slot(number(3))])], build.div(sum([i, j, c], product(entry("X", i, j), entry("w", i, c), entry("w", j, c))), root(N)), [{ relation: "==", indices: [l], left: sum([c], squared(entry("w", l, c))), right: number(1), span }]); })(), /product of several spheres/],
  ];
  test.each(cases)("%s", (_, p, expected) => expect(reason(p)).toMatch(expected));
});
