/** Subscripts of recorded observables: as written they run over the range of their axis, in plans from 1. */
import { ops } from "../../library/ops/index.ts";
import type { SizeRange } from "../sizes.ts";
import type { CheckedExpression } from "../tree.ts";
import { applyOperator, operatorOfInfix } from "./applyOperator.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { RunSymbol } from "./names.ts";
import type { Typed } from "./typed.ts";
import { constant } from "./typed.ts";

/** The value of a size, where it is made of parameters only. */
export function evaluateSize(e: CheckedExpression, parameters: Readonly<Record<string, number>>): number | undefined {
  switch (e.kind) {
    case "constant": return e.value;
    case "parameter": return parameters[e.symbol.name];
    case "name": return e.symbol.kind === "array" && e.symbol.role === "let" && e.symbol.body ? evaluateSize(e.symbol.body, parameters) : undefined;
    case "apply": {
      const values = e.arguments.map((a) => evaluateSize(a, parameters));
      return values.every((v) => v !== undefined) ? ops[e.operator].value(...values) : undefined;
    }
    default: return undefined;
  }
}

/** The ends of an axis at each point of a run; undefined where they aren't known. */
export const rangeAtPoints = (run: RunSymbol, range: SizeRange): readonly (readonly [number, number] | undefined)[] =>
  run.points.map(({ parameters }) => {
    const lower = evaluateSize(range.lower, parameters), upper = evaluateSize(range.upper, parameters);
    return lower === undefined || upper === undefined ? undefined : [lower, upper];
  });

/** The first subscript of an axis, where it is the same number at all points. */
export function firstSubscript(run: RunSymbol, range: SizeRange): number | undefined {
  const fixed = evaluateSize(range.lower, {});
  if (fixed !== undefined) return fixed;
  const lowers = new Set(rangeAtPoints(run, range).map((ends) => ends?.[0]));
  return lowers.size === 1 ? [...lowers][0] : undefined;
}

/** Why there is no such entry; undefined where there is, or where nothing is known. */
export function subscriptError(run: RunSymbol, range: SizeRange, subscript: Typed): string | undefined {
  const value = evaluateConstant(subscript.expression);
  if (value === undefined || subscript.type === "unknown") return undefined;
  if (!Number.isInteger(value)) return `${value} is no whole number`;
  const ends = rangeAtPoints(run, range).find((e) => e !== undefined && (value < e[0] || value > e[1]));
  return ends && `${value} is outside of ${range.text}${range.text === `${ends[0]}..${ends[1]}` ? "" : `, which is ${ends[0]}..${ends[1]}`}`;
}

/** The subscript counted from 1. */
export function fromOne(subscript: Typed, first: number): Typed {
  if (first === 1) return subscript;
  const value = evaluateConstant(subscript.expression);
  return value === undefined ? applyOperator(operatorOfInfix("-"), [subscript, constant(first - 1)]) : { ...subscript, expression: constant(value - first + 1).expression };
}
