import type { PointSeries } from "./figure.ts";
import type { Layer } from "./layer.ts";
import type { SeriesStyle } from "./style.ts";

/** Simulation: symbols on error bars. A bar that reaches below `floor`, the low end of a log axis, ends there without a cap. */
export function pointLayers(series: PointSeries, style: SeriesStyle, floor: number): Layer[] {
  return [...errorBars(series, style, floor), symbols(series, style)];
}

function errorBars(series: PointSeries, style: SeriesStyle, floor: number): Layer[] {
  const bars = series.y.flatMap((y, i) => {
    const half = series.error?.[i] ?? Number.NaN;
    if (!Number.isFinite(y) || !Number.isFinite(series.x[i]) || !(half > 0)) return [];
    return [{ x: series.x[i]!, low: Math.max(floor, y - half), high: y + half }];
  });
  if (bars.length === 0) return [];
  const caps = bars.flatMap(({ x, low, high }) => [...(low > floor ? [{ x, y: low }] : []), { x, y: high }]);
  return [
    {
      data: { values: bars },
      mark: { type: "rule", color: style.color, strokeWidth: 1.2 },
      encoding: { y: { field: "low" }, y2: { field: "high" } },
    },
    { data: { values: caps }, mark: { type: "tick", orient: "horizontal", color: style.color, size: 6, thickness: 1.2, opacity: 1 } },
  ];
}

function symbols(series: PointSeries, style: SeriesStyle): Layer {
  const values = series.x.flatMap((x, i) => (Number.isFinite(x) && Number.isFinite(series.y[i]) ? [{ x, y: series.y[i]! }] : []));
  return {
    data: { values },
    // The white rim keeps neighbouring points apart.
    mark: { type: "point", filled: true, shape: style.shape, fill: style.color, stroke: "white", strokeWidth: 0.7, size: style.size, opacity: 1 },
  };
}
