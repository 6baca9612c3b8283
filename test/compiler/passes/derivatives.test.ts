/** Every optimised procedure against brute force and finite differences, on every case. */
import { describe, expect, test } from "vitest";
import { differentiate, entryIndices, obstacle } from "../../../compiler/ir/differentiate.ts";
import { indexValue } from "../../../compiler/ir/expression.ts";
import { inlinedBody } from "../../../compiler/ir/inline.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import type { Procedure } from "../../../compiler/ir/procedure.ts";
import { verifyProcedure } from "../../../compiler/ir/verify.ts";
import { cases } from "./cases.ts";
import { close, instance, type Instance } from "./model.ts";

const run = (i: Instance, p: Procedure, changed: ReadonlyMap<string, Float64Array> = new Map()): Map<string, Float64Array> =>
  interpret(p, i.parameters, new Map([...i.arrays, ...changed]));

const statesOf = (i: Instance): string[] => i.program.arrays.filter((a) => a.origin.kind === "state").map((a) => a.name);

/** (f(x + e) − f(x − e)) / 2e by the fourth-order formula, for entry `at` of a state. */
function difference(i: Instance, name: string, at: number, f: (changed: ReadonlyMap<string, Float64Array>) => Float64Array): Float64Array {
  const step = 1e-3;
  const moved = (by: number): Float64Array => {
    const state = Float64Array.from(i.arrays.get(name)!);
    state[at]! += by * step;
    return f(new Map([[name, state]]));
  };
  const [a, b, c, d] = [moved(-2), moved(-1), moved(1), moved(2)];
  return a.map((_, k) => (a[k]! - 8 * b[k]! + 8 * c[k]! - d[k]!) / (12 * step));
}

function forTuples(sizes: readonly number[], visit: (tuple: readonly number[]) => void): void {
  const tuple: number[] = [];
  const loop = (depth: number): void => {
    if (depth === sizes.length) return visit(tuple);
    for (let v = 1; v <= sizes[depth]!; v++) {
      tuple[depth] = v;
      loop(depth + 1);
    }
  };
  loop(0);
}

/** The Hessian as one dense matrix over the concatenated states. */
function denseHessian(i: Instance): number[][] {
  const { method, procedure } = i.result.procedures.derivatives[0]!.hessian!;
  const names = statesOf(i);
  const lengths = names.map((n) => i.arrays.get(n)!.length);
  const offsets = lengths.map((_, k) => lengths.slice(0, k).reduce((a, b) => a + b, 0));
  const size = lengths.reduce((a, b) => a + b, 0);
  const ordered = (name: string): boolean => i.program.arrays.find((a) => a.name === name)!.slots.some((s) => s.order !== undefined);
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(NaN));
  if (method === "direct") {
    const out = run(i, procedure);
    names.forEach((a, p) => names.slice(p).forEach((b, q) => {
      const block = out.get(`hessian$${a}$${b}`)!;
      for (let r = 0; r < lengths[p]!; r++)
        for (let c = 0; c < lengths[p + q]!; c++) {
          // Free axes are stored before ordered ones: a block of a packed and a dense state is transposed.
          const value = ordered(a) && !ordered(b) ? block[c * lengths[p]! + r]! : block[r * lengths[p + q]! + c]!;
          matrix[offsets[p]! + r]![offsets[p + q]! + c] = value;
          if (q > 0) matrix[offsets[p + q]! + c]![offsets[p]! + r] = value;
        }
    }));
    return matrix;
  }
  names.forEach((a, p) => {
    for (let r = 0; r < lengths[p]!; r++) {
      const directions = new Map(names.map((n, k) => [`direction$${n}`, new Float64Array(lengths[k]!)]));
      directions.get(`direction$${a}`)![r] = 1;
      const out = run(i, procedure, directions);
      names.forEach((b, q) => out.get(`product$${b}`)!.forEach((x, c) => { matrix[offsets[q]! + c]![offsets[p]! + r] = x; }));
    }
  });
  return matrix;
}

