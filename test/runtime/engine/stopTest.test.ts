/** Conditions on observables that draw random numbers: other ones at each test, and the same ones in the same task. */
import { expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { generateModel } from "../../../compiler/generateModel.ts";
import { noMemory } from "../../../runtime/dynamics/memory.ts";
import { stopTest } from "../../../runtime/engine/stopTest.ts";
import { evaluateModule } from "../../../runtime/loadModule.ts";
import { Stream } from "../../../runtime/random/index.ts";

test("flip is drawn anew at each test of a condition", () => {
  const generated = generateModel(compile(`model M(N = 40) {
    ensemble t[i in N] ~ Sign
    state s[i in N] : spin
    energy E = sum(i) t[i] * s[i]
    observable first = s[1] with s = flip(s, 0.5)
  }`).models[0]!.program!);
  if (!generated.ok) throw new Error(generated.diagnostics[0]!.message);
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel();
  model.draw(1, 0);
  const outcomes = (): boolean[] => {
    const reached = stopTest({ kind: "observables", observables: [{ name: "a", observable: "first", places: [] }], source: "a < 0" }, {
      model, state: new Float64Array(40).fill(1), mover: { step: () => true, memory: noMemory, energy: () => 0 }, point: 0, parameters: {}, stream: (purpose) => new Stream(["test", purpose]),
    });
    return Array.from({ length: 200 }, () => reached.holds());
  };
  const all = outcomes();
  // Each with probability 1/2: 100 with standard deviation 7.1, five of them on each side.
  expect(Math.abs(all.filter(Boolean).length - 100)).toBeLessThan(36);
  expect(outcomes()).toEqual(all);
});
