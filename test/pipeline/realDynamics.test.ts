/**
 * The accepted program `real-dynamics` from text to records: every dynamics of real variables through plan, engine and generated kernels. Fixed
 * seed; a deviation counts beyond 5 standard errors over independent starts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { generateModel } from "../../compiler/generateModel.ts";
import { runTasks, type RunOutcome } from "../../runtime/engine/index.ts";
import { compileText } from "./compileModel.ts";

const text = readFileSync(join(import.meta.dirname, "../cases/accept/real-dynamics/spec.quench"), "utf8");
const compilation = compileText(text);

async function run(name: string, startsPerChunk?: number): Promise<RunOutcome> {
  const plan = compilation.runs.find((r) => r.run === name)!;
  const generated = generateModel(compilation.models.find((m) => m.name === plan.model)!.program!, { hessian: true });
  if (!generated.ok) throw new Error("the model has no code");
  const outcome = await runTasks(plan, { javascript: generated.javascript, wasm: generated.wasm.bytes }, { workers: 1, ...(startsPerChunk ? { startsPerChunk } : {}) });
  expect(outcome.failures).toEqual([]);
  return outcome;
}

/** Mean over starts of time averages, with its standard error. */
function mean(outcome: RunOutcome, observable: string, point = 0): { mean: number; error: number } {
  const averages = outcome.tasks.filter((t) => t.point === point).map((t) => t.values[observable]!.reduce((a, b) => a + b, 0) / t.records);
  const average = averages.reduce((a, b) => a + b, 0) / averages.length;
  return { mean: average, error: Math.sqrt(averages.reduce((s, v) => s + (v - average) ** 2, 0) / (averages.length - 1) / averages.length) };
}

test("the program is accepted without a warning", () => {
  expect(compilation.diagnostics).toEqual([]);
});

describe.each(["Mala", "Hmc", "Underdamped"])("%s of a quartic", (name) => {
  let outcome: RunOutcome;
  beforeAll(async () => { outcome = await run(name); });
  test("has the exact <x²> and <E>", () => {
    for (const [observable, exact, largest] of [["x2", 0.33798912, 0.01], ["E", 1, 0.04]] as const) {
      const { mean: found, error } = mean(outcome, observable);
      expect(error).toBeLessThan(largest);
      expect(Math.abs(found - exact), `${observable}: ${found} +- ${error}`).toBeLessThan(5 * error + (name === "Underdamped" ? 0.01 * exact : 0));
    }
  });
  test("records what was asked for, and what was tuned once", () => {
    const [evolve, measure] = outcome.steps;
    expect(outcome.tasks[0]!.records).toBe({ Mala: 2000, Hmc: 4000, Underdamped: 2000 }[name]);
    expect(outcome.tasks[0]!.steps[1]!.done).toBe({ Mala: 10000, Hmc: 8000, Underdamped: 20000 }[name]);
    expect(Object.keys(evolve!.tuned ?? {})).toEqual({ Mala: ["step"], Hmc: ["step", "leapfrog"], Underdamped: [] }[name]);
    expect(measure!.tuned).toBeUndefined();
    if (name === "Mala") expect(Math.abs(measure!.acceptance! - 0.574)).toBeLessThan(0.08);
    if (name === "Hmc") expect(Math.abs(measure!.acceptance! - 0.8)).toBeLessThan(0.12);
  });
});

test("langevin on a sphere: <cos> = coth(k) − 1/k, up to its step", async () => {
  const outcome = await run("Field");
  [1, 2].forEach((k, point) => {
    const { mean: found, error } = mean(outcome, "c", point);
    expect(error).toBeLessThan(0.02);
    expect(Math.abs(found - (1 / Math.tanh(k) - 1 / k)), `${found} +- ${error}`).toBeLessThan(5 * error + 0.01);
  });
});

test("newton finds critical points of many indices", async () => {
  const { tasks, steps } = await run("Saddles");
  expect(steps[0]!.capped + steps[0]!.stalled).toBe(0);
  for (const t of tasks) expect(t.values["slope"]![0]).toBeLessThan(1e-9);
  const indices = new Set(tasks.map((t) => t.values["index"]![0]));
  expect(indices.size).toBeGreaterThan(4);
});

test("adam ends in minima", async () => {
  const { tasks } = await run("Descent");
  for (const t of tasks) {
    expect(t.values["index"]![0]).toBe(0);
    expect(t.values["slope"]![0]).toBeLessThan(0.02);
  }
});

describe("a stochastic trace", () => {
  let outcome: RunOutcome;
  beforeAll(async () => { outcome = await run("Traces"); });
  test("is unbiased, with new probes at each record", () => {
    for (const t of outcome.tasks) {
      const errors = t.values["estimate"]!.map((e, k) => e - t.values["exact"]![k]!);
      const average = errors.reduce((a, b) => a + b, 0) / errors.length;
      const variance = errors.reduce((s, e) => s + (e - average) ** 2, 0) / (errors.length - 1);
      expect(variance).toBeGreaterThan(1);
      expect(Math.abs(average)).toBeLessThan(5 * Math.sqrt(variance / errors.length));
      // Probes that stay would leave errors that hardly change from record to record.
      const next = errors.slice(1).reduce((s, e, k) => s + (e - average) * (errors[k]! - average), 0) / (errors.length - 2);
      expect(Math.abs(next / variance)).toBeLessThan(0.2);
    }
  });
  test("is a function of its address, whatever ran before", async () => {
    expect(JSON.stringify((await run("Traces", 1)).tasks)).toBe(JSON.stringify(outcome.tasks));
  });
});
