/**
 * Constructs from text to result: every claim of the accepted programs holds on both targets. Their right-hand sides are closed forms, exact sums by
 * another formula, or known numbers, so that the verdicts do not rest on what is tested.
 */
import { describe, expect, test } from "vitest";
import { codeNeeded } from "../../compiler/codeNeeded.ts";
import { compile, type Compilation } from "../../compiler/compile.ts";
import { generateModel, type GeneratedModel } from "../../compiler/generateModel.ts";
import type { Program } from "../../compiler/ir/program.ts";
import { theoryOracle } from "../../compiler/theory/theoryOracle.ts";
import { runTasks, type RunOutcome } from "../../runtime/engine/index.ts";
import { judgeClaim } from "../../runtime/results/claim.ts";
import { accepted, type AcceptedProgram } from "../cases/accepted.ts";

/** The specification with the code of each of its programs, for all runs that execute it; or what is wrong. */
function prepare({ text, directory }: AcceptedProgram): { readonly compilation: Compilation; readonly code: ReadonlyMap<Program, GeneratedModel> } | { readonly problems: readonly string[] } {
  const compilation = compile(text, { directory });
  const problems = compilation.diagnostics.filter((d) => d.severity === "error" || d.code.startsWith("Q9")).map((d) => `${d.code} ${d.message}`);
  if (problems.length > 0) return { problems };
  const code = new Map<Program, GeneratedModel>();
  for (const program of new Set(compilation.programs.values())) {
    const generated = generateModel(program, codeNeeded(compilation.runs.filter((plan) => compilation.programs.get(plan.run) === program)));
    if (!generated.ok) return { problems: generated.diagnostics.map((d) => d.message) };
    code.set(program, generated);
  }
  return { compilation, code };
}

async function verdicts({ directory }: AcceptedProgram, prepared: ReturnType<typeof prepare>, target: "wasm" | "typescript"): Promise<Record<string, string>> {
  if ("problems" in prepared) return { compiles: prepared.problems.join("; ") };
  const { compilation, code } = prepared;
  const outcomes: RunOutcome[] = [];
  for (const plan of compilation.runs) {
    const { javascript, wasm } = code.get(compilation.programs.get(plan.run)!)!;
    const outcome = await runTasks(plan, { javascript, wasm: wasm.bytes }, { target, workers: 1, directory, keepStates: true, others: new Map(outcomes.map((o) => [o.plan.run, o.states])) });
    if (outcome.failures.length > 0) return { runs: outcome.failures[0]!.message };
    outcomes.push(outcome);
  }
  const environment = { runs: new Map(outcomes.map((o) => [o.plan.run, o])), theory: theoryOracle(compilation.theories, compilation.models) };
  return Object.fromEntries(compilation.claims.map((claim) => {
    const result = judgeClaim(claim, environment);
    return [claim.text, result.verdict === "holds" ? "holds" : `${result.verdict}: ${result.left} and ${result.right} ± ${result.error} ${result.reasons.join("; ")}`];
  }));
}

describe.each(accepted.filter((program) => program.asserted))("$name", (program) => {
  const prepared = prepare(program);
  test.each(["typescript", "wasm"] as const)("every claim holds on %s", async (target) => {
    const found = await verdicts(program, prepared, target);
    expect(Object.keys(found).length).toBeGreaterThan(0);
    expect(Object.entries(found).filter(([, verdict]) => verdict !== "holds")).toEqual([]);
  });
});
