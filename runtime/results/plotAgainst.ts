/**
 * Curves against an expression: each sweep point is drawn at the value that the expression has there, with error bars both ways, as the entropy of
 * states against their distance where a field is swept. Theories run over the first `for` variable, if there is one, else over the same points.
 */
import type { Point, ResultEnvironment } from "./environment.ts";
import { PointEvaluator } from "./evaluate.ts";
import type { LabelledExpression, PlotPlan, ResultExpression } from "./expression.ts";
import type { LineSeries, PointSeries } from "./figures/figure.ts";
import type { PlotResult } from "./plot.ts";
import { labelling } from "./plotLabels.ts";
import { listed, rangeOf } from "./plotRanges.ts";
import { pointsOf, productOf } from "./points.ts";
import type { FreeVariable } from "./points.ts";
import { theoryCurve } from "./theoryCurve.ts";
import { hasEstimator, runsOf } from "./walk.ts";

export function plotAgainst(plan: PlotPlan, xLabel: string, environment: ResultEnvironment): PlotResult {
  const reasons = new Set<string>();
  const all = [...plan.expressions, ...plan.with];
  const everything = all.flatMap(({ expression, against }) => [expression, ...(against ? [against] : [])]);
  const read = (expression: ResultExpression, at: Point, why = reasons) => {
    const found = new PointEvaluator(environment, everything, at).evaluate(expression);
    found.reasons.forEach((reason) => why.add(reason));
    return found;
  };
  const number = (expression: ResultExpression): number => read(expression, {}).value;
  const [axis, ...more] = plan.variables;
  const curves = more.map((variable) => listed(variable, number));
  const range = axis && rangeOf(axis, number);
  const isOverAxis = ({ expression }: LabelledExpression): boolean => axis !== undefined && !hasEstimator(expression);
  const freeOf = (one: LabelledExpression): readonly FreeVariable[] => {
    const own = [one.expression, one.against!];
    // What reads no run of its own goes along with the others.
    const { free, reasons: missing } = pointsOf(own, environment, curves.map(({ name }) => name), runsOf(own).length > 0 ? [] : runsOf(everything));
    missing.forEach((reason) => reasons.add(reason));
    return free;
  };
  const groupsOf = (one: LabelledExpression): readonly FreeVariable[] =>
    (isOverAxis(one) ? curves : [...curves, ...freeOf(one).filter(({ name }) => plan.by.includes(name))]);
  const { legend, label } = labelling([...new Set(all.flatMap((one) => groupsOf(one).map(({ name }) => name)))], all.length);

  const line = (one: LabelledExpression, at: Point): LineSeries => {
    let pending = false;
    const refusals = new Set<string>();
    const f = (x: number): number => {
      const found = read(one.expression, { ...at, [axis.name]: x }, refusals);
      pending ||= found.pending;
      return found.value;
    };
    const curve = range === undefined ? { x: [], y: [] } : "values" in range ? { x: range.values, y: range.values.map(f) } : theoryCurve(f, range.from, range.to, plan.log.includes("x"), () => !pending);
    // A line that has values somewhere may end where the theory does; one that has none says why.
    if (!curve.y.some(Number.isFinite)) refusals.forEach((reason) => reasons.add(reason));
    return { kind: "line", label: label(one.label, at), ...curve };
  };
  const points = (one: LabelledExpression, at: Point): LineSeries | PointSeries => {
    const along = productOf(freeOf(one).filter(({ name }) => !Object.hasOwn(at, name))).map((point) => ({ ...at, ...point }));
    const x = along.map((point) => read(one.against!, point)), y = along.map((point) => read(one.expression, point));
    const values = { label: label(one.label, at), x: x.map(({ value }) => value), y: y.map(({ value }) => value) };
    return hasEstimator(one.expression) ? { kind: "points", ...values, error: y.map(({ error }) => error), xError: x.map(({ error }) => error) } : { kind: "line", ...values };
  };
  const series = all
    .flatMap((one) => productOf(groupsOf(one)).map((at) => (isOverAxis(one) ? line : points)(one, at)))
    .filter(({ x, y }) => y.some((value, i) => Number.isFinite(value) && Number.isFinite(x[i])));
  if (series.length === 0) return { reasons: [...reasons, "it has no finite value to draw"] };
  return {
    figure: {
      name: plan.name,
      x: { label: xLabel, scale: plan.log.includes("x") ? "log" : "linear" },
      y: { label: plan.y ?? plan.expressions.map((one) => one.label).join(", "), scale: plan.log.includes("y") ? "log" : "linear" },
      ...(legend !== undefined && { legend }),
      series,
      verticals: [],
    },
    reasons: [...reasons],
  };
}
