import type { FactorTerm } from "../model.ts";
import { logGaussCdf } from "../special/gaussian.ts";

/** Of each factor: log Z = log E exp(−E(ω + √V z)/T) over a standard normal z, its first and second derivative by ω, and the mean energy. */
export interface FieldAverages {
  readonly logZ: Float64Array;
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
  readonly energy: Float64Array;
}

/** Half the number of nodes, and their distance in standard deviations, for factors that are no steps: the trapezoidal rule to 8 of them. */
const nodes = 40;
const distance = 0.2;

/** Fields at which a factor is asked whether it is a quadratic function. */
const probes = [-2, -1, 0, 1, 2, 3.5];

/** Computes the averages of all factors of a term in field form, at means ω and variances V of their fields. */
export function createFieldAverages({ energies, present, field, run }: FactorTerm): { readonly averages: FieldAverages; readonly compute: (means: Float64Array, variances: Float64Array, T: number) => void } {
  const P = energies.length;
  if (!field) throw new Error("internal: a term without a field");
  const averages = { logZ: new Float64Array(P), slope: new Float64Array(P), curvature: new Float64Array(P), energy: new Float64Array(P) };
  const atValue = (value: number): Float64Array => {
    field.values.fill(value);
    run();
    return energies.slice();
  };
  const violated = atValue(-1), satisfied = atValue(1);

  /** Closed form: Z = w₋ Φ(−x) + w₊ Φ(x), x = ω/√V. At T = 0 only what has energy 0 has weight. */
  const step = (means: Float64Array, variances: Float64Array, T: number): void => {
    const logWeight = (e: number): number => {
      if (T > 0) return T === Infinity ? 0 : -e / T;
      if (e < -1e-12) throw new Error("message passing at T = 0 counts the states without violated factors: every factor of the energy must be 0 where it is satisfied and positive where not");
      return e <= 1e-12 ? 0 : -Infinity;
    };
    for (let a = 0; a < P; a++) {
      const sd = Math.sqrt(Math.max(variances[a], 1e-300));
      const x = means[a] / sd;
      const low = logWeight(violated[a]) + logGaussCdf(-x), high = logWeight(satisfied[a]) + logGaussCdf(x);
      const largest = Math.max(low, high);
      const logZ = largest + Math.log(Math.exp(low - largest) + Math.exp(high - largest));
      // ∂Z/∂x = (w₊ − w₋) φ(x), and φ' = −x φ.
      const logDensity = -0.5 * x * x - 0.5 * Math.log(2 * Math.PI);
      const g = Math.exp(logWeight(satisfied[a]) + logDensity - logZ) - Math.exp(logWeight(violated[a]) + logDensity - logZ);
      averages.logZ[a] = logZ;
      averages.slope[a] = g / sd;
      averages.curvature[a] = (-x * g - g * g) / sd / sd;
      averages.energy[a] = violated[a] * Math.exp(low - logZ) + satisfied[a] * Math.exp(high - logZ);
    }
  };

  const [, minus, zero, plus] = probes.map(atValue) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const slope0 = plus.map((e, a) => (e - minus[a]) / 2), curvature0 = plus.map((e, a) => e + minus[a] - 2 * zero[a]);
  const isQuadratic = !field.isStep && probes.every((h) => atValue(h).every((e, a) => Math.abs(zero[a] + slope0[a] * h + (curvature0[a] * h * h) / 2 - e) <= 1e-11 * (Math.abs(e) + Math.abs(curvature0[a]) + 1)));
  /** Closed form: E = e + b h + c h²/2 has log Z = −e/T − (b ω + c ω²/2 − b² V/2T) / T s − log(s) / 2 with s = 1 + c V/T. */
  const gaussian = (means: Float64Array, variances: Float64Array, T: number): void => {
    if (T === 0) throw new Error("message passing at T = 0 needs factors that are 0 where they are satisfied and 1 where not; these depend smoothly on their fields: give a positive T");
    const beta = T === Infinity ? 0 : 1 / T;
    for (let a = 0; a < P; a++) {
      const [e, b, c, V, omega] = [zero[a], beta * slope0[a], beta * curvature0[a], Math.max(variances[a], 0), means[a]];
      const s = 1 + c * V;
      if (!(s > 0)) throw new Error("a factor of the energy falls so fast with its field that its average diverges");
      averages.logZ[a] = -beta * e - (b * omega + (c * omega * omega) / 2 - (b * b * V) / 2) / s - Math.log(s) / 2;
      averages.slope[a] = -(b + c * omega) / s;
      averages.curvature[a] = -c / s;
      // Under the weight the field has this mean, and the variance V / s.
      const mean = (omega - b * V) / s;
      averages.energy[a] = e + slope0[a] * mean + (curvature0[a] * (mean * mean + V / s)) / 2;
    }
  };

  const numbers = (): Float64Array => new Float64Array(P);
  const largest = numbers(), total = numbers(), first = numbers(), second = numbers(), mean = numbers();
  const quadrature = (means: Float64Array, variances: Float64Array, T: number): void => {
    if (T === 0) throw new Error("message passing at T = 0 needs factors that are 0 where they are satisfied and 1 where not; these depend smoothly on their fields: give a positive T");
    largest.fill(-Infinity);
    for (const array of [total, first, second, mean]) array.fill(0);
    for (let k = -nodes; k <= nodes; k++) {
      const z = k * distance;
      for (let a = 0; a < P; a++) field.values[a] = means[a] + Math.sqrt(Math.max(variances[a], 0)) * z;
      run();
      for (let a = 0; a < P; a++) {
        const log = -0.5 * z * z - (T === Infinity ? 0 : energies[a] / T);
        if (log > largest[a]) {
          const shrink = Math.exp(largest[a] - log);
          largest[a] = log;
          total[a] *= shrink; first[a] *= shrink; second[a] *= shrink; mean[a] *= shrink;
        }
        const w = Math.exp(log - largest[a]);
        total[a] += w; first[a] += w * z; second[a] += w * z * z; mean[a] += w * energies[a];
      }
    }
    for (let a = 0; a < P; a++) {
      const V = Math.max(variances[a], 1e-300);
      const [z, zz] = [first[a] / total[a], second[a] / total[a]];
      averages.logZ[a] = largest[a] + Math.log((total[a] * distance) / Math.sqrt(2 * Math.PI));
      averages.slope[a] = z / Math.sqrt(V);
      averages.curvature[a] = (zz - 1 - z * z) / V;
      averages.energy[a] = mean[a] / total[a];
    }
  };
  return {
    averages,
    compute: (means, variances, T) => {
      (field.isStep ? step : isQuadratic ? gaussian : quadrature)(means, variances, T);
      for (let a = 0; a < P; a++) if (present[a] === 0) averages.logZ[a] = averages.slope[a] = averages.curvature[a] = averages.energy[a] = 0;
    },
  };
}
