/** The main job through the command line: verdicts, files, determinism, targets. */
import { transformSync } from "esbuild";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { hasRelaxedSimd } from "../../runtime/backends/features.ts";
import type { CompiledModel, ModelModule } from "../../runtime/model.ts";
import { example, quench } from "./commandLine.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "quench-verify-"));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const small = file("small.quench", `
model Glass(N = 12, a = 0.6) {
  ensemble   A[i in N, j in N] ~ Normal(0, var = 1/N)
  ensemble   X[i in N, j in N, k in N] ~ Normal(0, var = 1)
  state      w[i in N] : real
  constraint sum(i) w[i]^2 == N
  energy     L = a * (sum(i, j) A[i,j] * w[i] * w[j]) + sum(i, j, k) X[i,j,k] * w[i] * w[j] * w[k] / N
  observable e = L / N
  observable lowest = eigenvalues(hessian(L))[1]
}
theory Landscape of Glass = kac_rice()
run Minima of Glass {
  sweep   N in [8, 12]
  samples 6
  starts  5
  evolve  descent() for 20000 steps until gradient < 1e-7
}
claim "minima"       : mean(Minima.lowest) > 0
claim "threshold"    : Landscape.E_inf ~= ${(() => { const [first, second, xi] = [0.36 * 2 + 3, 0.36 * 2 + 6, 1.36]; const s2 = first + second - first * first / xi; return 2 * Math.sqrt(second) * (1 - s2 / (2 * second)) * xi / first; })()} +- 1e-9
claim "it is wrong"  : mean(Minima.e) > 0
claim "hard to tell" : mean(Minima.e) at (N = 8) ~= -1.5 +- 0.001
plot histogram(Minima.e, bins = 10) by N with -Landscape.E_inf
plot mean(Minima.e) vs N
table Minima: N, mean(e), sd(e)
`);

interface Report { readonly claims: readonly { readonly text: string; readonly verdict: string; readonly left: number; readonly right: number; readonly error: number; readonly tolerance: number; readonly span: { readonly start: number; readonly end: number } }[] }
const verdicts = (stdout: string): Record<string, string> => Object.fromEntries((JSON.parse(stdout) as Report).claims.map((c) => [c.text, c.verdict]));
const results = (directory: string): string => readFileSync(join(directory, "results.json"), "utf8") + readFileSync(join(directory, "results.csv"), "utf8");

describe("a mixed model", () => {
  test("holds, fails and undecided, with both sides; exit status 2", async () => {
    const output = join(folder, "one");
    const { status, stdout } = await quench(["verify", small, "--json", "--workers", "1", "-o", output]);
    expect(status).toBe(2);
    expect(verdicts(stdout)).toEqual({ minima: "holds", threshold: "holds", "it is wrong": "fails", "hard to tell": "undecided" });
    const text = readFileSync(small, "utf8");
    for (const claim of (JSON.parse(stdout) as Report).claims) expect(text.slice(claim.span.start, claim.span.end)).toContain(claim.text);
    expect(readdirSync(join(output, "figures")).filter((name) => /\.(svg|png)$/.test(name)).length).toBe(4);
    for (const name of readdirSync(join(output, "figures"))) if (name.endsWith(".png")) expect(readFileSync(join(output, "figures", name)).subarray(1, 4).toString()).toBe("PNG");
  });

  test("the same bytes for 1, 2 and 3 workers, and again", async () => {
    const runs = await Promise.all(["1", "2", "3", "1"].map(async (workers, k) => {
      const output = join(folder, `workers-${k}`);
      await quench(["verify", small, "--quiet", "--workers", workers, "-o", output]);
      return results(output);
    }));
    expect(new Set(runs).size).toBe(1);
  });

  test("another seed gives other numbers and the same verdicts where they are clear", async () => {
    const [one, two] = await Promise.all(["5", "6"].map((seed) => quench(["verify", small, "--json", "--quiet", "--seed", seed, "-o", join(folder, `seed-${seed}`)])));
    expect(one!.stdout).not.toBe(two!.stdout);
    for (const { stdout } of [one!, two!]) expect(verdicts(stdout)).toMatchObject({ minima: "holds", threshold: "holds", "it is wrong": "fails" });
  });

  test.each(["typescript", "tfjs"])("--target %s gives the verdicts of wasm", async (target) => {
    const { stdout, stderr } = await quench(["verify", small, "--json", "--target", target, "-o", join(folder, target)]);
    expect(verdicts(stdout)).toEqual({ minima: "holds", threshold: "holds", "it is wrong": "fails", "hard to tell": "undecided" });
    if (target === "tfjs") expect(stderr).toMatch(/tensorflow backend can't be used/);
  });

  test("--only keeps the claims about those names; --set restricts the sweep", async () => {
    const landscape = await quench(["verify", small, "--json", "--only", "Landscape", "-o", join(folder, "only")]);
    expect(landscape.status).toBe(0);
    expect(verdicts(landscape.stdout)).toEqual({ threshold: "holds" });
    const set = await quench(["verify", small, "--json", "--set", "N=12", "-o", join(folder, "set")]);
    expect(verdicts(set.stdout)["hard to tell"]).toBe("undecided");
    expect(set.stdout).toMatch(/--set/);
  });

  test("run prints the tables", async () => {
    const { status, stdout } = await quench(["run", small, "-o", join(folder, "run")]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/N\s+mean\(e\)\s+sd\(e\)/);
    expect(stdout.match(/^\s*(8|12)\s+-1\./gm)?.length).toBe(2);
  });
});

test("explain shows gradient, covariance, theory, and the kernels of each target", async () => {
  const { stdout, status } = await quench(["explain", small]);
  expect(status).toBe(0);
  for (const part of ["∂L/∂w[i] = ", "ξ(q) = 0.36 q^2 + q^3", "packed_X", "E_inf = "]) expect(stdout).toContain(part);
  expect(stdout).toMatch(/energyAndGradient +wasm/);
  const tfjs = await quench(["explain", small, "--target", "tfjs"]);
  expect(tfjs.stdout).toMatch(/matMul.*X\[/);
  const latex = await quench(["explain", small, "--latex"]);
  expect(latex.stdout).toContain("\\frac{\\partial L}{\\partial w_{i}}");
  const page = await quench(["explain", "Q204"]);
  expect(page.stdout).toMatch(/^Q204: /);
});

test("the example's theory claims hold, and what this version can't run is undecided with a reason", async () => {
  const theory = await quench(["verify", example("loss-surfaces.quench"), "--json", "--only", "Landscape", "-o", join(folder, "theory")]);
  expect(theory.status).toBe(0);
  expect(Object.values(verdicts(theory.stdout))).toEqual(Array.from({ length: 5 }, () => "holds"));
  const beyond = join(folder, "beyond.quench");
  writeFileSync(beyond, `model M(N = 3) {\n  state w[i in N, c in 2] : real ~ Normal(0, var = 1)\n  energy E = sum(i, c) w[i,c]^2\n  observable lengths[i] = norm(w[i,:])\n}\nrun R of M { starts 2 evolve descent() for 3 steps }\nclaim "not yet" : mean(R.lengths[1]) < 1\n`);
  const { stdout, status } = await quench(["verify", beyond, "--json", "-o", join(folder, "beyond")]);
  expect(status).toBe(2);
  expect(verdicts(stdout)["not yet"]).toBe("undecided");
});

test("build writes TypeScript that type-checks and runs on the built runtime", async () => {
  const output = join(folder, "built");
  const { status, stdout } = await quench(["build", small, "-o", output]);
  expect(status).toBe(0);
  expect(stdout.trim().split("\n").map((line) => line.split("/").pop())).toEqual(["Glass.ts", "Glass.wasm"]);
  const source = readFileSync(join(output, "Glass.ts"), "utf8");
  expect(source).toContain("export function createModel(");
  expect(source).not.toMatch(/\bany\b/);
});

test("build --precision and --simd write other kernels, whose energies are the same", async () => {
  const built = async (name: string, ...options: readonly string[]): Promise<{ readonly model: CompiledModel; readonly wasm: Buffer }> => {
    // Inside of the package, so that its name is known there.
    const output = join(root, "runs/built", name);
    const { status, stderr } = await quench(["build", small, "-o", output, ...options]);
    expect([status, stderr]).toEqual([0, ""]);
    writeFileSync(join(output, "Glass.mjs"), transformSync(readFileSync(join(output, "Glass.ts"), "utf8"), { loader: "ts" }).code);
    const { createModel } = (await import(pathToFileURL(join(output, "Glass.mjs")).href)) as ModelModule;
    return { model: createModel({}, {}), wasm: readFileSync(join(output, "Glass.wasm")) };
  };
  const [double, single, relaxed] = [await built("plain"), await built("single", "--precision", "f32"), await built("relaxed", "--simd", "relaxed")];
  const [plain, inSingle, fused] = [double, single, relaxed].map(({ model }) => {
    model.draw(1, 0);
    const [state, gradient] = [Float64Array.from({ length: model.dimension }, (_, k) => Math.sin(k)), new Float64Array(model.dimension)];
    return { energy: model.energy(state), beside: model.energyAndGradient(state, gradient), slope: gradient[3]! };
  });
  expect(inSingle!.energy).toBe(plain!.energy);
  expect(inSingle!.slope).not.toBe(plain!.slope);
  expect(inSingle!.slope).toBeCloseTo(plain!.slope, 5);
  expect(fused!.energy).toBeCloseTo(plain!.energy, 10);
  expect(fused!.slope).toBeCloseTo(plain!.slope, 10);
  expect(single.wasm.equals(double.wasm)).toBe(false);
  if (hasRelaxedSimd()) expect(relaxed.wasm.equals(double.wasm)).toBe(false);
});

test("check is silent about nothing and fmt is idempotent on the examples", async () => {
  for (const name of ["loss-surfaces.quench", "thermal-landscape.quench", "atypical-transitions.quench"]) {
    const checked = await quench(["check", example(name)]);
    expect(checked.status, checked.stderr).toBe(0);
    const once = await quench(["fmt", example(name)]);
    const twice = await quench(["fmt", file(name, once.stdout)]);
    expect(twice.stdout).toBe(once.stdout);
  }
});
