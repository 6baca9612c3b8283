/** Functions of whole arrays from extensions inside energies: the adjoint that they bring is that of the energy, on every target, for whole arrays and for blocks. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeNeeded } from "../../compiler/codeNeeded.ts";
import { compile, type Compilation } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import type { Procedure } from "../../compiler/ir/procedure.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { runTasks } from "../../runtime/engine/index.ts";
import { instantiate } from "./compileModel.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-arrays-"));
writeFileSync(join(folder, "arrays.ts"), `import { defineFunction, defineObservable } from "quench/extend";
export const form = defineFunction({
  doc: "x A y.", arguments: ["vector", "matrix", "vector"], result: "scalar",
  value: (x, a, y) => x.values.reduce((sum, u, i) => sum + u * y.values.reduce((s, v, j) => s + a.values[i * y.values.length + j]! * v, 0), 0),
  adjoint: (dy, [x, a, y]) => {
    const n = x.values.length;
    const [dx, da, dz] = [new Float64Array(n), new Float64Array(n * n), new Float64Array(n)];
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
      dx[i]! += dy * a.values[i * n + j]! * y.values[j]!;
      da[i * n + j] = dy * x.values[i]! * y.values[j]!;
      dz[j]! += dy * x.values[i]! * a.values[i * n + j]!;
    }
    return [dx, da, dz];
  },
  samples: [[[1, 2], [[1, 0.5], [2, -1]], [0.3, 4]], [[-1, 2], [[1, 0.5], [0, -1]], [0.3, -4]]],
});
const gibbs = (x: Float64Array, b: number): Float64Array => { const e = x.map((v) => Math.exp(b * v)), z = e.reduce((p, q) => p + q, 0); return e.map((v) => v / z); };
export const boltzmann = defineFunction({
  doc: "Boltzmann weights of the entries, at an inverse temperature.", arguments: ["vector", "number"], result: "sameShape",
  value: (x, b) => gibbs(x.values, b),
  adjoint: (dy, [x, b]) => {
    const p = gibbs(x.values, b), mean = p.reduce((s, v, i) => s + v * dy.values[i]!, 0), dz = p.map((v, i) => v * (dy.values[i]! - mean));
    return [dz.map((v) => v * b), dz.reduce((s, v, i) => s + v * x.values[i]!, 0)];
  },
  samples: [[[1, 2, 0.5], 1], [[0, -1], 2]],
});
export const rows = defineFunction({
  doc: "Sums of the squares of the rows.", arguments: ["matrix"], result: "row",
  value: ({ values, shape: [n] }) => Float64Array.from({ length: n! }, (_, i) => values.subarray(i * n!, (i + 1) * n!).reduce((s, v) => s + v * v, 0)),
  adjoint: (dy, [{ values, shape: [n] }]) => [values.map((v, k) => 2 * v * dy.values[Math.floor(k / n!)]!)],
  samples: [[[[1, 2], [3, 4]]], [[[0, -1], [2, 0.5]]]],
});
export const largest = defineFunction({ doc: "Largest entry.", arguments: ["array"], result: "scalar", value: (x) => Math.max(...x.values), adjoint: "none", samples: [[[1, 2]], [[0, -1]]] });
export const highest = defineObservable({ doc: "Largest entry so far.", arguments: ["array"], result: "scalar", init: () => ({ most: -Infinity }), update: (own, x) => { own.most = Math.max(own.most, ...x.values); }, value: (own) => own.most, samples: [[[[1]]], [[[2]]]] });
export const records = defineObservable({ doc: "Records so far.", arguments: ["array"], result: "scalar", init: () => ({ n: 0 }), update: (own) => { own.n++; }, value: (own) => own.n, samples: [[[[1]]], [[[2]]]] });
`);
const compiled = (text: string): Compilation => compile(`use "./arrays.ts"\n${text}`, { directory: folder, name: "main.quench" });

test("value and gradient of an energy that calls them, against differences, the formula as written and each other", () => {
  const { diagnostics, models } = compiled(`model M(N = 4, Q = 3) {
  ensemble J[i in N, j in N] ~ Normal(0, var = 1)
  state    x[q in Q, i in N] : real ~ Normal(0, var = 1)
  state    y[i in N] : real ~ Normal(0, var = 1)
  let      p[q in Q, i in N] = boltzmann(x[q,:], mean(y))[i]      # for each q, at a number that moves
  let      c[i in N, j in N] = sum(q) p[q,i] * p[q,j] + J[i,j] * y[i]
  energy   H = sum(q, i) x[q,i]^4 / 4 + form(y, J, y) + form(y, c, boltzmann(y, 2)) + sum(i) rows(c)[i]^2 * y[i]
  observable g = sum(i) y[i] * form(y, J, y)
  observable slope = norm(grad(g))
}`);
  expect(diagnostics).toEqual([]);
  const code = generateModel(models[0]!.program!);
  if (!code.ok) throw new Error("no code");
  expect(code.scheduled.kernels.find((k) => k.kernel.name === "energyAndGradient")).toMatchObject({ target: "wasm", reason: expect.stringContaining("boltzmann") as unknown });
  const [typescript, wasm] = (["typescript", "wasm"] as const).map((target) => { const model = instantiate(code, {}, target); model.draw(3, 0); return model; });
  const state = wasm!.randomState(3, 0), n = state.length, [g, h] = [new Float64Array(n), new Float64Array(n)];
  expect(wasm!.energyAndGradient(state, g)).toBeCloseTo(typescript!.energyAndGradient(state, h), 10);
  expect(wasm!.energy(state)).toBeCloseTo(wasm!.referenceEnergy(state), 10);
  for (let k = 0; k < n; k++) {
    const at = (by: number): number => wasm!.energy(state.map((x, j) => (j === k ? x + by : x)));
    expect(g[k]! / (1 + Math.abs(h[k]!))).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5 / (1 + Math.abs(h[k]!)), 7);
    expect(g[k]).toBeCloseTo(h[k]!, 10);
  }
  // The interpreter of procedures makes the same calls; of all inputs that the draw prepares there is only the number 2.
  const J = Float64Array.from({ length: 16 }, (_, k) => Math.sin(k));
  const byHand = (procedure: Procedure): number => interpret(procedure, { N: 4, Q: 3 }, new Map(procedure.arrays.filter((a) => a.role === "input").map((a) => [a.name,
    a.name === "x" ? state.slice(0, 12) : a.name === "y" ? state.slice(12) : a.name === "J" ? J : Float64Array.of(2)]))).get("H")![0]!;
  expect(byHand(code.procedures.energyAndGradient)).toBeCloseTo(byHand(code.procedures.reference), 10);
});

test("without an adjoint a function moves what needs no gradient; second derivatives are refused; folds move nothing", () => {
  const spins = compiled(`model S(N = 4) { state s[i in N] : spin  energy H = -largest(s) - sum(i) s[i]  }
run A of S { measure enumerate(T = 1) }
theory E of S = enumerate()`);
  expect(spins.diagnostics).toEqual([]);
  const told = (text: string): readonly string[] => compiled(text).diagnostics.map((d) => `${d.code} ${d.message}`);
  expect(told("model R(N = 4) { state x[i in N] : real ~ Normal(0, var = 1)  energy H = sum(i) x[i]^2 + largest(x) }\nrun A of R { evolve descent() for 3 steps }"))
    .toEqual(["Q427 `descent` cannot move `R`: `H` has no gradient: `largest` has no adjoint"]);
  const { models } = compiled("model R(N = 4) { state x[i in N] : real ~ Normal(0, var = 1)  energy H = boltzmann(x, 1)[1]  observable l = laplacian(H) }");
  const code = generateModel(models[0]!.program!);
  expect(code.ok ? [] : code.diagnostics.map((d) => `${d.code} ${d.message}`)).toEqual(["Q350 `H` cannot be differentiated: `boltzmann` has no second derivative"]);
  expect(told("model R(N = 4) { state x[i in N] : real ~ Normal(0, var = 1)  energy H = records(x) }")).toEqual(["Q269 `records` remembers the records of a task: only observables can read it"]);
  // No theory reads its form into the energy.
  expect(told("model R(N = 4) { ensemble J[i < j in N] ~ Normal(0, var = 1/N)  state s[i in N] : spin  energy H = sum(i < j) J[i,j] * s[i] * s[j] + largest(s) }\ntheory A of R = replica(rs)\nclaim \"c\" : A.free_energy(T = 2) < 0")[0]).toContain("a function of whole arrays");
});

test("a fold for each value of an index remembers each for itself", async () => {
  const compilation = compiled(`model F(N = 3, Q = 2) {
  state      x[q in Q, i in N] : real ~ Normal(0, var = 1)
  energy     H = (sum(q, i) x[q,i]^2) / 2
  observable most[q in Q] = highest(x[q,:])
  observable pairs[i < j in N] = highest(x[:,i]) + highest(x[:,j])
  observable row[q in Q] = max(i) x[q,i]
  observable column[i in N] = max(q) x[q,i]
}
run A of F { evolve hmc(T = 1) for 50 steps  measure hmc(T = 1) for 30 steps every 1 }`);
  expect(compilation.diagnostics).toEqual([]);
  const [plan] = compilation.runs;
  const code = generateModel(compilation.programs.get("A")!, codeNeeded([plan!]));
  if (!code.ok) throw new Error("no code");
  for (const target of ["typescript", "wasm"] as const) {
    const { tasks: [task], failures } = await runTasks(plan!, { javascript: code.javascript, wasm: code.wasm.bytes }, { target, workers: 1, directory: folder, keepStates: false, others: new Map() });
    expect(failures).toEqual([]);
    const { most, pairs, row, column } = task!.values;
    const so = (values: Float64Array | readonly number[], width: number, at: number, until: number): number => Math.max(...Array.from({ length: until + 1 }, (_, r) => values[r * width + at]!));
    for (let r = 0; r < 30; r++) {
      for (let q = 0; q < 2; q++) expect(most![r * 2 + q]).toBe(so(row!, 2, q, r));
      [[0, 1], [0, 2], [1, 2]].forEach(([i, j], k) => expect(pairs![r * 3 + k]).toBeCloseTo(so(column!, 3, i!, r) + so(column!, 3, j!, r), 12));
    }
  }
});
