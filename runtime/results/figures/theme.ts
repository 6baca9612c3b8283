import { fontFamily } from "./font.ts";

/** The frame without axis labels and legend; with them a figure is about 520 by 340. */
export const frame = { width: 440, height: 280 } as const;

export const ink = "#222222";
export const fontSize = { label: 11, title: 13 } as const;

const quiet = "#555555";

/** The look of every figure, as a Vega-Lite configuration: black on white, a thin frame, no grid. */
export const theme = {
  background: "white",
  font: fontFamily,
  padding: 10,
  // A spoken label for every mark would make the file several times larger; the page that shows a figure describes it.
  aria: false,
  view: { stroke: quiet, strokeWidth: 0.8 },
  title: { color: ink, fontSize: fontSize.title + 1, fontWeight: "normal", anchor: "middle" },
  axis: {
    domain: false,
    grid: false,
    labelColor: ink,
    labelFontSize: fontSize.label,
    labelFlush: false,
    labelOverlap: false,
    labelPadding: 4,
    tickColor: quiet,
    tickWidth: 0.8,
    titleColor: ink,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  legend: {
    labelColor: ink,
    labelFontSize: fontSize.label,
    labelOffset: 8,
    offset: 14,
    rowPadding: 4,
    titleColor: ink,
    titleFontSize: fontSize.title - 1,
    titleFontWeight: "normal",
  },
} as const;
