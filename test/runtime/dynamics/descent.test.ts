import { describe, expect, test } from "vitest";
import { descent } from "../../../runtime/dynamics/descent.ts";
import type { Mover } from "../../../runtime/dynamics/dynamics.ts";
import type { Schedule } from "../../../runtime/engine/plan.ts";
import { euclideanNorm, projectGradient, retract } from "../../../runtime/geometry/index.ts";
import type { CompiledModel } from "../../../runtime/model.ts";
import { Stream } from "../../../runtime/random/index.ts";
import { freeQuadratic, handWrittenModel, packedThreeSpin, rosenbrock, sphericalPair, wholeSphere } from "../models/handWritten.ts";

const noise = new Stream(["test", "descent takes no noise"]);
const start = (model: CompiledModel, name = "start"): Float64Array => {
  const state = new Float64Array(model.dimension);
  model.initialize(state, (array) => new Stream(["test", name, array]));
  return state;
};
const move = (model: CompiledModel, state: Float64Array, arguments_: Record<string, number | Schedule> = {}, amount = 1000): Mover =>
  descent.create(model, state, { arguments: arguments_, amount, stream: noise });
/** Steps until the gradient is below `gradient`; returns the energies on the way. */
const descend = (mover: Mover, gradient: number, cap: number): number[] => {
  const energies = [mover.energy()];
  for (let k = 0; k < cap && mover.gradientNorm!() >= gradient && mover.step(); k++) energies.push(mover.energy());
  return energies;
};
const projectedNorm = (model: CompiledModel, state: Float64Array): number => {
  const gradient = new Float64Array(model.dimension);
  model.energyAndGradient(state, gradient);
  projectGradient(model.spheres, state, gradient, gradient);
  return euclideanNorm(gradient);
};

