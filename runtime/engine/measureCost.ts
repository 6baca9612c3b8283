import { findDynamics } from "../dynamics/index.ts";
import type { ModelModule, ModelOptions } from "../model.ts";
import type { PlannedStep, RunPlan } from "./plan.ts";
import { createPointContext } from "./pointContext.ts";
import { runTask } from "./runTask.ts";
import { stepCounts } from "./stepCounts.ts";

/** What a task at one sweep point costs, by doing a little of it. */
export interface MeasuredCost {
  /** Sweeps, steps or epochs of a task, all steps of the run together. */
  readonly calls: number;
  /** Whether it is a bound: a condition may end a step before, and didn't in the time there was. */
  readonly atMost: boolean;
  /** Seconds of one processor. */
  readonly seconds: number;
}

/** Slices that a whole task may take, where conditions end it. */
const WHOLE = 5;

/** Runs the beginning of every step of a task, longer and longer, until `slice` seconds are spent. An exact sum counts with what it has done by then. */
export function measureCost(plan: RunPlan, point: number, module: ModelModule, options: ModelOptions, slice: number): MeasuredCost {
  const context = createPointContext(plan, point, module, options);
  const now = (): number => performance.now() / 1000;
  const counts = plan.steps.map((step) => (findDynamics(step.dynamics).sum ? { amount: 1, every: 1 } : stepCounts(step, findDynamics(step.dynamics), point)));
  // A state like those that other runs will leave, as far as time is concerned.
  const copy = context.model.dimension / (1 + (context.model.coupled ?? []).length);
  const needed = Math.max(copy, ...(plan.continues?.given ?? []).map(({ places }) => (places?.[point] ? places[point].offset + places[point].length : 0)));
  const unknown = new Float64Array(needed).fill(1);
  const sources = { start: 0, finals: (plan.continues?.runs ?? []).map((_, run) => ({ state: plan.continues?.given?.some((g) => g.run === run) ? unknown : unknown.subarray(0, copy) })) };
  const drawn = now();
  context.drawSample(0, sources);
  const draw = (now() - drawn) / plan.starts;
  let seconds = 0;
  const deadline = now() + slice;
  for (let calls = 1; ; calls *= 4) {
    const short = plan.steps.map((step, k) => shortened(step, point, counts[k]!, calls));
    // The time of each step, from its pauses: it has as many as calls.
    const task = runTask({ ...context, plan: { ...plan, steps: short.map((s) => s.step) } }, 0, 0, undefined, undefined, sources);
    const spent = plan.steps.map(() => 0);
    let last = now();
    for (let step = 0, left = short[0]?.calls ?? 0, next = task.next(); !next.done && now() < deadline + slice; next = task.next()) {
      spent[step] = spent[step]! + now() - last;
      last = now();
      if (--left <= 0 && step + 1 < short.length) left = short[++step]!.calls;
    }
    seconds = draw + spent.reduce((sum, s, k) => sum + (s * counts[k]!.amount) / short[k]!.calls, 0);
    if (now() >= deadline || short.every((s, k) => s.calls >= counts[k]!.amount)) break;
  }
  const bound = { calls: counts.reduce((sum, c) => sum + c.amount, 0), atMost: false, seconds };
  if (plan.steps.every((step) => step.until === undefined)) return bound;
  // How long a condition takes, only a whole task can tell.
  const begun = now();
  const task = runTask(context, 0, 0, undefined, undefined, sources);
  let calls = 0, next = task.next();
  for (; !next.done && now() < begun + WHOLE * slice; next = task.next()) calls++;
  return next.done ? { calls, atMost: false, seconds: draw + now() - begun } : { ...bound, atMost: true };
}

/** The step with so many calls, a `measure` with a record at least, and no condition. */
function shortened({ until: _, ...step }: PlannedStep, point: number, { amount, every }: { readonly amount: number; readonly every: number }, calls: number): { readonly step: PlannedStep; readonly calls: number } {
  const wanted = Math.min(amount, step.kind === "measure" ? Math.max(calls, every) : calls);
  const unit = (typeof step.amount === "number" ? step.amount : step.amount[point]!) / amount;
  return { step: { ...step, amount: wanted * unit }, calls: wanted };
}
