/**
 * Dynamics of discrete variables sample exp(−H/T): transition matrices built from the compiled kernels are stationary for it, long runs agree
 * with exact sums over states. Statistical tests: fixed seeds, 4 standard errors over 50 blocks of time, a false alarm in 2 of 10,000.
 */
import { describe, expect, test } from "vitest";
import { createCopies } from "../../runtime/engine/copies.ts";
import { sumOverStates } from "../../runtime/dynamics/enumerate.ts";
import { gibbsWeights } from "../../runtime/dynamics/heatBath.ts";
import { findDynamics } from "../../runtime/dynamics/index.ts";
import { domainValues } from "../../runtime/moves/domainMoves.ts";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import type { LocalMoves } from "../../runtime/moves/modelMoves.ts";
import { differenceTo, moveTo } from "../../runtime/moves/singleMove.ts";
import { thermalAddress } from "../../runtime/random/address.ts";
import { Stream } from "../../runtime/random/stream.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { generate, instantiate } from "./compileModel.ts";
import { movedModels } from "./movedModels.ts";

/** Every finite state, in the order of the first variable running fastest. */
function allStates(model: RunnableModel<string, string>): Float64Array[] {
  let states = [new Float64Array(0)];
  for (const { domain, length } of model.state) {
    const values = domainValues(domain!)!;
    for (let i = 0; i < length; i++) states = values.flatMap((v) => states.map((s) => Float64Array.from([...s, v])));
  }
  return states;
}

/** Adds probability to row `from` of the matrix, one call a target. */
type Rule = (moves: LocalMoves, state: Float64Array, T: number, add: (to: Float64Array, probability: number) => void) => void;

const changed = (state: Float64Array, ...changes: readonly (readonly [number, number])[]): Float64Array => {
  const next = state.slice();
  for (const [at, value] of changes) next[at] = value;
  return next;
};

const rules: Readonly<Record<string, Rule>> = {
  metropolis: (moves, state, T, add) => {
    for (const array of moves.arrays) for (let i = 0; i < array.length; i++) {
      const value = state[array.offset + i]!;
      const others = domainValues(array.domain)!.filter((v) => v !== value);
      for (const wanted of others) {
        const share = 1 / array.length / others.length / moves.arrays.length;
        const accepted = Math.min(1, Math.exp(-differenceTo(array, i, value, wanted) / T));
        add(changed(state, [array.offset + i, wanted]), share * accepted);
        add(state, share * (1 - accepted));
      }
    }
  },
  heat_bath: (moves, state, T, add) => {
    for (const array of moves.arrays) for (let i = 0; i < array.length; i++) {
      const value = state[array.offset + i]!;
      const values = domainValues(array.domain)!;
      const weights = new Float64Array(values.length);
      gibbsWeights(Float64Array.from(values, (v) => (v === value ? 0 : differenceTo(array, i, value, v))), T, weights);
      values.forEach((v, k) => { add(changed(state, [array.offset + i, v]), weights[k]! / array.length / moves.arrays.length); });
    }
  },
  kawasaki: (moves, state, T, add) => {
    for (const array of moves.arrays) for (let i = 0; i < array.length; i++) for (let j = 0; j < array.length; j++) {
      const [a, b] = [state[array.offset + i]!, state[array.offset + j]!];
      const share = 1 / array.length ** 2 / moves.arrays.length;
      if (a === b) { add(state, share); continue; }
      const first = moveTo(array, i, a, b);
      const difference = first + differenceTo(array, j, b, a);
      moveTo(array, i, b, a);
      const accepted = Math.min(1, Math.exp(-difference / T));
      add(changed(state, [array.offset + i, b], [array.offset + j, a]), share * accepted);
      add(state, share * (1 - accepted));
    }
  },
};

const small: Readonly<Record<string, Readonly<Record<string, number>>>> = { sk: { N: 6 }, pspin3: { N: 5 }, perceptron: { N: 5, alpha: 0.8 }, ising2: { L: 2 }, potts: { L: 2 }, hopfield: { N: 6, P: 2 }, rbm: { N: 3, M: 3 }, dilute: { N: 6 }, mixed: { N: 3 }, sat: { N: 5, M: 6 } };

describe.each(Object.entries(small))("transition matrix of %s", (name, parameters) => {
  const model = instantiate(generate(movedModels[name]![0]), parameters);
  model.draw(5, 0);
  const states = allStates(model);
  const place = new Map(states.map((s, k) => [s.join(), k]));
  test.each(Object.keys(rules))("%s is stationary for exp(-H/T)", (dynamics) => {
    const T = 0.7;
    const weights = states.map((s) => Math.exp(-model.referenceEnergy(s) / T));
    const total = weights.reduce((a, b) => a + b, 0);
    const after = new Float64Array(states.length);
    states.forEach((state, k) => {
      const moves = localMoves(model);
      moves.enter(state, true);
      let row = 0;
      rules[dynamics]!(moves, state, T, (to, probability) => {
        after[place.get(to.join())!]! += (weights[k]! / total) * probability;
        row += probability;
      });
      expect(Math.abs(row - 1)).toBeLessThan(1e-12);
    });
    states.forEach((_, k) => { expect(Math.abs(after[k]! - weights[k]! / total)).toBeLessThan(1e-12); });
  });
});

const stream = (purpose: string): Stream => new Stream(thermalAddress({ seed: 1, run: "test", purpose, sample: 0, start: 0, replica: 1, sweep: {} }));

