/** What the dynamics of runs ask of a model's code, beyond what its observables do. */
import { needsWith, type Need } from "../runtime/dynamics/dynamics.ts";
import { dynamics } from "../runtime/dynamics/index.ts";
import type { PlannedStep, RunPlan } from "../runtime/engine/plan.ts";
import { canRunTogether } from "../runtime/engine/runTogether.ts";
import type { GenerateOptions } from "./generateModel.ts";

/** What a step needs of the model's code. */
export const needsOfStep = ({ dynamics: name, arguments: [given] }: Pick<PlannedStep, "dynamics" | "arguments">): readonly Need[] => {
  const entry = dynamics[name];
  return entry ? needsWith(entry, Object.keys(given ?? {})) : [];
};

/** Whether `--precision f32` changes what a step computes. */
export const computesInFloat32 = (step: Pick<PlannedStep, "dynamics" | "arguments">): boolean => needsOfStep(step).some((need) => need === "gradient" || need === "delta" || need === "miniBatches");

const needsOf = (runs: readonly RunPlan[]): ReadonlySet<Need> => new Set(runs.flatMap((run) => run.steps.flatMap(needsOfStep)));

/** Of what mini-batches are, in a run: of one thing only (`checkGradients`). */
const batchesOf = (needs: ReadonlySet<Need>): NonNullable<GenerateOptions["miniBatches"]> => (needs.has("hinge") ? "hinge" : needs.has("surrogate") ? "softplus" : needs.has("miniBatches"));

/** Those of `plans` that the code for `plan` serves too: of the same program (`programOf`), and with the same gradients over mini-batches, if any. */
export function servedWith<P>(plan: RunPlan, plans: readonly RunPlan[], programOf: (plan: RunPlan) => P): readonly RunPlan[] {
  const own = batchesOf(needsOf([plan]));
  return plans.filter((other) => programOf(other) === programOf(plan) && batchesOf(needsOf([other])) === own);
}

/** The options under which the code of one program serves all of `runs`, which execute it. */
export function codeNeeded(runs: readonly RunPlan[]): GenerateOptions {
  const needs = needsOf(runs);
  return {
    hessian: needs.has("hessian"),
    miniBatches: batchesOf(needs),
    factorGraph: needs.has("factorGraph"),
    ...(needs.has("delta") ? { moves: true } : {}),
    lanes: runs.some(canRunTogether),
  };
}
