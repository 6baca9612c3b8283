/** Energy differences of local moves: against the energy as written, on both targets, for every form that the compiler finds. */
import { describe, expect, test } from "vitest";
import { drawUniformly, movedValue } from "../../runtime/moves/domainMoves.ts";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import { attempt } from "../../runtime/moves/singleMove.ts";
import type { CompiledModel } from "../../runtime/model.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { generate, instantiate } from "./compileModel.ts";
import { movedModels } from "./movedModels.ts";

/** Attempts moves all over the state, of which two thirds are accepted, and compares each with the reference. */
function followMoves(model: RunnableModel<string, string>, given: CompiledModel = model): void {
  model.draw(1, 0);
  const moves = localMoves(given);
  moves.enter(model.randomState(3, 0));
  for (let n = 0; n < 200; n++) {
    const array = moves.arrays[n % moves.arrays.length]!;
    const entry = (n * 7 + (n >> 3)) % array.length;
    const drawn = drawUniformly(array.domain, ((n * 37 + 11) % 101) / 101, 0.7);
    const before = moves.current.slice();
    const after = before.slice();
    after[array.offset + entry] = movedValue(array.domain, before[array.offset + entry]!, drawn);
    const difference = attempt(array, entry, drawn, n % 3 === 0 ? -Infinity : Infinity);
    const left = moves.current.slice();
    expect(left).toEqual(n % 3 === 0 ? before : after);
    const exact = model.referenceEnergy(after) - model.referenceEnergy(before);
    expect(difference).not.toBeNaN();
    expect(Math.abs(difference - exact)).toBeLessThan(1e-9 * Math.max(1, Math.abs(exact)));
    // The reference has used the model's copy of the state; what the kernels keep goes on.
    moves.enter(left);
  }
}

describe.each(Object.entries(movedModels))("%s", (_, [text, parameters]) => {
  const generated = generate(text, { moves: true });
  test.each(["typescript", "wasm"] as const)("equals the difference of the energy as written: %s", (target) => {
    followMoves(instantiate(generated, parameters, target));
  });
  test("without compiled differences the energy is evaluated twice", () => {
    const model = instantiate(generated, parameters);
    const { moves: _moves, ...rest } = model;
    followMoves(model, rest);
  });
});

test("the form and its cost are those of the textbook", () => {
  const moves = (name: string): readonly string[] => generate(movedModels[name]![0]).notes.filter((n) => n.startsWith("Moves") || n.startsWith("A move"));
  expect(moves("sk")).toEqual([
    "Moves: local fields, kept and updated (field_s: 8 N bytes).",
    "A move of s: 1 multiply-add a proposal, N an acceptance.",
  ]);
  expect(moves("pspin3")[1]).toBe("A move of s: 1 multiply-add a proposal, N² an acceptance.");
  // Of couplings that are symmetric, sorted ones are kept: half of N³ for triples, a sixth of N⁴ for fours.
  const keeps = (name: string, entries: string): boolean => generate(movedModels[name]![0], { moves: true }).notes.some((n) => n.includes(`computed once after the draw from J: ${entries} entries`));
  expect([keeps("pspin3", "N³/2 - N²/2"), keeps("cubic", "N³/2 - N²/2"), keeps("pspin4", "N⁴/6 - N³/2 + N²/3"), keeps("pspin3dense", "N³")]).toEqual([true, true, true, true]);
  expect(moves("perceptron")[1]).toMatch(/^A move of w: round\(N alpha\)\/8 multiply-adds a proposal, round\(N alpha\) an acceptance\.$/);
  // A move costs as much as there are clauses, or edges, that hold the variable: M/N of them on average.
  expect(moves("edges")[1]).toBe("A move of s: 2 multiply-adds a proposal, 2 M N⁻¹ an acceptance.");
  for (const name of ["sat", "softsat", "twolayers"]) expect(moves(name)[1]).toMatch(/^A move of s: \d+ M N⁻¹ \+ \d+ multiply-adds a proposal, \d+ M N⁻¹ an acceptance\.$/);
  expect(moves("satK")[1]).toMatch(/^A move of s: [\d/]+ K M N⁻¹(\/\d+)? \+ \d+ multiply-adds a proposal, \d+ K M N⁻¹ an acceptance\.$/);
  expect(moves("ising")[1]).toMatch(/^A move of s: [\d/]+ multiply-adds a proposal, nothing an acceptance\.$/);
});

const counted = ["perceptron", "committee", "perceptronOfManyPatterns", "window", "teacher", "diluted", "parity", "classes"];

test.each(counted)("%s: truth values are counted as bits", (name) => {
  expect(generate(movedModels[name]![0]).notes.find((n) => n.startsWith("Moves"))).toContain("truth values as bits");
});

describe.each(["typescript", "wasm"] as const)("bits follow the state that moves: %s", (target) => {
  test.each(counted)("%s", (name) => {
    const [text, parameters] = movedModels[name]!;
    const model = instantiate(generate(text), parameters, target);
    model.draw(2, 1);
    const [first, second] = [localMoves(model), localMoves(model)];
    const states = [model.randomState(1, 0), model.randomState(2, 0)];
    for (let n = 0; n < 60; n++) {
      const [moves, state] = n % 2 === 0 ? [first, states[0]!] : [second, states[1]!];
      moves.enter(state);
      const array = moves.arrays[0]!;
      const before = model.referenceEnergy(state);
      moves.enter(state);
      const difference = attempt(array, (5 * n) % array.length, 0, Infinity);
      state.set(moves.current);
      // What is kept can be put back: bits are made of it.
      if (n % 7 === 0) moves.memory.restore(moves.memory.save());
      expect(Math.abs(difference - (model.referenceEnergy(state) - before))).toBeLessThan(1e-9);
    }
  });
});
