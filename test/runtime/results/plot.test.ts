import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Stream } from "../../../runtime/random/index.ts";
import type { ResultEnvironment } from "../../../runtime/results/environment.ts";
import type { PlotPlan } from "../../../runtime/results/expression.ts";
import { checkFigure } from "../../../runtime/results/figures/checkFigure.ts";
import type { HistogramSeries, LineSeries, PointSeries } from "../../../runtime/results/figures/figure.ts";
import { judgeClaim } from "../../../runtime/results/claim.ts";
import { evaluatePlot } from "../../../runtime/results/plot.ts";
import { runSummary } from "../../../runtime/results/runSummary.ts";
import { evaluateTable } from "../../../runtime/results/table.ts";
import { theoryCurve } from "../../../runtime/results/theoryCurve.ts";
import { resultsCsv, resultsJson, writeResults } from "../../../runtime/results/writeResults.ts";
import { c, compare, div, environment, est, mean, mul, o, run, theory, v } from "./build.ts";

const normals = new Stream(["test plots", 1]);
const R = run("R", { sweep: { N: [25, 50], T: [0.1, 0.2, 0.4] }, samples: 20 }, ({ sweep, sample, point }) =>
  ({ records: 1, values: { e: [sweep["T"] * 2 + 1 / sweep["N"] + 0.01 * normals.normal(point, sample)], G: [1, 2, 3, 4] } }));
const model: ResultEnvironment["theory"] = ({ quantity, arguments: [u, k], context }) => {
  if (quantity === "edge") return { value: -1.5, residual: 0, status: "exact", assumptions: [] };
  if (quantity === "complexity") return u! < -2 + 0.1 * k! ? { refused: "beyond the edge" } : { value: Math.sqrt(u! + 2 - 0.1 * k!), residual: 0, status: "exact", assumptions: [] };
  return context["T"] === undefined ? { refused: "T has no value" } : { value: 2 * context["T"], residual: 0, status: "exact", assumptions: [] };
};
const env = environment([R], model);
const plan = (part: Partial<PlotPlan>): PlotPlan => ({ name: "figure", span: { start: 0, end: 1 }, expressions: [], by: [], variables: [], with: [], log: [], about: [], ...part });
const drawn = (part: Partial<PlotPlan>, environment = env) => {
  const { figure, reasons } = evaluatePlot(plan(part), environment);
  expect(figure, reasons.join()).toBeDefined();
  expect(checkFigure(figure!)).toBeUndefined();
  return { figure: figure!, reasons };
};

test("a histogram for each group, the same bins, areas 1, vertical lines", () => {
  const { figure } = drawn({
    expressions: [{ label: "histogram(R.e, bins = 10) at (T = 0.1)", expression: { kind: "at", body: est("histogram", "R", o("R", "e"), { bins: 10 }), values: [{ name: "T", value: c(0.1) }] } }],
    by: ["N"],
    with: [{ label: "-Theory.edge", expression: mul(c(-1), theory("edge")) }],
  });
  const series = figure.series as HistogramSeries[];
  expect(series.map((one) => one.label)).toEqual(["25", "50"]);
  expect(figure).toMatchObject({ legend: "N", x: { label: "R.e" }, verticals: [{ label: "-Theory.edge", value: 1.5 }] });
  expect(series[1].edges).toEqual(series[0].edges);
  for (const { density, edges, count } of series) {
    expect(density.reduce((sum, d, i) => sum + d * (edges[i + 1] - edges[i]), 0)).toBeCloseTo(1, 12);
    expect(count!.reduce((a, b) => a + b)).toBe(20);
  }
});

test("groups of very different widths have bins of their own, unless a range is given", () => {
  const wide = run("W", { sweep: { h: [1, 2] }, samples: 50 }, ({ sweep, sample }) => ({ records: 1, values: { x: [sweep["h"] === 1 ? sample : 10 + sample / 1000] } }));
  const histogram = (options: Record<string, number>) => (drawn({ expressions: [{ label: "histogram(W.x)", expression: est("histogram", "W", o("W", "x"), options) }], by: ["h"] }, environment([wide])).figure.series as HistogramSeries[]);
  const own = histogram({ bins: 10 });
  expect(own.map(({ edges }) => [edges[0], edges.at(-1)])).toEqual([[0, 49], [10, 10.049]]);
  for (const { density, edges, count } of own) {
    expect(count).toEqual(Array(10).fill(5));
    expect(density.reduce((sum, d, i) => sum + d * (edges[i + 1]! - edges[i]!), 0)).toBeCloseTo(1, 12);
  }
  const given = histogram({ bins: 10, from: 0, to: 50 });
  expect(given[1]!.edges).toEqual(given[0]!.edges);
});

