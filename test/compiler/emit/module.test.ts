import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { emitModule } from "../../../compiler/5-emit/typescript/emitModule.ts";
import { format } from "../../../compiler/5-emit/typescript/format.ts";
import { emitWasm } from "../../../compiler/5-emit/wasm/emitWasm.ts";
import { apply, constant, reduce } from "../../../compiler/ir/expression.ts";
import type { ArrayDeclaration, Program } from "../../../compiler/ir/program.ts";
import { identifier } from "../../../compiler/4-schedule/names.ts";
import { modelProcedures } from "../../../compiler/3-passes/modelProcedures.ts";
import type { SphereGeometry } from "../../../compiler/4-schedule/schedule.ts";
import { schedule } from "../../../compiler/4-schedule/schedule.ts";
import { fitsWasm } from "../../../runtime/backends/wasm.ts";
import { webAssembly } from "../../../runtime/backends/webAssembly.ts";
import { evaluateModule } from "../../../runtime/loadModule.ts";
import type { RunnableModel } from "../../../runtime/modelSupport/index.ts";
import { projectGradient } from "../../../runtime/geometry/index.ts";
import { cases } from "../passes/cases.ts";
import { at, axis, declared, entry, index, N, product, program } from "../schedule/procedures.ts";
import { numbers } from "../schedule/run.ts";
import { spinGlass } from "./spinGlass.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const scheduled = spinGlass();
const javascript = emitModule(scheduled, { types: false });
const wasm = emitWasm(scheduled);
type SpinGlass = RunnableModel<"L" | "loss" | "index", "spectrum" | "slope">;
const instance = (target: "typescript" | "wasm", N: number): SpinGlass => {
  const model = evaluateModule(javascript, wasm.bytes).createModel({ N }, { target }) as SpinGlass;
  model.draw(1, 0);
  return model;
};

