/** Rewritten models are the same model: same normal form, same energies, same covariance. */
import { describe, expect, test } from "vitest";
import { evaluate, programEntries } from "../../../compiler/ir/evaluate.ts";
import { read, rewrite } from "../../../compiler/ir/expression.ts";
import type { Expression, Index } from "../../../compiler/ir/expression.ts";
import { inlinedBody } from "../../../compiler/ir/inline.ts";
import { key, normalise, positiveParameters } from "../../../compiler/ir/normalise.ts";
import type { Program } from "../../../compiler/ir/program.ts";
import { assertVerified } from "../../../compiler/ir/verify.ts";
import { build } from "../../../compiler/library/ops/index.ts";
import { gaussianCovariance } from "../../../compiler/library/recognisers/gaussianCovariance.ts";
import { N, definition, ensemble, entries, entry, number, onSphere, over, product, programOf, renamedByRole, slot, state, sum, total } from "../ir/programs.ts";

const indices = (p: number, first = 0): readonly Index[] => Array.from({ length: p }, (_, k) => over("abcdefgh"[first + k]!));
const root = (p: number): Expression => build.pow(N, number((p - 1) / 2));
const slots = (p: number) => Array.from({ length: p }, () => slot());

/** The same p-spin energy, written differently each time; `X` and `w` are the names of the arrays. */
const writings: Readonly<Record<string, (p: number, X: string, w: string) => { readonly lets?: Program["arrays"]; readonly energy: Expression }>> = {
  "as on paper": (p, X, w) => {
    const i = indices(p);
    return { energy: build.div(sum(i, product(entry(X, ...i), ...i.map((a) => entry(w, a)))), root(p)) };
  },
  "indices and factors permuted": (p, X, w) => {
    const i = indices(p);
    return { energy: build.div(sum([...i].reverse(), product(...[...i].reverse().map((a) => entry(w, a)), entry(X, ...i))), root(p)) };
  },
  "indices renamed by rotation": (p, X, w) => {
    const i = indices(p);
    const rotated = [...i.slice(1), i[0]!];
    return { energy: build.div(sum(i, product(entry(w, i[0]!), entry(X, ...rotated), ...i.slice(1).map((a) => entry(w, a)))), root(p)) };
  },
  "nested sums": (p, X, w) => {
    const i = indices(p);
    const energy = i.reduce<Expression>((inner, a, k) => sum([a], k === 0 ? product(entry(w, a), inner) : product(inner, entry(w, a))), entry(X, ...i));
    return { energy: product(build.pow(N, number(-(p - 1) / 2)), energy) };
  },
  "factor inside the sum, in two parts": (p, X, w) => {
    const i = indices(p);
    const body = product(entry(X, ...i), ...i.map((a) => build.div(entry(w, a), build.sqrt(N))), build.sqrt(N));
    return { energy: total(sum(i, product(number(0.25), body)), product(number(3), sum(i, build.mul(body, number(0.25))))) };
  },
  "an expanded product": (p, X, w) => {
    const i = indices(p);
    const factor = entry(w, i[0]!);
    const split = total(build.mul(number(3), factor), build.neg(build.mul(number(2), factor)));
    return { energy: sum(i, build.div(product(split, entry(X, ...i), ...i.slice(1).map((a) => entry(w, a))), root(p))) };
  },
  "a local field in a let": (p, X, w) => {
    const i = indices(p);
    const [first, ...others] = i;
    const field = definition("h", [first!], sum(others, product(entry(X, ...i), ...others.map((a) => entry(w, a)))));
    const m = over("m");
    return { lets: [field], energy: build.div(sum([m], product(entry("h", m), entry(w, m))), root(p)) };
  },
  "two lets in a row": (p, X, w) => {
    const [a, b] = [over("a"), over("b")];
    const rest = indices(p - 1, 2);
    const scaled = definition("v", [a], build.div(entry(w, a), build.sqrt(N)));
    const field = definition("h", [b], sum(rest, product(entry(X, b, ...rest), ...rest.map((r) => entry("v", r)))));
    const m = over("m");
    return { lets: [scaled, field], energy: sum([m], product(entry(w, m), entry("h", m))) };
  },
};

