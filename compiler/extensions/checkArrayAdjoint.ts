/** The adjoint of a function of arrays against differences of its values, at its samples. */
import { evaluateSamples, given, sampleAdjoint } from "../../runtime/extensions/evaluateSamples.ts";
import { derivativeDifference, differs } from "./differences.ts";
import type { DefinitionOf } from "./definition.ts";

/** What is wrong, or undefined. */
export function checkArrayAdjoint(definition: DefinitionOf<"function">): string | undefined {
  if (!("arguments" in definition) || typeof definition.adjoint !== "function") return undefined;
  const { samples, value } = definition;
  for (const [s, outcome] of (evaluateSamples(definition) ?? []).entries()) {
    if ("failed" in outcome) continue;
    const at = `at sample ${s + 1} `;
    const x = samples[s]!.map(given);
    const weights = sampleAdjoint(outcome.numbers.length);
    const weighted = (moved: typeof x): number => {
      const now = value(...moved);
      return typeof now === "number" ? now : now.reduce((sum, y, i) => sum + weights[i]! * y, 0);
    };
    const { adjoints = [] } = outcome;
    if (adjoints.length !== x.length) return `${at}it gives no list of ${x.length}, one adjoint for each argument`;
    for (const [k, argument] of x.entries()) {
      const own = adjoints[k];
      const isNumber = typeof argument === "number";
      const entries = isNumber ? (typeof own === "number" ? [own] : []) : own instanceof Float64Array ? [...own] : [];
      if (entries.length !== (isNumber ? 1 : argument.values.length)) return `${at}that of argument ${k + 1} is not ${isNumber ? "a number" : `a Float64Array of ${argument.values.length}`}`;
      for (const [i, derivative] of entries.entries()) {
        const moved = (by: number): typeof x => x.map((y, j) => (j !== k ? y : typeof y === "number" ? y + by : { ...y, values: y.values.map((v, n) => (n === i ? v + by : v)) }));
        const difference = derivativeDifference((by) => weighted(moved(by)), isNumber ? argument : argument.values[i]!);
        if (differs(derivative, difference)) return `${at}that of ${isNumber ? "" : `entry ${i + 1} of `}argument ${k + 1} is ${Number(derivative.toPrecision(6))}, and differences of the value give ${Number(difference.toPrecision(6))}`;
      }
    }
  }
  return undefined;
}
