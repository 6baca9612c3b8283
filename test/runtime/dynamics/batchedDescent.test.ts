import { describe, expect, test } from "vitest";
import type { BatchedModel } from "../../../runtime/dynamics/batchedDescent.ts";
import { batchedDescent } from "../../../runtime/dynamics/batchedDescent.ts";
import { descent } from "../../../runtime/dynamics/descent.ts";
import type { CompiledModel } from "../../../runtime/model.ts";
import { Stream } from "../../../runtime/random/index.ts";
import { packedThreeSpin } from "../models/handWritten.ts";

const N = 15;
const BATCH = 5;
const noise = new Stream(["test", "batch"]);

function rows(model: CompiledModel): Float64Array[] {
  return Array.from({ length: BATCH }, (_, start) => {
    const state = new Float64Array(N);
    model.initialize(state, () => new Stream(["test", "batch", start]));
    return state;
  });
}

/** Writes NaN for inactive rows, which nobody may read. */
const batched = (model: CompiledModel): BatchedModel => ({
  batch: BATCH,
  dimension: N,
  spheres: model.spheres,
  energiesAndGradients: (states, energies, gradients, active) => {
    for (let b = 0; b < BATCH; b++) {
      const gradient = gradients.subarray(b * N, (b + 1) * N);
      if (active[b]) energies[b] = model.energyAndGradient(states.subarray(b * N, (b + 1) * N), gradient);
      else {
        energies[b] = NaN;
        gradient.fill(NaN);
      }
    }
  },
});

describe("batched descent", () => {
  test.each([{}, { rate: 0.02 }])("makes the trajectories of single descents: %o", (arguments_) => {
    const model = packedThreeSpin(N);
    model.draw(5, 0);
    const singles = rows(model);
    const states = new Float64Array(BATCH * N);
    singles.forEach((state, b) => states.set(state, b * N));
    const options = { arguments: arguments_, amount: 60 };
    const movers = singles.map((state) => descent.create(model, state, { ...options, stream: noise }));
    const run = batchedDescent(batched(model), states, options);

    const seen = new Int32Array(BATCH);
    let comparisons = 0;
    for (let round = 0; round < 5000 && run.advance() > 0; round++) {
      for (let b = 0; b < BATCH; b++) {
        if (run.steps[b] === seen[b]) continue;
        seen[b] = run.steps[b];
        expect(movers[b].step()).toBe(true);
        expect(run.energy(b)).toBeCloseTo(movers[b].energy(), 12);
        expect(run.gradientNorm(b)).toBeCloseTo(movers[b].gradientNorm!(), 12);
        for (let i = 0; i < N; i++) expect(Math.abs(states[b * N + i] - singles[b][i])).toBeLessThan(1e-12);
        comparisons++;
      }
    }
    expect(Array.from(run.steps)).toEqual(new Array(BATCH).fill(60));
    expect(comparisons).toBeGreaterThan(4 * 60); // those of the last round are counted by the loop's end
    expect(run.advance()).toBe(0);
  });

  test("`until` stops a start, and the others go on", () => {
    const model = packedThreeSpin(N);
    model.draw(5, 1);
    const states = new Float64Array(BATCH * N);
    rows(model).forEach((state, b) => states.set(state, b * N));
    const run = batchedDescent(batched(model), states, { arguments: {}, amount: 5000, until: (b) => run.gradientNorm(b) < (b === 2 ? 1e-1 : 1e-6) });
    for (let round = 0; round < 5000 && run.advance() > 0; round++);
    expect(run.gradientNorm(2)).toBeGreaterThan(1e-6);
    for (const b of [0, 1, 3, 4]) {
      expect(run.gradientNorm(b)).toBeLessThan(1e-6);
      expect(run.steps[b]).toBeGreaterThan(run.steps[2] - 200);
    }
    expect(Array.from(run.active)).toEqual([0, 0, 0, 0, 0]);
    expect(Array.from(run.stalled)).toEqual([0, 0, 0, 0, 0]);
  });

  test("a start that cannot move stalls alone", () => {
    const model = packedThreeSpin(N);
    model.draw(5, 2);
    const states = new Float64Array(BATCH * N);
    rows(model).forEach((state, b) => states.set(state, b * N));
    states.fill(NaN, N, 2 * N);
    const run = batchedDescent(batched(model), states, { arguments: {}, amount: 10 });
    for (let round = 0; round < 500 && run.advance() > 0; round++);
    expect(Array.from(run.stalled)).toEqual([0, 1, 0, 0, 0]);
    expect(Array.from(run.steps)).toEqual([10, 0, 10, 10, 10]);
  });
});
