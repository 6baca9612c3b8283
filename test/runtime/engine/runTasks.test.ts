import { describe, expect, test } from "vitest";
import type { TaskCheckpoint } from "../../../runtime/engine/checkpoint.ts";
import type { TaskRecord } from "../../../runtime/results/records.ts";
import type { RunEvent } from "../../../runtime/engine/runTasks.ts";
import { runTasks } from "../../../runtime/engine/runTasks.ts";
import { descentStep, fixture, sizePlan } from "./plans.ts";

const pair = fixture("sphericalPair");
const plan = sizePlan([6, 12]);

describe("runTasks", () => {
  test("the bytes of the records do not depend on workers or chunks", async () => {
    const alone = await runTasks(plan, pair, { workers: 1, keepStates: true });
    expect(alone.failures).toEqual([]);
    expect(alone.interrupted).toBe(false);
    expect(alone.tasks.map((t) => [t.point, t.sample, t.start])).toEqual(
      [0, 1].flatMap((point) => [0, 1, 2].flatMap((sample) => [0, 1, 2, 3].map((start) => [point, sample, start]))),
    );
    for (const options of [{ workers: 0 }, { workers: 2 }, { workers: 3 }, { workers: 1, startsPerChunk: 1 }, { workers: 2, startsPerChunk: 3 }]) {
      const other = await runTasks(plan, pair, { ...options, keepStates: true });
      expect(JSON.stringify(other)).toBe(JSON.stringify(alone));
    }
  });

  test("starts of one sample see one disorder, samples and starts differ", async () => {
    const { tasks } = await runTasks(plan, pair, { workers: 1 });
    const energies = (sample: number): number[] => tasks.filter((t) => t.point === 1 && t.sample === sample).map((t) => t.values["e"][0]);
    // p = 2 on the sphere has one minimum (up to sign) whatever the start.
    for (const sample of [0, 1, 2]) energies(sample).forEach((e) => expect(e).toBeCloseTo(energies(sample)[0], 10));
    expect(Math.abs(energies(0)[0] - energies(1)[0])).toBeGreaterThan(1e-3);
    const first = tasks.filter((t) => t.point === 1 && t.sample === 0).map((t) => t.steps[0].done);
    expect(new Set(first).size).toBeGreaterThan(1);
  });

  test("records hold the energy and what was asked for, entries in a row", async () => {
    const { tasks, states } = await runTasks(plan, pair, { workers: 1, keepStates: true });
    for (const [number, task] of tasks.entries()) {
      expect(Object.keys(task.values)).toEqual(["E", "e", "first"]);
      expect(task.records).toBe(1);
      expect(task.values["first"]).toEqual(Array.from(states[number].state.slice(0, 2)));
      const N = plan.points[task.point].parameters["N"];
      expect(task.values["E"][0] / N).toBeCloseTo(task.values["e"][0], 14);
    }
    expect((await runTasks({ ...plan, record: ["E"] }, pair, { workers: 1 })).tasks.every((t) => Object.keys(t.values).join() === "E")).toBe(true);
  });

  test("other points, samples and starts change nothing in a task", async () => {
    const large = await runTasks(plan, pair, { workers: 1 });
    const small = await runTasks({ ...sizePlan([12]), samples: 2, starts: 2 }, pair, { workers: 1 });
    const twin = (sample: number, start: number) => large.tasks.find((t) => t.point === 1 && t.sample === sample && t.start === start);
    expect(small.tasks.length).toBe(4);
    for (const task of small.tasks) expect(task.values).toEqual(twin(task.sample, task.start)!.values);
    const otherRun = await runTasks({ ...sizePlan([12]), run: "Other" }, pair, { workers: 1 });
    expect(otherRun.tasks[0].values["first"]).not.toEqual(small.tasks[0].values["first"]);
  });

  test("measure: a record every K steps, the same from every worker", async () => {
    const measured = sizePlan([8], {
      steps: [descentStep(1, { amount: 5, until: { kind: "gradient", below: 0 } }), descentStep(1, { kind: "measure", amount: [20], every: 4, arguments: [{ rate: 0.05 }], until: { kind: "change", below: 1e-300 } })],
    });
    const { tasks, steps } = await runTasks(measured, pair, { workers: 1 });
    for (const task of tasks) {
      expect(task.records).toBe(5);
      expect(task.values["E"].length).toBe(5);
      expect(task.values["first"].length).toBe(10);
      const energies = task.values["E"];
      energies.slice(1).forEach((E, k) => expect(E).toBeLessThan(energies[k]));
      expect(task.steps).toEqual([{ done: 5, capped: true }, { done: 20, capped: true }]);
    }
    expect(steps).toEqual([
      { kind: "evolve", dynamics: "descent", tasks: 12, capped: 12, stalled: 0 },
      { kind: "measure", dynamics: "descent", tasks: 12, capped: 12, stalled: 0 },
    ]);
    expect(JSON.stringify((await runTasks(measured, pair, { workers: 2 })).tasks)).toBe(JSON.stringify(tasks));
  });

  test("events count every task once", async () => {
    for (const workers of [1, 2]) {
      const events: RunEvent[] = [];
      await runTasks(plan, pair, { workers, onEvent: (event) => events.push(event) });
      expect(events[0]).toMatchObject({ kind: "start", run: "Minima", done: 0, total: 24, workers });
      expect(events.slice(1).map((e) => [e.kind, e.done])).toEqual(Array.from({ length: 24 }, (_, k) => ["task", k + 1]));
      expect(events.at(-1)!.tasksPerSecond).toBeGreaterThan(0);
    }
  });

  test("what is thrown by onEvent ends the run", async () => {
    const onEvent = (event: RunEvent): void => {
      if (event.kind === "task") throw new Error("disk full");
    };
    await expect(runTasks(plan, pair, { workers: 1, onEvent })).rejects.toThrow("disk full");
    await expect(runTasks(plan, pair, { workers: 2, onEvent })).rejects.toThrow("disk full");
  });

  test("tasks of an earlier call are not run again", async () => {
    const all = await runTasks(plan, pair, { workers: 1 });
    const marked = all.tasks.filter((_, number) => number % 3 !== 0).map((t) => ({ ...t, records: 99 }));
    let runs = 0;
    const resumed = await runTasks(plan, pair, { workers: 1, finished: marked, onEvent: (e) => (runs += e.kind === "task" ? 1 : 0) });
    expect(runs).toBe(8);
    expect(resumed.tasks.map((t) => t.values)).toEqual(all.tasks.map((t) => t.values));
    expect(resumed.tasks.filter((t) => t.records === 99).length).toBe(16);
    expect(resumed.interrupted).toBe(false);
  });
});

