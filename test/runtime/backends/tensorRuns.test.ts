/** Runs whose descents begin in float32 on all starts at once: the same minima, whatever the workers, and the float64 kernels where it can't be. */
import { beforeAll, describe, expect, test } from "vitest";
import { modelProcedures } from "../../../compiler/3-passes/modelProcedures.ts";
import { tensorProgram } from "../../../compiler/4-schedule/tensor/tensorProgram.ts";
import { build } from "../../../compiler/library/ops/index.ts";
import type { TensorProgram } from "../../../runtime/backends/tensorProgram.ts";
import type { TensorFlow, TfjsLoad } from "../../../runtime/backends/tfjs.ts";
import { loadTfjs } from "../../../runtime/backends/tfjs.ts";
import type { TaskOutcome } from "../../../runtime/engine/taskOutcome.ts";
import { createChunkRunner } from "../../../runtime/engine/chunkRunner.ts";
import type { PlannedStep, RunPlan } from "../../../runtime/engine/plan.ts";
import { runTasks } from "../../../runtime/engine/runTasks.ts";
import { euclideanNorm, projectGradient } from "../../../runtime/geometry/index.ts";
import { at, definition, ensemble, index, less, N, product, program, slot, state, sum } from "../../compiler/passes/model.ts";
import { descentStep, sizePlan } from "../engine/plans.ts";
import { packedThreeSpin } from "../models/handWritten.ts";
import { model } from "./fixtures/threeSpin.ts";

const source = { url: new URL("./fixtures/threeSpin.ts", import.meta.url).href };
const plan: RunPlan = sizePlan([15], { model: "PackedThreeSpin", record: [], samples: 4, starts: 20 });
const [i, j, k] = [index("i"), index("j"), index("k")];
let tensors: { readonly program: TensorProgram; readonly backend: "wasm" };
let tfjs: TfjsLoad;
beforeAll(async () => {
  const made = tensorProgram(modelProcedures(program([
    ensemble("X", slot(), slot(N, "<"), slot(N, "<")), state("w", slot()),
    definition("H", "thermal", [], build.neg(sum([i, j, k], product(at("X", i, j, k), at("w", i), at("w", j), at("w", k)), build.and(less(i, j), less(j, k)))), "energy"),
  ])).procedures);
  if (!made.ok) throw new Error(made.reason);
  tensors = { program: made.program, backend: "wasm" };
  tfjs = await loadTfjs("wasm");
});

/** All outcomes of the first sample, with a given tfjs. */
const firstSample = (with_: TfjsLoad, of: RunPlan = plan): TaskOutcome[] =>
  [...createChunkRunner(of, model, { tensors, keepStates: true }, with_)({ point: 0, sample: 0, starts: Array.from({ length: of.starts }, (_, s) => s) })].flatMap((o) => (o ? [o] : []));
const finished = (outcomes: readonly TaskOutcome[]): string => JSON.stringify(outcomes.filter((o) => o.kind === "finished"));
const notes = (outcomes: readonly TaskOutcome[]): string[] => outcomes.flatMap((o) => (o.kind === "note" ? [o.note] : []));
const none: TfjsLoad = { ok: false, notes: [] };

describe("a descent that begins in float32", () => {
  test.each(["wasm", "cpu"] as const)("ends in the minima of the float64 descent, converged in float64 (%s)", async (backend) => {
    const double = await runTasks(plan, source, { workers: 1 });
    const single = await runTasks(plan, source, { workers: 1, tensors: { ...tensors, backend }, keepStates: true });
    expect(single.failures).toEqual([]);
    expect(single.notes).toEqual([]);
    expect(single.steps).toEqual([{ kind: "evolve", dynamics: "descent", tasks: 80, capped: 0, stalled: 0 }]);
    const energies = (of: typeof double): number[] => of.tasks.map((t) => t.values["E"][0]);
    const [a, b] = [energies(double), energies(single)];
    const same = a.filter((E, task) => Math.abs(E - b[task]) < 1e-9 * Math.abs(E)).length;
    expect(same).toBeGreaterThan(0.9 * a.length);
    const mean = (x: readonly number[]): number => x.reduce((s, y) => s + y, 0) / x.length;
    expect(Math.abs(mean(a) - mean(b))).toBeLessThan(0.02 * Math.abs(mean(a)));
    // The float64 part goes on where the other ended: it doesn't look for a basin again.
    const steps = (of: typeof double): number => mean(of.tasks.map((t) => t.steps[0].done));
    expect(Math.abs(steps(single) - steps(double))).toBeLessThan(0.1 * steps(double));
    expect(JSON.stringify(single.tasks)).not.toBe(JSON.stringify(double.tasks));

    const drawn = packedThreeSpin(15);
    const gradient = new Float64Array(15);
    for (const { sample, state: final } of single.states) {
      drawn.draw(plan.seed, sample);
      drawn.energyAndGradient(final, gradient);
      projectGradient(drawn.spheres, final, gradient, gradient);
      expect(euclideanNorm(gradient)).toBeLessThan(1e-6);
    }
  });

  test("ends there where its bound holds there, and float64 adds no step", () => {
    const outcomes = firstSample(tfjs, { ...plan, steps: [descentStep(1, { until: { kind: "gradient", below: 1e9 } })] });
    for (const o of outcomes) expect(o.kind === "finished" && o.record.steps).toEqual([{ done: 1, capped: false }]);
  });

  test("follows a schedule of the rate across both precisions", () => {
    const scheduled = { ...plan, steps: [descentStep(1, { amount: 300, until: { kind: "gradient", below: 0 }, arguments: [{ rate: { from: 0.05, to: 0.01, shape: "linear" } }] })] };
    const [single, double] = [firstSample(tfjs, scheduled), firstSample(none, scheduled)].map((os) => os.flatMap((o) => (o.kind === "finished" ? [o.record] : [])));
    expect(single!.length).toBe(20);
    single!.forEach((record, task) => {
      expect(record.steps).toEqual([{ done: 300, capped: true }]);
      expect(Math.abs(record.values["E"][0] - double![task]!.values["E"][0])).toBeLessThan(1e-4);
    });
  });

  test("gives the same bytes for any number of workers, any chunks, and after an interruption", async () => {
    const alone = await runTasks(plan, source, { workers: 1, tensors });
    if (!tfjs.ok) throw new Error("no tfjs");
    expect(tfjs.tf.memory().numTensors).toBe(0);
    for (const options of [{ workers: 2 }, { workers: 3, startsPerChunk: 1 }, { workers: 1, finished: alone.tasks.filter((t) => t.start % 3 === 0) }]) {
      expect(JSON.stringify(await runTasks(plan, source, { ...options, tensors }))).toBe(JSON.stringify(alone));
    }
  });
});