describe.each(cases.map((c) => [c.name, c] as const))("%s", (_, c) => {
  const made = c.sizes.map((sizes, k) => instance(c.program, sizes, 17 + k));
  for (const i of made) for (const name of statesOf(i)) i.arrays.get(name)!.fill(0, 0, c.zeros ?? 0);

  test("the energy is that of the specification", () => {
    for (const i of made) {
      const expected = i.value("H");
      for (const p of [i.result.procedures.reference, i.result.procedures.energy, i.result.procedures.energyAndGradient])
        expect(close(run(i, p).get("H")![0]!, expected, 1e-12), `${p.name} ${run(i, p).get("H")![0]} ${expected} ${JSON.stringify(i.parameters)}`).toBe(true);
    }
  });

  test("the gradient agrees with finite differences of the reference", () => {
    for (const i of made) {
      const { energyAndGradient, reference } = i.result.procedures;
      const out = run(i, energyAndGradient);
      for (const name of statesOf(i)) {
        const gradient = out.get(`gradient$${name}`)!;
        expect(gradient.length).toBe(i.arrays.get(name)!.length);
        gradient.forEach((g, at) => {
          const expected = difference(i, name, at, (changed) => run(i, reference, changed).get("H")!)[0]!;
          expect(close(g, expected, 1e-8), `${name}[${at}]: ${g}, not ${expected}`).toBe(true);
        });
      }
    }
  });

  test("the Hessian agrees with finite differences of the gradient, and is symmetric", () => {
    for (const i of made) {
      const { energyAndGradient } = i.result.procedures;
      const matrix = denseHessian(i);
      const names = statesOf(i);
      const gradients = (changed: ReadonlyMap<string, Float64Array>): Float64Array => {
        const out = run(i, energyAndGradient, changed);
        return Float64Array.from(names.flatMap((n) => [...out.get(`gradient$${n}`)!]));
      };
      let column = 0;
      for (const name of names)
        for (let at = 0; at < i.arrays.get(name)!.length; at++, column++) {
          const expected = difference(i, name, at, gradients);
          expected.forEach((e, row) => {
            expect(close(matrix[row]![column]!, e, 1e-7), `H[${row},${column}]: ${matrix[row]![column]}, not ${e}`).toBe(true);
            expect(close(matrix[row]![column]!, matrix[column]![row]!, 1e-12)).toBe(true);
          });
        }
    }
  });

  test("the gradient agrees with symbolic differentiation of the specification", () => {
    const i = made[0]!;
    const out = run(i, i.result.procedures.energyAndGradient);
    for (const array of i.program.arrays.filter((a) => a.origin.kind === "state")) {
      const body = inlinedBody(i.program, "H").body;
      // Maxima and periodic deltas are beyond the symbolic derivative.
      if (obstacle(body, array.name) !== undefined || array.slots.some((s) => s.periodic)) continue;
      const entries = entryIndices(array.slots);
      const derivative = differentiate(body, { array: array.name, subscripts: entries.map(indexValue), slots: array.slots });
      const gradient = out.get(`gradient$${array.name}`)!;
      let at = 0;
      forTuples(entries.map((e) => i.number(e.range.upper)), (tuple) => {
        // Only stored entries, which come in this order.
        if (array.slots.some((s, k) => s.order === "<" && tuple[k - 1]! >= tuple[k]!)) return;
        const expected = i.evaluate(derivative, new Map(entries.map((e, k) => [e, tuple[k]!])));
        expect(close(gradient[at]!, expected, 1e-11), `${array.name}[${tuple.join()}]: ${gradient[at]}, not ${expected}`).toBe(true);
        at++;
      });
      expect(at).toBe(gradient.length);
    }
  });

  test("procedures keep their promises, and a derivative was found", () => {
    for (const { result: { procedures: p, diagnostics } } of made) {
      expect(diagnostics).toEqual([]);
      const hessian = p.derivatives[0]!.hessian!.procedure;
      expect([...p.prepare, p.reference, p.energy, p.energyAndGradient, hessian].flatMap(verifyProcedure)).toEqual([]);
    }
  });
});
