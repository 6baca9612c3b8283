/** Names of series: the values of the variables that tell them apart, with the expression where there are several. */
import type { Point } from "./environment.ts";
import { formatNumber } from "./format.ts";

export interface Labelling {
  /** Title of the legend, where the labels are the values of one variable. */
  readonly legend?: string;
  /** @param data whether the expression is one of several that differ by more than their point */
  readonly label: (expression: string, at: Point) => string;
}

/**
 * @param names variables that tell groups apart
 * @param expressions how many expressions have a series for each group
 */
export function labelling(names: readonly string[], expressions: number): Labelling {
  const values = (at: Point) => names.filter((name) => at[name] !== undefined).map((name) => `${name} = ${formatNumber(at[name])}`);
  if (names.length === 1 && expressions === 1) {
    const [legend] = names;
    return { legend, label: (expression, at) => (at[legend] === undefined ? expression : formatNumber(at[legend])) };
  }
  return {
    label: (expression, at) => (expressions === 1 && names.length > 0 ? values(at) : [expression, ...values(at)]).join(", ") || expression,
  };
}
