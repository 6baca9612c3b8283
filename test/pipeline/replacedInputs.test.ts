/** `data` and `with` from text to values, against the formulas written out here on the arrays that the model was given or drew. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { createCopies } from "../../runtime/engine/copies.ts";
import { sumOverStates } from "../../runtime/dynamics/enumerate.ts";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import { differenceTo } from "../../runtime/moves/singleMove.ts";
import { drawEnsemble } from "../../runtime/modelSupport/index.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { Stream } from "../../runtime/random/index.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";

const directory = join(import.meta.dirname, "../cases/accept/given-data");
const models = compile(readFileSync(join(directory, "spec.quench"), "utf8"), { directory }).models;

function instance(name: string, target: "wasm" | "typescript", parameters: Record<string, number> = {}): RunnableModel {
  const generated = generateModel(models.find((m) => m.name === name)!.program!);
  if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("\n"));
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel(parameters, { target, directory }) as RunnableModel;
  model.draw(5, 2);
  return model;
}
const gaussian = (seed: number, model: string, ensemble: string, sample: number, shape: readonly number[]): Float64Array => {
  const out = new Float64Array(shape.reduce((a, b) => a * b, 1));
  drawEnsemble(out, "normal", [0, 1], shape, { seed, model, ensemble, sample });
  return out;
};

describe.each(["wasm", "typescript"] as const)("%s", (target) => {
  test("given tables, and others of another length in their place", () => {
    const model = instance("Line", target);
    const w = Float64Array.of(0.5, -2);
    const squares = (rows: readonly (readonly [number, number, number])[]): number => rows.reduce((s, [a, b, y]) => s + (w[0]! * a + w[1]! * b - y) ** 2, 0) / rows.length;
    expect(model.energy(w)).toBeCloseTo(squares([[1, 2, 3], [0, 1, 1], [2, -1, 0.5]]), 12);
    expect(model.observe["test"]!(w)).toBeCloseTo(squares([[1, 0, 1], [0.5, 3, 2]]), 12);
  });

  test("binary variables on given tables: moves and exact sums", () => {
    const model = instance("Binary", target);
    const cost = ([v, w]: readonly number[], rows: readonly (readonly [number, number, number])[]): number => rows.reduce((s, [a, b, y]) => s + Math.abs(y - v! * a - w! * b), 0);
    const [train, other] = [[[1, 2, 3], [0, 1, 1], [2, -1, 0.5]], [[1, 0, 1], [0.5, 3, 2]]] as [number, number, number][][];
    const states = [[-1, -1], [-1, 1], [1, -1], [1, 1]];
    const moves = localMoves(model);
    for (const state of states) for (const entry of [0, 1]) {
      moves.enter(Float64Array.from(state), true);
      const difference = differenceTo(moves.arrays[0]!, entry, state[entry]!, -state[entry]!);
      expect(difference).toBeCloseTo(cost(state.map((s, k) => (k === entry ? -s : s)), train!) - cost(state, train!), 12);
    }
    const Z = states.reduce((sum, s) => sum + Math.exp(-cost(s, train!) / 2), 0);
    const mean = states.reduce((sum, s) => sum + Math.exp(-cost(s, train!) / 2) * cost(s, other!), 0) / Z;
    const sum = sumOverStates(model, 2, createCopies(model), (s) => Float64Array.of(model.energy(s), model.observe["test"]!(s)));
    let next = sum.next();
    while (next.done !== true) next = sum.next();
    expect(next.value.rows.reduce((total, row, k) => total + row[1]! * next.value!.weights[k]!, 0)).toBeCloseTo(mean, 12);
  });

  test("classes that are texts", () => {
    const model = instance("Classes", target);
    const W = Float64Array.of(0.3, -1, 2, 0.1);
    const loss = [[1, 2, 1], [0.5, 1, 0], [2, 2, 1]].map(([a, b, label]) => {
      const z = [W[0]! * a! + W[1]! * b!, W[2]! * a! + W[3]! * b!];
      return Math.log(Math.exp(z[0]!) + Math.exp(z[1]!)) - z[label!]!;
    });
    expect(model.energy(W)).toBeCloseTo((loss[0]! + loss[1]! + loss[2]!) / 3, 12);
  });

  test("fresh examples: own stream, replaced size, what is derived recomputed, everything else kept", () => {
    const N = 12;
    const model = instance("Teacher", target, { N, alpha: 1.5 });
    const w = Float64Array.from({ length: N }, (_, i) => Math.cos(2 * i));
    const t = model.array("t");
    const error = (x: Float64Array, rows: number, v: Float64Array): number => {
      let sum = 0;
      for (let mu = 0; mu < rows; mu++) {
        let difference = 0;
        for (let i = 0; i < N; i++) difference += (x[mu * N + i]! * (t[i]! - v[i]!)) / Math.sqrt(N);
        sum += (difference * difference) / 2;
      }
      return sum;
    };
    const x = model.array("x");
    expect(x).toHaveLength(18 * N);
    expect(model.observe["train"]!(w)).toBeCloseTo(error(x, 18, w) / 18, 10);
    const fresh = gaussian(5, "Teacher", "fresh x", 2, [1000, N]);
    expect(model.observe["test"]!(w)).toBeCloseTo(error(fresh, 1000, w) / 1000, 9);
    expect(fresh[0]).not.toBe(x[0]);
    // `E with w = t`: the student is the teacher.
    expect(model.observe["other"]!(w)).toBeCloseTo(0, 12);
  });
});

test("flip reverses round(p N) distinct entries, others at every evaluation, and the same ones in the same task", () => {
  const text = `model M(N = 21, p = 0.3) {
    ensemble t[i in N] ~ Sign
    state s[i in N] : spin
    state b[i in N] : bit
    energy E = sum(i) t[i] * s[i] + sum(i) b[i]
    observable own = sum(i) s[i] * t[i] with s = flip(t, p)
    observable spins[i] = s[i] with s = flip(s, p)
    observable bits = E with (b = flip(b, 1), s = t)
  }`;
  const generated = generateModel(compile(text).models[0]!.program!);
  if (!generated.ok) throw new Error(generated.diagnostics[0]!.message);
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel() as RunnableModel;
  model.draw(3, 0);
  let step = 0;
  const stream = (purpose: string): Stream => new Stream(["test", purpose]);
  const evaluate = (name: string): Float64Array => model.observables.find((o) => o.name === name)!.evaluate(state, { stream, step: step++ });
  const state = Float64Array.from({ length: 42 }, (_, k) => (k < 21 ? (k % 3 === 0 ? 1 : -1) : k % 2));
  for (let k = 0; k < 5; k++) expect(evaluate("own")[0]).toBe(21 - 2 * Math.round(0.3 * 21));
  const flipped = (): number[] => [...evaluate("spins")].flatMap((s, i) => (s === -state[i]! ? [i] : []));
  const first = flipped();
  const others = Array.from({ length: 300 }, flipped);
  expect(new Set([first, ...others].map((f) => f.length))).toEqual(new Set([6]));
  expect(others[0]).not.toEqual(first);
  step = 5;
  expect(flipped()).toEqual(first);
  // Each site in 6/21 of 300 evaluations: 85.7 with standard deviation 7.8, five of them on each side.
  for (let i = 0; i < 21; i++) expect(Math.abs(others.filter((f) => f.includes(i)).length - (300 * 6) / 21)).toBeLessThan(39);
  const zeros = state.subarray(21).filter((x) => x === 0).length;
  expect(model.observe["bits"]!(state)).toBe(21 + zeros);
});

test("the same replacement is made once, whatever reads it", () => {
  const observables = (extra: string): string => `model M(N = 5) {
    ensemble x[mu in N, i in N] ~ Normal(0, var = 1)
    state w[i in N] : real ~ Normal(0, var = 1)
    energy E = sum(mu) (sum(i) x[mu,i] * w[i])^2
    observable a = E with fresh(x)
    ${extra}
  }`;
  const names = (text: string): readonly string[] => compile(text).models[0]!.program!.arrays.map((a) => a.name);
  expect(names(observables("observable b = sqrt(E) with fresh(x)")).filter((n) => n.startsWith("x"))).toEqual(["x", "x_with"]);
  expect(names(observables("observable b = E with x = x")).filter((n) => n.startsWith("E"))).toHaveLength(3);
});
