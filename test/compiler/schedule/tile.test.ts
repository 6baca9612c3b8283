/** Register tiles: kernels stay well formed, and tiled WASM gives what plain TypeScript gives at sizes with every remainder. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { printKernel } from "../../../compiler/4-schedule/printKernel.ts";
import { tiled } from "../../../compiler/4-schedule/tile.ts";
import { verifyKernel } from "../../../compiler/4-schedule/verifyKernel.ts";
import { generate, instantiate, somewhere } from "../../pipeline/compileModel.ts";
import { movedModels } from "../../pipeline/movedModels.ts";

const bench = join(import.meta.dirname, "../../../bench");
const specifications = [...Object.values(movedModels).map(([text]) => text), ...readdirSync(bench).filter((f) => f.endsWith(".quench")).map((f) => readFileSync(join(bench, f), "utf8"))];

test("tiled kernels keep what kernels promise", () => {
  for (const text of specifications) for (const { kernel } of generate(text).scheduled.kernels) expect(verifyKernel(tiled(kernel))).toEqual([]);
});

test("a matrix product is a tile of two rows by four columns, which loads six vectors for eight products", () => {
  const { scheduled } = generate("model M(P = 7, h = 5, d = 3) { ensemble x[mu in P, i in d] ~ Normal(0, var = 1)\n state W[a in h, i in d] : real ~ Normal(0, var = 1)\n let z[mu, a] = sum(i) W[a,i] * x[mu,i]\n energy L = sum(mu, a) tanh(z[mu,a]) }");
  const text = printKernel(tiled(scheduled.kernels.find((k) => k.kernel.name === "energy")!.kernel));
  expect(text).toMatch(/mu by 2 in 0 \.\.< quotient\(P, 2\)/);
  expect(text.match(/by 4 in 0 \.\.< quotient\(h, 4\)/g)).toHaveLength(2);
  const [, tile] = /vector\n((?: +sum_i of [01] of [0-3] \+= .*\n)+)/.exec(text)!;
  expect(tile!.trim().split("\n")).toHaveLength(8);
  expect(new Set(tile!.match(/[Wx]\[[^\]]*\]/g)).size).toBe(6);
});

const network = readFileSync(join(bench, "network.quench"), "utf8");
const spherical = readFileSync(join(bench, "spherical-three-spin.quench"), "utf8");
const tiledModels: readonly (readonly [string, string, readonly Readonly<Record<string, number>>[]])[] = [
  ["network", network, [5, 6, 7, 8, 9].map((n) => ({ P: n, d: n - 3, h: n + 1, g: 13 - n, C: 3 }))],
  ["spherical 3-spin", spherical, [3, 4, 5, 6, 7, 8, 9, 10, 13].map((N) => ({ N }))],
];
describe.each(tiledModels)("%s", (_, text, sizes) => {
  const generated = generate(text);
  test.each([...sizes])("energy and gradient at %o", (parameters) => {
    const [plain, fast] = (["typescript", "wasm"] as const).map((target) => instantiate(generated, parameters, target));
    for (const m of [plain!, fast!]) m.draw(3, 1);
    const state = somewhere(plain!, 2);
    const [expected, found] = [plain!, fast!].map((m) => {
      const gradient = new Float64Array(m.dimension);
      return [m.energyAndGradient(state, gradient), ...gradient];
    });
    found!.forEach((x, k) => { expect(Math.abs(x - expected![k]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected![k]!))); });
  });
});
