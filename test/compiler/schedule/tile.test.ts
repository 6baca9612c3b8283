/** Register tiles: kernels stay well formed, and tiled WASM gives what plain TypeScript gives at sizes with every remainder. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { visitStatements } from "../../../compiler/4-schedule/kernel.ts";
import type { ProductTile } from "../../../compiler/4-schedule/productTile.ts";
import { emitWasm } from "../../../compiler/5-emit/wasm/emitWasm.ts";
import { tiled } from "../../../compiler/4-schedule/tile.ts";
import { verifyKernel } from "../../../compiler/4-schedule/verifyKernel.ts";
import { generate, instantiate, somewhere } from "../../pipeline/compileModel.ts";
import { movedModels } from "../../pipeline/movedModels.ts";

const bench = join(import.meta.dirname, "../../../bench");
const specifications = [...Object.values(movedModels).map(([text]) => text), ...readdirSync(bench).filter((f) => f.endsWith(".quench")).map((f) => readFileSync(join(bench, f), "utf8"))];

test("tiled kernels keep what kernels promise", () => {
  for (const text of specifications) for (const { kernel } of generate(text).scheduled.kernels) expect(verifyKernel(tiled(kernel))).toEqual([]);
});

const products = (text: string, kernel: string): readonly ProductTile[] => {
  const found: ProductTile[] = [];
  visitStatements(tiled(generate(text).scheduled.kernels.find((k) => k.kernel.name === kernel)!.kernel).body, (s) => { if (s.kind === "for" && s.product) found.push(s.product); });
  return found;
};

test("the products of a layer are tiles: scalar products forwards, sums of rows backwards", () => {
  const layer = "model M(P = 7, h = 5, d = 3) { ensemble x[mu in P, i in d] ~ Normal(0, var = 1)\n state W[a in h, i in d] : real ~ Normal(0, var = 1)\n let z[mu, a] = sum(i) W[a,i] * x[mu,i]\n energy L = sum(mu, a) tanh(z[mu,a]) }";
  const [forwards, ...others] = products(layer, "energy");
  expect(others).toEqual([]);
  expect(forwards).toMatchObject({ form: "dots", assigned: true, target: { array: "z" } });
  expect(products(layer, "energyAndGradient").map((p) => `${p.form} ${p.target.array}`)).toEqual(["dots z", expect.stringMatching(/^rows gradient.W$/)]);
});

test("a triangle, and a sum that reads its target, are no products", () => {
  for (const text of [spherical, movedModels["sk"]![0]]) expect(products(text, "energyAndGradient")).toEqual([]);
});

const network = readFileSync(join(bench, "network.quench"), "utf8");
const spherical = readFileSync(join(bench, "spherical-three-spin.quench"), "utf8");
const tiledModels: readonly (readonly [string, string, readonly Readonly<Record<string, number>>[]])[] = [
  ["network", network, [5, 6, 7, 8, 9].map((n) => ({ P: n, d: n - 3, h: n + 1, g: 13 - n, C: 3 }))],
  // Sums over more examples than a block of a tile has terms.
  ["network of many examples", network, [255, 256, 257, 515].map((P) => ({ P, d: 3, h: 5, g: 6, C: 3 }))],
  ["spherical 3-spin", spherical, [3, 4, 5, 6, 7, 8, 9, 10, 13].map((N) => ({ N }))],
];
describe.each(tiledModels)("%s", (_, text, sizes) => {
  const generated = generate(text);
  const { bytes } = emitWasm(generated.scheduled, { fused: true });
  test.each(sizes.flatMap((s, k) => [[s, false] as const, ...(k % 3 === 1 ? [[s, true] as const] : [])]))("energy and gradient at %o, fused multiply-adds: %s", (parameters, fused) => {
    const plain = instantiate(generated, parameters, "typescript");
    const fast = fused ? instantiate({ ...generated, wasm: { ...generated.wasm, bytes } }, parameters) : instantiate(generated, parameters);
    for (const m of [plain, fast]) m.draw(3, 1);
    const state = somewhere(plain, 2);
    const [expected, found] = [plain, fast].map((m) => {
      const gradient = new Float64Array(m.dimension);
      return [m.energyAndGradient(state, gradient), ...gradient];
    });
    found!.forEach((x, k) => { expect(Math.abs(x - expected![k]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected![k]!))); });
  });
});
