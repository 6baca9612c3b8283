/** Mini-batches: the gradient over a batch against finite differences and against the whole energy, and what `sgd` makes of it. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { binaryNet } from "../../runtime/dynamics/binaryNet.ts";
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

describe("differentiable surrogates of counting energies", () => {
  const header = "model M(N = 7, P = 11, K = 3) {\n ensemble x[mu in P, i in N] ~ Normal(0, var = 1)\n ensemble y[mu in P] ~ Sign\n";
  /** The loss of one example, as the surrogate is defined, over weights and inputs. */
  const field = (w: Float64Array, x: Float64Array): number => w.reduce((s, v, i) => s + v * x[i]!, 0) / Math.sqrt(7);
  const soft = (z: number): number => Math.log1p(Math.exp(z));
  const written: readonly (readonly [name: string, model: string, loss: (w: Float64Array, x: Float64Array, y: number) => number, weight: number])[] = [
    ["h < 0", "let h[mu] = y[mu] * sum(i) x[mu,i] * w[i] / sqrt(N)\n energy E = count(mu) (h[mu] < 0)", (w, x, y) => soft(-2 * y * field(w, x)), 1],
    ["a margin, a mean, a let of truth values", "let wrong[mu] = y[mu] * sum(i) x[mu,i] * w[i] / sqrt(N) <= 0.3\n energy E = mean(mu) wrong[mu]", (w, x, y) => soft(-2 * (y * field(w, x) - 0.3)), 1 / 11],
    ["k > h", "energy E = count(mu) (0.5 > y[mu] * sum(i) x[mu,i] * w[i] / sqrt(N))", (w, x, y) => soft(-2 * (y * field(w, x) - 0.5)), 1],
    ["what is right, with a minus", "energy E = -count(mu) (y[mu] * sum(i) x[mu,i] * w[i] / sqrt(N) > 0)", (w, x, y) => soft(-2 * y * field(w, x)) - 1, 1],
    ["sign(h) != y", "energy E = count(mu) (sign(sum(i) x[mu,i] * w[i] / sqrt(N)) != y[mu])", (w, x, y) => soft(-2 * y * field(w, x)), 1],
    ["a conditional", "energy E = sum(mu) if y[mu] * sum(i) x[mu,i] * w[i] / sqrt(N) < 0 then 2 else 0", (w, x, y) => 2 * soft(-2 * y * field(w, x)), 1],
    ["not", "energy E = count(mu) (not (y[mu] * sum(i) x[mu,i] * w[i] / sqrt(N) >= 0)) / P", (w, x, y) => soft(-2 * y * field(w, x)), 1 / 11],
  ];
  const build = (text: string, target: "wasm" | "typescript" = "wasm"): RunnableModel => {
    const compilation = compile(text);
    const generated = generateModel(compilation.models[0]!.program!, { miniBatches: "softplus" });
    if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("\n"));
    const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { target, batch: 4 }) as RunnableModel;
    model.draw(1, 0);
    return model;
  };
  const order = Int32Array.from({ length: 11 }, (_, k) => (5 * k + 2) % 11);

  test.each(written)("%s: energy and gradient of whole and of short batches", (_, text, loss, weight) => {
    const model = build(`${header} state w[i in N] : spin\n ${text}\n}`);
    const [x, y] = [model.array("x"), model.array("y")];
    const w = Float64Array.from({ length: 7 }, (__, i) => (Math.sin(3 * i + 1) > 0 ? 1 : -1));
    const gradient = new Float64Array(7);
    expect(model.miniBatches!.weight).toBeCloseTo(weight, 14);
    for (const [first, count] of [[0, 4], [8, 3], [4, 1]] as const) {
      const expected = (v: Float64Array): number => {
        let sum = 0;
        for (let b = first; b < first + count; b++) sum += loss(v, x.subarray(order[b]! * 7, order[b]! * 7 + 7), y[order[b]!]!);
        return (weight * 11 * sum) / count;
      };
      expect(model.miniBatches!.energyAndGradient(w, gradient, order, first, count)).toBeCloseTo(expected(w), 10);
      for (let i = 0; i < 7; i++) {
        const moved = (by: number): number => expected(w.map((v, k) => (k === i ? v + by : v)));
        expect(gradient[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 7);
      }
    }
  });

  test("the signs of hidden units keep their value and pass derivatives on inside [-1, 1]", () => {
    const model = build(`${header} state w[l in K, i in N] : spin\n let u[mu, l] = sum(i) x[mu,i] * w[l,i] / sqrt(N)\n energy E = count(mu) (y[mu] * sum(l) sign(u[mu,l]) < 0)\n}`);
    const [x, y] = [model.array("x"), model.array("y")];
    const w = Float64Array.from({ length: 21 }, (_, i) => (Math.sin(3 * i + 1) > 0 ? 1 : -1));
    const gradient = new Float64Array(21);
    model.miniBatches!.energyAndGradient(w, gradient, order, 0, 4);
    const expected = new Float64Array(21);
    let inside = 0;
    for (let b = 0; b < 4; b++) {
      const input = x.subarray(order[b]! * 7, order[b]! * 7 + 7);
      const u = [0, 1, 2].map((l) => field(w.subarray(7 * l, 7 * l + 7), input));
      const output = y[order[b]!]! * u.reduce((s, v) => s + Math.sign(v), 0);
      u.forEach((v, l) => {
        if (Math.abs(v) > 1) return;
        inside++;
        input.forEach((entry, i) => { expected[7 * l + i]! += ((11 / 4) * -2 * y[order[b]!]! * entry) / Math.sqrt(7) / (1 + Math.exp(2 * output)); });
      });
    }
    expect(inside).toBeGreaterThan(2);
    gradient.forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 10));
  });

  test("binary_net learns a teacher, and its first step is clip(u - rate √N/20 g)", () => {
    const model = build(`model T(N = 101, P = 150) {\n ensemble x[mu in P, i in N] ~ Sign\n ensemble t[i in N] ~ Sign\n let y[mu] = sign(sum(i) t[i] * x[mu,i])\n state w[i in N] : spin\n energy E = count(mu) (y[mu] * sum(i) x[mu,i] * w[i] / sqrt(N) < 0)\n}`);
    const state = model.randomState(1, 0);
    const start = model.energy(state);
    const mover = binaryNet.create(model, state, { arguments: { rate: 0.5, batch: 4 }, amount: 60, stream: new Stream(["test", "binary net"]) });
    for (let k = 0; k < 60; k++) mover.step();
    expect(start).toBeGreaterThan(50);
    expect(mover.energy()).toBeLessThan(start / 2);
    expect([...new Set(state)].sort((a, b) => a - b)).toEqual([-1, 1]);
    // One step from known real weights: the stream gives the moduli.
    const moduli = new Float64Array(101);
    const stream = new Stream(["test", "one step"]);
    stream.uniforms(moduli, 0, 0);
    const again = model.randomState(1, 0);
    const before = again.map((s, i) => s * moduli[i]!);
    const gradient = new Float64Array(101);
    const one = binaryNet.create(model, again, { arguments: { rate: 0.7, batch: 4 }, amount: 1, unit: "steps", stream });
    const signs = again.slice();
    one.step();
    const saved = one.memory.save();
    model.miniBatches!.energyAndGradient(signs, gradient, saved.arrays[1] as Int32Array, 0, 4);
    before.forEach((u, i) => expect(saved.arrays[0]![i]).toBeCloseTo(Math.max(-1, Math.min(1, u - ((0.7 * Math.sqrt(101)) / 20) * (gradient[i]! / 150))), 12));
  });

  test("what has no surrogate is refused with the reason", () => {
    for (const [text, why] of [["count(mu) (w[1] == x[mu,1])", /equals a number/], ["count(mu) (x[mu,1] * w[1] < 0 and w[2] < 0)", /hold together/]] as const) {
      const compilation = compile(`${header} state w[i in N] : spin\n energy E = ${text}\n}\nrun R of M { evolve binary_net(rate = 0.1, batch = 3) for 3 epochs }`);
      expect(compilation.diagnostics.map((d) => d.code)).toEqual(["Q427"]);
      expect(compilation.diagnostics[0]!.message).toMatch(why);
    }
  });
});