test("estimates against a sweep variable, by another, with a theory that fills the gaps", () => {
  const { figure } = drawn({
    expressions: [{ label: "mean(R.e)", expression: mean("R", "e") }], x: { name: "T", label: "T" }, by: ["N"],
    with: [{ label: "Theory.e", expression: theory("e") }], log: ["x"],
  });
  const [line, ...points] = figure.series as [LineSeries, ...PointSeries[]];
  expect(points.map((one) => one.label)).toEqual(["25", "50"]);
  expect(points[0].x).toEqual([0.1, 0.2, 0.4]);
  expect(points[0].y[2]).toBeCloseTo(0.84, 1);
  expect(points[0].error![2]).toBeGreaterThan(0.001);
  expect(line).toMatchObject({ kind: "line", label: "Theory.e" });
  expect([line.x[0], line.x.at(-1)]).toEqual([0.1, 0.4]);
  expect(line.x.length).toBeGreaterThan(90);
  line.x.forEach((x, i) => expect(line.y[i]).toBe(2 * x));
});

test("a theory over a continuous range, a curve for each integer, gaps where it refuses", () => {
  const { figure, reasons } = drawn({
    expressions: [{ label: "Theory.complexity(u, k)", expression: theory("complexity", [v("u"), v("k")]) }],
    x: { name: "u", label: "u" },
    variables: [{ name: "u", from: c(-2.5), to: c(-1) }, { name: "k", from: c(0), to: c(2) }],
  });
  const lines = figure.series as LineSeries[];
  expect(figure.legend).toBe("k");
  expect(lines.map((one) => one.label)).toEqual(["0", "1", "2"]);
  expect(reasons).toEqual([]);
  // The edge at −2 + k/10 is found to a part of 10⁻⁴ of the range.
  lines.forEach((line, k) => {
    const first = line.x[line.y.findIndex(Number.isFinite)];
    expect(first - (-2 + 0.1 * k)).toBeLessThan(3e-4);
    expect(line.x.length).toBeLessThanOrEqual(400);
  });
});

test("against an estimate of each point: errors both ways, a curve for each group, theories over their variable or along", () => {
  const expressions = [{ label: "mean(R.e^2)", expression: est("mean", "R", mul(o("R", "e"), o("R", "e"))), against: mean("R", "e") }];
  const along = { label: "Theory.e", expression: theory("e"), against: mean("R", "e") };
  const { figure } = drawn({ expressions, against: "mean(e)", by: ["N"], with: [along] });
  const [first, second, ...lines] = figure.series as [PointSeries, PointSeries, ...LineSeries[]];
  expect(figure).toMatchObject({ x: { label: "mean(e)" }, y: { label: "mean(R.e^2)" } });
  expect([first.label, second.label]).toEqual(["mean(R.e^2), N = 25", "mean(R.e^2), N = 50"]);
  first.x.forEach((x, i) => {
    expect(x).toBeCloseTo([0.24, 0.44, 0.84][i]!, 1);
    expect(first.y[i]).toBeCloseTo(x * x, 3);
    expect(first.error![i] / first.xError![i]).toBeCloseTo(2 * x, 1);
  });
  expect(lines.map((line) => line.y)).toEqual([[0.2, 0.4, 0.8], [0.2, 0.4, 0.8]]);
  expect(lines[0].x).toEqual(first.x);
  const bound = drawn({ expressions, against: "mean(e)", by: ["N"], with: [{ label: "Theory.e(T = x)", expression: theory("complexity", [v("x"), c(0)]), against: mean("R", "e") }], variables: [{ name: "x", from: c(0), to: c(1) }] });
  const curve = bound.figure.series.find((one) => one.kind === "line") as LineSeries;
  expect([curve.x[0], curve.x.at(-1)]).toEqual([0, 1]);
  curve.x.forEach((x, i) => expect(curve.y[i]).toBe(Math.sqrt(x + 2)));
});

test("an array against its subscript, whose range comes from the slot; a list for a further variable", () => {
  const { figure } = drawn({ expressions: [{ label: "mean(R.G[r])", expression: div(est("mean", "R", o("R", "G", v("r"))), c(2)) }], x: { name: "r", label: "r" }, by: ["T", "N"] });
  const series = figure.series as PointSeries[];
  expect(series).toHaveLength(6);
  expect(series[0]).toMatchObject({ x: [1, 2, 3, 4], y: [0.5, 1, 1.5, 2] });
  expect(series[1].label).toBe("T = 0.1, N = 50");
});

