/** Vector functions of the WASM target against the functions of the operator table, over their whole domains. */
import { describe, expect, test } from "vitest";
import { moduleBytes } from "../../../runtime/webassembly/bytes.ts";
import type { WasmFunction } from "../../../runtime/webassembly/bytes.ts";
import { operatorNames, ops } from "../../../compiler/library/ops/index.ts";
import type { VectorFunction } from "../../../runtime/webassembly/vectorFunction.ts";
import { withUsed, writeVectorFunction } from "../../../runtime/webassembly/vectorFunction.ts";
import { webAssembly } from "../../../runtime/backends/webAssembly.ts";
import { Stream } from "../../../runtime/random/index.ts";

/** Both lanes: [f(x), f(y)]. */
function evaluator(f: VectorFunction): (x: number, y: number) => readonly [number, number] {
  const functions = withUsed([f]);
  const indexOf = (g: VectorFunction): number => 1 + functions.indexOf(g);
  // run(from, to): the vector at `to` becomes f of the vector at `from`.
  const run: WasmFunction = { name: "run", parameters: ["i32", "i32"], locals: [], code: [0x20, 1, 0x20, 0, 0xfd, 0x00, 4, 0, 0x10, indexOf(f), 0xfd, 0x0b, 4, 0] };
  const called = functions.map((g): WasmFunction => {
    const { name, locals, code } = writeVectorFunction(g, indexOf);
    return { name, parameters: ["v128"], locals: Array.from({ length: locals }, () => "v128" as const), result: "v128", code };
  });
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new webAssembly.Instance(new webAssembly.Module(moduleBytes([run, ...called])), { quench: { memory } });
  const view = new Float64Array(memory.buffer, 0, 4);
  return (x, y) => {
    view[0] = x;
    view[1] = y;
    (exports["run"] as (from: number, to: number) => void)(0, 16);
    return [view[2]!, view[3]!];
  };
}

/** The spacing of numbers at x; of the smallest normal numbers below them. */
const spacing = (x: number): number => 2 ** (Math.floor(Math.log2(Math.max(Math.abs(x), 2 ** -1022))) - 52);

/** Where arguments are drawn uniformly, besides magnitudes from 1e-300 to 1e3 of both signs. */
const intervals: Readonly<Record<string, readonly [number, number]>> = { exp: [-746, 710], log: [0, 10], log1p: [-1, 5], tanh: [-22, 22], sigmoid: [-745, 40], softplus: [-745, 40],
  erfc: [-6, 26], erfcx: [-26, 40], gauss_tail: [-8, 37], gauss_cdf: [-37, 8], log_gauss_tail: [-37, 40], log_gauss_cdf: [-40, 37] };
const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 5e-324, 1e-320, -1e-300, 2 ** -1022, 1e308, 709.78, 709.79, -745.13, -745.14, 0.625, -0.625, Math.SQRT1_2, Math.SQRT2];

const names = operatorNames.filter((name) => ops[name].vectorFunction !== undefined);
test("there are vector functions, all of them are tested, and none of an operator with instructions", () => {
  expect([...names].sort()).toEqual(Object.keys(intervals).sort());
  for (const name of names) expect([ops[name].arity, ops[name].wasm]).toEqual([1, undefined]);
});

describe.each(names)("%s", (name) => {
  const f = ops[name].vectorFunction!;
  const value = ops[name].value as (x: number) => number;
  const vector = evaluator(f);

  test("is as accurate as it says", () => {
    const stream = new Stream(["test", "vector math", name]);
    const uniform = new Float64Array(60000);
    stream.uniforms(uniform, 0);
    const [low, high] = intervals[name]!;
    let worst = 0;
    for (let k = 0; k < uniform.length; k += 2) {
      const magnitude = 10 ** (-300 + 303 * uniform[k + 1]!);
      const x = low + (high - low) * uniform[k]!;
      const y = k % 4 === 0 || low >= -1 ? magnitude : -magnitude;
      vector(x, y).forEach((found, lane) => {
        const exact = value(lane === 0 ? x : y);
        worst = Math.max(worst, Math.abs(found - exact) / spacing(exact) || 0);
        expect(Number.isNaN(found)).toBe(Number.isNaN(exact));
      });
    }
    // `Math` itself is up to one unit off.
    expect(worst).toBeLessThanOrEqual(f.ulps + 1);
    expect(worst).toBeGreaterThan(0);
  });

  test.each(special)("special argument %d", (x) => {
    const exact = value(x);
    for (const found of [vector(x, 0.3)[0], vector(-7, x)[1]]) {
      if (!Number.isFinite(exact)) expect(found).toBe(exact);
      else expect(Math.abs(found - exact)).toBeLessThanOrEqual((f.ulps + 1) * spacing(exact));
    }
  });
});
