/** Mini-batches: the gradient over a batch against finite differences and against the whole energy, and what `sgd` makes of it. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { sgd } from "../../runtime/dynamics/sgd.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { Stream } from "../../runtime/random/index.ts";

function instance(text: string, target: "wasm" | "typescript", batch: number): RunnableModel {
  const compilation = compile(text);
  const program = compilation.models[0]?.program;
  if (!program) throw new Error(compilation.diagnostics.map((d) => d.message).join("\n"));
  const generated = generateModel(program, { miniBatches: true });
  if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("\n"));
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { target, batch }) as RunnableModel;
  model.draw(1, 0);
  return model;
}

const network = `model Network(N = 5, P = 13, h = 4, K = 3) {
  ensemble x[mu in P, i in N] ~ Normal(0, var = 1)
  ensemble y[mu in P] ~ Categorical(K)
  state    W[a in h, i in N] : real ~ Normal(0, var = 1)
  state    V[c in K, a in h] : real ~ Normal(0, var = 1)
  let      u[mu, a] = tanh(sum(i) W[a,i] * x[mu,i])
  let      z[mu, c] = sum(a) V[c,a] * u[mu,a]
  let      l[mu] = cross_entropy(z[mu,:], y[mu])
  let      decay = sum(a, i) W[a,i]^2
  energy   L = mean(l) + 0.01 * decay
}`;
/** A teacher whose labels only the disorder determines, a sum instead of a mean, and an array with the examples on its second axis. */
const teacher = `model Teacher(N = 6, P = 11) {
  ensemble x[mu in P, i in N] ~ Normal(0, var = 1)
  ensemble t[i in N] ~ Normal(0, var = 1)
  state    w[i in N] : real ~ Normal(0, var = 1)
  let      y[mu] = sign(sum(i) x[mu,i] * t[i])
  let      f[i, mu] = x[mu,i] * w[i] * y[mu]
  energy   E = sum(mu) softplus(-(sum(i) f[i,mu]) / sqrt(N)) / 2 + sum(i) w[i]^4
}`;
/** The energy of some examples and the terms that are kept whole, written out; x[mu,i] from the model. */
const kept = { network: (w: Float64Array): number => 0.01 * w.subarray(0, 20).reduce((s, v) => s + v * v, 0), teacher: (w: Float64Array): number => w.reduce((s, v) => s + v ** 4, 0) };
const one = {
  network: (model: RunnableModel, w: Float64Array, mu: number): number => {
    const [x, y] = [model.array("x"), model.array("y")];
    const u = Array.from({ length: 4 }, (_, a) => Math.tanh(Array.from({ length: 5 }, (__, i) => w[a * 5 + i]! * x[mu * 5 + i]!).reduce((p, q) => p + q)));
    const z = Array.from({ length: 3 }, (_, c) => u.reduce((s, v, a) => s + w[20 + c * 4 + a]! * v, 0));
    return Math.log(z.reduce((s, v) => s + Math.exp(v), 0)) - z[y[mu]! - 1]!;
  },
  teacher: (model: RunnableModel, w: Float64Array, mu: number): number => {
    const [x, t] = [model.array("x"), model.array("t")];
    const dot = (v: Float64Array): number => v.reduce((s, e, i) => s + e * x[mu * 6 + i]!, 0);
    return Math.log1p(Math.exp((-Math.sign(dot(t)) * dot(w)) / Math.sqrt(6))) / 2;
  },
};
const cases = [["network", network, 13, 1 / 13], ["teacher", teacher, 11, 1]] as const;

