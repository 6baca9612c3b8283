/**
 * Reverse mode on procedures: a procedure with a scalar output becomes one that also accumulates the gradient.
 *
 * Every read in `target[…] += value` scatters `adjoint_target[…] · ∂value/∂read` into the adjoint of the array it reads, in the
 * same `indices` and `conditions` objects, so that value and derivatives share one loop nest. The adjoint of a state array
 * is the output `gradient$NAME`, that of a temporary is a temporary `adjoint_NAME`. Statements of the output itself are directly
 * followed by their scatters (their adjoint is 1); the other forward statements follow in reverse order. The cost is a small
 * multiple of the forward cost, whatever the number of variables.
 *
 * Maxima and minima over stored terms have their derivative almost everywhere, as `max(a, b)` has: the adjoint goes to the terms that
 * attain the extremum, in equal parts (`ties_NAME` counts them), so that the shift in a `logsumexp`, whose total adjoint is 0, is exact.
 * Products over an index: `productDerivative.ts`.
 */
import { constant, read, rewrite, visit, type Expression, type Read } from "../ir/expression.ts";
import type { Procedure, ProcedureArray, Statement } from "../ir/procedure.ts";
import type { Slot } from "../ir/program.ts";
import { gradientName } from "../ir/stateVectors.ts";
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import { hasAdjoint } from "../library/functions/index.ts";
import { build } from "../library/ops/index.ts";
import { callStatement } from "./callStatement.ts";
import { asProduct, fromProduct, times } from "./product.ts";
import { othersAt, productOfOthers } from "./productDerivative.ts";
import { simplify } from "./simplify.ts";
import { isRefusal, valueDerivative, type Refusal } from "./valueDerivative.ts";

/** How many terms attain the extremum that an array holds. */
const tiesName = (array: string): string => `ties_${array}`;
const attains = (statement: Statement): Expression => build.eq(statement.value, read(statement.target, statement.subscripts));

/** What a term of a maximum or minimum contributes to a derivative that flows with `flow`, and the entry that it reads. */
export function extremumShare(statement: Statement, flow: Expression): { readonly at: Read; readonly value: Expression } | Refusal {
  if (statement.value.kind !== "read") return { refused: `${statement.target} is a ${statement.combine} over terms that are not stored` };
  const part = build.div(flow, read(tiesName(statement.target), statement.subscripts));
  return { at: statement.value, value: build.select(attains(statement), part, constant(0)) };
}

/** Arrays that carry a dependence on `variables` through values. */
export function activeArrays(procedure: Procedure, variables: readonly string[]): ReadonlySet<string> {
  const active = new Set(variables);
  for (const s of procedure.statements)
    visit(s.value, (e) => { if (e.kind === "read" && active.has(e.array)) active.add(s.target); });
  return active;
}

/** Where the value of an array entry equals the value of its only statement, at the statement's own subscripts. */
function storedValue(procedure: Procedure, statement: Statement): Expression | undefined {
  if (procedure.statements.filter((s) => s.target === statement.target).length !== 1) return undefined;
  const subscripts = new Set(statement.subscripts);
  const oneToOne = subscripts.size === statement.subscripts.length && statement.subscripts.every((s) => s.kind === "index")
    && statement.indices.length === statement.subscripts.length;
  return oneToOne && statement.value.kind === "apply" ? read(statement.target, statement.subscripts) : undefined;
}

/**
 * `output` names the scalar; `variables` are the input arrays to differentiate by, each of which gets an output even when
 * nothing depends on it. Refused, with the reason, where the output depends on them through an operator without a derivative, or through
 * a condition.
 */