describe("descent with backtracking", () => {
  test.each([20, 60])("p = 2 on the sphere, N = %i: ends in the eigenvector of the largest eigenvalue", (N) => {
    const model = sphericalPair(N);
    model.draw(3, 0);
    const state = start(model);
    const mover = move(model, state);
    descend(mover, 1e-6, 5000);
    expect(projectedNorm(model, state)).toBeLessThan(1e-6);

    // Power iteration on J + shift, independent of gradients.
    let vector = start(model, "power");
    const shift = 3;
    let eigenvalue = 0;
    for (let k = 0; k < 20000; k++) {
      const next = vector.map((x, i) => shift * x + vector.reduce((sum, y, j) => sum + model.couplings[i * N + j] * y, 0));
      eigenvalue = next.reduce((sum, x, i) => sum + x * vector[i], 0) / vector.reduce((sum, x) => sum + x * x, 0) - shift;
      retract([wholeSphere(N, 1)], next);
      if (euclideanNorm(next.map((x, i) => x - vector[i])) < 1e-13) break;
      vector = next;
    }
    expect(mover.energy() / N).toBeCloseTo(-eigenvalue / 2, 10);
  });

  test("free quadratic with curvatures from 1 to 1000", () => {
    const model = freeQuadratic([1, 3, 10, 100, 1000]);
    const state = start(model);
    const energies = descend(move(model, state), 1e-9, 2000);
    expect(energies.length).toBeLessThan(1000);
    expect(euclideanNorm(state)).toBeLessThan(1e-8);
  });

  test("Rosenbrock's valley", () => {
    const state = Float64Array.of(-1.2, 1);
    descend(move(rosenbrock(), state), 1e-8, 20000);
    expect(state[0]).toBeCloseTo(1, 7);
    expect(state[1]).toBeCloseTo(1, 7);
  });

  test("a product of spheres and free entries: H = Σ_g b·x_g + (y − 2)², x_g unit vectors that are columns", () => {
    const b = [1, -2, 2];
    const spheres = [{ offset: 0, count: 2, groupStride: 1, length: 3, elementStride: 2, norm2: 1 }];
    const model = handWrittenModel({
      name: "Columns",
      dimension: 7,
      spheres,
      energyAndGradient: (s, gradient) => {
        let energy = (s[6] - 2) ** 2;
        gradient[6] = 2 * (s[6] - 2);
        for (let i = 0; i < 6; i++) {
          gradient[i] = b[i >> 1];
          energy += b[i >> 1] * s[i];
        }
        return energy;
      },
    });
    const state = new Float64Array(7);
    noise.normals(state, 0);
    retract(spheres, state);
    descend(move(model, state), 1e-9, 1000);
    [0, 1].forEach((g) => b.forEach((component, r) => expect(state[2 * r + g]).toBeCloseTo(-component / 3, 8)));
    expect(state[6]).toBeCloseTo(2, 8);
  });

  test("packed 3-spin: energies never rise beyond rounding, and follow the gradient flow into its minimum", () => {
    const N = 30;
    const model = packedThreeSpin(N);
    let evaluations = 0;
    const counted = { ...model, energyAndGradient: (w: Float64Array, g: Float64Array) => (evaluations++, model.energyAndGradient(w, g)) };
    const deviations: number[] = [];
    for (let sample = 0; sample < 12; sample++) {
      model.draw(11, sample);
      const state = start(model, `start ${sample}`);
      const flow = state.slice();
      const energies = descend(move(counted, state), 1e-6, 20000);
      energies.slice(1).forEach((energy, k) => expect(energy).toBeLessThanOrEqual(energies[k] + 1e-10 * Math.abs(energies[k])));
      expect(projectedNorm(model, state)).toBeLessThan(1e-6);

      // Euler integration with a small fixed step stands for the flow; then the minimum is polished.
      const euler = move(model, flow, { rate: 0.01 });
      for (let k = 0; k < 4000; k++) euler.step();
      const polished = move(model, flow);
      descend(polished, 1e-6, 20000);
      deviations.push(Math.abs(polished.energy() - energies.at(-1)!) / N);
    }
    expect(evaluations / 12).toBeLessThan(400);
    // Near a basin boundary the two may part; most starts must not.
    expect(deviations.filter((d) => d < 1e-6).length).toBeGreaterThanOrEqual(10);
  });

  test("at a critical point there is no step", () => {
    const state = new Float64Array(3);
    const mover = move(freeQuadratic([1, 2, 3]), state);
    expect(mover.step()).toBe(false);
    expect(state).toEqual(new Float64Array(3));
  });

  test("a search that can find no lower energy stalls and leaves the state where it was", () => {
    const cliff = handWrittenModel({
      name: "Cliff",
      dimension: 1,
      energyAndGradient: (x, gradient) => {
        gradient[0] = 2;
        return x[0] < 3 ? 100 : 2 * x[0];
      },
    });
    const state = Float64Array.of(3);
    const mover = move(cliff, state);
    expect(mover.step()).toBe(false);
    expect(mover.step()).toBe(false);
    expect(state).toEqual(Float64Array.of(3));
    expect(mover.energy()).toBe(6);
    expect(mover.gradientNorm!()).toBe(2);
  });

  test("a step too small to change any number is none: H = 1 + |x| at its kink", () => {
    const kink = handWrittenModel({
      name: "Kink",
      dimension: 1,
      energyAndGradient: (x, gradient) => {
        gradient[0] = x[0] < 1 ? -1 : 1;
        return 1 + Math.abs(x[0] - 1);
      },
    });
    const state = Float64Array.of(1.5);
    const mover = move(kink, state);
    let steps = 0;
    while (steps < 5000 && mover.step()) steps++;
    expect(steps).toBeLessThan(5000);
    expect(state[0]).toBeCloseTo(1, 9);
  });

  test("a perfect fit as an expanded square: the energy goes to 0 by cancellation, the gradient doesn't", () => {
    const N = 12;
    const pattern = new Float64Array(3 * N * N);
    const [solution, begin] = ["solution", "begin"].map((name) => {
      const values = new Float64Array(N);
      new Stream(["test", name]).normals(values, 0);
      return values;
    });
    noise.normals(pattern, 0);
    // Σ_a (x_a·(w − v))² = w·A w − 2 (A v)·w + v·A v.
    const A = Array.from({ length: N }, (_, i) => Float64Array.from({ length: N }, (_, j) => {
      let sum = 0;
      for (let a = 0; a < 3 * N; a++) sum += pattern[a * N + i] * pattern[a * N + j];
      return sum;
    }));
    const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);
    const b = Float64Array.from(A, (row) => dot(row, solution));
    const constant = dot(solution, b);
    const expanded = handWrittenModel({
      name: "Expanded",
      dimension: N,
      energyAndGradient: (w, gradient) => {
        const Aw = Float64Array.from(A, (row) => dot(row, w));
        for (let i = 0; i < N; i++) gradient[i] = 2 * (Aw[i] - b[i]);
        return dot(w, Aw) - 2 * dot(b, w) + constant;
      },
    });
    const state = begin.slice();
    const energies = descend(move(expanded, state), 1e-9, 2000);
    expect(projectedNorm(expanded, state)).toBeLessThan(1e-9);
    state.forEach((w, i) => expect(w).toBeCloseTo(solution[i], 10));
    energies.slice(1).forEach((energy, k) => expect(energy).toBeLessThanOrEqual(energies[k] + 1e-10 * energies[0]));
  });

  test("energies that are not finite are backed away from: H = x − log x from x = 50, whose probes pass 0", () => {
    const barrier = handWrittenModel({
      name: "Barrier",
      dimension: 1,
      energyAndGradient: (x, gradient) => {
        gradient[0] = 1 - 1 / x[0];
        return x[0] - Math.log(x[0]); // NaN below 0
      },
    });
    const state = Float64Array.of(50);
    const energies = descend(move(barrier, state), 1e-9, 500);
    expect(energies.every(Number.isFinite)).toBe(true);
    expect(state[0]).toBeCloseTo(1, 8);
  });

  test("starting from an energy that is not finite is a stall", () => {
    const nowhere = handWrittenModel({ name: "Nowhere", dimension: 1, energyAndGradient: (_, gradient) => ((gradient[0] = 1), NaN) });
    expect(move(nowhere, Float64Array.of(1)).step()).toBe(false);
  });

  test("a linear energy without a minimum: steps lengthen until the energy overflows, and nothing throws", () => {
    const slope = handWrittenModel({ name: "Slope", dimension: 1, energyAndGradient: (x, gradient) => ((gradient[0] = 1), x[0]) });
    const state = Float64Array.of(0);
    const mover = move(slope, state);
    for (let k = 0; k < 3000 && mover.step(); k++);
    expect(Number.isFinite(state[0])).toBe(true);
    expect(state[0]).toBeLessThan(-1e300);
  });
});

