/** `quench run -n`: what would be run, and about how long it would take; a little of each task is done to find out. */
import { availableParallelism } from "node:os";
import { memoryText } from "../compiler/1-check/checkSizes.ts";
import { codeNeeded, servedWith } from "../compiler/codeNeeded.ts";
import type { Compilation } from "../compiler/compile.ts";
import { generateModel } from "../compiler/generateModel.ts";
import { measureCost, type MeasuredCost } from "../runtime/engine/measureCost.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { evaluateModule } from "../runtime/loadModule.ts";
import type { ExecutionOptions } from "./execute.ts";
import { durationText } from "../runtime/results/format.ts";
import { alignedLines } from "./table.ts";
import { toStdout } from "./terminal.ts";

interface PlannedPoint {
  readonly run: string;
  readonly at: Readonly<Record<string, number>>;
  readonly tasks: number;
  /** Sweeps, steps or epochs of a task; at most, where a condition may end it before. */
  readonly calls: number;
  readonly secondsPerTask: number;
  /** Of one worker. */
  readonly bytes: number;
}

/** Seconds that are spent on the measurements of a run, and at least on each point. */
const SPENT = 2;
const LEAST = 0.05;

export function printPlan(compilation: Compilation, plans: readonly RunPlan[], options: ExecutionOptions, dataDirectory: string): void {
  const workers = options.workers ?? availableParallelism();
  const all = plans.flatMap((plan) => plannedPoints(compilation, plans, plan, options, dataDirectory));
  const points = all.filter((p) => !Number.isNaN(p.calls));
  const cpu = points.reduce((sum, p) => sum + p.tasks * p.secondsPerTask, 0);
  const tasks = points.reduce((sum, p) => sum + p.tasks, 0);
  const seconds = cpu / Math.max(1, Math.min(workers, tasks));
  const bytes = Math.max(0, ...points.map((p) => p.bytes)) * Math.max(1, workers);
  if (options.json) return toStdout(JSON.stringify({ points, tasks, workers, processorSeconds: cpu, seconds, bytes }, undefined, 2));
  const header = ["run", "at", "tasks", "calls a task", "time a task", "processor time", "memory of a worker"];
  const rows = all.map((p) => [p.run, Object.entries(p.at).map(([name, value]) => `${name} = ${value}`).join(", "), String(p.tasks), ...(Number.isNaN(p.calls) ? ["?", "?", "?", "?"] : [String(p.calls), durationText(p.secondsPerTask), durationText(p.tasks * p.secondsPerTask), memoryText(p.bytes)])]);
  for (const line of alignedLines([header, ...rows])) toStdout(line);
  toStdout(`${tasks} tasks, about ${durationText(cpu)} of processor time: at most ${durationText(seconds)} with ${workers} ${workers === 1 ? "worker" : "workers"}, ${memoryText(bytes)}. A call is a sweep, step or epoch.`);
}

/** A task that fails, or that needs what another run has not found yet, has no cost that could be measured. */
function cost(measure: () => MeasuredCost): MeasuredCost {
  try {
    return measure();
  } catch {
    return { calls: NaN, seconds: NaN, bytes: NaN };
  }
}

function plannedPoints(compilation: Compilation, plans: readonly RunPlan[], plan: RunPlan, options: ExecutionOptions, dataDirectory: string): PlannedPoint[] {
  const program = compilation.programs.get(plan.run);
  if (!program) throw new Error(`internal: the run ${plan.run} has no program`);
  const model = generateModel(program, codeNeeded(servedWith(plan, plans, (p) => compilation.programs.get(p.run))));
  if (!model.ok) return [];
  const module = evaluateModule(model.javascript, model.wasm.bytes);
  const target = options.target === "typescript" ? "typescript" : "wasm";
  return plan.points.map(({ sweep }, point) => {
    const { calls, seconds, bytes } = cost(() => measureCost(plan, point, module, { target, directory: dataDirectory }, Math.max(LEAST, SPENT / plan.points.length)));
    return { run: plan.run, at: sweep, tasks: plan.samples * plan.starts, calls, secondsPerTask: seconds, bytes };
  });
}
