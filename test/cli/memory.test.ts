/** The plan of a run's memory: what is allocated is what was planned, and a run over its budget is refused before. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { memoryLines, memoryPlan } from "../../compiler/memoryPlan.ts";
import { execute } from "../../cli/execute.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import { bytesIn, OverBudget } from "../../runtime/modelSupport/allocate.ts";

const compilation = compile(`model SK(N = 100) { ensemble J[i < j in N] ~ Normal(0, var = 1/N)
 state s[i in N] : spin
 energy H = -(sum(i < j) J[i,j] * s[i] * s[j]) }
run A of SK { sweep N in [30, 200]
 samples 3
 measure metropolis(T = 1) for 2 sweeps every 1 }`);
const program = compilation.models[0]!.program!;
const [plan] = compilation.runs;
const model = generateModel(program, { moves: true });
if (!model.ok) throw new Error("the model has no code");

describe("memory of a run", () => {
  test("is that of the models that are made, at the largest point, once a worker", async () => {
    const planned = await memoryPlan(plan!, model, { workers: 2 });
    const made = evaluateModule(model.javascript, model.wasm.bytes).createModel({ N: 200 });
    expect(planned.parameters).toEqual({ N: 200 });
    expect(planned.bytes).toBe(bytesIn(made.memory));
    expect([...planned.arrays].sort((a, b) => a.name.localeCompare(b.name))).toEqual([...made.memory].sort((a, b) => a.name.localeCompare(b.name)));
    expect([planned.models, planned.peak]).toEqual([2, 2 * planned.bytes]);
    expect((await memoryPlan(plan!, model, { workers: 64 })).models).toBe(6);
    expect(memoryLines(planned).slice(0, 3).map((line) => line.replace(/\s+/g, " "))).toEqual(["at N = 200:", " couplings 313 KiB", " J 155 KiB"]);
  });

  test("arrays of small integers take what they take on each target", async () => {
    const counted = compile(`model M(N = 64, P = 40) {
 ensemble x[mu in P, i in N] ~ Sign
 state w[i in N] : spin
 energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)
}
run R of M { samples 1
 measure metropolis(T = 1) for 2 sweeps every 1 }`);
    const code = generateModel(counted.models[0]!.program!, { moves: true });
    if (!code.ok) throw new Error("the model has no code");
    for (const target of ["wasm", "typescript"] as const) {
      const { arrays } = await memoryPlan(counted.runs[0]!, code, { workers: 1, target });
      expect(arrays.find((a) => a.name === "x_by_site")!.bytes).toBe(64 * 40 * (target === "wasm" ? 1 : 8));
      expect([...arrays].map((a) => a.bytes)).toEqual([...evaluateModule(code.javascript, code.wasm.bytes).createModel({}, { target }).memory].map((a) => a.bytes).sort((a, b) => b - a));
    }
  });

  test("a model over its budget is not made", () => {
    const module = evaluateModule(model.javascript, model.wasm.bytes);
    expect(() => module.createModel({ N: 200 }, { memory: 1000 })).toThrow(OverBudget);
    expect(module.createModel({ N: 200 }, { memory: 10 ** 6 }).dimension).toBe(200);
  });

  test("a run over its budget is refused with the sizes", async () => {
    const directory = { samplesOf: () => Promise.resolve({ finished: [], kept: [], lacking: [], checkpoints: [] }) };
    const inputs = { compilation, plans: [plan!], options: { set: [], target: "wasm", memory: 1000, workers: 1, quiet: true, keepStates: 0 }, directory, dataDirectory: ".", signal: new AbortController().signal };
    const { diagnostics, outcomes } = await execute(inputs as unknown as Parameters<typeof execute>[0]);
    expect(outcomes).toEqual([]);
    expect(diagnostics.map((d) => d.code)).toEqual(["Q305"]);
    expect(diagnostics[0]!.help).toMatch(/couplings 313 KiB; .*one model .* 1 at a time: peak /);
  });
});