describe("descent with a fixed rate", () => {
  test("contracts a quadratic by (1 − rate · a) a step", () => {
    const state = Float64Array.of(1, 1);
    const mover = move(freeQuadratic([1, 2]), state, { rate: 0.1 });
    for (let k = 0; k < 10; k++) expect(mover.step()).toBe(true);
    expect(state[0]).toBeCloseTo(0.9 ** 10, 14);
    expect(state[1]).toBeCloseTo(0.8 ** 10, 14);
    expect(mover.energy()).toBeCloseTo(0.5 * 0.81 ** 10 + 0.64 ** 10, 14);
    expect(mover.gradientNorm!()).toBeCloseTo(Math.hypot(state[0], 2 * state[1]), 14);
  });

  test("a linear schedule runs from its first to its last value", () => {
    const state = Float64Array.of(1);
    const mover = move(freeQuadratic([1]), state, { rate: { from: 0.5, to: 0.1, shape: "linear" } }, 3);
    for (let k = 0; k < 3; k++) mover.step();
    expect(state[0]).toBeCloseTo(0.5 * 0.7 * 0.9, 14);
  });

  test("a geometric schedule has a constant ratio", () => {
    const state = Float64Array.of(1);
    const mover = move(freeQuadratic([1]), state, { rate: { from: 0.4, to: 0.1, shape: "geometric" } }, 3);
    for (let k = 0; k < 3; k++) mover.step();
    expect(state[0]).toBeCloseTo(0.6 * 0.8 * 0.9, 14);
  });

  test("stays on the sphere", () => {
    const model = sphericalPair(10);
    model.draw(1, 0);
    const state = start(model);
    const mover = move(model, state, { rate: 0.3 });
    for (let k = 0; k < 50; k++) mover.step();
    expect(state.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(10, 12);
  });

  test("a rate that is too large ends at the last finite state", () => {
    const state = Float64Array.of(1);
    const mover = move(freeQuadratic([1]), state, { rate: 1e60 });
    let steps = 0;
    while (steps < 100 && mover.step()) steps++;
    expect(steps).toBeLessThan(6);
    expect(Number.isFinite(state[0])).toBe(true);
    expect(mover.energy()).toBe(0.5 * state[0] * state[0]);
  });
});
