import type { HistogramSeries } from "./figure.ts";
import { inOrder, type Layer, orGap } from "./layer.ts";
import type { SeriesStyle } from "./style.ts";

/** The light area of a histogram. Bins stand on zero, or on `floor`, the low end of a log axis. */
export function histogramFill(series: HistogramSeries, style: SeriesStyle, floor: number): Layer {
  const base = baseOf(floor);
  // The last edge closes the last bin; an area is drawn in order of x, so steps come from interpolation, not from corners.
  const densities = [...series.density, series.density.at(-1)];
  const values = densities.map((density, i) => ({ x: series.edges[i]!, y: heightOf(density, base), base }));
  return {
    data: { values },
    mark: { type: "area", color: style.color, opacity: 0.16, interpolate: "step-after" },
    encoding: { y2: { field: "base" } },
  };
}

/** The step outline of a histogram; drawn above the areas of all groups, so that none hides the shape of another. */
export function histogramOutline(series: HistogramSeries, style: SeriesStyle, floor: number): Layer {
  return {
    data: { values: steps(series, baseOf(floor)) },
    mark: { type: "line", color: style.color, strokeDash: style.dash, strokeWidth: 1.5, strokeJoin: "miter" },
    encoding: inOrder,
  };
}

/** The corners of the step outline, from the base line up, over the bins and down again. */
function steps({ edges, density }: HistogramSeries, base: number): Layer[] {
  const tops = density.flatMap((value, i) => [
    { x: edges[i]!, y: heightOf(value, base) },
    { x: edges[i + 1]!, y: heightOf(value, base) },
  ]);
  return [{ x: edges[0]!, y: base }, ...tops, { x: edges.at(-1)!, y: base }].map((corner, index) => ({ index, ...corner }));
}

/** Where bins stand: on zero, or on a log axis at its low end. */
function baseOf(floor: number): number {
  return Math.max(0, floor);
}

function heightOf(density: number | undefined, base: number): number | null {
  const height = orGap(density);
  return height === null ? null : Math.max(base, height);
}
