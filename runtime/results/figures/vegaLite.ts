import { axisChannel } from "./axis.ts";
import { type Domain, xDomain, yDomain } from "./domain.ts";
import type { Figure, Series } from "./figure.ts";
import { histogramFill, histogramOutline } from "./histogramLayers.ts";
import type { Layer } from "./layer.ts";
import { legendLayers } from "./legendLayers.ts";
import { lineLayers } from "./lineLayers.ts";
import { pointLayers } from "./pointLayers.ts";
import { type SeriesStyle, seriesStyles } from "./style.ts";
import { frame, theme } from "./theme.ts";
import { verticalLayers } from "./verticalLayers.ts";

/** The figure as a Vega-Lite specification in Quench's style. The figure must have passed checkFigure. */
export function vegaLite(figure: Figure): Layer {
  const x = xDomain(figure);
  const y = yDomain(figure);
  const styles = seriesStyles(figure);
  const style = (series: Series): SeriesStyle => styles.get(series.label)!;
  const ofKind = <K extends Series["kind"]>(kind: K) =>
    figure.series.filter((series): series is Extract<Series, { kind: K }> => series.kind === kind);
  const floors = { x: figure.x.scale === "log" ? x[0] : -Infinity, y: figure.y.scale === "log" ? y[0] : -Infinity };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: figure.title ?? figure.name,
    ...(figure.title === undefined ? {} : { title: figure.title }),
    width: frame.width,
    height: frame.height,
    encoding: {
      x: axisChannel("x", figure.x, x),
      y: axisChannel("y", figure.y, y),
    },
    // Back to front: what carries the numbers is never behind what only guides the eye, nor points behind curves.
    layer: [
      ...zeroLine(figure, y),
      ...ofKind("histogram").map((series) => histogramFill(series, style(series), floors.y)),
      ...ofKind("histogram").map((series) => histogramOutline(series, style(series), floors.y)),
      ...verticalLayers(figure, x),
      ...ofKind("line").flatMap((series) => lineLayers(series, style(series))),
      ...ofKind("points").flatMap((series) => pointLayers(series, style(series), floors)),
      ...legendLayers(figure, styles),
    ],
    config: theme,
  };
}

/** A faint line at zero where the y axis shows both signs: the sign is often what the figure is about. */
function zeroLine(figure: Figure, y: Domain): Layer[] {
  if (figure.y.scale === "log" || y[0] >= 0 || y[1] <= 0) return [];
  return [
    {
      data: { values: [{ y: 0 }] },
      mark: { type: "rule", color: "#BBBBBB", strokeWidth: 0.8 },
      encoding: { x: { value: 0 }, x2: { value: frame.width } },
    },
  ];
}
