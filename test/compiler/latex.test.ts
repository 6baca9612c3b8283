/** KaTeX parses every formula that `explain --latex` prints for the accepted programs, in its strict mode. */
import katex from "katex";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { explainModel } from "../../compiler/explain.ts";
import { latexName } from "../../compiler/ir/latex.ts";
import { declaredTheory } from "../../compiler/theory/declaredTheory.ts";
import { deriveTheory } from "../../compiler/theory/deriveTheory.ts";
import { theoryParameters } from "../../compiler/theory/theoryParameters.ts";
import { accepted } from "../cases/accepted.ts";

/** What KaTeX says against a formula. */
function objection(formula: string): string | undefined {
  try {
    katex.renderToString(formula, { throwOnError: true, strict: "error", output: "html" });
    return undefined;
  } catch (error) {
    return `${formula}: ${String(error)}`;
  }
}

describe("formulas in LaTeX", () => {
  test.each(accepted.map((program) => [program.name, program] as const))("%s", (_, { text, directory }) => {
    const { models, theories } = compile(text, { directory, deriveTheories: false });
    const sections = models.flatMap(({ program }) => (program ? explainModel(program, Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), { target: "wasm", latex: true }) : []));
    const formulas = sections.flatMap((s) => (s.mathematics ? s.lines : []));
    const equations = theories.flatMap(({ name, declared }) => {
      const theory = declared && declaredTheory(name, declared).solve(Object.fromEntries(declared.parameters.map((p) => [p.name, p.default])));
      return theory === undefined || "refused" in theory ? [] : theory.equations.flatMap((e) => (typeof e === "string" ? [] : [e.latex]));
    });
    expect(models.every(({ program }) => program === undefined) || formulas.length > 0).toBe(true);
    expect([...formulas, ...equations].map(objection).filter((o) => o !== undefined)).toEqual([]);
  });
  test("names with a hat or a sign", () => {
    expect(["q̂", "ŵ", "R̂_2", "−e", "α", "qhat"].map(latexName)).toEqual(["\\hat{q}", "\\hat{w}", "\\hat{R}_{2}", "-e", "\\alpha", "\\mathrm{qhat}"]);
    const model = "model S(N = 100) { ensemble J[i < j in N] ~ Normal(0, var = 1/N) state s[i in N] : real constraint sum(i) s[i]^2 == N energy H = -sum(i < j) J[i,j]*s[i]*s[j] }\ntheory A of S = replica(rs, T = 0)";
    const { models, theories } = compile(model);
    const [plan] = theories, program = models[0]!.program!;
    const theory = deriveTheory(plan!, program, theoryParameters(plan!, program));
    const formulas = "refused" in theory ? [] : theory.equations.flatMap((e) => (typeof e === "string" ? [] : [e.latex]));
    expect(formulas.join("\n")).toContain("0 = \\frac{\\partial \\left(-e\\right)}{\\partial \\chi} = ");
    expect(formulas.filter((formula) => /[^\x20-\x7e]/.test(formula) || objection(formula) !== undefined)).toEqual([]);
  });
  test("what is no LaTeX is found", () => expect(objection("\\frac{1}")).toBeDefined());
});
