/** Rejection-free moves have the law of Metropolis attempts: their probabilities exactly, long runs within 4 standard errors over 50 blocks of time (a false alarm in 2 of 10,000). */
import { describe, expect, test } from "vitest";
import { findDynamics } from "../../../runtime/dynamics/index.ts";
import { drawsOf, movedValue } from "../../../runtime/moves/domainMoves.ts";
import { StateCounter } from "../../../runtime/moves/stateCounter.ts";
import { localMoves } from "../../../runtime/moves/modelMoves.ts";
import { acceptancesOf, chosenMove, rejectedBefore, rejectionFree } from "../../../runtime/moves/rejectionFree.ts";
import { Stream } from "../../../runtime/random/stream.ts";
import { generate, instantiate } from "../../pipeline/compileModel.ts";
import { movedModels } from "../../pipeline/movedModels.ts";

test("the residence time is geometric: k or more rejections exactly where u <= (1 - p)^k", () => {
  for (const p of [0.5, 0.03, 1e-6]) for (const k of [1, 2, 7, 50]) {
    const limit = (1 - p) ** k;
    expect(rejectedBefore(p, limit * (1 - 1e-9))).toBeGreaterThanOrEqual(k);
    expect(rejectedBefore(p, Math.min(limit * (1 + 1e-9), 1 - 2 ** -53))).toBeLessThan(k);
  }
  expect([rejectedBefore(1, 0.3), rejectedBefore(0, 0.3)]).toEqual([0, Infinity]);
});

test("entries are chosen in proportion to their probabilities of acceptance", () => {
  const acceptances = Float64Array.of(0, 0.25, 1, 0, 0.125, 0);
  const n = 1100;
  const counts = new Float64Array(6);
  for (let k = 0; k < n; k++) counts[chosenMove(acceptances, 1.375, (k + 0.5) / n)]!++;
  expect([...counts]).toEqual([0, 200, 800, 0, 100, 0]);
});

test.each(["sk", "perceptron", "rbm", "sat", "colouring", "mixed"])("%s: probabilities of acceptance are those of single attempts, to 1e-12", (name) => {
  const model = instantiate(generate(movedModels[name]![0]), name === "rbm" ? { N: 3, M: 3 } : { N: name === "mixed" ? 3 : 6 });
  model.draw(4, 0);
  const state = model.randomState(2, 0);
  const moves = localMoves(model);
  moves.enter(state, true);
  for (const array of moves.arrays) for (const T of [0, 0.4, Infinity]) {
    const draws = drawsOf(array.domain);
    const acceptances = new Float64Array(draws.length * array.length);
    const sum = acceptancesOf(array, T, acceptances);
    const exact = Array.from(acceptances, (_, move) => {
      const moved = state.slice();
      const place = array.offset + (move % array.length);
      moved[place] = movedValue(array.domain, moved[place]!, draws[Math.floor(move / array.length)]!);
      const difference = model.referenceEnergy(moved) - model.referenceEnergy(state);
      return difference <= 1e-12 || T === Infinity ? 1 : T === 0 ? 0 : Math.exp(-difference / T);
    });
    exact.forEach((a, i) => { expect(Math.abs(acceptances[i]! - a)).toBeLessThan(1e-11); });
    expect(Math.abs(sum - exact.reduce((a, b) => a + b, 0))).toBeLessThan(1e-11);
    moves.enter(state, true);
  }
});

const blocks = (sweep: () => number): { mean: number; error: number } => {
  const values = Array.from({ length: 50 }, () => { let sum = 0; for (let k = 0; k < 1500; k++) sum += sweep(); return sum / 1500; });
  const mean = values.reduce((a, b) => a + b, 0) / 50;
  return { mean, error: Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / 50 / 49) };
};