/** Type errors of generated modules under strict rules. */
function typeErrors(files: Readonly<Record<string, string>>): readonly string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022, lib: ["lib.es2023.d.ts"], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, noUnusedLocals: true,
    exactOptionalPropertyTypes: true, verbatimModuleSyntax: true, allowImportingTsExtensions: true, noEmit: true, skipLibCheck: true, types: ["node"], typeRoots: [join(root, "node_modules/@types")],
    paths: { "quench/runtime": [join(root, "runtime/index.ts")] },
  };
  const at = (name: string): string => join(root, "generated", name);
  const texts = new Map(Object.entries(files).map(([name, text]) => [at(name), text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => texts.get(name) ?? readFile.call(host, name);
  host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
  host.directoryExists = () => true;
  host.getSourceFile = (name, version, ...rest) => (texts.has(name) ? ts.createSourceFile(name, texts.get(name)!, version) : getSourceFile.call(host, name, version, ...rest));
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((name) => {
    const source = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((d) => `${basename(name)}: ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`);
  });
}

describe("the generated module", () => {
  test("type-checks under strict, with a typed interface, before and after formatting", { timeout: 60_000 }, async () => {
    const text = emitModule(scheduled, { types: true, wasmFile: "SpinGlass.wasm", source: "loss-surfaces.quench" });
    const formatted = await format(text);
    expect(await format(formatted)).toBe(formatted);
    const user = (body: string): string => `import { createModel } from "./SpinGlass.ts";\nconst m = createModel({ N: 50 });\nm.draw(1, 0);\nconst w = m.randomState(7, 0);\n${body}\n`;
    const others = Object.fromEntries(cases.map((c, k) => [`case${k}.ts`, emitModule(schedule(modelProcedures(c.program, { energyHessian: true }).procedures), { types: true })]));
    const singles = Object.fromEntries(cases.filter((_, k) => k % 6 === 4).map((c, k) => [`single${k}.ts`, emitModule(schedule(modelProcedures(c.program, { energyHessian: true, moves: true }).procedures, [], [], { single: true }), { types: true })]));
    const errors = typeErrors({
      ...singles, "SpinGlass.ts": formatted, "raw.ts": text, ...others,
      "good.ts": user("const e: number = m.energy(w) + m.observe.loss(w) + m.observe.index(w);\nexport const all: [number, Float64Array, Float64Array] = [e, m.gradient(w), m.observe.spectrum(w)];"),
      "misspelt.ts": user("m.observe.lossy(w);"),
      "wrong.ts": `import { createModel } from "./SpinGlass.ts";\ncreateModel({ M: 50 });\n`,
    });
    expect(errors.filter((e) => !/^(misspelt|wrong)/.test(e))).toEqual([]);
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatch(/misspelt\.ts: Property 'lossy' does not exist/);
    expect(errors[1]).toMatch(/wrong\.ts: .*'M' does not exist in type 'Partial<Parameters>'/s);
  });

  test("has the same code with and without types", async () => {
    const stripped = ts.transpileModule(emitModule(scheduled, { types: true }), { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } }).outputText;
    const functions = (text: string): string => text.replaceAll(/\s+/g, "").match(/functionenergyAndGradient.*?functionreference/s)![0];
    expect(functions(stripped)).toBe(functions(javascript));
  });

  test.each(["typescript", "wasm"] as const)("%s: energy, gradient and Hessian are those of the reference", (target) => {
    for (let N = 2; N <= 9; N++) {
      const m = instance(target, N);
      expect(m.target).toBe(target);
      const w = m.randomState(3, 1);
      expect(w.reduce((s, x) => s + x * x, 0)).toBeCloseTo(N, 10);
      expect(m.energy(w)).toBeCloseTo(m.referenceEnergy(w), 11);
      expect(m.observe.loss(w)).toBeCloseTo(m.referenceEnergy(w) / N, 11);
      const gradient = new Float64Array(N);
      expect(m.energyAndGradient(w, gradient)).toBeCloseTo(m.energy(w), 11);
      const hessian = new Float64Array(N * N);
      m.hessian(w, hessian);
      const h = 1e-5;
      for (let a = 0; a < N; a++) {
        const [up, down] = [w.slice(), w.slice()];
        up[a]! += h;
        down[a]! -= h;
        expect(gradient[a]).toBeCloseTo((m.referenceEnergy(up) - m.referenceEnergy(down)) / (2 * h), 6);
        const [gUp, gDown] = [new Float64Array(N), new Float64Array(N)];
        m.energyAndGradient(up, gUp);
        m.energyAndGradient(down, gDown);
        for (let b = 0; b < N; b++) expect(hessian[a * N + b]).toBeCloseTo((gUp[b]! - gDown[b]!) / (2 * h), 6);
      }
      const projected = new Float64Array(N);
      projectGradient(m.spheres, w, gradient, projected);
      expect([...m.gradient(w)]).toEqual([...projected]);
      expect([...m.observe.slope(w)]).toEqual([...projected]);
      const spectrum = m.observe.spectrum(w);
      expect(spectrum).toHaveLength(N - 1);
      expect(m.observe.index(w)).toBeCloseTo(spectrum.filter((x) => x < -0.001).length / (N - 1), 12);
      // The trace of the Riemannian Hessian from the Euclidean one: tr H − wᵀHw/N − (N − 1) w·g/N.
      const quadratic = hessian.reduce((s, x, q) => s + x * w[Math.floor(q / N)]! * w[q % N]!, 0) / N;
      const trace = Array.from({ length: N }, (_, a) => hessian[a * N + a]!).reduce((s, x) => s + x, 0);
      const radial = w.reduce((s, x, q) => s + x * gradient[q]!, 0) / N;
      expect(spectrum.reduce((s, x) => s + x, 0)).toBeCloseTo(trace - quadratic - (N - 1) * radial, 9);
    }
  });

  test("both targets draw and start alike, and differ in the last bits only", () => {
    const [a, b] = [instance("typescript", 31), instance("wasm", 31)];
    expect(a.randomState(5, 2)).toEqual(b.randomState(5, 2));
    expect(a.randomState(5, 2)).not.toEqual(a.randomState(5, 3));
    const w = a.randomState(5, 2);
    expect(Math.abs(a.energy(w) - b.energy(w))).toBeLessThan(1e-12 * 31);
    const before = a.energy(w);
    a.draw(1, 1);
    expect(a.energy(w)).not.toBe(before);
    a.draw(1, 0);
    expect(a.energy(w)).toBe(before);
  });

  test("one site", () => {
    for (const target of ["typescript", "wasm"] as const) {
      const m = instance(target, 1);
      const w = m.randomState(1, 0);
      expect(m.energy(w)).toBeCloseTo(m.referenceEnergy(w), 12);
      expect(Math.abs(m.gradient(w)[0]!)).toBeLessThan(1e-12);
      expect(m.observe.spectrum(w)).toHaveLength(0);
    }
  });

  test("sizes that are none are refused before anything is allocated", () => {
    const module = evaluateModule(javascript, wasm.bytes);
    expect(() => module.createModel({ N: -3 })).toThrow(RangeError);
    expect(() => module.createModel({ N: 2.5 })).toThrow(/sizes are integers/);
  });

  test("without bytes, and where 4 GiB are too few, kernels are TypeScript", () => {
    expect(evaluateModule(javascript).createModel({ N: 3 }).target).toBe("typescript");
    expect(evaluateModule(javascript, wasm.bytes).createModel({ N: 3 }).target).toBe("wasm");
    expect(fitsWasm([2 ** 31, 2 ** 30])).toBe(true);
    expect(fitsWasm([2 ** 31, 2 ** 31])).toBe(false);
  });
});

describe("initial states", () => {
  const size = 40;
  const state = (name: string, origin: Partial<Extract<ArrayDeclaration["origin"], { kind: "state" }>>): ArrayDeclaration =>
    ({ ...declared(name, "thermal", [axis()], { kind: "state", domain: { name: "real", arguments: [] }, ...origin }) });
  const i = index("i");
  const states = [
    state("σ", { domain: { name: "spin", arguments: [] } }), state("n", { domain: { name: "bit", arguments: [] } }), state("c", { domain: { name: "potts", arguments: [constant(3)] } }),
    state("v", { domain: { name: "interval", arguments: [constant(2), constant(2.5)] } }), state("θ", { domain: { name: "angle", arguments: [] } }), state("w", {}),
    state("drawn", { initial: { kind: "draw", distribution: "Uniform", arguments: [constant(3), constant(4)] } }),
    state("value", { initial: { kind: "value", indices: [i], body: apply("div", at(i), N) } }),
    state("held", { initial: { kind: "value", indices: [i], body: at(i) } }),
  ];
  const energy = declared("H", "thermal", [], { kind: "definition", role: "energy", indices: [], body: reduce("sum", [i], product(...states.map((s) => entry(s.name, i)))) });
  const geometry = (array: string, norm2: number): SphereGeometry => ({ array, freeAxes: [], summedAxes: [0], norm2: constant(norm2) });
  const text = emitModule(schedule(modelProcedures(program("Starts", [...states, energy], [], { N: size })).procedures, [geometry("w", 2), geometry("held", 5)]), { types: false });
  const m = evaluateModule(text).createModel() as RunnableModel;
  const start = m.randomState(1, 0);
  const part = (name: string): Float64Array => { const s = m.state.find((x) => x.name === name)!; return start.subarray(s.offset, s.offset + s.length); };
  const squares = (x: Float64Array): number => x.reduce((s, y) => s + y * y, 0);
  test("are uniform on the domain", () => {
    expect(new Set(part("σ"))).toEqual(new Set([-1, 1]));
    expect(new Set(part("n"))).toEqual(new Set([0, 1]));
    expect(new Set(part("c"))).toEqual(new Set([1, 2, 3]));
    expect(part("v").every((x) => x > 2 && x < 2.5)).toBe(true);
    expect(part("θ").every((x) => x > 0 && x < 2 * Math.PI)).toBe(true);
    expect(Math.max(...part("θ"))).toBeGreaterThan(5);
  });
  test("are on the sphere, drawn, or computed and then projected", () => {
    expect(squares(part("w"))).toBeCloseTo(2, 12);
    expect(part("drawn").every((x) => x > 3 && x < 4)).toBe(true);
    part("value").forEach((x, k) => expect(x).toBeCloseTo((k + 1) / size, 14));
    expect(squares(part("held"))).toBeCloseTo(5, 12);
    expect(part("held")[9]! / part("held")[0]!).toBeCloseTo(10, 12);
    expect(m.spheres).toHaveLength(2);
  });
  test("differ by start and by seed, and are reproducible", () => {
    expect(m.randomState(1, 0)).toEqual(start);
    expect(m.randomState(1, 1)).not.toEqual(start);
    expect(m.randomState(2, 0)).not.toEqual(start);
  });
  test("of a free real variable must be said", () => {
    const free = emitModule(schedule(modelProcedures(program("Free", [state("w", {}), declared("H", "thermal", [], { kind: "definition", role: "energy", indices: [], body: reduce("sum", [i], entry("w", i)) })])).procedures), { types: false });
    expect(() => (evaluateModule(free).createModel() as RunnableModel).randomState(1, 0)).toThrow(/state w is real, and no sphere holds it/);
  });
});

describe("WASM", () => {
  test("is a valid module with all kernels", () => {
    expect(webAssembly.validate(wasm.bytes)).toBe(true);
    expect(wasm.skipped).toEqual([]);
    expect(wasm.kernels).toContain("energyAndGradient");
  });
  test("kernels with functions that have no instruction call vector functions, and give what they give in TypeScript", () => {
    const smooth = cases.find((c) => c.name === "two layers")!;
    const s = schedule(modelProcedures(smooth.program).procedures);
    const emitted = emitWasm(s);
    expect(emitted.skipped).toEqual([]);
    expect(webAssembly.validate(emitted.bytes)).toBe(true);
    const m = evaluateModule(emitModule(s, { types: false }), emitted.bytes).createModel();
    const typescript = evaluateModule(emitModule(s, { types: false }), emitted.bytes).createModel({}, { target: "typescript" });
    expect([m.target, typescript.target]).toEqual(["wasm", "typescript"]);
    typescript.draw(1, 0);
    m.draw(1, 0);
    const x = numbers(1, m.dimension);
    expect(m.energy(x)).toBeCloseTo((m as RunnableModel).referenceEnergy(x), 12);
    expect(m.energy(x)).toBeCloseTo(typescript.energy(x), 12);
  });
  test("one kernel calls imported functions and vector functions", () => {
    const i = index("i", N);
    const w = entry("w", i);
    const both = program("Both", [declared("w", "thermal", [axis(N)], { kind: "state", domain: { name: "real", arguments: [] } }), declared("H", "thermal", [], { kind: "definition", role: "energy", indices: [], body: reduce("sum", [i], apply("mul", apply("sin", w), apply("tanh", w))) })]);
    const s = schedule(modelProcedures(both).procedures);
    expect(s.kernels.find((k) => k.kernel.name === "energyAndGradient")!.reason).toContain("cos, sin by calls of JavaScript");
    const m = evaluateModule(emitModule(s, { types: false }), emitWasm(s).bytes).createModel();
    expect(m.target).toBe("wasm");
    m.draw(1, 0);
    const x = numbers(3, m.dimension);
    const gradient = new Float64Array(m.dimension);
    expect(m.energyAndGradient(x, gradient)).toBeCloseTo(x.reduce((sum, v) => sum + Math.sin(v) * Math.tanh(v), 0), 12);
    x.forEach((v, k) => expect(gradient[k]).toBeCloseTo(Math.cos(v) * Math.tanh(v) + Math.sin(v) / Math.cosh(v) ** 2, 12));
  });
});

describe.each(cases)("models of the passes: $name", ({ program: drawn, sizes }) => {
  // Integers of these models are classes.
  const program: Program = { ...drawn, arrays: drawn.arrays.map((a) => (a.origin.kind === "ensemble" && a.element === "integer" ? { ...a, origin: { kind: "ensemble", distribution: "Categorical", arguments: [constant(3)] } } : a)) };
  const s = schedule(modelProcedures(program, { energyHessian: true }).procedures);
  const text = emitModule(s, { types: false });
  const { bytes } = emitWasm(s);
  test.each(sizes)("%o: energy, gradient and Hessian on both targets", (parameters) => {
    const [a, b] = (["typescript", "wasm"] as const).map((target) => {
      const m = evaluateModule(text, bytes).createModel(parameters, { target }) as RunnableModel;
      m.draw(2, 0);
      return m;
    }) as [RunnableModel, RunnableModel];
    const n = a.dimension;
    const x = numbers(4, n);
    const scale = 1 + Math.abs(a.energy(x));
    for (const m of [a, b]) expect(Math.abs(m.energy(x) - a.referenceEnergy(x)) / scale).toBeLessThan(1e-12);
    const [g, h] = [[new Float64Array(n), new Float64Array(n)], [new Float64Array(n * n), new Float64Array(n * n)]] as const;
    [a, b].forEach((m, k) => {
      expect(Math.abs(m.energyAndGradient(x, g[k]!) - a.referenceEnergy(x)) / scale).toBeLessThan(1e-12);
      m.hessian(x, h[k]!);
    });
    const norm = (v: Float64Array): number => v.reduce((s_, y) => Math.max(s_, Math.abs(y)), 1);
    g[0]!.forEach((y, k) => expect(Math.abs(y - g[1]![k]!)).toBeLessThan(1e-12 * norm(g[0]!)));
    h[0]!.forEach((y, k) => expect(Math.abs(y - h[1]![k]!)).toBeLessThan(1e-12 * norm(h[0]!)));
    const step = 1e-5;
    for (let k = 0; k < n; k++) {
      const [up, down] = [x.slice(), x.slice()];
      up[k]! += step;
      down[k]! -= step;
      expect(Math.abs(g[1]![k]! - (a.referenceEnergy(up) - a.referenceEnergy(down)) / (2 * step))).toBeLessThan(1e-6 * norm(g[0]!));
    }
  });
});

describe("identifiers", () => {
  test.each([["σ", "σ"], ["w'", "wʹ"], ["class", "class_"], ["2x", "_2x"], ["a b", "a_b"], ["memory", "memory_"]])("%s becomes %s", (name, expected) => expect(identifier(name)).toBe(expected));
});

test("prettier is imported in one file only", () => {
  const uses = ts.sys.readDirectory(root, [".ts"], ["node_modules", "generated", "test"]).filter((f) => /(from|import\()\s*"prettier"/.test(readFileSync(f, "utf8")));
  expect(uses.map((f) => f.slice(root.length + 1))).toEqual(["compiler/5-emit/typescript/format.ts"]);
});
