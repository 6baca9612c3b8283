import { describe, expect, test } from "vitest";
import { arrayLength, packedOffset } from "../../../compiler/ir/layout.ts";
import { integerConstant, integerVariable } from "../../../compiler/4-schedule/integer.ts";
import type { Integer, IntegerAtom } from "../../../compiler/4-schedule/integer.ts";
import type { Kernel, KernelStatement } from "../../../compiler/4-schedule/kernel.ts";
import { layoutOf, offsetOf } from "../../../compiler/4-schedule/layout.ts";
import { printKernel } from "../../../compiler/4-schedule/printKernel.ts";
import { scheduleProcedure } from "../../../compiler/4-schedule/scheduleProcedure.ts";
import { Sizes } from "../../../compiler/4-schedule/sizes.ts";
import { assertKernel, verifyKernel } from "../../../compiler/4-schedule/verifyKernel.ts";
import { binomial } from "../../../runtime/modelSupport/binomial.ts";
import { add, array, axis, entry, index, N, packedSpin, procedure, product, program } from "./procedures.ts";
import type { Slot } from "../../../compiler/ir/program.ts";

const sizes = () => new Sizes(program("Test", []));

test("energy and gradient of the packed 3-spin: one dot product and one axpy a row", () => {
  expect(printKernel(scheduleProcedure(packedSpin(3), sizes()))).toBe(`\
kernel energyAndGradient(N: integer, input S[binomial(N + 2, 3)], input w[N], output H[1], output gradient$w[N])
  fill gradient$w[0 ..< N] = 0
  cursor cursor_S = 0
  var sum_ijk = 0
  for i in 0 ..< N
    let w_i = w[i]
    var sum_jk = 0
    for j in i ..< N
      integer row_S = cursor_S - j
      cursor_S += N - j
      let w_j = w[j]
      let product = mul(w_i, w_j)
      var sum_k = 0
      for k in j ..< N vector
        let S_ijk = S[row_S + k]
        sum_k += mul(S_ijk, w[k])
        gradient$w[k] += mul(product, S_ijk)
      sum_jk += mul(sum_k, w_j)
      gradient$w[j] += mul(w_i, sum_k)
    sum_ijk += mul(sum_jk, w_i)
    gradient$w[i] += sum_jk
  H[0] = sum_ijk
`);
});

test("four indices: the same form, one level deeper", () => {
  const text = printKernel(scheduleProcedure(packedSpin(4), sizes()));
  const inner = text.split("\n").slice(text.split("\n").findIndex((l) => l.includes("vector")) + 1).filter((l) => l.startsWith("          "));
  expect(inner).toHaveLength(3);
});

test("loops follow the array with the most subscripts, whatever the order of the indices", () => {
  const [i, j, k] = [index("i"), index("j"), index("k")];
  const p = procedure("kernel", [array("X", "input", [axis(), axis(), axis()]), array("w", "input", [axis()]), array("H", "output")], [add([i, j, k], [], "H", [], product(entry("X", k, j, i), entry("w", i), entry("w", j)))]);
  const loops = printKernel(scheduleProcedure(p, sizes())).split("\n").filter((l) => l.trim().startsWith("for")).map((l) => l.trim());
  expect(loops).toEqual(["for k in 0 ..< N", "for j in 0 ..< N", "for i in 0 ..< N vector"]);
});