test("autocorrelation against the lag", () => {
  const chains = run("C", { samples: 4 }, ({ sample }) => ({ records: 400, values: { x: Array.from({ length: 400 }, (_, r) => normals.normal(300 + sample, Math.floor(r / 2))) } }));
  const { figure } = drawn({ expressions: [{ label: "autocorrelation(C.x)", expression: est("autocorrelation", "C", o("C", "x")) }] }, environment([chains]));
  const [series] = figure.series as PointSeries[];
  expect(series.y[0]).toBe(1);
  expect(series.error![0]).toBe(0);
  // Pairs of equal records: half of the neighbours are equal, the others independent.
  expect(Math.abs(series.y[1] - 0.5)).toBeLessThan(4 * series.error![1]);
  expect(Math.abs(series.y[5])).toBeLessThan(4 * series.error![5]);
});

test("plots that cannot be drawn say why", () => {
  expect(evaluatePlot(plan({ expressions: [{ label: "mean(R.e)", expression: mean("R", "e") }] }), env).reasons.join()).toMatch(/needs an x axis/);
  expect(evaluatePlot(plan({ undecidable: "no" }), env)).toEqual({ reasons: ["no"] });
  const refused = evaluatePlot(plan({ expressions: [{ label: "x", expression: theory("e") }], x: { name: "u", label: "u" }, variables: [{ name: "u", from: c(0), to: c(1) }] }), env);
  expect(refused.figure).toBeUndefined();
  expect(refused.reasons.join()).toMatch(/T has no value/);
});

test("theory curves are refined where they bend", () => {
  const { x } = theoryCurve((t) => Math.tanh(100 * t), -1, 1, false);
  const inside = x.filter((t) => Math.abs(t) < 0.05).length;
  expect(inside).toBeGreaterThan(20);
  expect(x.every((t, i) => i === 0 || t > x[i - 1])).toBe(true);
});

describe("tables and files", () => {
  const table = evaluateTable({ run: "R", columns: [{ label: "N", expression: v("N") }, { label: "T", expression: v("T") }, { label: "mean(e)", expression: mean("R", "e") }], about: ["R"] }, env);
  const claim = judgeClaim(compare(mean("R", "e"), "<", c(2)), env);

  test("a row for each point", () => {
    expect(table.rows.map((row) => row.cells.slice(0, 2).map((cell) => cell.value))).toEqual([[25, 0.1], [25, 0.2], [25, 0.4], [50, 0.1], [50, 0.2], [50, 0.4]]);
    expect(table.rows[0].cells[0].error).toBe(0);
    expect(table.rows[0].cells[2].error).toBeGreaterThan(0);
    expect(table.reasons).toEqual([]);
  });

  test("bytes are the same for the same results, whatever the order of tasks", async () => {
    const shuffled = environment([{ ...R, tasks: [...R.tasks].reverse() }], model);
    const all = (environment: ResultEnvironment) => ({ claims: [judgeClaim(compare(mean("R", "e"), "<", c(2)), environment)], tables: [table], plots: [], runs: [runSummary(environment.runs.get("R")!)] });
    expect(resultsJson(all(shuffled))).toBe(resultsJson(all(env)));
    const folder = mkdtempSync(join(tmpdir(), "quench-results-"));
    try {
      const paths = await writeResults(join(folder, "run"), all(env));
      const json = JSON.parse(readFileSync(paths[0], "utf8")) as { claims: { verdict: string; tolerance: unknown }[]; runs: { points: { finished: number }[] }[] };
      expect(json.claims[0]).toMatchObject({ verdict: "holds", tolerance: null });
      expect(json.runs[0].points.map((point) => point.finished)).toEqual([20, 20, 20, 20, 20, 20]);
      expect(readFileSync(paths[1], "utf8")).toBe(resultsCsv(all(env)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("the CSV reads back exactly, and keys are sorted", () => {
    const rows = resultsCsv({ claims: [claim], tables: [table] }).trimEnd().split("\n").map((line) => line.split(","));
    expect(rows).toHaveLength(1 + 6 * 3 + 6 * 3);
    expect(Number(rows[1][4])).toBe(claim.points[0].left);
    expect(resultsJson({ b: NaN, a: Infinity })).toBe('{\n "a": "inf",\n "b": null\n}\n');
    expect(resultsCsv({ claims: [{ ...claim, text: 'a "b", c' }], tables: [] })).toMatch(/"a ""b"", c"/);
  });
});
