/** What plots and tables show, from text to numbers: means and errors of exact sums, curves of a theory over a range, bins of a histogram; and which observables a run records. */
import { beforeAll, expect, test } from "vitest";
import { theoryOracle } from "../../compiler/theory/theoryOracle.ts";
import { evaluatePlot } from "../../runtime/results/plot.ts";
import { evaluateTable } from "../../runtime/results/table.ts";
import type { ResultEnvironment } from "../../runtime/results/environment.ts";
import { compileText } from "./compileModel.ts";
import { runText } from "./runText.ts";

const text = `model Free(N = 4, h = 0.5) {
  state      s[i in N] : spin
  energy     H = -h * sum(s)
  observable m = mean(s)
  observable unseen = s[1]
}
theory Mean(h = 0.5, T = 1) {
  order       m in (-1, 1) = 0.3
  free_energy f = (m - tanh(h / T))^2
  saddle      f over m
}
run Exact of Free {
  sweep   h in [0.5, 1]
  sweep   T in [0.5, 2]
  record  m
  measure enumerate(T)
}
run Walk of Free { starts 4  measure heat_bath(T = 2) for 500 sweeps every 1 }
plot mean(Exact.m) vs T by h with Mean.m
plot Mean.m(T = t, h = b) for t in 1..2, b in [0.5, 1]
plot histogram(Walk.m, bins = 5)
table Exact: h, T, mean(m), variance(H) / T^2
`;
const { plots, tables, theories, models } = compileText(text);
let environment: ResultEnvironment;
beforeAll(async () => {
  const outcomes = await runText(text);
  environment = { runs: new Map(Object.entries(outcomes)), theory: theoryOracle(theories, models) };
});
const figure = (k: number) => evaluatePlot(plots[k]!, environment).figure!;

test("points of a sweep with a curve for each group beside them", () => {
  const { series } = figure(0);
  const points = series.filter((s) => s.kind === "points");
  expect(points.map((s) => [...s.x])).toEqual([[0.5, 2], [0.5, 2]]);
  points.forEach((s, k) => { s.y.forEach((y, n) => { expect(y).toBeCloseTo(Math.tanh([0.5, 1][k]! / s.x[n]!), 12); }); });
  const lines = series.filter((s) => s.kind === "line");
  expect(lines).toHaveLength(2);
  lines.forEach((s, k) => { s.y.forEach((y, n) => { expect(y).toBeCloseTo(Math.tanh([0.5, 1][k]! / s.x[n]!), 6); }); });
});

test("a curve over a range, one for each further value", () => {
  const lines = figure(1).series.filter((s) => s.kind === "line");
  expect(lines).toHaveLength(2);
  lines.forEach((s, k) => {
    expect([s.x[0], s.x.at(-1)]).toEqual([1, 2]);
    s.y.forEach((y, n) => { expect(y).toBeCloseTo(Math.tanh([0.5, 1][k]! / s.x[n]!), 6); });
  });
});

// The shares of 2000 draws of mean spins are within 5 standard deviations of binomial ones: a false alarm in 10^6 for each of five.
test("a histogram has the share of the records in each of its bins", () => {
  const [bins] = figure(2).series.filter((s) => s.kind === "histogram");
  expect(bins!.density).toHaveLength(5);
  const up = 1 / (1 + Math.exp(-0.5));
  const widths = bins!.density.map((_, k) => bins!.edges[k + 1]! - bins!.edges[k]!);
  expect(bins!.density.reduce((sum, d, k) => sum + d * widths[k]!, 0)).toBeCloseTo(1, 12);
  const shares = [1, 4, 6, 4, 1].map((ways, k) => ways * up ** k * (1 - up) ** (4 - k));
  shares.forEach((p, k) => { expect(Math.abs(bins!.density[k]! * widths[k]! - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 2000)); });
});

test("a table has a row for each point, without error where sums are exact", () => {
  const { rows, columns } = evaluateTable(tables[0]!, environment);
  expect(columns).toEqual(["h", "T", "mean(m)", "variance(H) / T^2"]);
  expect(rows).toHaveLength(4);
  for (const { cells } of rows) {
    const [h, T] = [cells[0]!.value, cells[1]!.value];
    expect(cells[2]!.value).toBeCloseTo(Math.tanh(h / T), 12);
    expect(cells[3]!.value).toBeCloseTo((4 * h ** 2 * (1 - Math.tanh(h / T) ** 2)) / T ** 2, 12);
    expect(cells.map((c) => c.error)).toEqual([0, 0, 0, 0]);
  }
});

test("a run records what it is told to, and the energy", () => {
  expect(Object.keys(environment.runs.get("Exact")!.tasks[0]!.values).sort()).toEqual(["H", "m"]);
  expect(Object.keys(environment.runs.get("Walk")!.tasks[0]!.values).sort()).toEqual(["H", "m", "unseen"]);
});
