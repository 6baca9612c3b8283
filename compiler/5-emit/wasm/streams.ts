/** Arrays that a loop walks entry by entry: where a walk begins, how it is named, how long it takes. */
import { integerDifference, integerSum, integerText } from "../../4-schedule/integer.ts";
import type { Integer } from "../../4-schedule/integer.ts";

/** The offset of an array's entry where the loop variable has its first value. */
export const startOf = (offset: Integer, variable: string, from: Integer): Integer =>
  integerSum({ terms: offset.terms.filter((t) => !(t.factors.length === 1 && t.factors[0]!.kind === "variable" && t.factors[0]!.name === variable)) }, from);

/** Key of what walks along together. */
export const streamKey = (array: string, offset: Integer): string => `${array} ${integerText(offset)}`;
export const turns = (from: Integer, to: Integer): Integer => integerDifference(to, from);
