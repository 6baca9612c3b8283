/** Estimators as folds: parts may be folded apart and merged in any grouping, and a resample is what its records say. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Unit } from "../../../runtime/estimators/estimator.ts";
import { resampling, type Fold } from "../../../runtime/estimators/fold.ts";
import { histogramFold } from "../../../runtime/estimators/histogram.ts";
import { estimators } from "../../../runtime/estimators/index.ts";

const options: Readonly<Record<string, Readonly<Record<string, number>>>> = { quantile: { q: 0.3 }, autocorrelation: { lag: 2 } };
const edges = [-1.5, -0.5, 0, 2];
const folds: Readonly<Record<string, Fold<unknown, unknown>>> = Object.fromEntries(Object.values(estimators).map((e) => [e.name, e.result === "number" ? e.fold(options[e.name] ?? {}) : histogramFold(edges)]));

const close = (a: unknown, b: unknown): void => {
  const numbers = (x: unknown): readonly number[] => (typeof x === "number" ? [x] : Object.values(x as object).flat() as number[]);
  const [left, right] = [numbers(a), numbers(b)];
  expect(left.length).toBe(right.length);
  left.forEach((value, k) => { if (Number.isNaN(value)) expect(right[k]).toBeNaN(); else expect(value).toBeCloseTo(right[k]!, 9); });
};

const value = fc.integer({ min: -12, max: 12 }).map((k) => k / 4);
const unit = (weighted: boolean): fc.Arbitrary<Unit> => fc.array(fc.tuple(value, value, fc.integer({ min: 1, max: 3 })), { minLength: 0, maxLength: 9 })
  .map((rows) => ({ values: [0, 1].map((k) => Float64Array.from(rows, (row) => row[k]!)), lengths: [rows.length], ...(weighted ? { weights: Float64Array.from(rows, (row) => row[2]) } : {}) }));
const units = fc.boolean().chain((weighted) => fc.array(unit(weighted), { minLength: 3, maxLength: 6 }));

describe.each(Object.entries(folds))("%s", (_, fold) => {
  const partOf = (one: Unit): unknown => fold.step(fold.init(), one);
  const isSame = (a: unknown, b: unknown): void => { close(fold.finish(a), fold.finish(b)); };

  test("merges in any grouping, with nothing, and behind what was folded", () => {
    fc.assert(fc.property(fc.tuple(unit(false), unit(false), unit(false)), (three) => {
      const [a, b, c] = three.map(partOf);
      isSame(fold.merge(fold.merge(a, b), c), fold.merge(a, fold.merge(b, c)));
      isSame(fold.merge(fold.init(), a), a);
      isSame(fold.merge(a, fold.init()), a);
      isSame(fold.step(a, three[1]), fold.merge(a, b));
    }), { numRuns: 60, seed: 1 });
  });

  test("merges samples that are over in any grouping", () => {
    if (!fold.close) return;
    const over = (one: Unit): unknown => fold.close!(partOf(one));
    fc.assert(fc.property(fc.tuple(unit(false), unit(false), unit(false)), (three) => {
      const [a, b, c] = three.map(over);
      isSame(fold.merge(fold.merge(a, b), c), fold.merge(a, fold.merge(b, c)));
      isSame(fold.close!(a), a);
    }), { numRuns: 60, seed: 2 });
  });

  test("gives on a resample what its units give one after the other", () => {
    fc.assert(fc.property(units, fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }), fc.boolean(), fc.nat(), (all, some, separate, deleted) => {
      const of = resampling(fold, { units: all, separate });
      for (const multiplicity of [all.map((_, u) => some[u]!), all.map(() => 1), all.map((_, u) => (u === deleted % all.length ? 0 : 1))]) {
        const taken = all.flatMap((one, u) => Array.from({ length: multiplicity[u]! }, () => one));
        const parts = taken.map((one) => (separate && fold.close ? fold.close(partOf(one)) : partOf(one)));
        close(of(multiplicity), fold.finish(parts.reduce((a, b) => fold.merge(a, b), fold.init())));
      }
    }), { numRuns: 60, seed: 3 });
  });
});

test("equal values have that value as mean, and no spread at all", () => {
  const all = Array.from({ length: 7 }, (_, k): Unit => ({ values: [new Float64Array(k + 3).fill(0.1)], lengths: [k + 3] }));
  for (const name of ["mean", "sd", "median"]) for (const deleted of [0, 3, 6]) {
    const of = resampling(folds[name]!, { units: all, separate: false });
    expect(of(all.map((_, u) => (u === deleted ? 0 : 1)))).toBe(name === "sd" ? 0 : 0.1);
  }
});
