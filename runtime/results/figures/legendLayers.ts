import type { Figure, Series } from "./figure.ts";
import { textWidth } from "./font.ts";
import type { Layer } from "./layer.ts";
import { kindsOf, type SeriesStyle } from "./style.ts";
import { fontSize, frame } from "./theme.ts";

/**
 * A layer that draws nothing but the legend: a line for theory, a point for simulation, both where both have the label, a box
 * for a histogram. No layer where a legend would say nothing that the y axis does not.
 */
export function legendLayers(figure: Figure, styles: ReadonlyMap<string, SeriesStyle>): Layer[] {
  const labels = [...styles.keys()];
  if (labels.length === 1 && (labels[0] === figure.y.label || labels[0] === "")) return [];
  const channel = (value: (style: SeriesStyle, kinds: ReadonlySet<Series["kind"]>) => unknown): Layer => ({
    field: "label",
    type: "nominal",
    scale: { domain: labels, range: labels.map((label) => value(styles.get(label)!, kindsOf(figure, label))) },
    legend: { title: figure.legend ?? null, ...placing(labels), symbolOpacity: 1, symbolSize: 170, symbolStrokeWidth: 1.8 },
  });
  return [
    {
      // The domains of the scales make the entries; without rows nothing else is drawn.
      data: { values: [] },
      mark: { type: "point", filled: true },
      encoding: {
        shape: channel(symbolPath),
        stroke: channel((style) => style.color),
        fill: channel(symbolFill),
        strokeDash: channel((style, kinds) => (kinds.has("points") ? [] : style.dash)),
      },
    },
  ];
}

/** Beside the frame, or below it where formulas as labels would make a column wider than the frame itself. */
function placing(labels: readonly string[]): Layer {
  const widest = Math.max(...labels.map((label) => textWidth(label, fontSize.label)));
  return widest <= 150
    ? { orient: "right", columns: Math.ceil(labels.length / 15), labelLimit: 0 }
    : { orient: "bottom", direction: "vertical", columns: Math.max(1, Math.floor(frame.width / (widest + 50))), labelLimit: 0 };
}

/** In Vega's symbol units a symbol fills the square from -1 to 1; the line is longer to show its dashes. */
function symbolPath(style: SeriesStyle, kinds: ReadonlySet<Series["kind"]>): string {
  const line = "M-1.5,0L1.5,0";
  if (kinds.has("points")) return kinds.has("line") ? line + style.path : style.path;
  return kinds.has("line") ? line : "M-1,-0.6L1,-0.6L1,0.6L-1,0.6Z";
}

function symbolFill(style: SeriesStyle, kinds: ReadonlySet<Series["kind"]>): string {
  if (kinds.has("points")) return style.color;
  // The eight-digit colour is the light fill that histograms have.
  return kinds.has("histogram") ? `${style.color}29` : "transparent";
}
