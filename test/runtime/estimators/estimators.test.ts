import { describe, expect, test } from "vitest";
import { binning } from "../../../runtime/estimators/binning.ts";
import { chiSquareOnePercent } from "../../../runtime/estimators/chiSquare.ts";
import { convergence } from "../../../runtime/estimators/convergence.ts";
import type { Unit } from "../../../runtime/estimators/estimator.ts";
import { resampling } from "../../../runtime/estimators/fold.ts";
import { histogramEdges, histogramOf } from "../../../runtime/estimators/histogram.ts";
import { estimators } from "../../../runtime/estimators/index.ts";
import { probVariance } from "../../../runtime/estimators/prob.ts";
import { Stream } from "../../../runtime/random/index.ts";

const unit = (...values: number[][]): Unit => ({ values: values.map((list) => Float64Array.from(list)), lengths: [values[0].length] });
const of = (name: string, units: Unit[], options = {}, separate = false, multiplicity = units.map(() => 1)) => {
  const estimator = estimators[name];
  if (estimator.result !== "number") throw new Error(`${name} is no number`);
  return resampling(estimator.fold(options), { units, separate })(multiplicity);
};

test("every entry stands under its own name and is documented", () => {
  for (const [name, entry] of Object.entries(estimators)) {
    expect(entry.name).toBe(name);
    expect(entry.doc).toMatch(/\.$/);
    expect(entry.arguments.length).toBeGreaterThan(0);
  }
});

describe("values", () => {
  test("quantiles interpolate between order statistics (Hyndman-Fan 7, as R and NumPy)", () => {
    const data = [unit([7, 1]), unit([3, 10])];
    // numpy.quantile([1, 3, 7, 10], [0, 0.1, 0.5, 0.9, 1]) = [1, 1.6, 5, 9.1, 10]
    expect([0, 0.1, 0.5, 0.9, 1].map((q) => of("quantile", data, { q }))).toEqual([1, 1.6, 5, 9.1, 10].map((x) => expect.closeTo(x, 12)));
    expect([of("median", data), of("min", data), of("max", data)]).toEqual([5, 1, 10]);
    // A unit that is taken three times: 1 1 1 7 7 7.
    expect(of("median", data, {}, false, [3, 0])).toBe(4);
    expect(of("quantile", data, { q: 0.4 }, false, [3, 0])).toBe(1);
    expect(of("median", [unit([1, NaN])])).toBeNaN();
  });

  test("variance within samples, or of all; autocorrelation apart from differences between samples", () => {
    const data = [unit([0, 2]), unit([10, 14])];
    expect(of("variance", data, {}, true)).toBe((2 + 8) / 2);
    expect(of("variance", data, {}, false)).toBeCloseTo((6.5 ** 2 + 4.5 ** 2 + 3.5 ** 2 + 7.5 ** 2) / 3, 12);
    const alternating = [unit([1, -1, 1, -1, 1, -1]), unit([101, 99, 101, 99, 101, 99])];
    expect([0, 1, 2].map((lag) => of("autocorrelation", alternating, { lag }, true))).toEqual([1, -1, 1]);
    // Lags never reach from one start to the next.
    expect(of("autocorrelation", [{ values: [Float64Array.of(1, -1, -1, 1)], lengths: [2, 2] }], { lag: 1 }, true)).toBe(-1);
  });

  test("correlation of a line is one, also pooled over units", () => {
    const data = [unit([1, 2, 4], [3, 5, 9]), unit([-1, 0], [-1, 1])];
    expect(of("correlation", data)).toBeCloseTo(1, 14);
    expect(of("correlation", [unit([1, 2, 3], [2, 1, 4])])).toBeCloseTo(2 / Math.sqrt(2 * (14 / 3)), 14);
    expect(of("correlation", [unit([1, 1], [2, 3])])).toBeNaN();
  });

  test("a histogram counts every value once, and its areas sum to 1", () => {
    const edges = histogramEdges(0, 1, 10);
    const values = [Float64Array.of(0, 0.1, 0.2, 0.3, 0.6, 0.7, 1), Float64Array.of(0.05, 0.999)];
    const binned = (parts: Float64Array[], at: readonly number[]) => histogramOf({ units: parts.map((part) => ({ values: [part], lengths: [part.length] })), separate: false }, at);
    const { count, density } = binned(values, edges);
    expect(count).toEqual([2, 1, 1, 1, 0, 0, 1, 1, 0, 2]);
    expect(density.reduce((sum, d, i) => sum + d * (edges[i + 1] - edges[i]), 0)).toBeCloseTo(1, 12);
    expect(binned(values, histogramEdges(0, 0.5, 5)).density.reduce((sum, d) => sum + d * 0.1, 0)).toBeCloseTo(5 / 9, 12);
    expect(binned([Float64Array.of(3, 3)], histogramEdges(3, 3, 4)).count).toEqual([0, 0, 2, 0]);
  });

  test("the error of a share: independent outcomes, clusters, and the ends", () => {
    expect(probVariance(0.5, 100, 100, 0.25 / 99)).toBeCloseTo(0.25 / 104, 14);
    expect(probVariance(0, 10, 10, 0)).toBeCloseTo(((2 / 14) * (12 / 14)) / 14, 14);
    // Ten identical starts in each of ten samples are ten outcomes.
    expect(probVariance(0.5, 100, 10, 0.25 / 9)).toBeCloseTo(0.25 / 14, 14);
    // A hundred starts that know nothing of their samples are a hundred.
    expect(probVariance(0.5, 100, 10, 0.25 / 100)).toBeCloseTo(0.25 / 104, 14);
  });
});

