/**
 * Constructs from text to result: every claim of the accepted programs `claims-…` holds on both targets. Their right-hand sides are closed forms, exact sums
 * by another formula, or known numbers, so that the verdicts do not rest on what is tested.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { theoryOracle } from "../../compiler/theory/theoryOracle.ts";
import { dynamics } from "../../runtime/dynamics/index.ts";
import { runTasks, type RunOutcome } from "../../runtime/engine/index.ts";
import { judgeClaim } from "../../runtime/results/claim.ts";

const root = join(import.meta.dirname, "../cases/accept");

async function verdicts(directory: string, target: "wasm" | "typescript"): Promise<Record<string, string>> {
  const compilation = compile(readFileSync(join(directory, "spec.quench"), "utf8"), { directory });
  const problems = compilation.diagnostics.filter((d) => d.severity === "error" || d.code.startsWith("Q9")).map((d) => `${d.code} ${d.message}`);
  if (problems.length > 0) return { compiles: problems.join("; ") };
  const outcomes: RunOutcome[] = [];
  for (const plan of compilation.runs) {
    const program = compilation.programs.get(plan.run)!;
    const needs = plan.steps.flatMap((s) => dynamics[s.dynamics]?.needs ?? []);
    const generated = generateModel(program, { hessian: needs.includes("hessian"), miniBatches: needs.includes("miniBatches"), ...(needs.includes("delta") ? { moves: true } : {}) });
    if (!generated.ok) return { generates: generated.diagnostics.map((d) => d.message).join("; ") };
    const outcome = await runTasks(plan, { javascript: generated.javascript, wasm: generated.wasm.bytes }, { target, workers: 1, directory, keepStates: true, others: new Map(outcomes.map((o) => [o.plan.run, o.states])) });
    if (outcome.failures.length > 0) return { runs: outcome.failures[0]!.message };
    outcomes.push(outcome);
  }
  const environment = { runs: new Map(outcomes.map((o) => [o.plan.run, o])), theory: theoryOracle(compilation.theories, compilation.models) };
  return Object.fromEntries(compilation.claims.map((claim) => {
    const result = judgeClaim(claim, environment);
    return [claim.text, result.verdict === "holds" ? "holds" : `${result.verdict}: ${result.left} and ${result.right} ± ${result.error} ${result.reasons.join("; ")}`];
  }));
}

describe.each(readdirSync(root).filter((name) => name.startsWith("claims-")))("%s", (name) => {
  test.each(["typescript", "wasm"] as const)("every claim holds on %s", async (target) => {
    const found = await verdicts(join(root, name), target);
    expect(Object.keys(found).length).toBeGreaterThan(0);
    expect(Object.entries(found).filter(([, verdict]) => verdict !== "holds")).toEqual([]);
  });
});
