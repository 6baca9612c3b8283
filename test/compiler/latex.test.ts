/** KaTeX parses every formula that `explain --latex` prints for the accepted programs, in its strict mode. */
import katex from "katex";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { explainModel } from "../../compiler/explain.ts";
import { declaredTheory } from "../../compiler/theory/declaredTheory.ts";
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
  test("what is no LaTeX is found", () => expect(objection("\\frac{1}")).toBeDefined());
});
