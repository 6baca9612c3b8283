import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSettingsFile } from "../../cli/settingsFile.ts";
import { measuredConstants } from "../../runtime/measuredConstants.ts";
import { quench } from "./commandLine.ts";

test("doctor names SIMD, workers, kernels and every backend, with a speed or the reason why there is none", { timeout: 60_000 }, async () => {
  const { status, stdout } = await quench(["doctor", "--json"]);
  expect(status).toBe(0);
  const found = JSON.parse(stdout) as { simd: boolean; relaxedSimd: boolean; workers: number; kernels: { target: string; speed: number }[]; tensors: { backend: string; speed?: number; note?: string }[] };
  expect(found.simd).toBe(true);
  expect(typeof found.relaxedSimd).toBe("boolean");
  expect(found.workers).toBeGreaterThan(0);
  expect(found.kernels.map((k) => k.target)).toEqual(["wasm", "wasm in float32", "typescript"]);
  for (const { speed } of found.kernels) expect(speed).toBeGreaterThan(0);
  expect(found.tensors.map((t) => t.backend)).toEqual(["webgpu", "tensorflow", "wasm", "cpu"]);
  for (const { speed, note } of found.tensors) expect(speed === undefined ? note : String(speed)).toMatch(speed === undefined ? /can't be used/ : /^\d/);
});

test("doctor --write measures a settings file that runs take", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "quench-doctor-"));
  const file = join(folder, "settings.json");
  const { status, stdout } = await quench(["doctor", "--write", file, "--json"]);
  expect(status).toBe(0);
  const { constants } = JSON.parse(stdout) as { constants: Record<string, number> };
  expect(Object.keys(constants).sort()).toEqual(Object.keys(measuredConstants).sort());
  expect(readSettingsFile(file)).toMatchObject({ ok: true });
  const nowhere = await quench(["doctor", "--write", join(folder, "missing", "settings.json")]);
  expect([nowhere.status, nowhere.stderr]).toEqual([1, expect.stringMatching(/error\[Q006\].*ENOENT/) as string]);
  rmSync(folder, { recursive: true, force: true });
});
