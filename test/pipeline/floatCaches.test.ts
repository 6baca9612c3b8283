/** Caches of float32: near those of float64 for as long as they are updated, computed anew in time, and part of what is saved. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import type { CompiledModel } from "../../runtime/model.ts";
import { ACCEPTED_FOR_EACH } from "../../runtime/modelSupport/completeModel.ts";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import { attempt } from "../../runtime/moves/singleMove.ts";
import { Stream } from "../../runtime/random/stream.ts";

const N = 40;
const glass = compile(`model Glass(N = ${N}) {
  ensemble J[i < j in N] ~ Normal(0, var = 1/N)
  state    s[i in N] : spin
  energy   H = -sum(i < j) J[i,j] * s[i] * s[j]
}`).models[0]!.program!;

function modelIn(single: boolean): CompiledModel {
  const generated = generateModel(glass, { moves: true, single });
  if (!generated.ok) throw new Error("no code");
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel();
  model.draw(3, 0);
  return model;
}

const startOf = (model: CompiledModel): Float64Array => {
  const state = new Float64Array(model.dimension);
  model.initialize(state, (array) => new Stream(["float caches", array]));
  return state;
};
const isSingle = (cache: ArrayLike<number>): boolean => cache instanceof Float32Array;

test("energy differences stay within the stated bound, and what is kept is computed anew after so many accepted moves", () => {
  const [single, double] = [modelIn(true), modelIn(false)];
  const moves = [single, double].map((model) => {
    const made = localMoves(model);
    made.enter(startOf(model), true);
    return made;
  });
  const caches = single.moves!.caches;
  expect(caches.some(isSingle)).toBe(true);
  expect(double.moves!.caches.some(isSingle)).toBe(false);
  const count = caches.at(-1)!;
  const largest = Math.max(...double.moves!.caches[0]!.map(Math.abs)) + 4;
  let made = 0;
  let worst = 0;
  for (let n = 0; n < 2 * ACCEPTED_FOR_EACH * N + 10; n++) {
    expect(count[0]).toBe(made % (ACCEPTED_FOR_EACH * N));
    const [a, b] = moves.map((m) => attempt(m.arrays[0]!, (17 * n + ((n * n) % 7)) % N, 0, Infinity));
    made++;
    worst = Math.max(worst, Math.abs(a! - b!));
  }
  // ΔH = 2 s h: twice the error of a cache.
  expect(worst).toBeLessThan(2 * ACCEPTED_FOR_EACH * N * 2 ** -24 * largest);
  expect(worst).toBeGreaterThan(0);
});

test("a saved memory goes on with the same numbers, to the last bit", () => {
  const model = modelIn(true);
  const moves = localMoves(model);
  moves.enter(startOf(model), true);
  const move = (n: number): number => attempt(moves.arrays[0]!, (13 * n) % N, 0, n % 3 === 0 ? Infinity : -Infinity);
  for (let n = 0; n < 500; n++) move(n);
  const [saved, state] = [structuredClone(moves.memory.save()), moves.current.slice()];
  const expected = Array.from({ length: 3 * N }, (_, n) => move(n));

  const other = modelIn(true);
  const again = localMoves(other);
  again.memory.restore(saved);
  again.enter(state);
  expect(Array.from({ length: 3 * N }, (_, n) => attempt(again.arrays[0]!, (13 * n) % N, 0, n % 3 === 0 ? Infinity : -Infinity))).toEqual(expected);
});