const program = (orders: readonly number[], write: (typeof writings)[string], names: { readonly X: string; readonly w: string }): Program => {
  const parts = orders.map((p) => ({ p, X: `${names.X}${p}`, ...write(p, `${names.X}${p}`, names.w) }));
  const renamedLets = parts.flatMap(({ p, lets = [] }) => lets.map((l) => ({ l, p })));
  // Lets of different orders get different names.
  const suffix = (e: Expression, p: number): Expression => renamed(e, new Map((parts.find((x) => x.p === p)!.lets ?? []).map((l) => [l.name, `${l.name}${p}`])));
  const lets = renamedLets.map(({ l, p }) => (l.origin.kind === "definition" ? { ...l, name: `${l.name}${p}`, origin: { ...l.origin, body: suffix(l.origin.body, p) } } : l));
  const energy = total(...parts.map(({ p, energy: e }, k) => product(number(k === 0 ? 1 : 0.5), suffix(e, p))));
  return programOf([...parts.map(({ p, X }) => ensemble(X, slots(p))), state(names.w, [slot()]), ...lets], energy, [onSphere(names.w)]);
};
const renamed = (e: Expression, names: ReadonlyMap<string, string>): Expression =>
  rewrite(e, (node) => (node.kind === "read" ? read(names.get(node.array) ?? node.array, node.subscripts) : node));

const normalKey = (p: Program): string =>
  key(normalise(renamedByRole(p, inlinedBody(p, "H").body), { positive: positiveParameters(p) }));

describe.each([[[2]], [[3]], [[4]], [[2, 3]], [[2, 4]]])("orders %j", (orders) => {
  const reference = program(orders, writings["as on paper"]!, { X: "X", w: "w" });
  const expected = gaussianCovariance(reference);
  const size = orders.includes(4) ? 3 : 4;
  const energyOf = (p: Program, X: string, w: string): number => {
    // The same numbers whatever the arrays are called.
    const given = (array: string, subscripts: readonly number[]): number => entries(array.replace(X, "X").replace(w, "w"), subscripts);
    return evaluate(declaredEnergy(p), { parameters: { N: size }, entry: programEntries(p, { N: size }, given) });
  };
  test("the covariance is the known one", () => {
    expect(expected.ok && expected.mixture.map((t) => t.power)).toEqual(orders);
    if (expected.ok) expected.mixture.forEach((t, k) => expect(t.coefficient).toBeCloseTo(k === 0 ? 1 : 0.25, 12));
  });
  for (const [name, write] of Object.entries(writings)) {
    test.each([{ X: "X", w: "w" }, { X: "couplings", w: "σ" }])(`${name}: %j`, (names) => {
      const p = program(orders, write, names);
      assertVerified(name, p);
      expect(normalKey(p)).toBe(normalKey(reference));
      const [a, b] = [energyOf(p, names.X, names.w), energyOf(reference, "X", "w")];
      expect(Math.abs(b)).toBeGreaterThan(1e-3);
      expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(b)));
      const covariance = gaussianCovariance(p);
      expect(covariance.ok).toBe(true);
      if (!covariance.ok || !expected.ok) return;
      expect(covariance.mixture).toEqual(expected.mixture);
      expect(covariance.covariance).toEqual(expected.covariance);
    });
  }
});

test("another index structure is another model", () => {
  const [i, j] = [over("i"), over("j")];
  const cross = programOf([ensemble("X2", slots(2)), state("w", [slot()])], build.div(sum([i, j], product(entry("X2", i, j), entry("w", i), entry("w", i))), root(2)));
  expect(normalKey(cross)).not.toBe(normalKey(program([2], writings["as on paper"]!, { X: "X", w: "w" })));
});

/** The energy as declared, its lets read through `programEntries`. */
function declaredEnergy(p: Program): Expression {
  const { origin } = p.arrays.find((a) => a.name === p.energy)!;
  if (origin.kind !== "definition") throw new Error("no energy");
  return origin.body;
}
