/** `--simd relaxed` and `--tfjs-backend` are part of what a run is; without them nothing about it changes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { arithmetic, isRelaxed } from "../../cli/arithmetic.ts";
import { hasRelaxedSimd } from "../../runtime/backends/features.ts";
import { quench } from "./commandLine.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-arithmetic-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("only what changes results is named", () => {
  expect(arithmetic({ target: "wasm" })).toBeUndefined();
  expect(arithmetic({ target: "wasm", simd: "plain" })).toBeUndefined();
  expect(arithmetic({ target: "typescript", simd: "relaxed" })).toBeUndefined();
  expect(arithmetic({ target: "tfjs", tfjsBackend: "auto" })).toBeUndefined();
  expect(arithmetic({ target: "tfjs", tfjsBackend: "cpu" })).toBe("tfjs on cpu");
  if (hasRelaxedSimd()) expect(arithmetic({ target: "wasm", simd: "relaxed" })).toMatch(/^relaxed SIMD, products (not )?rounded$/);
  expect(isRelaxed({ target: "wasm", simd: "relaxed" })).toBe(hasRelaxedSimd());
});

test("run.json keeps the choice, and the samples of another one are not taken over", { timeout: 60_000 }, async () => {
  const path = join(folder, "sphere.quench");
  writeFileSync(path, `model Sphere(N = 12) {
  ensemble   J[i < j < k in N] ~ Normal(0, var = 1)
  state      x[i in N] : real
  constraint sum(i) x[i]^2 == N
  energy     H = sum(i < j < k) J[i,j,k] * x[i] * x[j] * x[k] / N
}
run Walk of Sphere { evolve langevin(T = 0.5, dt = 0.01) for 20 steps }
`);
  const output = join(folder, "results");
  const described = async (...options: readonly string[]): Promise<{ settings: { simd?: string }; precision: string; runs: { address: string }[] }> => {
    const { status, stderr } = await quench(["run", path, "-o", output, "--workers", "1", "--quiet", ...options]);
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(readFileSync(join(output, "run.json"), "utf8")) as Awaited<ReturnType<typeof described>>;
  };
  const [plain, relaxed, again] = [await described(), await described("--simd", "relaxed"), await described("--simd", "plain")];
  expect([plain.settings.simd, relaxed.settings.simd, again.settings.simd]).toEqual([undefined, "relaxed", undefined]);
  expect(plain.precision).toBe("float64");
  expect(again.runs[0]!.address).toBe(plain.runs[0]!.address);
  if (hasRelaxedSimd()) {
    expect(relaxed.precision).toMatch(/^float64, relaxed SIMD/);
    expect(relaxed.runs[0]!.address).not.toBe(plain.runs[0]!.address);
  }
});
