/** Models that random ones brought to light, in their smallest form: each with the energy that its text says, on both targets and after moves. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import { attempt } from "../../runtime/moves/singleMove.ts";
import { average, runText } from "./runText.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";

function instances(text: string): readonly RunnableModel<string, string>[] {
  const { models, diagnostics } = compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  const generated = generateModel(models[0]!.program!, { moves: true });
  if (!generated.ok) throw new Error(generated.diagnostics[0]!.message);
  return (["typescript", "wasm"] as const).map((target) => {
    const instance = evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { target }) as RunnableModel<string, string>;
    instance.draw(3, 1);
    return instance;
  });
}

test("a function is not evaluated where an order leaves it out, were it infinite there", () => {
  // j = 1 has no i below it: exp(1000) must not be multiplied by that 0.
  for (const instance of instances("model A(N = 4) { state s[i in N] : spin  energy H = sum(i < j) exp((if j == 1 then 1000 else 0) + s[j]) }")) {
    const e = Math.E;
    expect(instance.energy(Float64Array.of(1, 1, -1, 1))).toBeCloseTo(e + 2 / e + 3 * e, 12);
  }
});

test("what a procedure makes for itself is no array of the draw", () => {
  for (const instance of instances("model B(N = 6) { ensemble G ~ RandomRegular(N, degree = 2)  state s[i in N] : spin  energy H = sum((i, j) in G) min(sum(k in G[i]) s[i], s[i]) }")) {
    const state = instance.randomState(1, 0);
    const moves = localMoves(instance);
    moves.enter(state, true);
    const [array] = moves.arrays;
    for (let site = 0; site < 6; site++) {
      const after = state.slice();
      after[site] = -after[site]!;
      expect(attempt(array!, site, 0, -Infinity)).toBeCloseTo(instance.referenceEnergy(after) - instance.referenceEnergy(state), 10);
    }
  }
});

test("a sum over a copy that is held is none over the disorder", async () => {
  const { R } = await runText(`model C(N = 4) {
  state      s[i in N] : spin
  energy     H = -0.5 * sum(s)
  observable m = mean(s)
}
run R of C {
  start   s@ref = 1
  hold    ref
  bias    -2 * mean(s)^2 * mean(s@ref)
  measure metropolis(T = 1) for 20000 sweeps every 1
}`);
  // Weights exp(M/2 + M²/8) of the sums M = 4, 2, 0, -2, -4.
  const weights = [1, 4, 6, 4, 1].map((ways, k) => ways * Math.exp((4 - 2 * k) / 2 + (4 - 2 * k) ** 2 / 8));
  const exact = weights.reduce((sum, w, k) => sum + (w * (4 - 2 * k)) / 4, 0) / weights.reduce((a, b) => a + b, 0);
  // Standard deviation of the average below 0.007: 5 of them.
  expect(Math.abs(average(R!, "m") - exact)).toBeLessThan(0.035);
});
