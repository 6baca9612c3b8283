/** From the plan of a plot and the records to a figure as data. */
import type { ResultEnvironment } from "./environment.ts";
import type { PlotPlan } from "./expression.ts";
import type { Figure } from "./figures/figure.ts";
import { plotAgainst } from "./plotAgainst.ts";
import { plotAutocorrelation } from "./plotAutocorrelation.ts";
import { plotCurves } from "./plotCurves.ts";
import { plotHistogram } from "./plotHistogram.ts";
import { estimatorBelowAt } from "./walk.ts";

export interface PlotResult {
  /** Absent where nothing can be drawn. */
  readonly figure?: Figure;
  /** What is missing from it, or why there is none. */
  readonly reasons: readonly string[];
}

/** Missing tasks and refusing theories leave gaps and reasons, never an exception. */
export function evaluatePlot(plan: PlotPlan, environment: ResultEnvironment): PlotResult {
  if (plan.undecidable !== undefined) return { reasons: [plan.undecidable] };
  const kinds = plan.expressions.map(({ expression }) => estimatorBelowAt(expression));
  if (kinds.some((kind) => kind?.estimator === "histogram")) {
    if (kinds.every((kind) => kind?.estimator === "histogram")) return plotHistogram(plan, environment);
    return { reasons: ["a histogram shares its axes with histograms only"] };
  }
  if (plan.against !== undefined) return plotAgainst(plan, plan.against, environment);
  const againstLag = kinds.every((kind) => kind?.estimator === "autocorrelation" && kind.options["lag"] === undefined);
  if (againstLag && plan.x === undefined && plan.variables.length === 0) return plotAutocorrelation(plan, environment);
  return plotCurves(plan, environment);
}
