import { addEntry, type ExtensionKey } from "../../../runtime/extensions/addEntry.ts";
import { apply } from "../../ir/expression.ts";
import type { Apply, Expression } from "../../ir/expression.ts";
import * as activation from "./activation.ts";
import * as arithmetic from "./arithmetic.ts";
import * as comparison from "./comparison.ts";
import * as exponential from "./exponential.ts";
import * as gaussian from "./gaussian.ts";
import * as hyperbolic from "./hyperbolic.ts";
import * as logic from "./logic.ts";
import type { Operator } from "./operator.ts";
import * as piecewise from "./piecewise.ts";
import * as rounding from "./rounding.ts";
import * as trigonometry from "./trigonometry.ts";

const table = {
  ...arithmetic, ...exponential, ...hyperbolic, ...trigonometry, ...activation, ...gaussian, ...piecewise, ...rounding, ...comparison, ...logic,
};

export type OperatorName = keyof typeof table;

/** The one table of operators on scalars. */
export const ops: { readonly [K in OperatorName]: Operator } = table;

/** The operators of the language; those of extensions (`extension.ts`) are not among them. */
export const operatorNames = Object.keys(ops) as readonly OperatorName[];

/** Adds one that an extension brings: only `extension.ts` does. */
export function addOperator(key: ExtensionKey, record: Operator): OperatorName {
  addEntry<Operator>(table, key, record);
  return key as string as OperatorName;
}

/** `build.mul(x, y)` makes the application; a misspelt operator is a type error, a wrong number of arguments an internal one. */
export type Build = { readonly [K in OperatorName]: (...x: readonly Expression[]) => Apply };
export const build = Object.fromEntries(
  operatorNames.map((name) => [
    name,
    (...x: readonly Expression[]) => {
      if (x.length !== ops[name].arity) throw new Error(`internal: ${name} takes ${ops[name].arity} arguments, not ${x.length}`);
      return apply(name, ...x);
    },
  ]),
) as unknown as Build;

/** An operator as the language writes it: `<`, `round`; any other name as it is. */
export function writtenAs(operator: string): string {
  const record = Object.hasOwn(table, operator) ? (ops as Readonly<Record<string, Operator>>)[operator] : undefined;
  return record ? `\`${record.syntax.infix ?? record.syntax.function ?? operator}\`` : operator;
}
