/** Which values are whole numbers, truth values among them: sums and products of these are exact in floating point, whatever their order. */
import type { Expression } from "../ir/expression.ts";

/** Operators that make whole numbers of anything, and of whole numbers. */
const always = new Set(["lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "sign", "floor", "ceil", "round"]);
const ofIntegers = new Set(["add", "sub", "mul", "neg", "abs", "min2", "max2", "relu", "mod"]);

/** Parameters count as real: whether they are sizes does not show in an expression. */
export function isIntegerValued(e: Expression, isIntegerArray: (name: string) => boolean): boolean {
  const go = (x: Expression): boolean => isIntegerValued(x, isIntegerArray);
  switch (e.kind) {
    case "constant": return Number.isInteger(e.value);
    case "parameter": return false;
    case "index": return true;
    case "read": return isIntegerArray(e.array);
    case "reduce": return go(e.body);
    case "apply":
      if (always.has(e.operator)) return true;
      if (e.operator === "select") return e.arguments.slice(1).every(go);
      if (e.operator === "pow") return go(e.arguments[0]!) && e.arguments[1]!.kind === "constant" && Number.isInteger(e.arguments[1]!.value) && e.arguments[1]!.value >= 0;
      return ofIntegers.has(e.operator) && e.arguments.every(go);
  }
}
