/** A call of a function of whole arrays as a statement: every entry of the target depends on every entry of what it takes. */
import { freshIndex, indexValue, read, type Expression, type Index } from "../ir/expression.ts";
import type { Statement, StatementCall } from "../ir/procedure.ts";
import type { Slot } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";

export function callStatement(call: StatementCall, target: string, slotsOf: (array: string) => readonly Slot[]): Statement {
  const own = (array: string, each: readonly Index[]): readonly Index[] => slotsOf(array).map((slot, axis) => each[axis] ?? freshIndex("abcdef"[axis] ?? "x", slot.range));
  const written = own(target, []);
  const each = written.slice(0, call.each);
  const indices = [...written];
  const values = call.arguments.map((array): Expression => {
    const at = own(array, each);
    indices.push(...at.slice(call.each));
    return read(array, at.map(indexValue));
  });
  return { indices, conditions: [], target, subscripts: written.map(indexValue), combine: "sum", value: values.reduce((a, b) => build.add(a, b)), call };
}
