/** What chance has a part in, run by run: where it has none, one start gives a number without an error. */
import { dynamics } from "../runtime/dynamics/index.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { closure } from "./ir/closure.ts";
import type { ArrayDeclaration, Program } from "./ir/program.ts";

/** Functions that draw random numbers at every evaluation. */
const drawing: ReadonlySet<string> = new Set(["flip", "flipBits", "traceEstimate"]);

/** @param runs in the order in which they are run, so that what a run continues from comes before it */
export function withChance(runs: readonly RunPlan[], programs: ReadonlyMap<string, Program>): readonly RunPlan[] {
  const known = new Map<string, RunPlan>();
  for (const plan of runs) {
    const program = programs.get(plan.run);
    known.set(plan.run, program ? { ...plan, chance: { states: statesByChance(plan, program, known), observables: plan.record.filter((name) => closure(program, [name]).some(draws)) } } : plan);
  }
  return [...known.values()];
}

const draws = ({ origin }: ArrayDeclaration): boolean => origin.kind === "call" && drawing.has(origin.function);

function statesByChance({ steps, continues }: RunPlan, program: Program, before: ReadonlyMap<string, RunPlan>): boolean {
  const sources = (continues?.runs ?? []).some(({ run }) => before.get(run)?.chance?.states !== false);
  const disorder = program.arrays.some(({ origin }) => origin.kind === "ensemble");
  const moves = steps.some(({ dynamics: name, arguments: given }) => !given.every((at) => dynamics[name]?.deterministic?.(at) === true));
  return sources || disorder || moves || closure(program, [program.energy]).some(draws) || program.arrays.some((array) => startsByChance(array, continues));
}

/** Whether a state is drawn where it starts; one that continues from another run is not. */
function startsByChance({ name, origin }: ArrayDeclaration, continues: RunPlan["continues"]): boolean {
  if (origin.kind !== "state" && origin.kind !== "copy") return false;
  const { initial, copy } = origin;
  if (initial) return initial.kind !== "value" || initial.noise !== undefined;
  // A copy without a start of its own starts as copy 1 does.
  return copy === undefined && continues?.states.some(({ array, run }) => array === name && run !== undefined) !== true;
}
