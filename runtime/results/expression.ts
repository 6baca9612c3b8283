/**
 * Expressions of claims, plots, tables and stop conditions, after checking: a typed tree that is evaluated against the
 * records of runs and the predictions of theories. `observable` stands only below an `estimator` (or in a stop condition);
 * a nested estimator acts within each disorder sample, the outermost over samples (LANGUAGE.md, "Estimators").
 */
export type ResultExpression =
  | { readonly kind: "constant"; readonly value: number }
  /** A variable bound by `root`, `for` or `vs`, or a sweep variable or parameter of the runs in scope. */
  | { readonly kind: "variable"; readonly name: string }
  /** A parameter or sweep variable of a named run: `R.N`. */
  | { readonly kind: "runParameter"; readonly run: string; readonly name: string }
  /** An operator of the compiler's table, with its value; truth values are 0 and 1. */
  | { readonly kind: "apply"; readonly operator: string; readonly value: (...x: number[]) => number; readonly arguments: readonly ResultExpression[] }
  | { readonly kind: "observable"; readonly run: string; readonly name: string; readonly subscripts: readonly ResultExpression[] }
  | { readonly kind: "estimator"; readonly estimator: string; readonly runs: readonly string[]; readonly arguments: readonly ResultExpression[]; readonly options: Readonly<Record<string, number | ResultExpression>> }
  | { readonly kind: "at"; readonly body: ResultExpression; readonly values: readonly { readonly name: string; readonly value: ResultExpression }[] }
  | { readonly kind: "theory"; readonly theory: string; readonly quantity: string; readonly arguments: readonly ResultExpression[]; readonly named: Readonly<Record<string, ResultExpression>> }
  /** A Gaussian average (`from` and `to` absent) or an integral over a range, whose ends may be infinite. */
  | { readonly kind: "integral"; readonly variable: string; readonly from?: ResultExpression; readonly to?: ResultExpression; readonly body: ResultExpression }
  | { readonly kind: "root"; readonly variable: string; readonly from: ResultExpression; readonly to: ResultExpression; readonly body: ResultExpression };

export interface Claim {
  readonly text: string;
  /** Offsets into the specification. */
  readonly span: { readonly start: number; readonly end: number };
  readonly statement: ClaimStatement;
  /** Names of the runs and theories that it is about, for `--only`. */
  readonly about: readonly string[];
  /** Why it cannot be decided, when the compiler knows (a value of a sweep that `--set` took away): the verdict is "undecided". */
  readonly undecidable?: string;
}

export type ClaimStatement =
  | { readonly kind: "approximately"; readonly left: ResultExpression; readonly right: ResultExpression; readonly tolerance: ResultExpression }
  /** `a < b <= c` is two comparisons, all of which must hold. */
  | { readonly kind: "comparisons"; readonly comparisons: readonly { readonly operator: "<" | "<=" | ">" | ">=" | "==" | "!="; readonly left: ResultExpression; readonly right: ResultExpression }[] };

export interface PlotPlan {
  /** File name of the figure, from its place in the specification and what it shows. */
  readonly name: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly expressions: readonly LabelledExpression[];
  /** Text at the y axis, where it isn't that of the expressions. */
  readonly y?: string;
  /** `vs`, or the first `for` variable. */
  readonly x?: { readonly name: string; readonly label: string };
  /** The text of an expression behind `vs`, against whose values (`LabelledExpression.against`) curves are drawn; then there is no `x`. */
  readonly against?: string;
  readonly by: readonly string[];
  readonly variables: readonly PlotVariable[];
  /** `with`: further curves, or vertical lines of a histogram. */
  readonly with: readonly LabelledExpression[];
  readonly log: readonly ("x" | "y")[];
  readonly about: readonly string[];
  readonly undecidable?: string;
}
export interface LabelledExpression { readonly label: string; readonly expression: ResultExpression; readonly against?: ResultExpression }
/** `values` for a list; else a range, continuous on the x axis and the integers between on any further variable. */
export type PlotVariable =
  | { readonly name: string; readonly values: readonly ResultExpression[] }
  | { readonly name: string; readonly from: ResultExpression; readonly to: ResultExpression };

export interface TablePlan {
  readonly run: string;
  readonly columns: readonly LabelledExpression[];
  readonly about: readonly string[];
  readonly undecidable?: string;
}