test("a model in the compiler's form: JavaScript that is evaluated wherever tasks run", async () => {
  const javascript = `
    const energyAndGradient = (x, gradient) => { gradient[0] = x[0] - 3; return 0.5 * (x[0] - 3) ** 2; };
    const createModel = (parameters) => ({
      name: "Parabola", parameters, target: "typescript", dimension: 1, spheres: [], memory: [],
      state: [{ name: "x", shape: [], offset: 0, length: 1 }],
      draw: () => {},
      initialize: (state, stream) => { state[0] = stream("x").normal(0, 0); },
      energy: (x) => 0.5 * (x[0] - 3) ** 2, energyAndGradient, hessian: () => {},
      observables: [{ name: "E", shape: [], evaluate: (x) => Float64Array.of(0.5 * (x[0] - 3) ** 2) }, { name: "x", shape: [], evaluate: (x) => x.slice() }],
    });
    return { name: "Parabola", parameters: {}, createModel };`;
  const parabola = sizePlan([1], { record: ["x"] });
  const { tasks } = await runTasks(parabola, { javascript }, { workers: 1 });
  for (const task of tasks) expect(task.values["x"][0]).toBeCloseTo(3, 5);
  expect(JSON.stringify((await runTasks(parabola, { javascript }, { workers: 2 })).tasks)).toBe(JSON.stringify(tasks));
  await expect(runTasks(parabola, { javascript: "this is no program" }, { workers: 2 })).rejects.toThrow(/internal: the model could not be loaded/);
});

