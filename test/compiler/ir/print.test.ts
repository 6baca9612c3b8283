import { describe, expect, test } from "vitest";
import { parameter, reduce } from "../../../compiler/ir/expression.ts";
import type { Expression } from "../../../compiler/ir/expression.ts";
import { latex, latexForm, latexName } from "../../../compiler/ir/latex.ts";
import { normalise } from "../../../compiler/ir/normalise.ts";
import { print, printForm } from "../../../compiler/ir/print.ts";
import { build } from "../../../compiler/library/ops/index.ts";
import { N, entry, number, over, pSpinEnergy, product, squared, sum, total, value } from "./programs.ts";

const [i, j, k] = [over("i"), over("j"), over("k")];
const [x, y, z] = [parameter("x"), parameter("y"), parameter("z")];
const w = (a: typeof i): Expression => entry("w", a);

describe("parentheses are minimal and enough", () => {
  test.each(([
    [build.mul(total(x, y), z), "(x + y) z"],
    [total(x, product(y, z)), "x + y z"],
    [build.sub(x, build.sub(y, z)), "x - (y - z)"],
    [build.sub(build.sub(x, y), z), "x - y - z"],
    [build.sub(x, total(y, z)), "x - (y + z)"],
    [total(x, total(y, z)), "x + y + z"],
    [build.div(x, product(y, z)), "x / (y z)"],
    [build.mul(build.div(x, y), z), "(x / y) z"],
    [build.div(build.mul(x, y), z), "x y / z"],
    [build.pow(build.neg(x), number(2)), "(-x)^2"],
    [build.neg(build.pow(x, number(2))), "-x^2"],
    [build.pow(x, build.pow(y, z)), "x^y^z"],
    [build.pow(build.pow(x, y), z), "(x^y)^z"],
    [build.mul(number(2), number(3)), "2 · 3"],
    [build.mul(x, number(-3)), "x (-3)"],
    [build.exp(build.neg(total(x, y))), "exp(-(x + y))"],
    [build.and(build.or(x, y), build.lt(total(x, y), z)), "(x or y) and x + y < z"],
    [build.select(build.lt(x, y), x, build.neg(y)), "if x < y then x else -y"],
    [build.mul(build.select(build.lt(x, y), x, y), z), "(if x < y then x else y) z"],
    [build.log_gauss_tail(x), "log Q(x)"],
    [build.sqrt(total(x, y)), "√(x + y)"],
    [total(build.mul(sum([i], w(i)), N), number(1)), "(Σ_i w[i]) N + 1"],
    [reduce("max", [i], build.abs(w(i))), "max_i |w[i]|"],
    [entry("w", build.add(value(i), number(1))), "w[i+1]"],
    [sum([i, j], product(w(i), w(j)), build.ne(value(i), value(j))), "Σ_{i ≠ j} w[i] w[j]"],
  ] as readonly (readonly [Expression, string])[]).map(([e, expected]) => ({ e, expected })))("$expected", ({ e, expected }) => expect(print(e)).toBe(expected));
});

describe("normal forms", () => {
  test.each(([
    [pSpinEnergy(3), "(1/N) Σ_{i,j,k} X[i,j,k] w[i] w[j] w[k]", "\\frac{1}{N} \\, \\sum_{i,j,k} \\, X_{i,j,k} \\, w_{i} \\, w_{j} \\, w_{k}"],
    [pSpinEnergy(4), "(1/N^(3/2)) Σ_{i,j,k,l} X[i,j,k,l] w[i] w[j] w[k] w[l]", "\\frac{1}{N^{3/2}} \\, \\sum_{i,j,k,l} \\, X_{i,j,k,l} \\, w_{i} \\, w_{j} \\, w_{k} \\, w_{l}"],
    [build.neg(sum([i, j, k], product(entry("J", i, j, k), w(i), w(j)), build.lt(value(i), value(j)), build.lt(value(j), value(k)))), "-Σ_{i < j < k} J[i,j,k] w[i] w[j]", "-\\sum_{i < j < k} \\, J_{i,j,k} \\, w_{i} \\, w_{j}"],
    [build.sub(build.div(squared(x), number(2)), build.div(y, total(x, number(1)))), "x^2/2 - y/(1 + x)", "\\frac{x^{2}}{2} - \\frac{y}{1 + x}"],
    [sum([i], build.lt(w(i), number(0))), "Σ_i [w[i] < 0]", "\\sum_{i} \\, \\left[w_{i} < 0\\right]"],
    [build.sub(x, x), "0", "0"],
    [number(-0.75), "-3/4", "-\\frac{3}{4}"],
    [sum([i], build.div(w(i), total(number(1), squared(w(i))))), "Σ_i (w[i]/(1 + w[i]^2))", "\\sum_{i} \\, \\frac{w_{i}}{1 + w_{i}^{2}}"],
  ] as readonly (readonly [Expression, string, string])[]).map(([e, text, tex]) => ({ e, text, tex })))("$text", ({ e, text, tex }) => {
    const form = normalise(e, { positive: new Set(["N"]) });
    expect(printForm(form)).toBe(text);
    expect(latexForm(form)).toBe(tex);
  });

  test("an index doesn't take the name of an array or of another index in sight", () => {
    expect(print(sum([i], product(entry("i"), w(i))))).not.toContain("i[i]");
    expect(print(sum([i], product(w(i), build.exp(sum([over("i")], number(1))))))).toMatch(/Σ_i .*Σ_j/);
  });
});

test("names in LaTeX", () => {
  expect(["alpha", "α", "w", "W1", "beta2", "x_3", "loss", "test_error"].map(latexName)).toEqual(["\\alpha", "\\alpha", "w", "W_{1}", "\\beta_{2}", "x_{3}", "\\mathrm{loss}", "\\mathrm{test\\_error}"]);
  expect(latex(entry("W1", i, j))).toBe("{W_{1}}_{i,j}");
});
