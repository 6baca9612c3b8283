import { describe, expect, test } from "vitest";
import type { PlannedStep, StopCondition } from "../../../runtime/engine/plan.ts";
import { createPointContext } from "../../../runtime/engine/pointContext.ts";
import type { TaskResult } from "../../../runtime/engine/runTask.ts";
import { runTask } from "../../../runtime/engine/runTask.ts";
import type { ModelModule } from "../../../runtime/model.ts";
import { freeQuadratic, moduleOf, sphericalPair } from "../models/handWritten.ts";
import { descentStep, sizePlan } from "./plans.ts";

const pair = moduleOf("SphericalPair", 8, sphericalPair);
const quadratic = moduleOf("Quadratic", 2, () => freeQuadratic([1, 1]));

function run(module: ModelModule, steps: readonly PlannedStep[], extra: Record<string, number> = {}): TaskResult & { readonly yields: number } {
  const plan = sizePlan([8], { steps, record: [], points: [{ sweep: { N: 8 }, parameters: { N: 8, ...extra } }] });
  const work = runTask(createPointContext(plan, 0, module, {}), 0, 0);
  let yields = 0;
  for (;;) {
    const next = work.next();
    if (next.done) return { ...next.value, yields };
    yields++;
  }
}
const until = (condition: StopCondition, step: Partial<PlannedStep> = {}): PlannedStep => descentStep(1, { until: condition, ...step });
const E = { name: "E", observable: "E", places: [] };

describe("conditions of `until`", () => {
  test("gradient: the projected one, and not one step more", () => {
    const loose = run(pair, [until({ kind: "gradient", below: 0.1 })]).record.steps[0];
    const tight = run(pair, [until({ kind: "gradient", below: [1e-7] })]).record.steps[0];
    expect(loose.capped || tight.capped).toBe(false);
    expect(loose.done).toBeLessThan(tight.done);
    const { record, state } = run(pair, [until({ kind: "gradient", below: 0.1 }, { amount: loose.done - 1 })]);
    expect(record.steps[0]).toEqual({ done: loose.done - 1, capped: true });
    expect(state.length).toBe(8);
  });

  test("change: how far the last step went", () => {
    // A rate of 1/2 halves the state, so that step k moves it by |x_0| / 2^k.
    const half = { arguments: [{ rate: 0.5 }] };
    const { record, state } = run(quadratic, [until({ kind: "change", below: 1e-3 }, half)]);
    const size = Math.hypot(state[0], state[1]); // after k steps |x_0| / 2^k: the change of the last step
    expect(size).toBeLessThan(1e-3);
    expect(2 * size).toBeGreaterThanOrEqual(1e-3);
    expect(record.steps[0].capped).toBe(false);
  });

  test("an expression of observables, parameters and special functions", () => {
    const half = { arguments: [{ rate: 0.5 }] };
    const condition: StopCondition = { kind: "observables", source: "special.erf(E / scale) < 1e-4", observables: [E], parameters: [{ name: "scale", parameter: "c" }] };
    const { record } = run(quadratic, [until(condition, half)], { c: 3 });
    const energy = record.values["E"][0];
    // erf(x) ≈ 2x/√π, and each step divides the energy by 4.
    const bound = (1e-4 * Math.sqrt(Math.PI) * 3) / 2;
    expect(energy).toBeLessThan(bound);
    expect(4 * energy).toBeGreaterThan(bound);
  });

  test("an unknown observable or parameter is an internal error", () => {
    const unknown = { name: "x", observable: "x", places: [] };
    expect(() => run(quadratic, [until({ kind: "observables", source: "x", observables: [unknown] })])).toThrow(/internal: .*x, which is not an observable/);
    const parameters = [{ name: "y", parameter: "y" }];
    expect(() => run(quadratic, [until({ kind: "observables", source: "y", observables: [], parameters })])).toThrow(/internal: .*not a parameter/);
  });

  test("a step without a condition is never capped", () => {
    const { until: _, ...unconditional } = descentStep(1, { amount: 3 });
    expect(run(pair, [unconditional]).record.steps).toEqual([{ done: 3, capped: false }]);
  });

  test("a stall before the condition holds is told", () => {
    const still = moduleOf("Still", 2, () => ({ ...freeQuadratic([1, 1]), initialize: (state) => void state.fill(0) }));
    const missed = run(still, [until({ kind: "observables", source: "E > 1", observables: [E] })]);
    expect(missed.record.steps).toEqual([{ done: 0, capped: false, stalled: true }]);
    const held = run(still, [until({ kind: "gradient", below: 1e-6 })]);
    expect(held.record.steps).toEqual([{ done: 0, capped: false }]);
  });
});

describe("records", () => {
  const { until: _, ...plain } = descentStep(1);

  test("a measure records after every K steps, and goes on at a critical point", () => {
    const { record, yields } = run(quadratic, [{ ...plain, kind: "measure", amount: 12, every: 5, arguments: [{ rate: 1 }] }]);
    // The first step of rate 1 ends at the minimum.
    expect(record.values["E"]).toEqual([0, 0]);
    expect(record.records).toBe(2);
    expect(record.steps).toEqual([{ done: 12, capped: false }]);
    expect(yields).toBe(12);
  });

  test("`until` ends a measure", () => {
    const step = until({ kind: "observables", source: "E < 1e-3", observables: [E] }, { kind: "measure", arguments: [{ rate: 0.5 }] });
    const { record } = run(quadratic, [step]);
    expect(record.values["E"].filter((e) => e < 1e-3).length).toBe(1);
    expect(record.records).toBe(record.steps[0].done);
  });

  test("without a measure the final state is recorded", () => {
    const { record, state } = run(quadratic, [{ ...plain, amount: 2, arguments: [{ rate: 0.5 }] }]);
    expect(record.values["E"]).toEqual([0.5 * (state[0] ** 2 + state[1] ** 2)]);
    expect(run(quadratic, []).record.records).toBe(1);
  });
});
