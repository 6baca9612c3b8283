import { extensionFunctions } from "../extensions/extension.ts";
import * as special from "../special/index.ts";
import type { ObservableExpression, PerPoint } from "./plan.ts";
import { atPoint } from "./plan.ts";

/**
 * The function of the observables' values that an expression is, at one sweep point.
 *
 * @param parameters model parameters and sweep variables
 */
export function evaluatorOf(expression: ObservableExpression, parameters: Readonly<Record<string, number>>): (values: readonly number[]) => number | boolean {
  const named = expression.parameters ?? [];
  // The compiler wrote this text, from a specification that the user runs: it can do no more than the generated model.
  const names = [...named.map((p) => p.name), ...expression.observables.map((o) => o.name)];
  const compiled = new Function("special", "extensionFunctions", ...names, `"use strict"; return ${expression.source};`) as Compiled;
  const parameterValues = named.map(({ parameter }) => {
    const value = parameters[parameter];
    if (value === undefined) throw new Error(`internal: a condition reads ${parameter}, which is not a parameter`);
    return value;
  });
  return (values) => compiled(special, extensionFunctions, ...parameterValues, ...values);
}

type Compiled = (functions: typeof special, extensions: typeof extensionFunctions, ...values: readonly number[]) => number | boolean;

/** Where an entry stands among all entries of an observable, from 0, by its places at a point. */
export const entryAt = (shape: readonly number[], places: readonly PerPoint[], point: number): number =>
  places.reduce<number>((before, place, axis) => before * shape[axis]! + atPoint(place, point) - 1, 0);
