import type { Figure, Series } from "./figure.ts";

const header = ["kind", "series", "x", "x_end", "y", "error", "count", "x_error"] as const;

/**
 * The figure's numbers, a row a value: `kind` is line, points, histogram or vertical; a histogram bin reaches from x to x_end
 * and its y is the density, with a standard error; x_error is that of an x which is an estimate. Numbers are printed so that they read back
 * exactly; a gap is an empty field.
 */
export function figureCsv(figure: Figure): string {
  const rows = [...figure.series.flatMap(seriesRows), ...figure.verticals.map(({ label, value }) => ["vertical", label, value])];
  return [header, ...rows].map((row) => header.map((_, column) => field(row[column])).join(",") + "\n").join("");
}

type Row = readonly (string | number | undefined)[];

function seriesRows(series: Series): Row[] {
  const { kind, label } = series;
  switch (kind) {
    case "line":
      return series.x.map((x, i) => [kind, label, x, undefined, series.y[i]]);
    case "points":
      return series.x.map((x, i) => [kind, label, x, undefined, series.y[i], series.error?.[i], undefined, series.xError?.[i]]);
    case "histogram":
      return series.density.map((density, i) => [kind, label, series.edges[i], series.edges[i + 1], density, series.error?.[i], series.count?.[i]]);
  }
}

function field(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
