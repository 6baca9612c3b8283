import { expect } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";

/** What a theory of a specification answers; a refusal is thrown. */
export function askTheory(text: string, theory: string, quantity: string, named: Readonly<Record<string, number>> = {}): { readonly value: number; readonly residual: number; readonly status: string; readonly assumptions: readonly string[] } {
  const { models, theories, diagnostics } = compile(text);
  expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([]);
  const answer = theoryOracle(theories, models)({ theory, quantity, arguments: [], named, context: {} });
  if ("refused" in answer) throw new Error(answer.refused);
  return answer;
}
