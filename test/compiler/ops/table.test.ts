/** The table of operators tests itself: each record against its own samples. */
import { describe, expect, test } from "vitest";
import { constant, freshIndex, indexValue, parameter, sizeRange } from "../../../compiler/ir/expression.ts";
import type { Expression } from "../../../compiler/ir/expression.ts";
import { evaluate } from "../../../compiler/ir/evaluate.ts";
import { build, operatorNames, ops } from "../../../compiler/library/ops/index.ts";
import type { Notation } from "../../../compiler/library/ops/operator.ts";
import * as special from "../../../runtime/special/index.ts";
import { moduleBytes } from "../../../runtime/webassembly/bytes.ts";
import { FunctionWriter, opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { simd } from "../../../runtime/webassembly/simd.ts";
import { wasmBackend } from "../../../runtime/backends/wasm.ts";

const names = ["x", "y", "z"] as const;
const variables = names.map((n) => parameter(n));
const environment = (x: readonly number[]) => ({
  parameters: Object.fromEntries(names.map((n, k) => [n, x[k] ?? NaN])),
  entry: (array: string): number => { throw new Error(`no array ${array}`); },
});
const at = (e: Expression, x: readonly number[]): number => evaluate(e, environment(x));
const close = (a: number, b: number, tolerance: number): boolean => Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));

/** Literal arguments with the parentheses that the notation asks for: a negative number is a unary minus. */
const printed = (notation: Notation, x: readonly number[]): string =>
  notation.print(...x.map((v, k) => (v < 0 && (notation.arguments[k] ?? 0) > 14 ? `(${v})` : String(v))));

describe.each(operatorNames)("%s", (name) => {
  const op = ops[name];
  test("is documented and has samples of its arity", () => {
    expect(op.doc).toMatch(/^[^\n]{8,}\.$/);
    expect(op.samples.length).toBeGreaterThanOrEqual(2);
    for (const s of op.samples) expect(s).toHaveLength(op.arity);
    expect(op.typescript.arguments).toHaveLength(op.arity);
    expect(op.cost).toBeGreaterThan(0);
    expect(["real", "integer", "truth"]).toContain(op.type(Array.from({ length: op.arity }, () => "real" as const)));
  });

  test.each(op.samples.map((s) => [s]))("adjoint agrees with finite differences at %j", (s) => {
    if (op.adjoint === "none") return expect(["truth", "integer"]).toContain(op.type(s.map(() => "real" as const)));
    const adjoints = op.adjoint(constant(1.7), variables.slice(0, op.arity), build);
    expect(adjoints).toHaveLength(op.arity);
    for (let k = 0; k < op.arity; k++) {
      // The condition of a conditional is a truth value: there is nothing between 0 and 1.
      if (name === "select" && k === 0) continue;
      const h = 1e-5 * Math.max(1, Math.abs(s[k]!));
      const shifted = (by: number): number => op.value(...s.map((v, j) => (j === k ? v + by : v)));
      const difference = (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h);
      expect(close(at(adjoints[k]!, s), 1.7 * difference, 1e-8), `argument ${k}: ${at(adjoints[k]!, s)} and ${1.7 * difference}`).toBe(true);
    }
  });

  test.each(op.samples.map((s) => [s]))("emitted TypeScript agrees with value at %j", (s) => {
    const run = (notation: Notation): unknown => new Function("special", `return ${printed(notation, s)};`)(special);
    expect(run(op.typescript)).toBe(op.value(...s));
    if (op.typescript.condition) expect(run(op.typescript.condition)).toBe(op.value(...s) !== 0);
  });

  if (op.wasm) {
    test.each(op.samples.map((s) => [s]))("WASM agrees with value at %j", async (s) => {
      expect(await runWasm(op.wasm!, op.arity, s, false)).toBe(op.value(...s) + 0);
      if (op.wasm!.vector) expect(await runWasm(op.wasm!, op.arity, s, true)).toBe(op.value(...s) + 0);
    });
  } else if (!op.vectorFunction) {
    test.each(op.samples.map((s) => [s]))("called from WASM agrees with value at %j", (s) => {
      const f = new FunctionWriter(["i32"]);
      f.get(0);
      for (const x of s) f.f64(x);
      f.call(0);
      f.memory(opcode.f64Store);
      const backend = wasmBackend(moduleBytes([{ name: "run", parameters: f.parameters, locals: f.locals, code: f.code }], [{ name: op.typescript.callee!, parameters: s.map(() => "f64"), result: "f64" }]), [1]);
      const out = backend.array(1);
      backend.bind("run", (_: Float64Array) => { throw new Error("not exported"); }, out)();
      expect(out[0]).toBe(op.value(...s));
    });
  }

  if (op.fixed) {
    test.each([0, 1, 2])("on integers of 16 bits with %i binary places it is value, as large as it says", (places) => {
      const numbers = [-9, -4, -1, 0, 1, 3, 4, 12].map((n) => n * 2 ** -places);
      const samples = op.arity === 1 ? numbers.map((x) => [x]) : numbers.flatMap((x) => numbers.map((y) => [x, y]));
      for (const x of samples) {
        const range = op.fixed!.range(...x.map((v) => ({ bound: Math.abs(v), places })));
        const exact = op.value(...x);
        expect(runFixed(op.fixed!.code, x.map((v) => v * 2 ** places))).toBe(exact * 2 ** range.places + 0);
        expect(Math.abs(exact)).toBeLessThanOrEqual(range.bound);
      }
    });
  }

  const rules = op.rules?.(build, ...(variables as [Expression, Expression, Expression])) ?? [];
  test.each(rules.map(([left, right], k) => [k, left, right] as const))("both sides of rule %i agree on samples", (_, left, right) => {
    expect(left.kind === "apply" && left.operator).toBe(name);
    // Every variable takes values that occur in the samples; a side may only under- or overflow where the other doesn't.
    const values = [...new Set(op.samples.flat())];
    let compared = 0;
    for (const x of values) for (const y of values) for (const z of values) {
      const [a, b] = [at(left, [x, y, z]), at(right, [x, y, z])];
      if (!Number.isFinite(a)) continue;
      compared++;
      expect(close(a, b, 1e-12), `${a} and ${b} at ${[x, y, z].join()}`).toBe(true);
    }
    expect(compared).toBeGreaterThanOrEqual(2);
  });
});

