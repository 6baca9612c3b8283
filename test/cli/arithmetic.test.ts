/** `--simd relaxed`, `--precision f32`, `--settings` and `--tfjs-backend` are part of what a run is; without them nothing about it changes. */
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
  expect(arithmetic({ target: "wasm", precision: "f64", constants: {} })).toBeUndefined();
  expect(arithmetic({ target: "typescript", precision: "f32" })).toBe("gradients and local moves in float32");
  expect(arithmetic({ target: "wasm", constants: { tile_rows: 2 } })).toMatch(/^settings [0-9a-f]{8} \(tile_rows = 2\)$/);
  if (hasRelaxedSimd()) expect(arithmetic({ target: "wasm", simd: "relaxed" })).toMatch(/^relaxed SIMD, products (not )?rounded$/);
  expect(isRelaxed({ target: "wasm", simd: "relaxed" })).toBe(hasRelaxedSimd());
});

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
interface Described { readonly settings: { readonly simd?: string; readonly precision?: string; readonly constants?: object }; readonly precision: string; readonly runs: readonly { readonly address: string }[] }
const described = async (...options: readonly string[]): Promise<Described> => {
  const { status, stderr } = await quench(["run", path, "-o", output, "--workers", "1", "--quiet", ...options]);
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(readFileSync(join(output, "run.json"), "utf8")) as Described;
};

test("run.json keeps the choice, and the samples of another one are not taken over", { timeout: 60_000 }, async () => {
  const [plain, relaxed, again] = [await described(), await described("--simd", "relaxed"), await described("--simd", "plain")];
  expect([plain.settings.simd, relaxed.settings.simd, again.settings.simd]).toEqual([undefined, "relaxed", undefined]);
  expect(plain.precision).toBe("float64");
  expect(again.runs[0]!.address).toBe(plain.runs[0]!.address);
  if (hasRelaxedSimd()) {
    expect(relaxed.precision).toMatch(/^float64, relaxed SIMD/);
    expect(relaxed.runs[0]!.address).not.toBe(plain.runs[0]!.address);
  }
});

test("so it is with float32, and with constants that differ from what is built in", { timeout: 60_000 }, async () => {
  const settings = (name: string, constants: object): string => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ machine: "any", constants }));
    return file;
  };
  const plain = await described();
  const single = await described("--precision", "f32");
  expect(single.precision).toBe("float64, gradients and local moves in float32");
  expect([plain.settings.precision, single.settings.precision]).toEqual([undefined, "f32"]);
  const same = await described("--settings", settings("built-in", { tile_rows: 4 }));
  const other = await described("--settings", settings("two", { tile_rows: 2, rejection_free_below: 0.25 }));
  expect(same.runs[0]!.address).toBe(plain.runs[0]!.address);
  expect(same.settings.constants).toBeUndefined();
  expect(other.settings.constants).toEqual({ rejection_free_below: 0.25, tile_rows: 2 });
  expect(other.precision).toMatch(/settings [0-9a-f]{8} \(rejection_free_below = 0.25, tile_rows = 2\)$/);
  expect(new Set([plain, single, other].map((d) => d.runs[0]!.address)).size).toBe(3);

  // What was begun with them goes on with them, without the file.
  const resumed = await quench(["resume", output, "--workers", "1", "--quiet"]);
  expect(resumed.status).toBe(0);
  expect((JSON.parse(readFileSync(join(output, "run.json"), "utf8")) as Described).runs[0]!.address).toBe(other.runs[0]!.address);
});

test.each([
  ["nothing there", undefined, /there is no such file/],
  ["no JSON", "tile_rows = 2", /it is not JSON/],
  ["no constants", "{}", /it has no object "constants"/],
  ["an unknown constant and a bad one", '{ "constants": { "tiles": 4, "tile_rows": 3 } }', /there is no constant tiles; tile_rows is 3, and must be 1, 2, 4 or 8/],
  ["bounds in the wrong order", '{ "constants": { "rejection_free_below": 2 } }', /rejection_free_below \(2\) is larger than/],
])("a settings file with %s is Q018", async (name, text, says) => {
  const file = join(folder, `${name}.json`);
  if (text !== undefined) writeFileSync(file, text);
  const { status, stderr } = await quench(["run", path, "--settings", file]);
  expect(status).toBe(64);
  expect(stderr).toMatch(/error\[Q018\]/);
  expect(stderr).toMatch(says);
});

test("float32 where it changes nothing is warned of, and refused on tfjs", async () => {
  const message = join(folder, "messages.quench");
  writeFileSync(message, `model Chain(N = 6) {
  state  s[i in N] : spin
  energy H = -sum(i in N - 1) s[i] * s[i+1]
}
run Messages of Chain { evolve belief_propagation(T = 1) for 20 sweeps }
`);
  const found = await quench(["run", message, "-o", join(folder, "messages"), "--quiet", "--workers", "1", "--precision", "f32"]);
  expect([found.status, found.stderr]).toEqual([0, expect.stringMatching(/warning\[Q804\].*changes nothing in Messages: belief_propagation/) as string]);
  const refused = await quench(["run", path, "--target", "tfjs", "--precision", "f32"]);
  expect([refused.status, refused.stderr]).toEqual([64, expect.stringMatching(/error\[Q019\]/) as string]);
});