describe("failures", () => {
  const faulty = fixture("faulty");
  const withParameter = (extra: Record<string, number>) => sizePlan([6], { points: [{ sweep: { N: 6 }, parameters: { N: 6, ...extra } }] });

  test.each([1, 2])("an exception in a task is reported under its address, %i workers", async (workers) => {
    const { tasks, failures, interrupted } = await runTasks(withParameter({ throwingSample: 1 }), faulty, { workers });
    expect(tasks.map((t) => t.sample)).toEqual([0, 0, 0, 0, 2, 2, 2, 2]);
    expect(failures).toEqual([0, 1, 2, 3].map((start) => ({ address: { point: 0, sample: 1, start }, message: "this sample is bad" })));
    expect(interrupted).toBe(false);
  });

  test("a model that cannot be made fails its tasks", async () => {
    const { tasks, failures } = await runTasks(withParameter({ refuse: 1 }), faulty, { workers: 1 });
    expect(tasks).toEqual([]);
    expect(failures.length).toBe(12);
    expect(failures[0].message).toBe("no room for this model");
  });

  test("a worker that dies costs only the tasks it dies of", async () => {
    const { tasks, failures } = await runTasks(withParameter({ deadlySample: 0 }), faulty, { workers: 2 });
    expect(tasks.map((t) => t.sample)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(failures.map((f) => f.address.sample)).toEqual([0, 0, 0, 0]);
    expect(failures[0].message).toMatch(/its worker ended: exit code 3/);
  });

  test.each([1, 2])("a model that cannot be loaded is an internal error, %i workers", async (workers) => {
    await expect(runTasks(plan, fixture("missing"), { workers })).rejects.toThrow(/internal: the model could not be loaded/);
    await expect(runTasks(plan, { url: new URL("./plans.ts", import.meta.url).href }, { workers })).rejects.toThrow(/exports no `model`/);
  });

  test("a worker file that is not there is an internal error", async () => {
    await expect(runTasks(plan, pair, { workers: 2, workerUrl: new URL("./no-such-worker.js", import.meta.url) })).rejects.toThrow(/internal: a worker could not start/);
  });

  test("an observable that does not exist fails the tasks", async () => {
    const { failures } = await runTasks({ ...plan, record: ["nothing"] }, pair, { workers: 1 });
    expect(failures.length).toBe(24);
    expect(failures[0].message).toMatch(/internal: the plan records nothing/);
  });
});

describe("interruption", () => {
  // Each task needs at least 20 energies of 10 ms: the whole run would take 10 s.
  const slowPlan = sizePlan([2], { model: "Slow", samples: 5, starts: 10, record: [], steps: [descentStep(1, { amount: 20, arguments: [{ rate: 0.01 }] })] });

  test.each([1, 2])("returns what is finished, %i workers", async (workers) => {
    const controller = new AbortController();
    let stopped = 0;
    const outcome = await runTasks(slowPlan, fixture("slow"), {
      workers,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind !== "task" || event.done < 3) return;
        stopped = performance.now();
        controller.abort();
      },
    });
    expect(performance.now() - stopped).toBeLessThan(2000);
    expect(outcome.interrupted).toBe(true);
    expect(outcome.tasks.length).toBeGreaterThanOrEqual(3);
    expect(outcome.tasks.length).toBeLessThan(8);
  });

  test("an abort at the very task that killed a worker starts no other worker", async () => {
    const controller = new AbortController();
    const deadly = sizePlan([6], { points: [{ sweep: { N: 6 }, parameters: { N: 6, deadlySample: 0 } }], starts: 1 });
    const onEvent = (event: RunEvent): void => {
      if (event.kind === "failure") controller.abort();
    };
    const outcome = await runTasks(deadly, fixture("faulty"), { workers: 2, onEvent, signal: controller.signal });
    expect(outcome.failures.length).toBe(1);
    expect(outcome.tasks.length).toBeLessThanOrEqual(2);
  });

  test("a timer can interrupt in the middle of a task of this thread", async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 50);
    const begun = performance.now();
    const outcome = await runTasks(slowPlan, fixture("slow"), { workers: 1, signal: controller.signal });
    clearTimeout(timer);
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(outcome.tasks.length).toBe(0);
    expect(outcome.interrupted).toBe(true);
  });

  test.each([1, 2])("tasks of %i workers go on from their checkpoints with the same bytes", async (workers) => {
    const long = sizePlan([6], { samples: 1, starts: 2, steps: [descentStep(1, { kind: "measure", amount: 60_000, every: 500, arguments: [{ rate: 1e-4 }], until: { kind: "change", below: 1e-300 } })] });
    const whole = await runTasks(long, pair, { workers: 1 });
    let checkpoints: readonly TaskCheckpoint[] = [];
    let finished: readonly TaskRecord[] = [];
    let stops = 0;
    for (; finished.length < 2; stops++) {
      const controller = new AbortController();
      const found = new Map(checkpoints.map((c) => [c.start, c]));
      const before = Math.min(...checkpoints.map((c) => c.copies[0]!.done), 0);
      const outcome = await runTasks(long, pair, {
        workers, startsPerChunk: 1, signal: controller.signal, secondsBetweenCheckpoints: 0.01, finished, checkpoints,
        onEvent: (event) => {
          if (event.kind !== "checkpoint") return;
          found.set(event.checkpoint.start, structuredClone(event.checkpoint));
          if (stops < 4 && event.checkpoint.copies[0]!.done > before) controller.abort();
        },
      });
      finished = outcome.tasks;
      checkpoints = [...found.values()].filter((c) => !finished.some((task) => task.start === c.start));
    }
    expect(stops).toBeGreaterThan(2);
    expect(JSON.stringify(finished)).toBe(JSON.stringify(whole.tasks));
  });

  test("a signal that is already aborted runs nothing", async () => {
    for (const workers of [1, 2]) {
      const outcome = await runTasks(plan, pair, { workers, signal: AbortSignal.abort() });
      expect(outcome.tasks).toEqual([]);
      expect(outcome.interrupted).toBe(true);
    }
  });
});
