/**
 * Dense Hessians of a scalar procedure.
 *
 * "direct": where the scalar reads the states directly, its second derivatives are accumulated in its own loop nests: for each pair
 * of reads once into a triangle, `half[a, b] += ∂²value/∂a∂b` (half of it for a pair of a read with itself), and at the end
 * H[a, b] = half[a, b] + half[b, a]. That is right for equal indices too. Blocks between two different states
 * are accumulated directly. Otherwise "columns": the Hessian-vector product, by forward mode over the gradient.
 */
import { constant, freshIndex, indexValue, read, type Index, type Read } from "../ir/expression.ts";
import type { Procedure, ProcedureArray, Statement } from "../ir/procedure.ts";
import { directionName, gradientName, hessianName, productName } from "../ir/stateVectors.ts";
import { build } from "../library/ops/index.ts";
import type { HessianProcedure } from "./procedures.ts";
import { prune } from "./prune.ts";
import { activeArrays } from "./reverse.ts";
import { simplify } from "./simplify.ts";
import { orderConditions } from "./slotConditions.ts";
import { tangent } from "./tangent.ts";
import { isRefusal, valueDerivative, type Refusal } from "./valueDerivative.ts";

/** Whether every statement that depends on the states accumulates into the scalar itself. */
export const readsStatesDirectly = (procedure: Procedure, output: string, states: readonly ProcedureArray[]): boolean => {
  const active = activeArrays(procedure, states.map((s) => s.name));
  return [...active].every((name) => name === output || states.some((s) => s.name === name))
    && procedure.statements.every((s) => s.target !== output || s.combine === "sum");
};

/** Second derivatives of the scalar `output` of `energy` in its own nests; see above for when that is possible. */
export function directHessian(energy: Procedure, output: string, states: readonly ProcedureArray[], name: string): HessianProcedure | Refusal {
  const isState = (array: string): boolean => states.some((s) => s.name === array);
  const position = (array: string): number => states.findIndex((s) => s.name === array);
  const taken = new Set(energy.arrays.map((a) => a.name));
  const halves = new Map<string, string>();
  for (const s of states) {
    let half = `half_${hessianName(s.name, s.name)}`;
    while (taken.has(half)) half += "_";
    halves.set(s.name, half);
  }
  const statements: Statement[] = [];
  for (const s of energy.statements) {
    if (s.target !== output) { statements.push(s); continue; }
    const first = valueDerivative(s.value, isState);
    if (isRefusal(first)) return first;
    const reads = [...first.keys()];
    for (const [k, a] of reads.entries()) {
      const second = valueDerivative(first.get(a)!, isState);
      if (isRefusal(second)) return second;
      for (const [b, d] of second) {
        // Each unordered pair of reads once: second derivatives are symmetric.
        if (reads.indexOf(b) < k) continue;
        const [early, late]: [Read, Read] = position(a.array) <= position(b.array) ? [a, b] : [b, a];
        statements.push({
          ...s, target: a.array === b.array ? halves.get(a.array)! : hessianName(early.array, late.array),
          subscripts: [...early.subscripts, ...late.subscripts], value: a === b ? simplify(build.mul(constant(0.5), d)) : d,
        });
      }
    }
  }
  const blocks: ProcedureArray[] = [];
  for (const [k, a] of states.entries())
    for (const b of states.slice(k)) {
      const slots = [...a.slots, ...b.slots];
      blocks.push({ name: hessianName(a.name, b.name), role: "output", status: "thermal", slots });
      const half = halves.get(a.name)!;
      if (a !== b || !statements.some((s) => s.target === half)) continue;
      blocks.push({ name: half, role: "temporary", status: "thermal", slots });
      const copy = (suffix: string): Index[] => a.slots.map((slot, axis) => freshIndex(`${"abcdef"[axis] ?? "x"}${suffix}`, slot.range));
      const [left, right] = [copy(""), copy("'")];
      const [l, r] = [left.map(indexValue), right.map(indexValue)];
      statements.push({
        indices: [...left, ...right], conditions: [...orderConditions(a.slots, left), ...orderConditions(a.slots, right)], target: hessianName(a.name, a.name), subscripts: [...l, ...r], combine: "sum",
        value: build.add(read(half, [...l, ...r]), read(half, [...r, ...l])),
      });
    }
  const arrays = [...energy.arrays.filter((x) => x.name !== output), ...blocks];
  return { method: "direct", procedure: prune({ name, doc: `Hessian of ${output}, accumulated in the loops of ${output}.`, arrays, statements }) };
}

/** The Hessian-vector product of the scalar whose gradient procedure is given. */
export function columnHessian(gradient: Procedure, output: string, states: readonly ProcedureArray[], name: string): HessianProcedure | Refusal {
  const made = tangent(gradient, states, directionName, new Map(states.map((s) => [gradientName(s.name), productName(s.name)])));
  if (isRefusal(made)) return made;
  return { method: "columns", procedure: { ...made, name, doc: `Product of the Hessian of ${output} with a direction.` } };
}
