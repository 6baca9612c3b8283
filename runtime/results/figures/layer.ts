/** A Vega-Lite layer or specification: plain JSON. Every layer reads the fields `x` and `y` unless it says otherwise. */
export type Layer = Readonly<Record<string, unknown>>;

/**
 * Draws vertices in the order of their `index`: without it Vega-Lite would sort a curve by x and tear folded branches and steps.
 */
export const inOrder = { order: { field: "index", type: "quantitative" } } as const;

/** JSON has no NaN; Vega-Lite breaks a path at null. */
export function orGap(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
