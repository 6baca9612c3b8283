import type { NumberEstimator, Unit } from "./estimator.ts";
import { pooledMoments, unitMoments } from "./moments.ts";

export const correlation: NumberEstimator = {
  name: "correlation",
  doc: "Pearson correlation of two quantities over time, starts and samples together; it is undefined where one of them doesn't vary.",
  arguments: [
    { name: "x", doc: "expression of observables", kind: "number" },
    { name: "y", doc: "expression of observables of the same records", kind: "number" },
  ],
  options: [],
  result: "number",
  error: "jackknife",
  prepare: ({ units }) => {
    const x = unitMoments(units, 0);
    const y = unitMoments(units, 1);
    const products = units.map((unit, u) => product(unit, x[u].mean, y[u].mean));
    return (multiplicity) => {
      const pooledX = pooledMoments(x, multiplicity);
      const pooledY = pooledMoments(y, multiplicity);
      let covariance = 0;
      products.forEach((within, u) => {
        if (multiplicity[u] === 0 || x[u].count === 0) return;
        covariance += multiplicity[u] * (within + x[u].count * (x[u].mean - pooledX.mean) * (y[u].mean - pooledY.mean));
      });
      return covariance / Math.sqrt(pooledX.squares * pooledY.squares);
    };
  },
};

function product(unit: Unit, meanX: number, meanY: number): number {
  const [x, y] = unit.values;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (unit.weights?.[i] ?? 1) * (x[i] - meanX) * (y[i] - meanY);
  return sum;
}
