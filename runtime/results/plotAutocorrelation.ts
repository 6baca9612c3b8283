import type { ResultEnvironment } from "./environment.ts";
import { PointEvaluator } from "./evaluate.ts";
import type { PlotPlan, ResultExpression } from "./expression.ts";
import type { PointSeries } from "./figures/figure.ts";
import type { PlotResult } from "./plot.ts";
import { labelling } from "./plotLabels.ts";
import { pointsOf } from "./points.ts";

/** Beyond a quarter of a series there is little to average over. */
const MOST_LAGS = 60;

/** Autocorrelation against the lag in records, with error bars, for each sweep point. */
export function plotAutocorrelation(plan: PlotPlan, environment: ResultEnvironment): PlotResult {
  const reasons = new Set<string>();
  const series: PointSeries[] = [];
  const ranges = plan.expressions.map(({ expression }) => pointsOf([expression], environment));
  const names = [...new Set(ranges.flatMap((range) => range.free.map((variable) => variable.name)))];
  const { legend, label } = labelling(names, plan.expressions.length);
  plan.expressions.forEach(({ label: text, expression }, e) => {
    ranges[e].reasons.forEach((reason) => reasons.add(reason));
    for (const at of ranges[e].points) {
      const evaluator = new PointEvaluator(environment, [expression], at);
      const records = evaluator.records(expression);
      const shortest = Math.min(...records.values.map((part) => part.length));
      const lags = Math.min(MOST_LAGS, Math.floor((records.values.length === 0 ? 0 : shortest) / 4));
      const x = Array.from({ length: lags + 1 }, (_, lag) => lag);
      const found = x.map((lag) => evaluator.evaluate(withLag(expression, lag)));
      [records, ...found].forEach((one) => one.reasons.forEach((reason) => reasons.add(reason)));
      series.push({ kind: "points", label: label(text, at), x, y: found.map((one) => one.value), error: found.map((one) => one.error) });
    }
  });
  if (series.length === 0) return { reasons: [...reasons] };
  return {
    figure: {
      name: plan.name,
      x: { label: "lag", unit: "records", scale: plan.log.includes("x") ? "log" : "linear" },
      y: { label: plan.expressions[0].label, scale: plan.log.includes("y") ? "log" : "linear" },
      ...(legend !== undefined && { legend }),
      series,
      verticals: [],
    },
    reasons: [...reasons],
  };
}

function withLag(expression: ResultExpression, lag: number): ResultExpression {
  if (expression.kind === "at") return { ...expression, body: withLag(expression.body, lag) };
  return expression.kind === "estimator" ? { ...expression, options: { ...expression.options, lag } } : expression;
}
