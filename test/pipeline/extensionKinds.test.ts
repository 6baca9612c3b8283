/** Extensions of every kind: what they do in models, runs and theories, in every thread, and where runs fail. What is refused when it is loaded is in test/cases/reject-whole. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile, run, theory, verify, type Specification } from "quench";
import { typeCheckExtensions } from "../../compiler/extensions/typeCheck.ts";
import { runAddress } from "../../compiler/runAddress.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-kinds-"));
const write = (name: string, text: string): void => {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const compiled = (text: string): Specification => compile(text, { directory: folder, name: join(folder, "main.quench") });

write("three.txt", "1\n2\n4\n");
write("half.ts", "export const half = (x: number): number => x / 2;\n");
write("all.ts", `import { defineDistribution, defineDynamics, defineFunction, defineObservable, defineSource, defineTheory, readDataFile, spinPairs } from "quench/extend";
import { half } from "./half.ts";

export const spread = defineFunction({
  doc: "Largest minus least entry.", arguments: ["vector"], result: "scalar",
  value: (x) => Math.max(...x.values) - Math.min(...x.values), samples: [[[1, 2, 5]], [[0, -1]]],
});
export const scaled = defineFunction({
  doc: "Entries times a number, halved twice.", arguments: ["array", "number"], result: "sameShape",
  value: (x, a) => x.values.map((v) => half(half(v * a))), samples: [[[1, 2, 5], 2], [[[0, -1], [1, 2]], 3]],
});
export const square = defineFunction({ doc: "x squared.", arity: 1, value: (x) => x * x, adjoint: "none", formula: ([x], b) => b.mul(x, x), samples: [[2], [-3]] });
export const records = defineObservable({
  doc: "Number of records so far.", arguments: ["array"], result: "scalar",
  init: () => ({ count: 0 }), update: (own) => { own.count++; }, value: (own) => own.count, samples: [[[[1]], [[1]]], [[[1]]]],
});
export const Triangular = defineDistribution({
  doc: "Sum of two uniform numbers on [0, width].", element: "real", parameters: [{ name: "width", element: "real", default: 1 }],
  fill: (out, stream, [width]) => {
    if (!(width > 0)) throw new Error("the width is positive");
    const u = new Float64Array(2 * out.length);
    stream.uniforms(u, 0);
    for (let i = 0; i < out.length; i++) out[i] = width * (u[2 * i]! + u[2 * i + 1]!);
  },
  samples: [[1], [3]], moments: (width) => ({ mean: width, variance: width ** 2 / 6 }),
});
export const lines = defineSource({
  doc: "Numbers, one a line.", parameters: [{ name: "data", doc: "The file.", kind: "text" }], arrays: 1,
  read: (given, _, directory) => {
    const values = Float64Array.from(readDataFile(String(given["data"]), directory).toString("utf8").trim().split("\\n"), Number);
    return [{ values, shape: [values.length] }];
  },
});
export const glauber = defineDynamics({
  doc: "Heat bath of spin pairs.", parameters: [{ name: "T", doc: "Temperature.", schedule: true }],
  needs: ["factorGraph"], domains: ["spin"], units: ["sweeps"], stationary: true,
  init: ({ model }) => ({ pairs: spinPairs(model), flips: 0 }),
  step: ({ state, random, argument }, own) => {
    const { start, neighbour, coupling, field } = own.pairs;
    for (let t = 0; t < state.length; t++) {
      const i = random.integer(state.length);
      let h = field[i]!;
      for (let k = start[i]!; k < start[i + 1]!; k++) h += coupling[k]! * state[neighbour[k]!]!;
      const next = random.chance(1 / (1 + Math.exp((-2 * h) / argument("T")))) ? 1 : -1;
      if (next !== state[i]) own.flips++;
      state[i] = next;
    }
  },
});
export const annealed = defineTheory({
  doc: "Annealed average of Gaussian energies of spins.", parameters: [{ name: "T", doc: "Temperature." }], status: "large-N",
  quantities: [{ name: "free_energy", doc: "A spin.", form: "value", arguments: [] }],
  derive: (model, { T }) => {
    const xi = model.covariance("hypercube");
    if ("refused" in xi) return xi;
    if (T === undefined) return { refused: "it needs a temperature" };
    const one = xi.mixture.reduce((sum, { coefficient }) => sum + coefficient, 0);
    return { assumptions: ["annealed"], predict: () => ({ value: -T * Math.LN2 - one / (2 * T) + xi.mean, residual: 0 }) };
  },
});
`);
const study = `use "./all.ts"
model SK(N = 6) {
  ensemble   J[i < j in N] ~ Normal(0, var = 1)
  ensemble   u[i in 2000] ~ Triangular(2)
  data       y[k in K] = lines(data = "three.txt")
  state      s[i in N] : spin
  energy     H = -sum(i < j) J[i,j] * s[i] * s[j] / sqrt(N)
  observable r = records(s)
  observable spread_u = spread(u)
  observable total = sum(scaled(y, 8)) + square(sum(k) y[k]) + 0 * s[1]
  observable mean_u = mean(u)
}
run R of SK {
  samples 2
  evolve  glauber(T = 3.0 -> 1.0) for 50 sweeps
  measure glauber(T = 1) for 200 sweeps every 10
  transient
}
run E of SK { samples 2  measure enumerate(T = 1) }
run Tempered of SK { samples 2  measure tempering(glauber, T = [1, 2]) for 400 sweeps every 10 }
theory A of SK = annealed()
claim "records" : max(R.r) == 20
claim "data" : min(R.total) == 63
claim "draws" : mean(R.mean_u) ~= 2 +- 0.2
claim "annealed" : A.free_energy(T = 2) ~= -1.5112943611198906 +- 1e-12
`;

test("every kind, in one study", async () => {
  const specification = compiled(study);
  expect(specification.diagnostics.filter((d) => d.code !== "Q721").map((d) => d.message)).toEqual([]);
  const { claims, results } = await verify(specification, { workers: 1 });
  expect(claims.map((c) => [c.text, c.verdict])).toEqual(["records", "data", "draws", "annealed"].map((text) => [text, "holds"]));
  const everything = await run(specification, { workers: 1 });
  expect(everything.runs["Tempered"]!.failures).toEqual([]);
  const [sampled] = everything.estimate("mean(R.H)"), [exact] = everything.estimate("mean(E.H)");
  expect(Math.abs(sampled!.value - exact!.value)).toBeLessThan(1);
  expect(results.runs["R"]!.tasks[0]!.values["r"]).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
});

test("workers, who have only the text, compute the same numbers", async () => {
  const [here, there] = await Promise.all([1, 2].map((workers) => run(compiled(study), { workers, only: ["R"] })));
  expect(there!.runs["R"]!.failures).toEqual([]);
  expect(there!.runs["R"]!.tasks.map((t) => t.values)).toEqual(here!.runs["R"]!.tasks.map((t) => t.values));
});

test("what a run moves with is part of its address, with what that imports", () => {
  const address = (): string => {
    const { runs, programs } = compiled(study);
    return runAddress(runs[0]!, programs.get("R")!, { others: new Map(), version: "1", target: "wasm", directory: folder }).states;
  };
  const before = address();
  expect(address()).toBe(before);
  write("half.ts", "export const half = (x: number): number => x * 0.5;\n");
  expect(address()).not.toBe(before);
});

test("a package by its name, from the nearest node_modules", async () => {
  write("node_modules/@lab/models/package.json", JSON.stringify({ name: "@lab/models", type: "module", exports: { ".": { import: "./main.js" } } }));
  write("node_modules/@lab/models/main.js", `import { defineFunction } from "quench/extend"; export const triple = defineFunction({ doc: "Three times x.", arity: 1, value: (x) => 3 * x, adjoint: (dy, _, b) => [b.mul(b.constant(3), dy)], samples: [[1], [2]] });`);
  const { holds } = await verify(compiled(`use "@lab/models"\nclaim "c" : triple(2) == 6\n`));
  expect(holds).toBe(true);
});

describe("refused", () => {
  const head = 'import * as q from "quench/extend";\n';
  test("a dynamics that fails in a run names itself, its file and the step; other runs go on", async () => {
    write("fails.js", `${head}export const d = q.defineDynamics({ doc: "Fails later.", parameters: [], needs: ["delta"], domains: ["spin"], units: ["steps"], stationary: false, init: () => ({}), step: ({ step }) => { if (step === 2) throw new Error("out of luck"); } });`);
    const { runs } = await run(compiled('use "./fails.js"\nmodel M(N = 2) { state s[i in N] : spin  energy H = -s[1] * s[2] }\nrun R of M { evolve d() for 5 steps }\nrun E of M { measure enumerate(T = 1) }\n'), { workers: 1 });
    expect(runs["R"]!.failures.map((f) => f.message)).toEqual(["`d` of ./fails.js failed in step 3: out of luck"]);
    expect(runs["E"]!.failures).toEqual([]);
  });

  test("a theory that fails, or has no number, refuses under its own name", () => {
    write("theories.js", `${head}const t = (predict) => q.defineTheory({ doc: "Fails.", parameters: [], status: "exact", quantities: [{ name: "e", doc: "Energy.", form: "value", arguments: [] }], derive: () => ({ assumptions: [], predict }) });
export const diverges = t(() => { throw new Error("diverged"); });
export const empty = t(() => ({ value: NaN, residual: 0 }));`);
    const specification = compiled('use "./theories.js"\nmodel M(N = 2) { state s[i in N] : spin  energy H = -s[1] * s[2] }\ntheory A of M = diverges()\ntheory B of M = empty()\n');
    expect(["A", "B"].map((name) => theory(specification, name).predict("e"))).toEqual([{ refused: "`diverges` of ./theories.js failed: diverged" }, { refused: "`empty` of ./theories.js gave NaN for `e`" }]);
  });

  test("a dynamics that doesn't fit is told as a built-in one is, and those of extensions are among the ones that fit", () => {
    const text = (energy: string, dynamics: string): string => `use "./all.ts"\nmodel M(N = 3) {\n  state s[i in N] : spin\n  energy H = ${energy}\n}\nrun R of M {\n  evolve ${dynamics} for 5 sweeps\n}\n`;
    expect(compiled(text("-s[1] * s[2]", "glaubber(T = 1)")).diagnostics.map((d) => d.help)).toEqual(["did you mean `glauber`?"]);
    const [misfit] = compiled(text("-s[1] * s[2]", "langevin(T = 1, dt = 0.1)").replace("sweeps", "steps")).diagnostics;
    expect(misfit!.help).toContain("`glauber`");
  });
});

test("types are checked where a typescript is installed, and a record that is wrong is wrong before it is loaded", () => {
  const root = join(import.meta.dirname, "../..");
  const specification = compile(readFileSync(join(root, "examples/extensions/wolff-clusters.quench"), "utf8"), { directory: join(root, "examples/extensions"), name: join(root, "examples/extensions/wolff-clusters.quench") });
  write("typed.ts", 'import { defineFunction } from "quench/extend";\nexport const f = defineFunction({ doc: "Two arguments.", arity: 2, value: (x, y) => x * y, adjoint: (dy, [x, y], b) => [b.mul(dy, y)], samples: [[1], [2, 3]] });\n');
  const [item] = specification.extensionFiles;
  const files = [item!, { ...item!, path: join(folder, "typed.ts") }];
  expect(typeCheckExtensions(files, root)!.map((d) => [d.code, d.arguments?.["file"]])).toEqual([["Q016", join(folder, "typed.ts")]]);
  expect(typeCheckExtensions(files, folder)).toBeUndefined();
});
