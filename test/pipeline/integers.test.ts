/** What local moves keep and read as small integers: which arrays, that numbers stay the same, and where entries might not fit. */
import { describe, expect, test } from "vitest";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import type { Entries } from "../../runtime/backends/backend.ts";
import { generate, instantiate } from "./compileModel.ts";

const patterns = "ensemble x[mu in P, i in N] ~ Sign\n state w[i in N] : spin";
const models: Readonly<Record<string, readonly [text: string, kept: readonly string[]]>> = {
  perceptron: [`model M(N = 31, P = 45) {\n ${patterns}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)\n}`, ["int16"]],
  "with a margin between integers": [`model M(N = 31, P = 45) {\n ${patterns}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] <= 2.5)\n}`, ["int16"]],
  "a window": [`model M(N = 31, P = 33) {\n ${patterns}\n energy E = count(mu) (abs(sum(i) x[mu,i] * w[i]) >= 6.5)\n}`, ["int16"]],
  committee: ["model M(N = 21, K = 3, P = 50) {\n ensemble x[mu in P, i in N] ~ Sign\n state w[k in K, i in N] : spin\n energy E = count(mu) ((sum(k) sign((sum(i) x[mu,i] * w[k,i]) + 0.5)) < 0)\n}", ["int16", "int16"]],
  "bits of bits": ["model M(N = 19, P = 40) {\n ensemble x[mu in P, i in N] ~ Bernoulli(0.3)\n state w[i in N] : bit\n energy E = count(mu) (sum(i) x[mu,i] * w[i] >= 3)\n}", ["int16"]],
  "a margin with too many binary places": [`model M(N = 31, P = 45) {\n ${patterns}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] <= 2.25)\n}`, ["float64"]],
  "a teacher": [`model M(N = 31, P = 45) {\n ensemble t[i in N] ~ Sign\n ${patterns}\n let y[mu] = sign(sum(i) t[i] * x[mu,i])\n energy E = count(mu) (y[mu] * (sum(i) x[mu,i] * w[i]) < 0)\n}`, ["int16"]],
  "a real threshold": [`model M(N = 31, P = 45, kappa = 0.3) {\n ${patterns}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] < kappa * sqrt(N))\n}`, ["float64"]],
  "Gaussian patterns": [`model M(N = 31, P = 45) {\n ${patterns.replace("Sign", "Normal(0, var = 1)")}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)\n}`, ["float64"]],
};

const kind = (array: Entries): string => (array instanceof Int16Array ? "int16" : array instanceof Int8Array ? "int8" : array instanceof Float32Array ? "float32" : "float64");

/** Energy differences of attempted moves all over the state, some of which are accepted, and the state that is left. */
function moved(text: string, target: "wasm" | "typescript", given: Readonly<Record<string, number>> = {}): { readonly kept: readonly string[]; readonly differences: readonly number[]; readonly state: readonly number[] } {
  const model = instantiate(generate(text, { moves: true }), given, target);
  model.draw(1, 0);
  const moves = localMoves(model);
  moves.enter(model.randomState(3, 0));
  const { kernel, length } = moves.arrays[0]!;
  const differences: number[] = [];
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let t = 0; t < Math.min(length, 60); t++) {
      kernel.entries[t] = (7 * t + 5 * sweep) % length;
      kernel.thresholds[t] = (t + sweep) % 4 === 0 ? Infinity : 0;
    }
    kernel.attempts[0] = Math.min(length, 60);
    kernel.run();
    differences.push(...kernel.differences.subarray(0, Math.min(length, 60)));
  }
  expect(model.energy(moves.current)).toBe(model.referenceEnergy(moves.current));
  return { kept: (model.moves?.caches ?? []).map(kind), differences, state: [...moves.current] };
}

describe.each(Object.entries(models))("%s", (_, [text, kept]) => {
  test.each([{}, { P: 1 }, { P: 16 }, { P: 17 }, { P: 129 }])("the same moves in both targets: %j", (given) => {
    const [wasm, typescript] = [moved(text, "wasm", given), moved(text, "typescript", given)];
    expect(wasm.kept).toEqual(kept);
    expect(typescript.kept.every((k) => k === "float64")).toBe(true);
    expect(wasm.differences).toEqual(typescript.differences);
    expect(wasm.state).toEqual(typescript.state);
  });
});

test("sums that might not fit are float64, and the moves are the same", () => {
  const [text] = models["perceptron"]!;
  const [small, large] = [moved(text, "wasm", { N: 8191, P: 3 }), moved(text, "wasm", { N: 8193, P: 3 })];
  expect(small.kept).toEqual(["int16"]);
  expect(large.kept).toEqual(["float64"]);
  expect(large.differences).toEqual(moved(text, "typescript", { N: 8193, P: 3 }).differences);
});