/** Mean energy and its standard error over 50 blocks of time. */
function meanEnergy(model: RunnableModel<string, string>, dynamics: string, T: number, sweeps: number, start = model.randomState(1, 0)): { mean: number; error: number } {
  const state = start.slice();
  const mover = findDynamics(dynamics).create(model, state, { arguments: { T }, amount: sweeps, stream: stream(dynamics) });
  for (let k = 0; k < sweeps / 10; k++) mover.step();
  const blocks = Array.from({ length: 50 }, () => {
    let sum = 0;
    for (let k = 0; k < sweeps / 50; k++) {
      mover.step();
      sum += mover.energy();
    }
    return sum / (sweeps / 50);
  });
  expect(mover.energy()).toBeCloseTo(model.referenceEnergy(state), 9);
  const mean = blocks.reduce((a, b) => a + b, 0) / 50;
  return { mean, error: Math.sqrt(blocks.reduce((s, b) => s + (b - mean) ** 2, 0) / 50 / 49) };
}

function exactEnergy(model: RunnableModel<string, string>, T: number, keep: (state: Float64Array) => boolean = () => true): number {
  let [sum, z] = [0, 0];
  for (const state of allStates(model)) {
    if (!keep(state)) continue;
    const energy = model.referenceEnergy(state);
    const weight = Math.exp(-energy / T);
    z += weight;
    sum += weight * energy;
  }
  return sum / z;
}

describe("long runs", () => {
  const model = instantiate(generate(movedModels["sk"]![0]), { N: 12 });
  model.draw(2, 0);
  test.each(["metropolis", "heat_bath"])("%s of 12 spins has the exact mean energy", (dynamics) => {
    const { mean, error } = meanEnergy(model, dynamics, 0.8, 20_000);
    expect(error).toBeLessThan(0.1);
    expect(Math.abs(mean - exactEnergy(model, 0.8))).toBeLessThan(4 * error);
  });
  test("kawasaki keeps the magnetisation, and samples the states that have it", () => {
    const start = Float64Array.from({ length: 12 }, (_, i) => (i < 4 ? 1 : -1));
    const { mean, error } = meanEnergy(model, "kawasaki", 0.8, 20_000, start);
    expect(Math.abs(mean - exactEnergy(model, 0.8, (s) => s.reduce((a, b) => a + b, 0) === -4))).toBeLessThan(4 * error);
  });
  test.each(["potts", "rbm"])("metropolis of %s", (name) => {
    const other = instantiate(generate(movedModels[name]![0]), name === "potts" ? { L: 2 } : { N: 4, M: 3 });
    other.draw(2, 0);
    const { mean, error } = meanEnergy(other, "metropolis", 1, 20_000);
    expect(Math.abs(mean - exactEnergy(other, 1))).toBeLessThan(4 * error);
  });
  test("metropolis at T = inf is uniform", () => {
    const { mean, error } = meanEnergy(model, "metropolis", Infinity, 20_000);
    expect(Math.abs(mean - exactEnergy(model, Infinity))).toBeLessThan(4 * error);
  });
  test("metropolis at T = 0 never goes up and ends where no single flip goes down", () => {
    const state = model.randomState(7, 0);
    const mover = findDynamics("metropolis").create(model, state, { arguments: { T: 0 }, amount: 100, stream: stream("greedy") });
    let energy = model.referenceEnergy(state);
    for (let k = 0; k < 100; k++) {
      mover.step();
      expect(mover.energy()).toBeLessThanOrEqual(energy + 1e-12);
      energy = mover.energy();
    }
    for (let i = 0; i < 12; i++) expect(model.referenceEnergy(changed(state, [i, -state[i]!]))).toBeGreaterThan(energy);
  });
  test("continuous variables: an interval with exp(-x²/2T) and a tuned width", () => {
    const interval = instantiate(generate("model I(N = 4) { state x[i in N] : interval(-1, 2)\n energy H = sum(i) x[i]^2 }"), {});
    const state = interval.randomState(1, 0);
    const tuning = findDynamics("metropolis").create(interval, state, { arguments: { T: 0.5 }, amount: 500, stream: stream("tune"), tuning: true });
    for (let k = 0; k < 500; k++) tuning.step();
    const { mean, error } = meanEnergy(interval, "metropolis", 0.5, 20_000, state);
    // ∫ x² exp(−2x²) / ∫ exp(−2x²) from −1 to 2, by Simpson's rule on 3,000 cells.
    let [top, bottom] = [0, 0];
    for (let k = 0; k <= 3000; k++) {
      const x = -1 + k / 1000;
      const w = (k === 0 || k === 3000 ? 1 : k % 2 === 1 ? 4 : 2) * Math.exp(-2 * x * x);
      top += w * x * x;
      bottom += w;
    }
    expect(Math.abs(mean - (4 * top) / bottom)).toBeLessThan(4 * error);
  });
});

test("enumerate: weights are the Gibbs weights, at T = 0 those of the ground states, at T = inf counts", () => {
  const model = instantiate(generate(movedModels["ising"]![0]), { L: 3 });
  const run = (T: number): { rows: readonly Float64Array[]; weights: Float64Array } => {
    const sum = sumOverStates(model, T, createCopies(model), (s) => Float64Array.of(model.referenceEnergy(s)));
    for (;;) {
      const { done, value } = sum.next();
      if (done) return value;
    }
  };
  const hot = run(Infinity);
  const ground = hot.rows.findIndex((row) => row[0] === -18);
  expect(hot.weights[ground]! * 2 ** 9).toBeCloseTo(2, 12);
  expect([...run(0).rows.map((r) => r[0])]).toEqual([-18]);
  const { rows, weights } = run(1.3);
  expect(rows.reduce((sum, row, k) => sum + weights[k]! * row[0]!, 0)).toBeCloseTo(exactEnergy(model, 1.3), 10);
});
