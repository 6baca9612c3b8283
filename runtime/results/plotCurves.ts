/** Curves: estimates with error bars against a sweep variable or a subscript, theories as lines over a range. */
import type { Point, ResultEnvironment } from "./environment.ts";
import { PointEvaluator } from "./evaluate.ts";
import type { LabelledExpression, PlotPlan, ResultExpression } from "./expression.ts";
import type { LineSeries, PointSeries } from "./figures/figure.ts";
import type { PlotResult } from "./plot.ts";
import { labelling } from "./plotLabels.ts";
import { integersOf, listed, rangeOf } from "./plotRanges.ts";
import type { XRange } from "./plotRanges.ts";
import { pointsOf, productOf } from "./points.ts";
import type { FreeVariable } from "./points.ts";
import { slotRange } from "./slotRange.ts";
import { theoryCurve } from "./theoryCurve.ts";
import type { Curve } from "./theoryCurve.ts";
import { hasEstimator } from "./walk.ts";

export function plotCurves(plan: PlotPlan, environment: ResultEnvironment): PlotResult {
  const reasons = new Set<string>();
  const all = [...plan.expressions, ...plan.with];
  const data = all.filter(({ expression }) => hasEstimator(expression));
  const theory = all.filter(({ expression }) => !hasEstimator(expression));
  const evaluator = (at: Point) => new PointEvaluator(environment, all.map((one) => one.expression), at);
  const number = (expression: ResultExpression): number => {
    const { value, reasons: why } = evaluator({}).evaluate(expression);
    why.forEach((reason) => reasons.add(reason));
    return value;
  };

  const variableNames = plan.variables.map((variable) => variable.name);
  const sweeps = pointsOf(data.map((one) => one.expression), environment, [...variableNames, ...(plan.x ? [plan.x.name] : [])]);
  const free = pointsOf(data.map((one) => one.expression), environment, variableNames);
  free.reasons.forEach((reason) => reasons.add(reason));
  const xName = plan.x?.name ?? plan.variables[0]?.name ?? (free.free.length === 1 ? free.free[0].name : undefined);
  if (xName === undefined) return { reasons: [...reasons, "it needs an x axis: write vs NAME or for NAME in RANGE"] };

  const bound = plan.variables.find((variable) => variable.name === xName);
  const sweep = free.free.find((variable) => variable.name === xName)
    ?? [...environment.runs.values()].flatMap((run) => run.plan.sweep).find((variable) => variable.name === xName);
  const slot = bound || sweep ? undefined : slotRange(data.map((one) => one.expression), xName, environment);
  const range: XRange | undefined = bound ? rangeOf(bound, number) : sweep ? { values: sweep.values } : slot && { values: slot };
  if (range === undefined) return { reasons: [...reasons, `${xName} has no range: it is neither swept, nor a subscript, nor bound by for`] };

  const curves = plan.variables.filter((variable) => variable.name !== xName).map((variable) => listed(variable, number));
  // Groups of the data: what is swept besides x, in the order that `by` asks for.
  const grouped = [...sweeps.free].filter((variable) => variable.name !== xName).sort((a, b) => place(plan, a) - place(plan, b));
  const names = [...curves, ...grouped].map((variable) => variable.name);
  const { legend, label } = labelling(names, data.length > 0 ? data.length : theory.length);
  const read = (one: LabelledExpression, at: Point) => {
    const found = evaluator(at).evaluate(one.expression);
    found.reasons.forEach((reason) => reasons.add(reason));
    return found;
  };

  const points = data.flatMap((one): PointSeries[] => {
    const own = pointsOf([one.expression], environment, [...variableNames, xName]).free.map((variable) => variable.name);
    return productOf([...curves, ...grouped.filter((variable) => own.includes(variable.name))]).map((at) => {
      const x = integersOf(range);
      const found = x.map((value) => read(one, { ...at, [xName]: value }));
      return { kind: "points", label: label(one.label, at), x, y: found.map((estimate) => estimate.value), error: found.map((estimate) => estimate.error) };
    });
  });
  const lines = theory.flatMap((one): LineSeries[] => {
    const refusals = new Set<string>();
    const curve = (at: Point): Curve => {
      let pending = false;
      const f = (value: number) => {
        const found = evaluator({ ...at, [xName]: value }).evaluate(one.expression);
        pending ||= found.pending;
        found.reasons.forEach((reason) => refusals.add(reason));
        return found.value;
      };
      return lineOver(range, bound !== undefined, f, plan.log.includes("x"), () => !pending);
    };
    const groups = productOf([...curves, ...grouped]);
    const found = groups.map(curve);
    // A line that has values somewhere may end where the theory does; one that has none says why.
    if (found.some(({ y }) => !y.some(Number.isFinite))) refusals.forEach((reason) => reasons.add(reason));
    // A theory that the swept groups do not change is one line, under its own name.
    const same = curves.length === 0 && found.every((other) => sameCurve(other, found[0]));
    if (same) return [{ kind: "line", label: one.label, ...found[0] }];
    const text = labelling(names, theory.length + (data.length > 0 ? data.length : 1) > 2 ? 2 : 1).label;
    return found.map((other, g) => ({ kind: "line", label: text(one.label, groups[g]), ...other }));
  });

  const series = [...lines, ...points].filter(({ y }) => y.some(Number.isFinite));
  if (series.length === 0) return { reasons: [...reasons, "it has no finite value to draw"] };
  const yLabel = plan.y ?? plan.expressions.map((one) => one.label).join(", ");
  return {
    figure: {
      name: plan.name,
      x: { label: plan.x?.label ?? xName, scale: plan.log.includes("x") ? "log" : "linear" },
      y: { label: yLabel, scale: plan.log.includes("y") ? "log" : "linear" },
      ...(legend !== undefined && { legend }),
      series,
      verticals: [],
    },
    reasons: [...reasons],
  };
}

const place = (plan: PlotPlan, variable: FreeVariable): number => {
  const position = plan.by.indexOf(variable.name);
  return position < 0 ? plan.by.length : position;
};

/**
 * A theory over the x axis. A list that was given is kept; over the values of a sweep the line is continuous if the theory has values between
 * them, else it joins them.
 */
function lineOver(range: XRange, given: boolean, f: (x: number) => number, log: boolean, settled: () => boolean): Curve {
  if (!("values" in range)) return theoryCurve(f, range.from, range.to, log, settled);
  const x = [...range.values].sort((a, b) => a - b);
  const joined = () => ({ x, y: x.map(f) });
  if (given || x.length < 2) return joined();
  const between = x.slice(1).map((value, i) => (log ? Math.sqrt(value * x[i]) : (value + x[i]) / 2));
  const allows = between.some((value) => Number.isFinite(f(value)) || !settled());
  if (!settled()) return { x: [], y: [] };
  return allows ? theoryCurve(f, x[0], x[x.length - 1], log, settled) : joined();
}

const sameCurve = (a: Curve, b: Curve): boolean =>
  a.y.length === b.y.length && a.y.every((y, i) => Object.is(y, b.y[i]) && a.x[i] === b.x[i]);
