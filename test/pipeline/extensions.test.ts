/** `use "./file.ts"`: functions of numbers from TypeScript, in models, conditions, theories and claims, and in workers. What is refused is in test/cases/reject-whole. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile, type Compilation } from "../../compiler/compile.ts";
import { generateModel, type GeneratedModel } from "../../compiler/generateModel.ts";
import { emitModule } from "../../compiler/5-emit/typescript/emitModule.ts";
import { runAddress } from "../../compiler/runAddress.ts";
import { theoryOracle } from "../../compiler/theory/theoryOracle.ts";
import { runTasks } from "../../runtime/engine/index.ts";
import { judgeClaim } from "../../runtime/results/claim.ts";
import { instantiate } from "./compileModel.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-extensions-"));
const examples = join(import.meta.dirname, "../../examples/extensions");

function compiled(text: string, files: Readonly<Record<string, string>> = {}, directory = folder): Compilation {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return compile(text, { directory, name: join(directory, "main.quench") });
}
function generated(compilation: Compilation, model = 0): GeneratedModel {
  const code = generateModel(compilation.models[model]!.program!);
  if (!code.ok) throw new Error("no code");
  return code;
}
const example = readFileSync(join(examples, "von-mises.quench"), "utf8");

test("the gradient of an energy that calls an extension is that of its values, the same in TypeScript and WASM", () => {
  const compilation = compiled(example, {}, examples);
  expect(compilation.diagnostics).toEqual([]);
  const code = generated(compilation, 1);
  expect(code.scheduled.kernels.find((k) => k.target === "wasm" && k.reason.includes("bessel_ratio"))).toBeDefined();
  const [typescript, wasm] = (["typescript", "wasm"] as const).map((target) => instantiate(code, { N: 5 }, target));
  const state = Float64Array.of(0.3, -1.2, 2, -0.7, 3.1), [g, h] = [new Float64Array(5), new Float64Array(5)];
  expect(wasm!.energyAndGradient(state, h)).toBeCloseTo(typescript!.energyAndGradient(state, g), 12);
  for (let i = 0; i < 5; i++) {
    const at = (by: number): number => typescript!.energy(state.map((x, k) => (k === i ? x + by : x)));
    expect(g[i]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 8);
    expect(h[i]).toBeCloseTo(g[i]!, 12);
  }
  // Σ x²/2 − log I₀(1.5 x) at 2 and zeros: I₀(3) = 4.880792585865…
  expect(wasm!.energy(Float64Array.of(2, 0, 0, 0, 0))).toBeCloseTo(2 - Math.log(4.880792585865024), 12);
});

const softsign = (slope: string): string => `import { defineFunction } from "quench/extend";
export const softsign = defineFunction({
  doc: "x / (1 + |x|).", arity: 1, value: (x: number): number => x / (1 + Math.abs(x)),
  adjoint: (dy, [x], b) => [b.div(dy, ${slope})], samples: [[0.5], [-2]],
});`;
const right = softsign("b.mul(b.add(b.constant(1), b.abs(x)), b.add(b.constant(1), b.abs(x)))");
const study = `use "./softsign.ts"
fn twice(x) = 2 * softsign(x)
model M(N = 4, b = 1.0) {
  state      s[i in N] : spin
  energy     H = -b * sum(i) softsign(s[i] * i)
  observable m = sum(i) s[i]
}
run R of M {
  starts  2
  evolve  metropolis(T = 1) for 50 sweeps until H < -twice(b)
  measure metropolis(T = 1) for 20 sweeps every 1
}
theory Saddle(h = 1.0) {
  order       q in (-2, 2) = 0.3
  free_energy F = q^2 / 2 - q * softsign(h)
  saddle      F over q
}
claim "saddle at softsign(3) = 3/4" : Saddle.q(h = 3) ~= 0.75 +- 1e-9
claim "a number" : twice(3) == 1.5
`;

test("in kernels of moves, conditions, fn, theories and claims; workers compute the same numbers", async () => {
  const compilation = compiled(study, { "softsign.ts": right });
  expect(compilation.diagnostics.map((d) => d.message)).toEqual([]);
  const { javascript, wasm } = generated(compilation);
  const [here, there] = await Promise.all([1, 2].map((workers) => runTasks(compilation.runs[0]!, { javascript, wasm: wasm.bytes }, { workers })));
  expect(here!.failures).toEqual([]);
  expect(there!.failures).toEqual([]);
  expect(there!.tasks.map((t) => t.values)).toEqual(here!.tasks.map((t) => t.values));
  const environment = { runs: new Map(), theory: theoryOracle(compilation.theories, compilation.models) };
  for (const claim of compilation.claims) expect(judgeClaim(claim, environment).verdict).toBe("holds");
});

test("a built module carries the text of its extensions", () => {
  const module = emitModule(generated(compiled(study, { "softsign.ts": right })).scheduled, { types: true });
  expect(module).toMatch(/import \{[^}]*extensionFunctions[^}]*\} from "quench\/runtime"/);
  expect(module).toMatch(/const extension_\w{12} = extensionFunctions\(\{\s*"name":\s*"extension_\w{12}"/);
});

test("the content of an extension is part of a run's address; that of one which a model doesn't call is not", () => {
  const address = (file: string): unknown => {
    const compilation = compiled(study, { "softsign.ts": file });
    return runAddress(compilation.runs[0]!, compilation.models[0]!.program!, { others: new Map(), version: "1", target: "auto", directory: folder }).states;
  };
  expect(address(right)).toBe(address(right));
  expect(address(right.replace("x / (1 + Math.abs(x))", "x / (Math.abs(x) + 1)"))).not.toBe(address(right));
});

test("paths start at the importing file", () => {
  const { diagnostics } = compiled(`import "von-mises.quench"\nclaim "c" : bessel_ratio(1) < 1`, {}, examples);
  expect(diagnostics).toEqual([]);
});

const record = (fields: string): string => `import { defineFunction } from "quench/extend";
export const f = defineFunction({ doc: "A function.", arity: 1, value: (x) => x * x, samples: [[1], [2]], ${fields} });`;
test("one name from a file and a `fn`", () => {
  expect(compiled(`use "./a.js"\nfn f(x) = x\nclaim "c" : f(2) > 1\n`, { "a.js": record("") }).diagnostics.map((d) => d.code)).toEqual(["Q233"]);
});

test("without `adjoint` there is no gradient; wrong counts and unknown names are told as of any function", () => {
  const model = (energy: string): string => `use "./a.js"\nmodel M(N = 3) {\n  state x[i in N] : real ~ Normal(0, var = 1)\n  energy H = sum(i) ${energy}\n}\nrun R of M {\n  evolve hmc(T = 1) for 3 steps\n}\n`;
  expect(compiled(model("f(x[i])"), { "a.js": record("") }).diagnostics.map((d) => d.code)).toEqual(["Q427"]);
  expect(compiled(model("f(x[i], 1)"), { "a.js": record("") }).diagnostics.map((d) => d.code)).toEqual(["Q231"]);
  expect(compiled(model("softsing(x[i])"), { "a.js": record("").replace("f =", "softsign =") }).diagnostics.map((d) => [d.code, d.help])).toEqual([["Q230", "did you mean `softsign`?"]]);
});
