import type { RunPlan } from "../runtime/engine/plan.ts";
import { atPoint } from "../runtime/engine/plan.ts";
import type { KeptStates } from "../runtime/results/store/runDirectory.ts";
import { arraySizes } from "./1-check/checkSizes.ts";
import { copiesIn, type Program } from "./ir/program.ts";

/**
 * Which states of a run are kept: those at all records if they fit into the budget, else the last of each task if these fit. A function of
 * plan, sizes and budget alone, by the largest amounts.
 * @param budget most bytes, of all tasks of the run together
 */
export function keptStates(plan: RunPlan, program: Program, budget: number): KeptStates {
  const tasks = plan.samples * plan.starts;
  const measure = plan.steps.find((step) => step.kind === "measure");
  const bytes = plan.points.map(({ parameters }, point) => {
    const state = bytesOfState(program, parameters);
    const records = measure === undefined ? 1 : Math.floor(atPoint(measure.amount, point) / atPoint(measure.every, point));
    return { final: tasks * state * (1 + (plan.copies?.length ?? 0)), recorded: tasks * state * records * (1 + copiesIn(program).length) };
  });
  const [final, recorded] = [bytes.reduce((sum, b) => sum + b.final, 0), bytes.reduce((sum, b) => sum + b.recorded, 0)];
  return { final: final <= budget, recorded: final + recorded <= budget };
}

/** Of one state as it is stored: a byte for each discrete variable, eight for others. */
function bytesOfState(program: Program, parameters: Readonly<Record<string, number>>): number {
  const values = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...parameters };
  return arraySizes(program, values).reduce((sum, { array: { origin }, bytes }) => {
    if (origin.kind !== "state") return sum;
    const discrete = ["spin", "bit", "potts"].includes(origin.domain.name);
    return sum + (discrete ? bytes / 8 : bytes);
  }, 0);
}
