/**
 * Forward mode on procedures: the derivative of every output along a direction. Applied to a gradient procedure it is the
 * Hessian-vector product, at a small multiple of the gradient's cost.
 */
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import { constant, freshIndex, indexValue, read, visit } from "../ir/expression.ts";
import type { Procedure, ProcedureArray, Statement } from "../ir/procedure.ts";
import type { Slot } from "../ir/program.ts";
import { hasTangent } from "../library/functions/index.ts";
import { callStatement } from "./callStatement.ts";
import { asProduct, fromProduct, times } from "./product.ts";
import { isPartOfProduct, othersAt, overPairs } from "./productDerivative.ts";
import { prune } from "./prune.ts";
import { activeArrays, extremumShare } from "./reverse.ts";
import { simplify } from "./simplify.ts";
import { orderConditions } from "./slotConditions.ts";
import { isRefusal, valueDerivative, type Refusal } from "./valueDerivative.ts";

/**
 * `variables` are inputs; each gets an input `direction(name)`. `products` maps outputs of `procedure` to the names of the outputs
 * of the result, their derivatives; all other outputs become temporaries or vanish.
 */
export function tangent(
  procedure: Procedure, variables: readonly ProcedureArray[], direction: (variable: string) => string, products: ReadonlyMap<string, string>,
): Procedure | Refusal {
  const active = activeArrays(procedure, variables.map((v) => v.name));
  const taken = new Set([...procedure.arrays.map((a) => a.name), ...products.values(), ...variables.map((v) => direction(v.name))]);
  const names = new Map<string, string>(variables.map((v) => [v.name, direction(v.name)]));
  const nameOf = (array: string): string => {
    let name = names.get(array) ?? products.get(array);
    if (name === undefined) {
      name = `tangent_${array}`;
      while (taken.has(name)) name += "_";
      taken.add(name);
    }
    names.set(array, name);
    return name;
  };
  const slotsOf = new Map([...procedure.arrays, ...variables].map((a) => [a.name, a.slots]));
  const statements: Statement[] = [];
  const late: Statement[] = [];
  for (const s of procedure.statements) {
    statements.push(s, ...late.splice(0));
    for (const condition of s.conditions) {
      let through = "";
      visit(condition, (e) => { if (e.kind === "read" && active.has(e.array)) through = e.array; });
      if (through !== "") return { refused: `a condition depends on ${through}` };
    }
    if (!active.has(s.target)) continue;
    if (s.call) {
      if (s.call.tangent || !hasTangent(s.call.function)) return { refused: `\`${nameOfKey(s.call.function)}\` has no second derivative` };
      for (const still of s.call.arguments.filter((array) => !active.has(array) && !names.has(array))) statements.push(zeros(nameOf(still), slotsOf.get(still)!));
      statements.push(callStatement({ ...s.call, arguments: [...s.call.arguments, ...s.call.arguments.map(nameOf)], tangent: true }, nameOf(s.target), (array) => slotsOf.get(array) ?? slotsOf.get([...names].find(([, name]) => name === array)![0])!));
      continue;
    }
    if (isPartOfProduct(s, procedure.arrays)) continue;
    const pairs = s.others && overPairs(s, s.others);
    const derivative = valueDerivative(pairs ? pairs.further : s.value, (array) => active.has(array));
    if (isRefusal(derivative)) return derivative;
    if (derivative.size === 0) continue;
    if (s.combine === "max" || s.combine === "min") {
      const probe = extremumShare(s, s.value);
      if (isRefusal(probe)) return probe;
      const share = extremumShare(s, read(nameOf(probe.at.array), probe.at.subscripts));
      if (isRefusal(share)) return share;
      // Behind the statement that counts the ties, which stands next.
      late.push({ ...s, target: nameOf(s.target), combine: "sum", value: share.value });
      continue;
    }
    const others = asProduct(s.combine === "product" ? othersAt(s) : constant(1));
    for (const [at, d] of derivative) {
      const along = times(asProduct(d), asProduct(read(nameOf(at.array), at.subscripts)));
      statements.push(pairs ? pairs.made(nameOf(s.target), simplify(fromProduct(along))) : { ...s, target: nameOf(s.target), combine: "sum", value: simplify(fromProduct(times(others, along))) });
    }
  }
  const isDirection = new Set(variables.map((v) => v.name));
  for (const output of products.keys()) nameOf(output);
  const made = [...names].map(([array, name]): ProcedureArray =>
    ({ name, role: isDirection.has(array) ? "input" : products.has(array) ? "output" : "temporary", status: "thermal", slots: slotsOf.get(array)! }));
  const arrays = procedure.arrays.map((a): ProcedureArray => (a.role === "output" ? { ...a, role: "temporary" } : a));
  return prune({ ...procedure, arrays: [...arrays, ...made], statements });
}

/** A direction that nothing moves along. */
function zeros(target: string, slots: readonly Slot[]): Statement {
  const indices = slots.map((slot, axis) => freshIndex("abcdef"[axis] ?? "x", slot.range));
  return { indices, conditions: orderConditions(slots, indices), target, subscripts: indices.map(indexValue), combine: "sum", value: constant(0) };
}