describe("long runs of 9 spins", () => {
  const model = instantiate(generate(movedModels["sk"]![0]), { N: 9 });
  model.draw(3, 0);
  const energies = Array.from({ length: 512 }, (_, bits) => model.referenceEnergy(Float64Array.from({ length: 9 }, (__, i) => (bits & (1 << i) ? 1 : -1))));
  const exact = (T: number): number => {
    const weights = energies.map((e) => Math.exp(-e / T));
    return weights.reduce((sum, w, k) => sum + w * energies[k]!, 0) / weights.reduce((a, b) => a + b, 0);
  };
  test("event by event, at any acceptance", () => {
    const stream = new Stream(["test", "rejection-free"]);
    const moves = localMoves(model);
    moves.enter(model.randomState(1, 0), true);
    const events = rejectionFree(moves.arrays[0]!);
    let energy = model.referenceEnergy(moves.current.slice());
    moves.enter(model.randomState(1, 0), true);
    let sweep = 0;
    let accepted = 0;
    const { mean, error } = blocks(() => {
      const result = events.sweep(0.6, (k) => stream.uniform(sweep, k));
      sweep++;
      accepted += result.accepted;
      energy += result.change;
      return energy;
    });
    expect(accepted / sweep).toBeGreaterThan(0.2);
    expect(Math.abs(energy - model.referenceEnergy(moves.current.slice()))).toBeLessThan(1e-9);
    expect(error).toBeLessThan(0.1);
    expect(Math.abs(mean - exact(0.6))).toBeLessThan(4 * error);
  });

  test("as part of metropolis, which goes from one way to the other", () => {
    const T = 0.45;
    const state = model.randomState(1, 0);
    const mover = findDynamics("metropolis").create(model, state, { arguments: { T }, amount: 1e6, stream: new Stream(["test", "both ways"]) });
    const { mean, error } = blocks(() => { mover.step(); return mover.energy(); });
    expect(Math.abs(mover.energy() - model.referenceEnergy(state))).toBeLessThan(1e-9);
    expect(Math.abs(mean - exact(T))).toBeLessThan(4 * error);
  });
});

test("Potts variables: long runs of both ways have the mean energy of all states", () => {
  const model = instantiate(generate(movedModels["colouring"]![0]), { N: 6, c: 3 });
  model.draw(3, 0);
  const T = 0.4;
  let [weights, mean] = [0, 0];
  for (const counter = new StateCounter(model, new Float64Array(6)); ;) {
    const energy = model.referenceEnergy(counter.state);
    weights += Math.exp(-energy / T);
    mean += energy * Math.exp(-energy / T);
    if (!counter.advance()) break;
  }
  const moves = localMoves(model);
  const stream = new Stream(["test", "potts"]);
  moves.enter(model.randomState(1, 0), true);
  const events = rejectionFree(moves.arrays[0]!);
  let [energy, sweep] = [model.referenceEnergy(moves.current.slice()), 0];
  moves.enter(model.randomState(1, 0), true);
  const eventByEvent = blocks(() => (energy += events.sweep(T, (k) => stream.uniform(sweep, k)).change, sweep++, energy));
  const state = model.randomState(1, 0);
  const mover = findDynamics("metropolis").create(model, state, { arguments: { T: 0.4 }, amount: 1e6, stream: new Stream(["test", "both ways"]) });
  const bothWays = blocks(() => (mover.step(), mover.energy()));
  for (const found of [eventByEvent, bothWays]) {
    expect(found.error).toBeLessThan(0.05);
    expect(Math.abs(found.mean - mean / weights)).toBeLessThan(4 * found.error);
  }
});

test("at T = 0 in a minimum nothing moves, and sweeps cost nothing", () => {
  const model = instantiate(generate(movedModels["sk"]![0]), { N: 200 });
  model.draw(3, 0);
  const state = model.randomState(1, 0);
  const mover = findDynamics("metropolis").create(model, state, { arguments: { T: 0 }, amount: 1e6, stream: new Stream(["test", "greedy"]) });
  for (let k = 0; k < 100; k++) mover.step();
  const settled = state.slice();
  for (let k = 0; k < 20_000; k++) mover.step();
  expect([...state]).toEqual([...settled]);
  expect(mover.energy()).toBeCloseTo(model.referenceEnergy(state), 9);
});