describe("offsets", () => {
  const evaluate = (x: Integer, values: Readonly<Record<string, number>>): number => x.terms.reduce((sum, t) => sum + t.factors.reduce((p, f) => p * atom(f, values), t.coefficient), 0);
  function atom(a: IntegerAtom, values: Readonly<Record<string, number>>): number {
    switch (a.kind) {
      case "variable": return values[a.name]!;
      case "binomial": return binomial(evaluate(a.of, values), a.choose);
      case "minimum": return Math.min(evaluate(a.left, values), evaluate(a.right, values));
      case "maximum": return Math.max(evaluate(a.left, values), evaluate(a.right, values));
      default: throw new Error(a.kind);
    }
  }
  const shapes: readonly (readonly Slot[])[] = [
    [axis()], [axis(), axis()], [axis(), axis(N, "<")], [axis(), axis(N, "<=")], [axis(), axis(N, "<"), axis(N, "<=")], [axis(), axis(N, "<="), axis(N, "<=")],
    [axis(), axis(), axis(N, "<="), axis(N, "<"), axis(N, "<=")], [axis(), axis(N, "<"), axis(), axis(N, "<=")],
  ];
  test.each(shapes.map((s) => [s.map((x) => x.order ?? "free").join(" "), s] as const))("%s: as in compiler/ir/layout.ts, for every entry", (_, slots) => {
    const layout = layoutOf(slots, sizes());
    for (let n = 0; n <= 5; n++) {
      const extents = slots.map(() => n);
      expect(n === 0 && slots.some((s) => s.order) ? 0 : evaluate(layout.length, { N: n })).toBe(arrayLength(slots, extents));
      const tuple = slots.map(() => 0);
      const visit = (axis_: number): void => {
        if (axis_ < slots.length) {
          for (tuple[axis_] = 0; tuple[axis_]! < n; tuple[axis_]!++) visit(axis_ + 1);
          return;
        }
        const expected = packedOffset(slots, extents, tuple);
        if (expected >= 0) expect(evaluate(offsetOf(layout, tuple.map(integerConstant), () => true), { N: n })).toBe(expected);
      };
      visit(0);
    }
  });
});

describe("the verifier", () => {
  const kernel = (body: readonly KernelStatement[]): Kernel => ({ name: "kernel", doc: "", sizes: ["N"], reals: ["beta"], body, arrays: [{ name: "x", role: "input", length: integerVariable("N") }, { name: "y", role: "output", length: integerVariable("N") }] });
  const zero = { kind: "constant", value: 0 } as const;
  const loop = (body: readonly KernelStatement[], vectorisable = false): KernelStatement => ({ kind: "for", variable: "i", from: integerConstant(0), to: integerVariable("N"), body, vectorisable });
  test.each([
    ["an undefined scalar", [{ kind: "store", array: "y", offset: integerConstant(0), value: { kind: "real", name: "t" } }], /t is not defined where a real stands/],
    ["an integer as a real", [{ kind: "let", name: "t", value: { kind: "real", name: "N" }, mutable: false }], /N is integer where a real stands/],
    ["a loop variable after its loop", [loop([]), { kind: "store", array: "y", offset: integerVariable("i"), value: zero }], /i is not defined where an integer stands/],
    ["a written input", [{ kind: "store", array: "x", offset: integerConstant(0), value: zero }], /input x is written/],
    ["an unknown array", [{ kind: "fill", array: "z", length: integerConstant(1), value: 0 }], /z is not a parameter/],
    ["two definitions", [{ kind: "let", name: "t", value: zero, mutable: false }, { kind: "let", name: "t", value: zero, mutable: false }], /t is defined twice/],
    ["a constant that is updated", [{ kind: "let", name: "t", value: zero, mutable: false }, { kind: "update", name: "t", combine: "sum", value: zero }], /t is no accumulator/],
    ["an integer that is advanced", [{ kind: "integer", name: "row", value: integerConstant(0), mutable: false }, { kind: "advance", name: "row", by: integerConstant(1) }], /row is no cursor/],
    ["a missing argument", [{ kind: "let", name: "t", value: { kind: "apply", operator: "mul", arguments: [zero] }, mutable: false }], /mul takes 2 arguments, not 1/],
    ["a loop in a vector loop", [loop([loop([])], true)], /for in the vectorisable loop|i is defined twice/],
  ] as const)("finds %s", (_, body, message) => {
    expect(verifyKernel(kernel(body)).join("; ")).toMatch(message);
    expect(() => assertKernel(kernel(body))).toThrow(/^internal: kernel: /);
  });
  test("is content with what the scheduler makes", () => {
    for (const p of [1, 2, 3, 4]) expect(verifyKernel(scheduleProcedure(packedSpin(p), sizes()))).toEqual([]);
  });
});
