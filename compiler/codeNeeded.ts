/** What the dynamics of runs ask of a model's code, beyond what its observables do. */
import type { Need } from "../runtime/dynamics/dynamics.ts";
import { dynamics } from "../runtime/dynamics/index.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import type { GenerateOptions } from "./generateModel.ts";

/** The options under which the code of one program serves all of `runs`, which execute it. */
export function codeNeeded(runs: readonly RunPlan[]): GenerateOptions {
  const needs = new Set(runs.flatMap((run) => run.steps.flatMap((step): readonly Need[] => dynamics[step.dynamics]?.needs ?? [])));
  return {
    hessian: needs.has("hessian"),
    miniBatches: needs.has("surrogate") ? "surrogate" : needs.has("miniBatches"),
    factorGraph: needs.has("factorGraph"),
    ...(needs.has("delta") ? { moves: true } : {}),
  };
}