describe("chains", () => {
  const white = (address: number, length: number) => {
    const values = new Float64Array(length);
    new Stream(["test chains", address]).normals(values, 0);
    return values;
  };
  /** x ← a x + sqrt(1 − a²) ξ, stationary: its autocorrelation time is (1 + a)/(1 − a). */
  const autoregressive = (address: number, length: number, a: number) => {
    const noise = white(address, length);
    for (let i = 1; i < length; i++) noise[i] = a * noise[i - 1] + Math.sqrt(1 - a * a) * noise[i];
    return noise;
  };

  test("chi-square of one per cent", () => {
    // Tables: 6.635, 9.210, 15.086, 23.209, 37.566 for 1, 2, 5, 10, 20 degrees of freedom.
    const exact: [number, number][] = [[1, 6.635], [2, 9.21], [5, 15.086], [10, 23.209], [20, 37.566]];
    for (const [freedom, value] of exact) expect(Math.abs(chiSquareOnePercent(freedom) / value - 1)).toBeLessThan(0.02);
  });

  test("blocks are longer than the correlations", () => {
    const slow = binning(autoregressive(1, 2 ** 14, 0.95));
    expect(slow.plateau).toBe(true);
    expect(2 ** 14 / slow.blocks).toBeGreaterThanOrEqual(39);
    expect(binning(white(2, 1000)).blocks).toBeGreaterThan(100);
    expect(binning(Float64Array.from({ length: 1000 }, (_, i) => i)).plateau).toBe(false);
    expect(binning(white(3, 5))).toEqual({ blocks: 1, plateau: false });
  });

  test("autocorrelation time and R-hat", () => {
    const good = convergence([0, 1, 2, 3].map((k) => [autoregressive(10 + k, 20000, 0.8)]));
    expect(Math.abs(good.autocorrelationTime / 9 - 1)).toBeLessThan(0.1);
    expect(Math.abs(good.splitRHat - 1)).toBeLessThan(0.01);
    const apart = convergence([[white(20, 500), white(21, 500).map((x) => x + 1)]]);
    expect(apart.splitRHat).toBeGreaterThan(1.1);
    // Samples may differ as they like: that is disorder, not lack of mixing.
    expect(convergence([[white(20, 500)], [white(21, 500).map((x) => x + 100)]]).splitRHat).toBeLessThan(1.02);
  });
});