describe.each(["wasm", "typescript"] as const)("%s", (target) => {
  test.each(cases)("%s: energy of a batch as written out, gradient by central differences", (name, text, P, scale) => {
    const model = instance(text, target, P);
    const batches = model.miniBatches!;
    expect(batches.examples).toBe(P);
    const order = Int32Array.from({ length: P }, (_, k) => (5 * k + 2) % P);
    const w = Float64Array.from({ length: model.dimension }, (_, i) => Math.sin(2 * i + 1));
    const gradient = new Float64Array(model.dimension);
    const unused = new Float64Array(model.dimension);
    for (const [first, count] of [[0, 4], [4, 4], [8, P - 8], [0, P], [3, 1]] as const) {
      const value = (v: Float64Array): number => batches.energyAndGradient(v, unused, order, first, count);
      let expected = kept[name](w);
      for (let b = first; b < first + count; b++) expected += (P / count) * scale * one[name](model, w, order[b]!);
      expect(batches.energyAndGradient(w, gradient, order, first, count)).toBeCloseTo(expected, 10);
      for (let i = 0; i < model.dimension; i++) {
        const step = 1e-5;
        const moved = (by: number): number => { const v = w.slice(); v[i]! += by; return value(v); };
        expect(gradient[i]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 7);
      }
    }
  });

  test.each(cases)("%s: a batch of all examples has the gradient of the energy", (_, text, P) => {
    const model = instance(text, target, P);
    const w = Float64Array.from({ length: model.dimension }, (__, i) => Math.cos(3 * i));
    const [whole, batch] = [new Float64Array(model.dimension), new Float64Array(model.dimension)];
    const energy = model.energyAndGradient(w, whole);
    expect(model.miniBatches!.energyAndGradient(w, batch, Int32Array.from({ length: P }, (__, k) => P - 1 - k), 0, P)).toBeCloseTo(energy, 10);
    whole.forEach((g, i) => expect(batch[i]).toBeCloseTo(g, 10));
  });
});

test("an epoch of sgd visits every example once, in an order of its own, with the schedule over all steps", () => {
  const model = instance(network, "typescript", 4);
  const seen: number[][] = [];
  const rates: number[] = [];
  const gradients: number[] = [];
  const spied = { ...model, spheres: [], miniBatches: { examples: 13, weight: 1, energyAndGradient: (_: Float64Array, gradient: Float64Array, order: Int32Array, first: number, count: number) => {
    seen.push([...order.subarray(first, first + count)]);
    gradient.fill(1);
    return 0;
  } } };
  const state = new Float64Array(model.dimension);
  const mover = sgd.create(spied, state, { arguments: { rate: { from: 1, to: 0, shape: "linear" }, batch: 4 }, amount: 2, unit: "epochs", stream: new Stream(["test", "sgd"]) });
  for (let epoch = 0; epoch < 2; epoch++) {
    const before = state[0]!;
    expect(mover.step()).toBe(true);
    gradients.push(before - state[0]!);
  }
  expect(seen.map((b) => b.length)).toEqual([4, 4, 4, 1, 4, 4, 4, 1]);
  const [first, second] = [seen.slice(0, 4).flat(), seen.slice(4).flat()];
  for (const epoch of [first, second]) expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, k) => k));
  expect(first).not.toEqual(second);
  for (let k = 0; k < 8; k++) rates.push(1 - k / 7);
  expect(gradients[0]).toBeCloseTo(rates.slice(0, 4).reduce((a, b) => a + b), 12);
  expect(gradients[1]).toBeCloseTo(rates.slice(4).reduce((a, b) => a + b), 12);
});

test.each([
  ["a maximum", "energy L = max(mu) (sum(i) x[mu,i] * w[i])", /no outermost sum or mean/],
  ["pairs of examples", "energy L = sum(mu, nu in P) x[mu,1] * x[nu,1] * w[1]", /pairs of examples/],
  ["the number of an example", "energy L = sum(mu) mu * x[mu,1] * w[1]", /the number of an example, mu, enters it/],
])("no mini-batches: %s", (_, energy, reason) => {
  const program = compile(`model M(N = 3, P = 4) {\n ensemble x[mu in P, i in N] ~ Sign\n state w[i in N] : real ~ Normal(0, var = 1)\n ${energy}\n}`).models[0]!.program!;
  const generated = generateModel(program, { miniBatches: true });
  expect(generated.ok).toBe(false);
  if (!generated.ok) expect(generated.diagnostics.map((d) => [d.code, reason.test(d.message)])).toContainEqual(["Q351", true]);
});
