import { type Domain, position } from "./domain.ts";
import type { Figure } from "./figure.ts";
import { textWidth } from "./font.ts";
import type { Layer } from "./layer.ts";
import { fontSize, frame, ink } from "./theme.ts";
import { placeVerticalLabels } from "./verticalLabels.ts";

const rowHeight = 15;

/** The reference lines on the x axis, dashed, with their labels above the frame, where they hide no data. */
export function verticalLayers(figure: Figure, x: Domain): Layer[] {
  const measured = figure.verticals.map(({ label, value }) => ({
    label,
    x: frame.width * position(value, figure.x.scale, x),
    width: textWidth(label, fontSize.label) + 4,
  }));
  // One row of no interest: the layers need something to be drawn for, their places are in pixels.
  const data = { values: [{}] };
  return placeVerticalLabels(measured, frame.width).flatMap(({ label, x, row, align }): Layer[] => {
    const top = -8 - rowHeight * row;
    const text = { text: label, align, dx: align === "left" ? 4 : -4, baseline: "middle", color: ink, fontSize: fontSize.label };
    return [
      {
        data,
        mark: { type: "rule", color: ink, strokeWidth: 1, strokeDash: [4, 3] },
        encoding: { x: { value: x }, y: { value: top - 5 }, y2: { value: frame.height } },
      },
      { data, mark: { type: "text", ...text }, encoding: { x: { value: x }, y: { value: top } } },
    ];
  });
}
