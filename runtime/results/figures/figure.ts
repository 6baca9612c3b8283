/** A figure as data: what `plot` produces, before anything decides how it looks. */
export interface Figure {
  /** File name without extension: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Title of the legend: the name of the variable whose values the labels are (`k`, `N`). */
  readonly legend?: string;
  /** Series with the same label share a colour and one legend entry: the theory and the simulation of one system. */
  readonly series: readonly Series[];
  /** Labelled reference values on the x axis. */
  readonly verticals: readonly Vertical[];
}

/** One axis; the unit is printed after the label in parentheses. */
export interface Axis {
  readonly label: string;
  readonly unit?: string;
  readonly scale: "linear" | "log";
}

/** A reference value on the x axis, drawn as a vertical line. */
export interface Vertical {
  readonly label: string;
  readonly value: number;
}

export type Series = LineSeries | PointSeries | HistogramSeries;

/** Theory: a curve through its points in the order given (branches may fold back). Non-finite values are gaps. */
export interface LineSeries {
  readonly kind: "line";
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Simulation: a point with its standard error for each x, which is an estimate too where it has errors. A non-finite y is no point, a non-finite error no bar. */
export interface PointSeries {
  readonly kind: "points";
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly error?: readonly number[];
  readonly xError?: readonly number[];
}

/** Bin i lies between edges i and i + 1 and has density i, with a standard error; `count` is how many samples fell in it. */
export interface HistogramSeries {
  readonly kind: "histogram";
  readonly label: string;
  readonly edges: readonly number[];
  readonly density: readonly number[];
  readonly error?: readonly number[];
  readonly count?: readonly number[];
}

/** A value, or the reason there is none, worded for the author of the spec. */
export type FigureResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };
