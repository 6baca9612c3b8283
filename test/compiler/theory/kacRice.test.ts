import { describe, expect, test } from "vitest";
import { kacRice } from "../../../compiler/theory/kacRice.ts";
import type { Mixture } from "../../../compiler/theory/gaussian/mixture.ts";
import { maximize } from "../../../compiler/theory/maximize.ts";
import type { Theory } from "../../../compiler/theory/prediction.ts";

const theory = (mixture: Mixture): Theory => {
  const made = kacRice(mixture, []);
  if ("refused" in made) throw new Error(made.refused);
  return made;
};
const value = (t: Theory, quantity: string, ...arguments_: number[]): number => {
  const p = t.predict(quantity, arguments_);
  if ("refused" in p) throw new Error(p.refused);
  expect(p.residual).toBeLessThan(1e-10);
  return p.value;
};
const pure = (p: number, coefficient = 1): Theory => theory([{ power: p, coefficient }]);

describe("pure models agree with the table of PAPER 3 (Auffinger, Ben Arous, Černý)", () => {
  const table: Record<number, readonly number[]> = {
    3: [1.632993, 1.656998, 1.652873, 1.650253, 1.648399, 1.646999, 1.645893, 0.01324],
    4: [1.732051, 1.794085, 1.7833, 1.776478, 1.771662, 1.768032, 1.765171, 0.049306],
    5: [1.788854, 1.887989, 1.870576, 1.859599, 1.85187, 1.846053, 1.841474, 0.093147],
    10: [1.897367, 2.135364, 2.092142, 2.065219, 2.046407, 2.032328, 2.021294, 0.298612],
  };
  for (const [p, [infinite, ...rest]] of Object.entries(table)) {
    test(`p = ${p}`, () => {
      const t = pure(Number(p));
      expect(value(t, "E_inf")).toBeCloseTo(infinite!, 6);
      for (let k = 0; k <= 5; k++) expect(value(t, "E", k)).toBeCloseTo(rest[k]!, 5.9);
      expect(value(t, "complexity", -value(t, "E_inf"), 0)).toBeCloseTo(rest[6]!, 5.9);
    });
  }
  test("eight digits at p = 3", () => {
    const t = pure(3);
    expect(Math.abs(value(t, "E", 0) - 1.65699836)).toBeLessThan(1e-8);
    expect(Math.abs(value(t, "E", 1) - 1.6528732)).toBeLessThan(1e-8);
    expect(Math.abs(value(t, "complexity", -value(t, "E_inf"), 0) - 0.01324026)).toBeLessThan(1e-8);
  });
});

/** Θ_p and Θ_{k,p} as THEORY.md A writes them, in terms of u alone. */
function published(p: number, u: number, k?: number): number {
  const e = 2 * Math.sqrt((p - 1) / p);
  const rate = u < -e ? -(u / e ** 2) * Math.sqrt(u * u - e * e) - Math.log(-u + Math.sqrt(u * u - e * e)) + Math.log(e) : 0;
  const parabola = 0.5 * Math.log(p - 1) - (p - 2) / (4 * (p - 1)) * u * u;
  if (k !== undefined) return u <= -e ? parabola - (k + 1) * rate : 0.5 * Math.log(p - 1) - (p - 2) / p;
  return u >= 0 ? 0.5 * Math.log(p - 1) : parabola - rate;
}

test("the published formulas hold for all energies and indices", () => {
  for (const p of [3, 4, 7]) {
    const t = pure(p);
    for (let u = -2.2; u <= 0.4; u += 0.0831) {
      expect(value(t, "complexity", u)).toBeCloseTo(published(p, u), 12);
      for (const k of [0, 1, 4]) expect(value(t, "complexity", u, k)).toBeCloseTo(published(p, u, k), 12);
    }
  }
});

test("scaling the energy by c scales the energies of the theory by c", () => {
  const [one, three] = [pure(3), pure(3, 9)];
  expect(value(three, "E", 2)).toBeCloseTo(3 * value(one, "E", 2), 9);
  expect(value(three, "complexity", -4.95, 1)).toBeCloseTo(value(one, "complexity", -1.65, 1), 10);
});

test("a constant mean moves all energies", () => {
  const made = kacRice([{ power: 3, coefficient: 1 }], [], 3);
  if ("refused" in made) throw new Error(made.refused);
  expect(value(made, "E_inf")).toBeCloseTo(value(pure(3), "E_inf") - 3, 12);
  expect(value(made, "E", 1)).toBeCloseTo(value(pure(3), "E", 1) - 3, 9);
  expect(value(made, "complexity", 1.36, 0)).toBeCloseTo(value(pure(3), "complexity", -1.64, 0), 10);
});

