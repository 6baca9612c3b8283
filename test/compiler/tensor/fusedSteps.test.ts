/** Fused steps of tensor programs: as custom kernels of tfjs they give what the steps give one after the other, and where there are no kernels those run. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { generateModel } from "../../../compiler/generateModel.ts";
import { tensorCode } from "../../../compiler/tensorCode.ts";
import { createTensorModel } from "../../../runtime/backends/tensorModel.ts";
import type { TensorProgram } from "../../../runtime/backends/tensorProgram.ts";
import { loadTfjs, type TensorFlow } from "../../../runtime/backends/tfjs.ts";
import { evaluateModule } from "../../../runtime/loadModule.ts";
import { Stream } from "../../../runtime/random/index.ts";

const specifications: Readonly<Record<string, string>> = {
  "two layers with a softmax": `model Network(P = 13, d = 5, h = 7, C = 3) {
    ensemble x[mu in P, i in d] ~ Normal(0, var = 1)
    ensemble y[mu in P]         ~ Categorical(C)
    state    W[a in h, i in d] : real ~ Normal(0, var = 1/d)
    state    V[c in C, a in h] : real ~ Normal(0, var = 1/h)
    state    b[a in h] : real ~ Normal(0, var = 1)
    let      u[mu, a] = tanh(b[a] + sum(i) W[a,i] * x[mu,i])
    let      f[mu, c] = sum(a) V[c,a] * u[mu,a]
    energy   L = mean(mu) cross_entropy(f[mu,:], y[mu])
  }`,
  "a sum of functions of fields": `model Field(P = 9, d = 6) {
    ensemble x[mu in P, i in d] ~ Normal(0, var = 1)
    state    w[i in d] : real ~ Normal(0, var = 1)
    energy   L = sum(mu) log(1 + exp(-2 * (sum(i) w[i] * x[mu,i]) / sqrt(d))) + 0.1 * sum(i) (1 - w[i]^2)^2
  }`,
};
const STARTS = 3;

describe.each(Object.entries(specifications))("%s", (_, text) => {
  const generated = generateModel(compile(text).models[0]!.program!);
  if (!generated.ok) throw new Error("no code");
  const code = tensorCode(generated.procedures);
  if (!code.ok) throw new Error(code.reason);
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel();
  model.draw(2, 0);
  const states = new Float64Array(STARTS * model.dimension);
  for (let start = 0; start < STARTS; start++) {
    const own = states.subarray(start * model.dimension, (start + 1) * model.dimension);
    model.initialize(own, (array) => new Stream(["fused", array, start]));
  }
  /** Energies and gradients, the last row left out. */
  const evaluated = (program: TensorProgram, tf: TensorFlow): readonly number[] => {
    const tensors = createTensorModel(program, model.parameters, model.state, STARTS, tf);
    tensors.upload((name) => model.array(name));
    const [energies, gradients] = [new Float64Array(STARTS), new Float64Array(states.length)];
    tensors.energiesAndGradients(states, energies, gradients, Uint8Array.of(1, 1, 0));
    tensors.dispose();
    return [...energies, ...gradients];
  };
  const { kernels: _kernels, ...oneByOne } = code.program;

  test("has fused steps", () => {
    const fused = code.program.steps.flatMap((s) => (s.kind === "fused" ? [s] : []));
    expect(fused.length).toBeGreaterThan(0);
    for (const step of fused) expect(step.composition.length).toBeGreaterThan(1);
  });

  test.each(["wasm", "cpu"] as const)("on the %s backend kernels of ours run, and give the same", async (backend) => {
    const loaded = await loadTfjs(backend);
    if (!loaded.ok) throw new Error(loaded.notes.join());
    const { tf } = loaded;
    const run: string[] = [];
    const engine = { runKernel: (...given: Parameters<ReturnType<TensorFlow["engine"]>["runKernel"]>) => (run.push(given[0]), tf.engine().runKernel(...given)) };
    const watched = Object.assign(Object.create(tf) as TensorFlow, { engine: () => engine });
    const before = tf.memory().numTensors;
    // Of a program that was not met before, as kernels are kept with it.
    const fresh = { ...code.program, kernels: { ...code.program.kernels! } };
    const [ours, theirs] = [evaluated(fresh, watched), evaluated(oneByOne, tf)];
    expect(run.length).toBe(code.program.steps.filter((s) => s.kind === "fused").length);
    for (const name of run) expect(name).toMatch(/^quench \d+ fused_/);
    const largest = Math.max(...theirs.map(Math.abs));
    ours.forEach((x, k) => { expect(Math.abs(x - theirs[k]!)).toBeLessThan(3e-6 * largest); });
    expect(tf.memory().numTensors).toBe(before);
    // And what the float64 kernels give.
    const gradient = new Float64Array(model.dimension);
    const energy = model.energyAndGradient(states.subarray(0, model.dimension), gradient);
    expect(Math.abs(ours[0]! - energy)).toBeLessThan(1e-5 * Math.abs(energy));
    gradient.forEach((g, k) => { expect(Math.abs(ours[STARTS + k]! - g)).toBeLessThan(1e-5 * largest); });
  });
});
