import { expect } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";

/** One for each specification: what a theory has solved is not solved again. */
const oracles = new Map<string, ReturnType<typeof theoryOracle>>();

/** What a theory of a specification answers; a refusal is thrown. */
export function askTheory(text: string, theory: string, quantity: string, named: Readonly<Record<string, number>> = {}): { readonly value: number; readonly residual: number; readonly status: string; readonly assumptions: readonly string[] } {
  let oracle = oracles.get(text);
  if (!oracle) {
    const { models, theories, diagnostics } = compile(text);
    expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([]);
    oracles.set(text, (oracle = theoryOracle(theories, models)));
  }
  const answer = oracle({ theory, quantity, arguments: [], named, context: {} });
  if ("refused" in answer) throw new Error(answer.refused);
  return answer;
}
