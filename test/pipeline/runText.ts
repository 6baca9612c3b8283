/** From the text of a specification to the records of its runs, in this thread: what tests of whole runs start from. */
import { codeNeeded } from "../../compiler/codeNeeded.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { runTasks } from "../../runtime/engine/index.ts";
import type { RunOptions, RunOutcome } from "../../runtime/engine/index.ts";
import { compileText } from "./compileModel.ts";

/** All runs of the text, in its order, by name. Failures of tasks are thrown. */
export async function runText(text: string, options: RunOptions = {}): Promise<Readonly<Record<string, RunOutcome>>> {
  const compilation = compileText(text);
  const outcomes: Record<string, RunOutcome> = {};
  for (const plan of compilation.runs) {
    const program = compilation.programs.get(plan.run);
    if (!program) throw new Error(`${plan.model} has no program`);
    const generated = generateModel(program, codeNeeded([plan]));
    if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("\n"));
    const outcome = await runTasks(plan, { javascript: generated.javascript, wasm: generated.wasm.bytes }, { workers: 1, keepStates: true, others: new Map(Object.values(outcomes).map((o) => [o.plan.run, o.states])), ...options });
    if (outcome.failures[0]) throw new Error(`${plan.run}: ${outcome.failures[0].message}`);
    outcomes[plan.run] = outcome;
  }
  return outcomes;
}

/** Σ weight × value of an observable of one number, over the records of one task; all weights are equal where nothing says otherwise. */
export function average({ tasks }: RunOutcome, observable: string, task = 0): number {
  const { values, weights, records } = tasks[task]!;
  return values[observable]!.reduce((sum, value, k) => sum + value * (weights?.[k] ?? 1 / records), 0);
}
