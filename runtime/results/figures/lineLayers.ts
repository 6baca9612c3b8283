import type { LineSeries } from "./figure.ts";
import { inOrder, type Layer, orGap } from "./layer.ts";
import type { SeriesStyle } from "./style.ts";

/** Theory: a curve, broken at gaps. */
export function lineLayers(series: LineSeries, style: SeriesStyle): Layer[] {
  const values = series.x.map((x, index) => ({ index, x: orGap(x), y: orGap(series.y[index]) }));
  const drawn = values.map(({ x, y }) => x !== null && y !== null);
  // A value between two gaps has no line to be on; a solution that exists at one point only must not vanish.
  const isolated = values.filter((_, i) => drawn[i] && !drawn[i - 1] && !drawn[i + 1]);
  return [
    {
      data: { values },
      mark: { type: "line", color: style.color, strokeDash: style.dash, strokeWidth: 1.8, strokeJoin: "round" },
      encoding: inOrder,
    },
    ...(isolated.length === 0 ? [] : [{ data: { values: isolated }, mark: { type: "circle", color: style.color, size: 12, opacity: 1 } }]),
  ];
}