export function reverse(procedure: Procedure, output: string, variables: readonly ProcedureArray[]): Procedure | Refusal {
  const active = activeArrays(procedure, variables.map((v) => v.name));
  const isVariable = new Set(variables.map((v) => v.name));
  const taken = new Set(procedure.arrays.map((a) => a.name));
  const adjointNames = new Map<string, string>();
  const adjointName = (array: string): string => {
    let name = adjointNames.get(array);
    if (name === undefined) {
      name = isVariable.has(array) ? gradientName(array) : `adjoint_${array}`;
      while (taken.has(name)) name += "_";
      taken.add(name);
      adjointNames.set(array, name);
    }
    return name;
  };
  for (const v of variables) adjointName(v.name);
  const ownSlots = new Map([...procedure.arrays, ...variables].map((a) => [a.name, a.slots]));
  /** Those of an array, or of the array that it is the adjoint of. */
  const slotsOf = (name: string): readonly Slot[] => ownSlots.get(name) ?? ownSlots.get([...adjointNames].find(([, adjoint]) => adjoint === name)![0])!;
  const reached = new Set([output]);

  const scatters = (statement: Statement): readonly Statement[] | Refusal => {
    for (const condition of statement.conditions) {
      let through = "";
      visit(condition, (e) => { if (e.kind === "read" && active.has(e.array)) through = e.array; });
      if (through !== "") return { refused: `a condition depends on ${through}` };
    }
    if (statement.call) {
      const { call } = statement;
      if (!hasAdjoint(call.function)) return { refused: `\`${nameOfKey(call.function)}\` has no adjoint` };
      return call.arguments.flatMap((array, k) => {
        if (!active.has(array)) return [];
        reached.add(array);
        return [callStatement({ ...call, arguments: [adjointName(statement.target), ...call.arguments], adjointOf: k }, adjointName(array), slotsOf)];
      });
    }
    const derivative = valueDerivative(statement.value, (array) => active.has(array));
    if (isRefusal(derivative)) return derivative;
    if (derivative.size === 0) return [];
    const dy = statement.target === output ? constant(1) : read(adjointName(statement.target), statement.subscripts);
    if (statement.combine === "max" || statement.combine === "min") {
      const share = extremumShare(statement, dy);
      if (isRefusal(share)) return share;
      reached.add(share.at.array);
      return [{ ...statement, target: adjointName(share.at.array), subscripts: share.at.subscripts, combine: "sum", value: share.value }];
    }
    const stored = storedValue(procedure, statement);
    const flow = statement.combine === "product" ? times(asProduct(dy), asProduct(othersAt(statement))) : asProduct(dy);
    return [...derivative].map(([at, d]) => {
      reached.add(at.array);
      const shared = stored === undefined ? d : rewrite(d, (e) => (e === statement.value ? stored : e));
      return {
        indices: statement.indices, conditions: statement.conditions, target: adjointName(at.array), subscripts: at.subscripts,
        combine: "sum", value: simplify(fromProduct(times(flow, asProduct(shared)))),
      };
    });
  };

  const statements: Statement[] = [];
  const parts: ProcedureArray[] = [];
  for (const statement of procedure.statements) {
    if (statement.combine === "product" && active.has(statement.target)) {
      const made = productOfOthers(statement, slotsOf(statement.target));
      statements.push(...made.statements);
      parts.push(...made.arrays);
    }
    statements.push(statement);
    if ((statement.combine === "max" || statement.combine === "min") && active.has(statement.target)) {
      statements.push({ ...statement, target: tiesName(statement.target), combine: "sum", value: build.select(attains(statement), constant(1), constant(0)) });
      parts.push({ name: tiesName(statement.target), role: "temporary", status: "thermal", slots: slotsOf(statement.target) });
    }
    if (statement.target !== output) continue;
    const made = scatters(statement);
    if (isRefusal(made)) return made;
    statements.push(...made);
  }
  for (const statement of [...procedure.statements].reverse()) {
    if (statement.target === output || !active.has(statement.target) || !reached.has(statement.target)) continue;
    const made = scatters(statement);
    if (isRefusal(made)) return made;
    statements.push(...made);
  }
  const adjoints = [...adjointNames].map(([array, name]): ProcedureArray =>
    ({ name, role: isVariable.has(array) ? "output" : "temporary", status: "thermal", slots: ownSlots.get(array)! }));
  return { ...procedure, arrays: [...procedure.arrays, ...parts, ...adjoints], statements };
}
