import type { PointSeries } from "./figure.ts";
import type { Layer } from "./layer.ts";
import type { SeriesStyle } from "./style.ts";

/** Simulation: symbols on error bars, those of x where x is an estimate too. A bar that reaches below the low end of a log axis ends there without a cap. */
export function pointLayers(series: PointSeries, style: SeriesStyle, floor: { readonly x: number; readonly y: number }): Layer[] {
  return [...errorBars(series, "x", series.xError, style, floor.x), ...errorBars(series, "y", series.error, style, floor.y), symbols(series, style)];
}

function errorBars({ x, y }: PointSeries, along: "x" | "y", errors: readonly number[] | undefined, style: SeriesStyle, floor: number): Layer[] {
  const bars = y.flatMap((_, i) => {
    const [here, half] = [{ x: x[i]!, y: y[i]! }, errors?.[i] ?? Number.NaN];
    if (!Number.isFinite(here.x) || !Number.isFinite(here.y) || !(half > 0)) return [];
    return [{ ...here, low: Math.max(floor, here[along] - half), high: here[along] + half }];
  });
  if (bars.length === 0) return [];
  const caps = bars.flatMap(({ low, high, ...here }) => [...(low > floor ? [{ ...here, [along]: low }] : []), { ...here, [along]: high }]);
  return [
    {
      data: { values: bars },
      mark: { type: "rule", color: style.color, strokeWidth: 1.2 },
      encoding: { [along]: { field: "low" }, [`${along}2`]: { field: "high" } },
    },
    { data: { values: caps }, mark: { type: "tick", orient: along === "y" ? "horizontal" : "vertical", color: style.color, size: 6, thickness: 1.2, opacity: 1 } },
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
