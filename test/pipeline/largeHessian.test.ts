/** Spectra of Hessians of more variables than are diagonalised. */
import { expect, test } from "vitest";
import { generateModel } from "../../compiler/generateModel.ts";
import { Stream } from "../../runtime/random/stream.ts";
import { compileText, instantiate } from "./compileModel.ts";

const text = `
  model Chain(N = 1500) {
    state      x[i in N periodic] : real ~ Normal(0, var = 1)
    energy     H = sum(i) (x[i+1] - x[i])^2 / 2
    observable lowest  = eigenvalues(hessian(H))[1]
    observable highest = eigenvalues(hessian(H))[N]
    observable below   = mean(a) (eigenvalues(hessian(H))[a] < 1)
  }`;

test("the band of a harmonic chain: λ = 2 − 2 cos k", () => {
  const generated = generateModel(compileText(text).models[0]!.program!);
  if (!generated.ok) throw new Error("the chain has no code");
  const model = instantiate(generated, {});
  // No array of a matrix.
  expect(model.memory.every(({ bytes }) => bytes <= 8 * 1500 * 4)).toBe(true);
  const state = new Float64Array(1500);
  const value = (name: string): number => model.observables.find((o) => o.name === name)!.evaluate(state, { stream: (purpose) => new Stream(["chain", purpose]), step: 0 })[0]!;
  expect(value("lowest")).toBeCloseTo(0, 3);
  expect(value("highest")).toBeCloseTo(4, 3);
  // 2 − 2 cos k < 1 for |k| < π/3.
  expect(Math.abs(value("below") - 1 / 3)).toBeLessThan(0.02);
});
