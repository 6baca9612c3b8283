/** Which products a tensor program makes, and how `explain` tells them. */
import { describe, expect, test } from "vitest";
import { contractionOrder } from "../../../compiler/4-schedule/tensor/contractionOrder.ts";
import { describeTensorProgram } from "../../../compiler/4-schedule/tensor/describe.ts";
import { operandsOf, tensorProgram } from "../../../compiler/4-schedule/tensor/tensorProgram.ts";
import type { TensorProgram } from "../../../runtime/backends/tensorProgram.ts";
import { cases } from "../passes/cases.ts";
import { instance } from "../passes/model.ts";

function programOf(name: string): TensorProgram {
  const found = cases.find((c) => c.name === name)!;
  const made = tensorProgram(instance(found.program, found.sizes[0]).result.procedures);
  if (!made.ok) throw new Error(made.reason);
  return made.program;
}

/** For each thermal step the number of labels that it runs over. */
const depths = ({ steps }: TensorProgram): number[] => steps.filter((s) => s.thermal).map((s) => new Set(operandsOf(s).flatMap((o) => o.axes)).size);
const largestThermal = ({ steps }: TensorProgram): number => Math.max(...steps.filter((s) => s.thermal).map((s) => s.axes.length));

describe("energy and gradient", () => {
  test.each([["p = 3", 3], ["permuted order of subscripts", 3], ["p = 4", 4], ["ordered sum, dense couplings", 3], ["two classes", 4]] as const)("%s: two products over all couplings, and no intermediate above starts × N²", (name, p) => {
    const program = programOf(name);
    expect(depths(program).filter((d) => d === p).length).toBe(2);
    expect(largestThermal(program)).toBe(2);
  });

  test("conditions become zeros of the couplings, once after the draw", () => {
    const { steps } = programOf("ordered sum, dense couplings");
    const choice = steps.find((s) => s.kind === "map" && s.primitive === "where")!;
    expect([choice.thermal, choice.axes.length]).toEqual([false, 3]);
    expect(steps.filter((s) => s.thermal && s.kind === "map").every((s) => s.axes.length === 1)).toBe(true);
  });

  test("equal steps are made once", () => {
    for (const c of cases) {
      const made = tensorProgram(instance(c.program, c.sizes[0]).result.procedures);
      if (!made.ok) continue;
      const steps = made.program.steps.map(({ out: _, ...rest }) => JSON.stringify(rest));
      expect(new Set(steps).size).toBe(steps.length);
    }
  });
});

describe("the order of a product", () => {
  const extent = (label: string): number => ({ i: 100, j: 100, k: 100, l: 100, a: 3 })[label]!;
  const [X, w] = [(...axes: string[]) => ({ axes, thermal: false }), (...axes: string[]) => ({ axes, thermal: true })];

  test("one index after the other, from the last", () => {
    const { order, cost } = contractionOrder([X("i", "j", "k"), w("i"), w("j"), w("k")], [], extent);
    expect(JSON.stringify(order)).toBe("[1,[2,[0,3]]]");
    expect(cost[0]).toBe(100 ** 2 * 40);
    expect(cost[1]).toBe((100 ** 3 + 100 ** 2 + 100) * 40);
  });
  test("small axes are not worth an order of their own, large intermediates are avoided", () => {
    const four = contractionOrder([X("i", "j", "k", "l"), w("i"), w("j"), w("k"), w("l")], [], extent);
    expect(four.cost[0]).toBe(100 ** 2 * 40);
    const layers = contractionOrder([w("a"), w("a", "i"), X("i", "j"), w("j")], [], extent);
    expect(layers.cost[0]).toBeLessThanOrEqual(100 * 40);
  });
  test("more factors than are searched still make a product", () => {
    const { order } = contractionOrder(Array.from({ length: 12 }, () => w("i")), [], extent);
    expect((JSON.stringify(order).match(/\d+/g) ?? []).length).toBe(12);
  });
});

test("explain names the kernels, their operands and costs", () => {
  expect(describeTensorProgram(programOf("p = 3"))).toEqual([
    "matMul   w[starts, k] · X[k, i·j] → A[starts, i, j]   2 N³ starts flops",
    "mul+sum  A[starts, i, j] · w[starts, j] → B[starts, i]   2 N² starts flops",
    "mul      w[starts, i] · B[starts, i] → C[starts, i]   N starts flops",
    "mul      w[starts, i] · 1 / N → E[starts, i]   N starts flops",
    "mul      E[starts, i] · w[starts, j] → F[starts, i, j]   N² starts flops",
    "mul+sum  A[starts, i, j] · E[starts, i] → G[starts, j]   2 N² starts flops",
    "matMul   F[starts, i·j] · X[i·j, k] → I[starts, k]   2 N³ starts flops",
    "fused    mul, add, add of B[starts, i], 1 / N, G[starts, i], I[starts, i] → K[starts, i]   N starts flops",
    "host     energy 1 / N · Σ C[starts, i]   in float64",
  ]);
  expect(describeTensorProgram(programOf("smooth perceptron")).some((l) => /^softplus +\S+\[starts, mu\] → \S+\[starts, mu\] +M starts flops$/.test(l))).toBe(true);
  expect(describeTensorProgram(programOf("ordered sum, dense couplings")).filter((l) => l.endsWith(", once after the draw")).length).toBeGreaterThan(1);
});
