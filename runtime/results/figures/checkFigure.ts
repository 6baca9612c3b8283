import type { Axis, Figure, Series } from "./figure.ts";

/** Why the figure cannot be drawn, in words for the author of the spec; undefined when it can. */
export function checkFigure(figure: Figure): string | undefined {
  const reason =
    checkName(figure.name) ??
    firstReason(figure.series, checkLengths) ??
    checkSomethingToDraw(figure) ??
    checkLogAxis("x", figure.x, figure) ??
    checkLogAxis("y", figure.y, figure);
  return reason === undefined ? undefined : `figure "${figure.name}": ${reason}`;
}

function checkName(name: string): string | undefined {
  // The name becomes a file name: nothing that could leave the folder or that a file system refuses.
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name) ? undefined : "a name may hold letters, digits, '.', '_' and '-' only";
}

function checkLengths(series: Series): string | undefined {
  const where = `series "${series.label}"`;
  if (series.kind === "histogram") {
    if (series.edges.length !== series.density.length + 1) {
      return `${where} has ${series.edges.length} edges for ${series.density.length} bins`;
    }
    if (series.count !== undefined && series.count.length !== series.density.length) {
      return `${where} has ${series.count.length} counts for ${series.density.length} bins`;
    }
    return series.edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > series.edges[i - 1]!))
      ? undefined
      : `${where} has bin edges that do not increase`;
  }
  if (series.x.length !== series.y.length) return `${where} has ${series.x.length} x values for ${series.y.length} y values`;
  if (series.kind === "points") {
    const errors = [series.error, series.xError].find((list) => list !== undefined && list.length !== series.y.length);
    if (errors) return `${where} has ${errors.length} errors for ${series.y.length} values`;
  }
  return undefined;
}

function checkSomethingToDraw(figure: Figure): string | undefined {
  const vertical = figure.verticals.find((candidate) => !Number.isFinite(candidate.value));
  if (vertical !== undefined) return `the vertical line "${vertical.label}" is at ${vertical.value}`;
  const drawable = figure.series.some((series) =>
    series.kind === "histogram"
      ? series.density.some(Number.isFinite)
      : series.y.some((y, i) => Number.isFinite(y) && Number.isFinite(series.x[i])),
  );
  return drawable ? undefined : "it has no finite value to draw";
}

function checkLogAxis(name: "x" | "y", axis: Axis, figure: Figure): string | undefined {
  if (axis.scale !== "log") return undefined;
  for (const series of figure.series) {
    const value = valuesOn(name, series).find((candidate) => candidate <= 0);
    if (value !== undefined) {
      return `the ${name} axis is logarithmic, but series "${series.label}" has ${axis.label} = ${value}`;
    }
  }
  const vertical = name === "x" ? figure.verticals.find((candidate) => candidate.value <= 0) : undefined;
  return vertical && `the x axis is logarithmic, but the vertical line "${vertical.label}" is at ${vertical.value}`;
}

/** The values that need a place on the axis. Gaps need none (-Infinity is a gap too), nor does the other half of a gap. */
function valuesOn(name: "x" | "y", series: Series): readonly number[] {
  if (series.kind === "histogram") {
    // An empty bin is no observation, not the value zero: on a log axis the outline drops to the floor there.
    return name === "x" ? series.edges : series.density.filter((density) => Number.isFinite(density) && density !== 0);
  }
  const drawn = series.y.map((y, i) => Number.isFinite(y) && Number.isFinite(series.x[i]));
  return (name === "x" ? series.x : series.y).filter((_, i) => drawn[i]);
}

function firstReason<T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const reason = check(item);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
