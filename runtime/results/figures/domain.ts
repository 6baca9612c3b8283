import type { Axis, Figure, Series } from "./figure.ts";

/** The interval an axis shows, low end first. */
export type Domain = readonly [low: number, high: number];

/** The interval of the x axis: curves reach the frame, points, bins and reference lines keep a little distance from it. */
export function xDomain(figure: Figure): Domain {
  const drawn = (series: Series): readonly number[] => drawnX(series, figure.x.scale === "log");
  const curves = extent(figure.series.filter((series) => series.kind === "line").flatMap(drawn));
  const marks = extent([
    ...figure.series.filter((series) => series.kind !== "line").flatMap(drawn),
    ...figure.verticals.map((vertical) => vertical.value),
  ]);
  const padded = marks && pad(marks, figure.x.scale, 0.03, curves);
  const domain = extent([...(curves ?? []), ...(padded ?? [])])!;
  return !isSingleValue(domain) ? domain : pad(domain, figure.x.scale, 0.03);
}

/** The interval of the y axis: all drawn values and error bars with some air, but none below bins that stand on zero. */
export function yDomain(figure: Figure): Domain {
  const logarithmic = figure.y.scale === "log";
  const values = figure.series.flatMap((series) => drawnY(series, logarithmic)).filter((value) => !logarithmic || value > 0);
  const whole = extent(values) ?? [0.1, 1]; // only empty bins on a log axis: any frame will do
  const padded = pad(whole, figure.y.scale, 0.05);
  // Bins stand on the frame; without bins, a curve or point at exactly zero would be lost in it.
  const standing = !logarithmic && whole[0] === 0 && figure.series.some((series) => series.kind === "histogram");
  return standing ? [0, padded[1]] : padded;
}

/** Where a value lies on an axis: 0 at its low end, 1 at its high end. */
export function position(value: number, scale: Axis["scale"], [low, high]: Domain): number {
  return scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

function drawnX(series: Series, logarithmic: boolean): readonly number[] {
  if (series.kind === "histogram") return series.edges;
  return series.x.flatMap((x, i) => (Number.isFinite(x) && Number.isFinite(series.y[i]) ? reach(x, series.kind === "points" ? series.xError?.[i] : undefined, logarithmic) : []));
}

function drawnY(series: Series, logarithmic: boolean): readonly number[] {
  if (series.kind === "histogram") return [0, ...series.density.filter(Number.isFinite)];
  return series.y.flatMap((y, i) => (Number.isFinite(y) && Number.isFinite(series.x[i]) ? reach(y, series.kind === "points" ? series.error?.[i] : undefined, logarithmic) : []));
}

/** The ends of an error bar. On a log axis one that all but reaches zero would claim every decade below; a tenth of the value shows as much. */
function reach(value: number, half: number | undefined, logarithmic: boolean): readonly number[] {
  if (half === undefined || !Number.isFinite(half)) return [value];
  return [logarithmic ? Math.max(value - half, value / 10) : value - half, value + half];
}

function extent(values: readonly number[]): Domain | undefined {
  if (values.length === 0) return undefined;
  // Not Math.min(...values): a long curve would overflow the argument list.
  return values.reduce<Domain>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** Widens a domain by a fraction of the wider of itself and `reference`, in the space of the scale. */
function pad(domain: Domain, scale: Axis["scale"], fraction: number, reference: Domain = domain): Domain {
  // A single value has no width of its own to take a fraction of.
  const single = isSingleValue(domain) && isSingleValue(reference);
  if (scale === "log") {
    const decades = Math.max(Math.log10(domain[1] / domain[0]), Math.log10(reference[1] / reference[0]));
    const factor = 10 ** (single ? 0.3 : fraction * decades);
    return [domain[0] / factor, domain[1] * factor];
  }
  const air = single ? Math.abs(domain[0]) * 0.1 || 1 : fraction * Math.max(domain[1] - domain[0], reference[1] - reference[0]);
  return [domain[0] - air, domain[1] + air];
}

/** One value up to rounding: an axis that resolved rounding errors would show structure that is not there. */
function isSingleValue([low, high]: Domain): boolean {
  return high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high));
}
