import type { Figure, Series } from "./figure.ts";

/** How one series looks; series with the same label look the same. */
export interface SeriesStyle {
  readonly color: string;
  /** Dash lengths of its curve; empty for a solid one. */
  readonly dash: readonly number[];
  /** Symbol of its points, a Vega shape name. */
  readonly shape: string;
  /** The same symbol for the legend, as a path that leaves room for a line on both sides. */
  readonly path: string;
  /** Area of the symbol in square pixels, such that all shapes look equally large. */
  readonly size: number;
}

/** The palette of Okabe and Ito, which all common kinds of colour vision tell apart; its yellow is too faint on white. */
const colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"] as const;
const symbols = [
  { shape: "circle", size: 48, path: "M0.45,0A0.45,0.45,0,1,1,-0.45,0A0.45,0.45,0,1,1,0.45,0Z" },
  { shape: "square", size: 42, path: "M-0.4,-0.4L0.4,-0.4L0.4,0.4L-0.4,0.4Z" },
  { shape: "triangle-up", size: 62, path: "M0,-0.45L0.45,0.35L-0.45,0.35Z" },
  { shape: "diamond", size: 64, path: "M0,-0.6L0.45,0L0,0.6L-0.45,0Z" },
  { shape: "triangle-down", size: 62, path: "M0,0.45L0.45,-0.35L-0.45,-0.35Z" },
  {
    shape: "cross",
    size: 64,
    path: "M-0.5,-0.1L-0.1,-0.1L-0.1,-0.5L0.1,-0.5L0.1,-0.1L0.5,-0.1L0.5,0.1L0.1,0.1L0.1,0.5L-0.1,0.5L-0.1,0.1L-0.5,0.1Z",
  },
] as const;
const dashes = [[], [7, 3], [2, 2.5], [7, 3, 2, 3]] as const;

/** The style of each label, in order of first appearance: colours first, then the same colours with other dashes. */
export function seriesStyles(figure: Figure): ReadonlyMap<string, SeriesStyle> {
  const labels = [...new Set(figure.series.map((series) => series.label))];
  return new Map(
    labels.map((label, i) => [
      label,
      {
        color: colors[i % colors.length]!,
        dash: dashes[Math.floor(i / colors.length) % dashes.length]!,
        ...symbols[i % symbols.length]!,
      },
    ]),
  );
}

/** The kinds drawn under one label: what its legend entry has to show. */
export function kindsOf(figure: Figure, label: string): ReadonlySet<Series["kind"]> {
  return new Set(figure.series.filter((series) => series.label === label).map((series) => series.kind));
}
