/** Histograms: one for each sweep point that the expression ranges over, and vertical lines. All have the same bins, if these show each of them. */
import type { Division } from "../estimators/estimator.ts";
import { histogramEdges, histogramOf } from "../estimators/histogram.ts";
import type { Point, ResultEnvironment } from "./environment.ts";
import { PointEvaluator } from "./evaluate.ts";
import type { PlotPlan } from "./expression.ts";
import type { Vertical } from "./figures/figure.ts";
import type { PlotResult } from "./plot.ts";
import { labelling } from "./plotLabels.ts";
import { pointsOf } from "./points.ts";

const BINS = 40;
/** A histogram that lies in fewer of the common bins shows nothing but that it is narrow. */
const FEWEST = 5;

export function plotHistogram(plan: PlotPlan, environment: ResultEnvironment): PlotResult {
  const reasons = new Set<string>();
  const groups: { label: string; at: Point; values: Float64Array[]; data: Division; options: Readonly<Record<string, number>> }[] = [];
  const names = new Set<string>();
  for (const { label, expression } of plan.expressions) {
    const range = pointsOf([expression], environment);
    range.reasons.forEach((reason) => reasons.add(reason));
    range.free.forEach((variable) => names.add(variable.name));
    for (const at of range.points) {
      const { values, data, options, reasons: found } = new PointEvaluator(environment, [expression], at).records(expression);
      found.forEach((reason) => reasons.add(reason));
      groups.push({ label, at, values, data, options });
    }
  }
  const [first] = groups;
  if (first === undefined) return { reasons: [...reasons] };
  const extents = groups.flatMap(({ values }) => extentOf(values) ?? []);
  if (extents.length === 0) return { reasons: [...reasons, "there is no finite value to draw"] };
  const { bins = BINS, from = Math.min(...extents.map((e) => e.from)), to = Math.max(...extents.map((e) => e.to)) } = first.options;
  if (!(from <= to)) return { reasons: [...reasons, `the histogram's range ${from}..${to} is empty`] };
  const common = histogramEdges(from, to, bins);
  const isGiven = first.options["from"] !== undefined || first.options["to"] !== undefined;
  const shows = (e: Extent): boolean => e.from === e.to || (e.to - e.from) * bins >= FEWEST * (to - from);
  const edgesOf = (values: Float64Array[]): readonly number[] => {
    const own = extentOf(values);
    return own === undefined || own.from === own.to || isGiven || extents.every(shows) ? common : histogramEdges(own.from, own.to, bins);
  };

  const { legend, label } = labelling([...names], plan.expressions.length);
  const series = groups.filter((group) => group.values.length > 0).map((group) => {
    const edges = edgesOf(group.values);
    return { kind: "histogram" as const, label: label(group.label, group.at), edges, ...histogramOf(group.data, edges) };
  });
  return {
    figure: {
      name: plan.name,
      x: { label: argumentText(plan.expressions[0].label), scale: plan.log.includes("x") ? "log" : "linear" },
      y: { label: "density", scale: plan.log.includes("y") ? "log" : "linear" },
      ...(legend !== undefined && { legend }),
      series,
      verticals: verticals(plan, environment, groups.map((group) => group.at), reasons),
    },
    reasons: [...reasons],
  };
}

interface Extent { readonly from: number; readonly to: number }

/** Smallest and largest finite value. Not by spreading: a start may have more records than a call has arguments. */
function extentOf(values: readonly Float64Array[]): Extent | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const part of values) {
    for (const value of part) {
      if (!Number.isFinite(value)) continue;
      from = Math.min(from, value);
      to = Math.max(to, value);
    }
  }
  return from <= to ? { from, to } : undefined;
}

/** One line for each value that a `with` expression takes over the groups; mostly it is the same for all. */
function verticals(plan: PlotPlan, environment: ResultEnvironment, groups: readonly Point[], reasons: Set<string>): Vertical[] {
  return plan.with.flatMap(({ label, expression }) => {
    const found = new Map<number, Point>();
    for (const group of groups) {
      for (const at of pointsOf([expression], environment, Object.keys(group)).points) {
        const together = { ...group, ...at };
        const context = plan.expressions.map((one) => one.expression);
        const { value, reasons: why } = new PointEvaluator(environment, [expression, ...context], together).evaluate(expression);
        if (Number.isFinite(value) && !found.has(value)) found.set(value, together);
        why.forEach((reason) => reasons.add(reason));
      }
    }
    const text = labelling(Object.keys(groups[0]), 2).label;
    return [...found].map(([value, at]) => ({ label: found.size === 1 ? label : text(label, at), value }));
  });
}

/** The quantity in the text `histogram(QUANTITY, bins = 40)`. */
function argumentText(label: string): string {
  const found = /^histogram\((.*?)(?:, (?:bins|from|to) = [^()]*)?\)(?: at \(.*\))?$/.exec(label);
  return found === null ? label : found[1];
}
