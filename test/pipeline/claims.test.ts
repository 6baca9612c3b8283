/**
 * Constructs from text to result: every claim of the accepted programs holds on both targets, in float32 with relaxed SIMD where any of its runs computes in that, and on tfjs where
 * one has a form there. Their right-hand sides are closed forms, exact sums by another formula, or known numbers, so that the verdicts do not rest on what is tested.
 */
import { describe, expect, test } from "vitest";
import { codeNeeded, computesInFloat32 } from "../../compiler/codeNeeded.ts";
import { compile, type Compilation } from "../../compiler/compile.ts";
import { generateModel, type GeneratedModel } from "../../compiler/generateModel.ts";
import type { Program } from "../../compiler/ir/program.ts";
import { tensorCode } from "../../compiler/tensorCode.ts";
import { theoryOracle } from "../../compiler/theory/theoryOracle.ts";
import { hasRelaxedSimd } from "../../runtime/backends/features.ts";
import { dynamics } from "../../runtime/dynamics/index.ts";
import { runTasks, type RunOptions, type RunOutcome } from "../../runtime/engine/index.ts";
import type { RunPlan } from "../../runtime/engine/plan.ts";
import { judgeClaim, type ClaimPoint } from "../../runtime/results/claim.ts";
import { accepted, type AcceptedProgram } from "../cases/accepted.ts";

/** How kernels compute. */
interface Arithmetic { readonly name: string; readonly target: "wasm" | "typescript" | "tfjs"; readonly single?: boolean; readonly fused?: boolean }
const arithmetics: readonly Arithmetic[] = [
  { name: "typescript", target: "typescript" }, { name: "wasm", target: "wasm" },
  { name: "wasm, float32 and relaxed SIMD", target: "wasm", single: true, fused: hasRelaxedSimd() }, { name: "tfjs", target: "tfjs" },
];

/** The specification with the code of each of its programs, for all runs that execute it; or what is wrong. */
function prepare({ text, directory }: AcceptedProgram, { single = false, fused = false }: Pick<Arithmetic, "single" | "fused">): { readonly compilation: Compilation; readonly code: ReadonlyMap<Program, GeneratedModel> } | { readonly problems: readonly string[] } {
  const compilation = compile(text, { directory });
  const problems = compilation.diagnostics.filter((d) => d.severity === "error" || d.code.startsWith("Q9")).map((d) => `${d.code} ${d.message}`);
  if (problems.length > 0) return { problems };
  const code = new Map<Program, GeneratedModel>();
  for (const program of new Set(compilation.programs.values())) {
    const generated = generateModel(program, { single, fused, ...codeNeeded(compilation.runs.filter((plan) => compilation.programs.get(plan.run) === program)) });
    if (!generated.ok) return { problems: generated.diagnostics.map((d) => d.message) };
    code.set(program, generated);
  }
  return { compilation, code };
}

/** The plan as `--target tfjs` takes it, with a tensor program where the model has one; as few starts as there are will do. */
function withTensors(plan: RunPlan, { procedures }: GeneratedModel): { readonly plan: RunPlan; readonly tensors?: RunOptions["tensors"] } {
  const made = dynamics[plan.steps[0]?.dynamics ?? ""]?.createBatch ? tensorCode(procedures) : undefined;
  return made?.ok ? { plan: { ...plan, constants: { tensor_starts: 1 } }, tensors: { program: made.program, backend: "cpu" } } : { plan };
}

async function verdicts({ directory }: AcceptedProgram, prepared: ReturnType<typeof prepare>, target: Arithmetic["target"], slack: number): Promise<Record<string, string>> {
  if ("problems" in prepared) return { compiles: prepared.problems.join("; ") };
  const { compilation, code } = prepared;
  const outcomes: RunOutcome[] = [];
  for (const planned of compilation.runs) {
    const generated = code.get(compilation.programs.get(planned.run)!)!;
    const { javascript, wasm } = generated;
    const { plan, tensors } = target === "tfjs" ? withTensors(planned, generated) : { plan: planned };
    const outcome = await runTasks(plan, { javascript, wasm: wasm.bytes }, { target: target === "tfjs" ? "wasm" : target, ...(tensors ? { tensors } : {}), workers: 1, directory, keepStates: true, others: new Map(outcomes.map((o) => [o.plan.run, o.states])) });
    if (outcome.failures.length > 0) return { runs: outcome.failures[0]!.message };
    outcomes.push(outcome);
  }
  const environment = { runs: new Map(outcomes.map((o) => [o.plan.run, o])), theory: theoryOracle(compilation.theories, compilation.models) };
  return Object.fromEntries(compilation.claims.map((claim) => {
    const result = judgeClaim(claim, environment);
    const holds = result.verdict === "holds" || (slack > 0 && result.points.length > 0 && result.points.every((point) => holdsWithin(point, slack)));
    return [claim.text, holds ? "holds" : `${result.verdict}: ${result.left} and ${result.right} ± ${result.error} ${result.reasons.join("; ")}`];
  }));
}

/** What claims that are exact in float64 are off by where states were moved in float32, relative to their sides. */
const SINGLE = 1e-6;
const holdsWithin = ({ operator, left, right, error, tolerance }: ClaimPoint, slack: number): boolean => {
  const room = slack * Math.max(1, Math.abs(right)) + 3 * error;
  return operator === "~=" ? Math.abs(left - right) <= tolerance + room : operator === "<" || operator === "<=" ? left < right + room : left > right - room;
};

/** Claims that rounding decides: newton stays at a saddle only where the gradient is exactly 0. */
const exactOnly: ReadonlySet<string> = new Set(["claims-certain"]);
/** In CI every third program has its turn in float32 and on tfjs; `npm run verify:all` takes all. */
const takesTurn = (k: number): boolean => process.env["EVERY"] === "1" || k % 3 === 0;

describe.each(accepted.filter((program) => program.asserted).map((program, k) => [program.name, program, k] as const))("%s", (name, program, k) => {
  const prepared = prepare(program, {});
  const runs = "problems" in prepared ? [] : prepared.compilation.runs.map((plan) => ({ plan, generated: prepared.code.get(prepared.compilation.programs.get(plan.run)!)! }));
  const meant = ({ target, single }: Arithmetic): boolean =>
    single ? takesTurn(k) && !exactOnly.has(name) && runs.some(({ plan }) => plan.steps.some(computesInFloat32)) : target !== "tfjs" || (takesTurn(k) && runs.some(({ plan, generated }) => withTensors(plan, generated).tensors !== undefined));
  test.each(arithmetics.filter(meant))("every claim holds on $name", async (arithmetic) => {
    const found = await verdicts(program, arithmetic.single ? prepare(program, arithmetic) : prepared, arithmetic.target, arithmetic.single || arithmetic.target === "tfjs" ? SINGLE : 0);
    expect(Object.keys(found).length).toBeGreaterThan(0);
    expect(Object.entries(found).filter(([, verdict]) => verdict !== "holds")).toEqual([]);
  });
});