describe("the float64 kernels run, with one note,", () => {
  const plain = (): string => finished(firstSample(none).filter((o) => o.kind === "finished"));

  test("where no backend works", async () => {
    const outcomes = firstSample({ ok: false, notes: ["tfjs: nothing works"] });
    expect(notes(outcomes)).toEqual(["tfjs: nothing works"]);
    const { tasks } = await runTasks(plan, source, { workers: 1 });
    expect(outcomes.flatMap((o) => (o.kind === "finished" ? [o.record] : []))).toEqual(tasks.filter((t) => t.sample === 0));
  });

  test.each([0, 1, 30])("where a backend throws at its product number %i", (at_) => {
    if (!tfjs.ok) throw new Error("no tfjs");
    let products = 0;
    const { tf } = tfjs;
    const before = tf.memory().numTensors;
    const matMul: TensorFlow["matMul"] = (...arguments_) => {
      if (products++ === at_) throw new Error("out of memory on the device");
      return tf.matMul(...arguments_);
    };
    const outcomes = firstSample({ ...tfjs, tf: Object.assign(Object.create(tf) as TensorFlow, { matMul }) });
    expect(notes(outcomes)).toEqual(["tfjs: Minima runs on the float64 kernels: out of memory on the device"]);
    expect(finished(outcomes)).toBe(plain());
    expect(tf.memory().numTensors).toBe(before);
  });

  const others: Record<string, readonly [Partial<PlannedStep>, string]> = {
    "for what is measured": [{ kind: "measure", amount: 20, every: 5 }, "what is measured is measured in float64"],
    "for a condition on the change": [{ until: { kind: "change", below: 1e-8 } }, "its condition on change is tested after every step in float64"],
    "for a condition on observables": [{ until: { kind: "observables", source: "E < -1", observables: [{ name: "E", observable: "E", places: [] }] } }, "its condition on observables is tested after every step in float64"],
  };
  test.each(Object.entries(others))("%s", (_, [step, reason]) => {
    const of = { ...plan, steps: [descentStep(1, step)] };
    const outcomes = firstSample(tfjs, of);
    expect(notes(outcomes)).toEqual([`tfjs: Minima runs on the float64 kernels: ${reason}`]);
    expect(finished(outcomes)).toBe(finished(firstSample(none, of)));
  });
  test("where the tensors would not fit", () => {
    const of = { ...plan, starts: 2, points: [{ sweep: { N: 15 }, parameters: { N: 15 } }] };
    const huge: TensorProgram = { ...tensors.program, labels: Object.fromEntries(Object.entries(tensors.program.labels).map(([l, range]) => [l, { ...range, upper: "2000" }])) };
    const outcomes = [...createChunkRunner(of, model, { tensors: { program: huge } }, tfjs)({ point: 0, sample: 0, starts: [0, 1] })].flatMap((o) => (o ? [o] : []));
    expect(notes(outcomes)[0]).toMatch(/its tensors take [\d.]+ GiB for 2 starts/);
    expect(outcomes.filter((o) => o.kind === "finished").length).toBe(2);
  });
});

test("notes of a run come once, from all workers together", async () => {
  const seen: string[] = [];
  const of = { ...plan, steps: [descentStep(1, { until: { kind: "change", below: 1e-6 } })] };
  const outcome = await runTasks(of, source, { workers: 2, tensors, onEvent: (event) => { if (event.kind === "note") seen.push(event.note); } });
  expect(outcome.notes).toEqual(["tfjs: Minima runs on the float64 kernels: its condition on change is tested after every step in float64"]);
  expect(seen).toEqual(outcome.notes);
  expect(outcome.tasks.length).toBe(80);
});