describe("mixtures", () => {
  test("a mixture with a vanishing second part tends to the pure model", () => {
    const nearly = theory([{ power: 3, coefficient: 1 }, { power: 4, coefficient: 1e-9 }]);
    expect(value(nearly, "E_inf")).toBeCloseTo(value(pure(3), "E_inf"), 6);
    expect(value(nearly, "E", 0)).toBeCloseTo(value(pure(3), "E", 0), 6);
    expect(value(nearly, "complexity", -1.64, 1)).toBeCloseTo(value(pure(3), "complexity", -1.64, 1), 6);
    expect(value(nearly, "complexity", -1.2)).toBeCloseTo(value(pure(3), "complexity", -1.2), 6);
  });
  test("threshold and complexity there: E' and ½ G of Auffinger and Ben Arous (2013)", () => {
    const t = theory([{ power: 3, coefficient: 0.5 }, { power: 4, coefficient: 0.5 }]);
    const [a, b] = [0.5 * 3 + 0.5 * 4, 0.5 * 6 + 0.5 * 12];
    expect(value(t, "E_inf")).toBeCloseTo((b - a + a * a) / (a * Math.sqrt(b)), 12);
    const g = Math.log(b / a) - (b - a) * (b - a + a * a) / (b * a * a);
    // `complexity` is cumulative; the density at the threshold is the supremum only where it still rises with u.
    const slopeAt = (value(t, "complexity", -value(t, "E_inf") - 1e-4, 0) - value(t, "complexity", -value(t, "E_inf"), 0));
    expect(slopeAt).toBeLessThan(0);
    expect(value(t, "complexity", -value(t, "E_inf"), 0)).toBeCloseTo(g / 2, 8);
  });
  test("the total number of critical points is that of Fyodorov: ½ log(ξ''/ξ') at its maximum", () => {
    const t = theory([{ power: 2, coefficient: 0.4 }, { power: 3, coefficient: 0.8 }]);
    const [a, b] = [0.8 + 2.4, 0.8 + 4.8];
    expect(value(t, "complexity", 5)).toBeCloseTo(0.5 * Math.log(b / a), 10);
  });
  test("the maximum over (u, x) found by brute force on a grid", () => {
    const t = theory([{ power: 3, coefficient: 0.7 }, { power: 5, coefficient: 0.6 }]);
    const [xi, a, b] = [1.3, 2.1 + 3, 4.2 + 12];
    const s = (u: number, x: number): number => {
      const e = Math.abs(x) / (2 * Math.sqrt(b));
      const rate = e > 1 ? e * Math.sqrt(e * e - 1) - Math.log(e + Math.sqrt(e * e - 1)) : 0;
      const determinant = xi * (a + b) - a * a;
      return 0.5 * Math.log(b / a) + x * x / (4 * b) - rate - 0.5 * ((a + b) * u * u - 2 * a * u * x + xi * x * x) / determinant;
    };
    const best = (u: number, top: number): number => s(u, maximize((x) => s(u, x), -60, top));
    for (const u of [-2.4, -2.2, -1.5, -0.5]) expect(value(t, "complexity", u)).toBeCloseTo(best(u, 60), 8);
    for (const u of [-2.4, -2.3]) expect(value(t, "complexity", u, 0)).toBeCloseTo(best(u, -2 * Math.sqrt(b)), 8);
  });
  test("layers of a mixture (values by an independent search over u and x); minima end at the ground state of one step", () => {
    const three4 = theory([{ power: 3, coefficient: 0.5 }, { power: 4, coefficient: 0.5 }]), three5 = theory([{ power: 3, coefficient: 0.9 }, { power: 5, coefficient: 0.1 }]);
    [1.73306955835, 1.72729498395, 1.72403493643].forEach((e, k) => expect(value(three4, "E", k)).toBeCloseTo(e, 9));
    [1.68966371787, 1.68645073366, 1.68483774916].forEach((e, k) => expect(value(three5, "E", k)).toBeCloseTo(e, 9));
  });
  test("layers are refused for a full mixture, minima are not", () => {
    const full = theory([{ power: 2, coefficient: 1 }, { power: 20, coefficient: 0.05 }]);
    expect(full.predict("E", [1])).toHaveProperty("refused");
    expect(value(full, "E", 0)).toBeGreaterThan(0);
  });
});

test("what has no complexity is refused with the reason", () => {
  expect(kacRice([{ power: 1, coefficient: 1 }], [])).toHaveProperty("refused");
  expect(kacRice([{ power: 3, coefficient: -1 }], [])).toHaveProperty("refused");
  expect(pure(2).predict("E", [3])).toHaveProperty("refused");
  expect(value(pure(2), "E", 0)).toBeCloseTo(Math.SQRT2, 7);
  expect(pure(3).predict("E", [0.5])).toHaveProperty("refused");
  expect(pure(3).predict("complexity", [-1, -1])).toHaveProperty("refused");
});
