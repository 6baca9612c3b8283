/**
 * What keeps a procedure from being a tensor program: tensors have no gather, no scatter and no diagonals, so every subscript must be an index
 * of its own that runs over the whole axis.
 */
import { nameOfKey } from "../../../runtime/extensions/addEntry.ts";
import { obstacle } from "../../ir/differentiate.ts";
import { visit } from "../../ir/expression.ts";
import type { Expression, Index, Range } from "../../ir/expression.ts";
import { print } from "../../ir/print.ts";
import type { Procedure, ProcedureArray } from "../../ir/procedure.ts";
import { ops } from "../../library/ops/index.ts";
import { activeArrays } from "../../3-passes/reverse.ts";
import { primitiveAdjoint } from "./primitiveAdjoint.ts";
import { isParameterScalar } from "./scalarText.ts";

/** The reason, as the end of a sentence, or nothing. `states` are the input arrays to differentiate by. */
export function tensorObstacle(procedure: Procedure, states: readonly string[]): string | undefined {
  const arrays = new Map(procedure.arrays.map((a) => [a.name, a]));
  const active = activeArrays(procedure, states);
  const ordered = states.find((s) => arrays.get(s)?.slots.some((slot) => slot.order !== undefined));
  if (ordered !== undefined) return `the state ${ordered} is stored packed`;
  for (const { target, subscripts, combine, value, conditions, call } of procedure.statements) {
    if (call) return `${nameOfKey(call.function)} is a function of whole arrays`;
    if (combine === "product") return `${target} is a product over an index`;
    if (combine !== "sum" && procedure.statements.filter((s) => s.target === target).length > 1) return `${target} is a ${combine} over several terms`;
    if (plainIndices(subscripts, arrays.get(target)!) === undefined) return `${target} is written at ${listed(subscripts)}`;
    const range = [value, ...conditions, ...subscripts].map(oddRange).find((found) => found !== undefined);
    if (range !== undefined) return range;
    for (const e of [value, ...conditions]) {
      const reason = operatorWithoutPrimitive(e) ?? unreadable(e, arrays);
      if (reason !== undefined) return reason;
    }
    const conditional = conditions.find((c) => reads(c).some((array) => active.has(array)));
    if (conditional !== undefined) return `the condition ${print(conditional)} depends on the state`;
    const [blunt] = reads(value).filter((array) => active.has(array)).flatMap((array) => obstacle(value, array) ?? []);
    if (blunt !== undefined) return `${blunt} has no derivative`;
  }
  return undefined;
}

/** The indices that `subscripts` are, if they are different ones and run over their slots. */
export function plainIndices(subscripts: readonly Expression[], array: Pick<ProcedureArray, "slots">): readonly Index[] | undefined {
  const indices = subscripts.map((s) => (s.kind === "index" ? s.index : undefined));
  const plain = indices.every((i, k) => i !== undefined && sameRange(i.range, array.slots[k]!.range)) && new Set(indices).size === indices.length;
  return plain ? (indices as Index[]) : undefined;
}

/** `J[min(i,j), max(i,j)]`: the entry of an unordered pair of indices, as (i, j). */
export function unorderedPair(subscripts: readonly Expression[], array: Pick<ProcedureArray, "role" | "slots">): readonly Expression[] {
  const [low, high] = subscripts;
  const isPair = subscripts.length === 2 && array.role === "input" && array.slots[1]!.order !== undefined && low!.kind === "apply" && high!.kind === "apply"
    && low!.operator === "min2" && high!.operator === "max2" && low!.arguments.every((a, k) => a === high!.arguments[k]);
  return isPair ? low!.arguments : subscripts;
}

const sameRange = (a: Range, b: Range): boolean => a.lower === b.lower && a.upper === b.upper;
const listed = (subscripts: readonly Expression[]): string => `[${subscripts.map((s) => print(s)).join(", ")}]`;

function reads(e: Expression): readonly string[] {
  const found: string[] = [];
  visit(e, (x) => { if (x.kind === "read") found.push(x.array); });
  return found;
}

function unreadable(e: Expression, arrays: ReadonlyMap<string, ProcedureArray>): string | undefined {
  let reason: string | undefined;
  visit(e, (x) => {
    if (x.kind !== "read") return;
    const array = arrays.get(x.array)!;
    if (plainIndices(unorderedPair(x.subscripts, array), array) === undefined) reason ??= `${x.array} is read at ${listed(x.subscripts)}`;
  });
  return reason;
}

/** Labels need sizes that parameters alone determine. */
function oddRange(e: Expression): string | undefined {
  let reason: string | undefined;
  visit(e, (x) => {
    if (x.kind === "index" && !(isParameterScalar(x.index.range.lower) && isParameterScalar(x.index.range.upper))) reason ??= `the range of ${x.index.name} is not a number`;
  });
  return reason;
}

/** The first operator, here or in the derivative of one that is here, that tensors don't have. Parameter scalars are computed on the host. */
function operatorWithoutPrimitive(e: Expression): string | undefined {
  if (e.kind !== "apply" || isParameterScalar(e)) return undefined;
  if (ops[e.operator].tfjs === undefined) return `${e.operator} has no tensor primitive`;
  const derivatives = primitiveAdjoint(e.operator);
  for (const derivative of derivatives === "none" ? [] : derivatives) {
    let missing: string | undefined;
    visit(derivative, (x) => { if (x.kind === "apply" && ops[x.operator].tfjs === undefined) missing ??= x.operator; });
    if (missing !== undefined) return `the derivative of ${e.operator} holds ${missing}, which has no tensor primitive`;
  }
  return e.arguments.map(operatorWithoutPrimitive).find((reason) => reason !== undefined);
}