test("function names and infix signs are unique", () => {
  for (const kind of ["function", "infix", "prefix"] as const) {
    const written = operatorNames.flatMap((n) => ops[n].syntax[kind] ?? []);
    expect(new Set(written).size).toBe(written.length);
  }
});

test("build refuses a wrong number of arguments", () => {
  expect(() => build.mul(constant(1))).toThrow("internal: mul takes 2 arguments, not 1");
});

test("a comparison of indices is an ordinary expression", () => {
  const i = freshIndex("i", sizeRange(constant(3)));
  expect(evaluate(build.lt(indexValue(i), constant(3)), { ...environment([]), indices: new Map([[i, 2]]) })).toBe(1);
});

/** Of the engine; not in the types of this project's library setting. */
const engine = (globalThis as unknown as {
  WebAssembly: { instantiate: (bytes: Uint8Array) => Promise<{ instance: { exports: Record<string, (...x: number[]) => number> } }> };
}).WebAssembly;

/** A module with one function that applies the instructions to its f64 parameters, in scalars or in both lanes of a vector. */
async function runWasm(wasm: NonNullable<(typeof ops)["add"]["wasm"]>, arity: number, x: readonly number[], vector: boolean): Promise<number> {
  const order = wasm.order ?? x.map((_, k) => k);
  const body = [0x00, ...order.flatMap((k) => [0x20, k, ...(vector ? [0xfd, 0x14] : [])]), ...(vector ? wasm.vector! : wasm.scalar), ...(vector ? [0xfd, 0x21, 1] : []), 0x0b];
  const section = (id: number, bytes: readonly number[]): number[] => [id, ...leb(bytes.length), ...bytes];
  const bytes = Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, arity, ...x.map(() => 0x7c), 1, 0x7c]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
  const { instance } = await engine.instantiate(bytes);
  return instance.exports.f!(...x) + 0;
}

/** The last lane of the instructions on i16x8 lanes. */
function runFixed(code: readonly number[], x: readonly number[]): number {
  const f = new FunctionWriter(["i32"]);
  f.get(0);
  for (const v of x) {
    f.i32(v);
    f.write(simd(0x10));
  }
  f.write(code, simd(0x18), [7], opcode.f64FromInteger);
  f.memory(opcode.f64Store);
  const backend = wasmBackend(moduleBytes([{ name: "run", parameters: f.parameters, locals: f.locals, code: f.code }]), [8]);
  const out = backend.array(1);
  backend.bind("run", (_: Float64Array) => { throw new Error("not exported"); }, out)();
  return out[0]!;
}
const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >> 7)]);
