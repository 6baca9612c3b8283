/** `quench run -n`: what would be run, in which memory, and about how long it would take; a little of each task is done to find out. */
import { availableParallelism, totalmem } from "node:os";
import { memoryText } from "../compiler/1-check/checkSizes.ts";
import { codeNeeded, servedWith } from "../compiler/codeNeeded.ts";
import { generation } from "./arithmetic.ts";
import type { Compilation } from "../compiler/compile.ts";
import { generateModel } from "../compiler/generateModel.ts";
import { memoryLines, memoryPlan, type MemoryPlan } from "../compiler/memoryPlan.ts";
import { measureCost, type MeasuredCost } from "../runtime/engine/measureCost.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { evaluateModule } from "../runtime/loadModule.ts";
import { memoryRefusal, type ExecutionOptions } from "./execute.ts";
import { durationText } from "../runtime/results/format.ts";
import { reportDiagnostics } from "./reportDiagnostics.ts";
import { alignedLines } from "./table.ts";
import { paint, toStdout } from "./terminal.ts";

interface PlannedPoint {
  readonly at: Readonly<Record<string, number>>;
  readonly tasks: number;
  /** Sweeps, steps or epochs of a task; NaN where it could not be measured. */
  readonly calls: number;
  /** Whether a condition may end it before. */
  readonly atMost: boolean;
  readonly secondsPerTask: number;
  /** Of one model. */
  readonly bytes: number;
}

interface PlannedRun { readonly run: string; readonly points: readonly PlannedPoint[]; readonly memory: MemoryPlan | undefined }

/** Seconds that are spent on the measurements of a run, and at least on each point. */
const SPENT = 2;
const LEAST = 0.05;

/** Whether no run is refused for its memory. */
export async function printPlan(compilation: Compilation, plans: readonly RunPlan[], options: ExecutionOptions, dataDirectory: string): Promise<boolean> {
  const workers = options.workers ?? availableParallelism();
  const runs: PlannedRun[] = [];
  for (const plan of plans) runs.push(await planRun(compilation, plans, plan, options, dataDirectory));
  const rows = runs.flatMap(({ run, points }) => points.map((p) => ({ run, ...p })));
  const measured = rows.filter((p) => !Number.isNaN(p.calls));
  const cpu = measured.reduce((sum, p) => sum + p.tasks * p.secondsPerTask, 0);
  const tasks = rows.reduce((sum, p) => sum + p.tasks, 0);
  const seconds = cpu / Math.max(1, Math.min(workers, tasks));
  const bytes = Math.max(0, ...runs.map((r) => r.memory?.peak ?? 0));
  const refusals = runs.flatMap(({ run, memory }) => (memory && memoryRefusal(compilation, run, memory, options.memory)) ?? []);
  if (options.json) {
    toStdout(JSON.stringify({
      points: rows, tasks, workers, processorSeconds: cpu, seconds, bytes,
      memory: runs.flatMap(({ run, memory }) => (memory ? [{ run, at: memory.parameters, arrays: memory.arrays, bytes: memory.bytes, models: memory.models, peak: memory.peak }] : [])),
    }, undefined, 2));
  } else {
    const unknown = (p: PlannedPoint, text: () => string): string => (Number.isNaN(p.calls) ? "?" : `${p.atMost ? "at most " : ""}${text()}`);
    const header = ["run", "at", "tasks", "calls a task", "time a task", "processor time", "memory of a worker"];
    const cells = rows.map((p) => [
      p.run, Object.entries(p.at).map(([name, value]) => `${name} = ${value}`).join(", "), String(p.tasks),
      unknown(p, () => String(p.calls)), unknown(p, () => durationText(p.secondsPerTask)), unknown(p, () => durationText(p.tasks * p.secondsPerTask)), Number.isNaN(p.bytes) ? "?" : memoryText(p.bytes),
    ]);
    for (const line of alignedLines([header, ...cells])) toStdout(line);
    for (const { run, memory } of runs) if (memory) toStdout(`\n${paint("bold", run)} ${memoryLines(memory).join("\n")}`);
    toStdout(`\n${tasks} tasks, about ${durationText(cpu)} of processor time: ${measured.some((p) => p.atMost) ? "at most" : "about"} ${durationText(seconds)} with ${workers} ${workers === 1 ? "worker" : "workers"}, ${memoryText(bytes)}. A call is a sweep, step or epoch.`);
  }
  reportDiagnostics(refusals, compilation.source);
  return refusals.length === 0;
}

/** A task that fails, or that needs what another run has not found yet, has no cost that could be measured. */
function cost(measure: () => MeasuredCost): MeasuredCost {
  try {
    return measure();
  } catch {
    return { calls: NaN, atMost: false, seconds: NaN };
  }
}

async function planRun(compilation: Compilation, plans: readonly RunPlan[], plan: RunPlan, options: ExecutionOptions, directory: string): Promise<PlannedRun> {
  const program = compilation.programs.get(plan.run);
  if (!program) throw new Error(`internal: the run ${plan.run} has no program`);
  const model = generateModel(program, { ...codeNeeded(servedWith(plan, plans, (p) => compilation.programs.get(p.run))), ...generation(options) });
  if (!model.ok) return { run: plan.run, points: [], memory: undefined };
  const target = options.target === "typescript" ? "typescript" : "wasm";
  const memory = await memoryPlan(plan, model, { workers: options.workers ?? availableParallelism(), directory, target }).catch(() => undefined);
  const module = evaluateModule(model.javascript, model.wasm.bytes);
  // What is too large for the run's budget, or for this machine, is not made.
  const most = Math.min(options.memory ?? Infinity, totalmem() / 2);
  // Each point of a ladder carries its share of the rungs that are added.
  const { values = [], rungs = values.length } = plan.ladder ?? {};
  const ladder = plan.ladder ? rungs / values.length : 1;
  const points = plan.points.map(({ sweep }, point): PlannedPoint => {
    const { seconds, ...calls } = cost(() => measureCost(plan, point, module, { target, directory, memory: most }, Math.max(LEAST, SPENT / plan.points.length)));
    return { at: sweep, tasks: plan.samples * plan.starts, ...calls, secondsPerTask: ladder * seconds, bytes: memory?.points[point] ?? NaN };
  });
  return { run: plan.run, points, memory };
}
