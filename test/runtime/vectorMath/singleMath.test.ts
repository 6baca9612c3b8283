/** Vector functions of four float32 against the functions of the operator table, over their whole domains. */
import { describe, expect, test } from "vitest";
import { operatorNames, ops } from "../../../compiler/library/ops/index.ts";
import { webAssembly } from "../../../runtime/backends/webAssembly.ts";
import { moduleBytes } from "../../../runtime/webassembly/bytes.ts";
import { FunctionWriter, opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { inFloat32, ulpsInFloat32 } from "../../../runtime/webassembly/singleFunction.ts";
import type { VectorFunction } from "../../../runtime/webassembly/vectorFunction.ts";

/** Four results at a time. */
function evaluator(f: VectorFunction): (x: readonly number[]) => readonly number[] {
  const w = new FunctionWriter(["i32", "i32"]);
  const x = w.local("v128");
  w.get(0);
  w.memory(opcode.v128Load);
  w.set(x);
  const result = inFloat32(f, [0x20, x], { local: () => w.local("v128"), write: (code) => w.write(code) });
  w.get(1);
  w.write(result);
  w.memory(opcode.v128Store);
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new webAssembly.Instance(new webAssembly.Module(moduleBytes([{ name: "run", parameters: w.parameters, locals: w.locals, code: w.code }])), { quench: { memory } });
  const view = new Float32Array(memory.buffer, 0, 8);
  return (four) => {
    view.set(four);
    (exports["run"] as (from: number, to: number) => void)(0, 16);
    return [...view.subarray(4, 8)];
  };
}

/** The spacing of float32 at x; of the smallest normal numbers below them. */
const spacing = (x: number): number => 2 ** (Math.floor(Math.log2(Math.max(Math.abs(x), 2 ** -126))) - 23);

/** Where arguments lie evenly, besides all magnitudes from 1e-42 to 1e38 of both signs. */
const intervals: Readonly<Record<string, readonly [number, number]>> = { exp: [-104, 89], log: [0, 10], log1p: [-1, 5], tanh: [-10, 10], sigmoid: [-104, 20], softplus: [-104, 40],
  erfc: [-4, 10.2], erfcx: [-9.3, 40], gauss_tail: [-6, 14.2], gauss_cdf: [-14.2, 6], log_gauss_tail: [-14, 40], log_gauss_cdf: [-40, 14] };
const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 1e-45, 1e-40, 2 ** -126, 3e38, 88.72, 88.73, -103.9, -104.1, 0.625, -0.625, Math.SQRT1_2, Math.SQRT2, 2];

const names = operatorNames.filter((name) => ops[name].vectorFunction !== undefined);
test("all of them are tested", () => { expect([...names].sort()).toEqual(Object.keys(intervals).sort()); });

describe.each(names)("%s in float32", (name) => {
  const f = ops[name].vectorFunction!;
  const value = ops[name].value as (x: number) => number;
  const vector = evaluator(f);

  test("is as accurate as it says, also at special arguments", () => {
    const [low, high] = intervals[name]!;
    const points = 20000;
    let worst = 0;
    const arguments_ = Array.from({ length: points }, (_, k) => [
      low + ((high - low) * (k + 0.37)) / points, (k % 2 === 0 || low >= -1 ? 1 : -1) * 10 ** (-42 + (80 * k) / points), special[k % special.length]!, (k * 0.0003) % 1.2,
    ].map(Math.fround));
    for (const four of arguments_) {
      vector(four).forEach((found, lane) => {
        const exact = value(four[lane]!);
        const rounded = Math.fround(exact);
        if (!Number.isFinite(rounded)) return void (Object.is(found, rounded) || Math.abs(exact) > 3.3e38 ? undefined : expect([four[lane], found]).toEqual([four[lane], rounded]));
        const error = Math.abs(found - exact) / spacing(exact);
        if (!(error <= ulpsInFloat32(f))) expect([four[lane], found, error]).toEqual([four[lane], exact, `at most ${ulpsInFloat32(f)}`]);
        worst = Math.max(worst, error);
      });
    }
    expect(worst).toBeGreaterThan(0);
  });
});
