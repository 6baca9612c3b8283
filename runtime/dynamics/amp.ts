import { createFieldAverages } from "../messagePassing/fieldAverages.ts";
import { readCouplings } from "../messagePassing/pairCouplings.ts";
import { createSitePriors } from "../messagePassing/sitePriors.ts";
import type { CompiledModel } from "../model.ts";
import type { Dynamics } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { damping, temperature, tolerance } from "./parameters.ts";
import { scheduleValue } from "./scheduleValue.ts";

/** Matrices of the terms' fields: coefficients on all variables, row-major factors × variables. */
function rows(model: CompiledModel): Float64Array[] {
  return model.factorGraph!.terms.filter((t) => t.field).map(({ field, energies }) => {
    const N = model.dimension;
    const matrix = new Float64Array(energies.length * N);
    field!.coefficients.forEach((part, k) => {
      const { offset, length } = model.state[k]!;
      for (let a = 0; a < energies.length; a++) matrix.set(part.subarray(a * length, (a + 1) * length), a * N + offset);
    });
    return matrix;
  });
}

/**
 * Approximate message passing for dense energies Σ_a ℓ_a(Σ_i a_i x_i + b) − Σ_(ij) (k x_i x_j + d x_i² x_j²/2) + Σ_i f_i(x_i): generalised linear models (Rangan 2011;
 * Zdeborová, Krzakala, Adv. Phys. 2016, alg. 1), low-rank and spin-glass couplings of all pairs (Thouless, Anderson, Palmer 1977 with the time indices of
 * Bolthausen 2014; Lesieur, Krzakala, Zdeborová, J. Stat. Mech. 2017, 073403).
 *
 * Variables have two values, or are real with a quadratic f. With means m and variances v, V_a = Σ a² v, ω_a = Σ a m + b − V_a g_a, then with g and g'
 * at (ω, V), K = k/T and D = d/T,
 *
 *     A_i = −Σ_a a² g'_a − Σ_j (K² v_j + D (m_j² + v_j)),   B_i = Σ_a a g_a + A⁽ᵍ⁾_i m_i + Σ_j K m_j − m_i(before) Σ_j K² v_j,
 *
 * A⁽ᵍ⁾ its first sum, and m, v are those of exp(−f/T − A x²/2 + B x). A step is one iteration; it ends when no mean changes by more than the tolerance. The
 * free energy is that of Bethe (Plefka to second order for pairs) at these fields, with the measure dx for real variables.
 */
export const amp: Dynamics = {
  name: "amp",
  doc: "Approximate message passing for dense energies: functions of sums over all variables, couplings of all pairs, terms of single variables; one mean and one variance a variable.",
  parameters: [temperature, damping, tolerance],
  needs: ["factorGraph", "dense"],
  domains: ["spin", "bit", "real"],
  units: ["steps"],
  stationary: false,
  deterministic: () => true,
  infers: true,
  quantities: ["free_energy", "entropy", "internal_energy"],
  create: (model, state, { arguments: given, amount }) => {
    const { factorGraph, dimension: N } = model;
    if (!factorGraph) throw new Error(`internal: ${model.name} was compiled without its factor graph`);
    const priors = createSitePriors(model.state, state);
    const { means, variances } = priors;
    const { first, second, linear, square } = readCouplings(factorGraph.terms.filter((t) => !t.field), priors);
    const matrices = rows(model);
    const terms = factorGraph.terms.filter((t) => t.field).map((term, k) => {
      const P = term.energies.length;
      return { P, matrix: matrices[k]!, offsets: term.field!.offsets.slice(), energies: term.energies, values: term.field!.values, run: term.run, present: term.present, omega: new Float64Array(P), variance: new Float64Array(P), slope: new Float64Array(P), ...createFieldAverages(term) };
    });
    const isDiscrete = Array.from({ length: N }, (_, i) => priors.values(i) !== undefined);
    /** Means of the iteration before; there is none before the first. */
    const previous = new Float64Array(N);
    const [A, B] = [new Float64Array(N), new Float64Array(N)];
    const now = { done: 0, converged: false };
    const energyOf = (at: Float64Array): number => {
      const ofFields = terms.reduce((sum, { P, matrix, offsets, values, energies, run, present }) => {
        for (let a = 0; a < P; a++) {
          values[a] = offsets[a];
          for (let i = 0; i < N; i++) values[a] += matrix[a * N + i] * at[i];
        }
        run();
        return sum + energies.reduce((s, e, a) => (present[a] === 0 ? s : s + e), 0);
      }, 0);
      const ofPairs = linear.reduce((sum, k, p) => sum + k * at[first[p]] * at[second[p]] + (square[p] * at[first[p]] ** 2 * at[second[p]] ** 2) / 2, 0);
      return ofFields - ofPairs + priors.energy(at);
    };
    const reference = Float64Array.from({ length: N }, (_, i) => priors.values(i)?.[1] ?? 0);
    const constant = model.energy(reference) - energyOf(reference);

    /** ω, V and the averages of all factors at the means; slopes are those of the iteration before. */
    const fieldsOfFactors = (T: number): void => {
      for (const { P, matrix, offsets, omega, variance, slope, compute } of terms) {
        for (let a = 0; a < P; a++) {
          let [mean, V] = [offsets[a], 0];
          for (let i = 0, e = a * N; i < N; i++, e++) {
            mean += matrix[e] * means[i];
            V += matrix[e] * matrix[e] * variances[i];
          }
          omega[a] = mean - V * slope[a];
          variance[a] = V;
        }
        compute(omega, variance, T);
      }
    };
    const fieldsOfVariables = (T: number): void => {
      A.fill(0);
      B.fill(0);
      for (const { P, matrix, slope, averages } of terms) {
        for (let a = 0; a < P; a++) {
          const [g, curvature] = [averages.slope[a], averages.curvature[a]];
          slope[a] = g;
          for (let i = 0, e = a * N; i < N; i++, e++) {
            B[i] += matrix[e] * g;
            A[i] -= matrix[e] * matrix[e] * curvature;
          }
        }
      }
      for (let i = 0; i < N; i++) B[i] += means[i] * A[i];
      for (let p = 0; p < linear.length; p++) {
        const [K, D, i, j] = [linear[p] / T, square[p] / T, first[p], second[p]];
        B[i] += K * means[j] - previous[i] * K * K * variances[j];
        B[j] += K * means[i] - previous[j] * K * K * variances[i];
        A[i] -= K * K * variances[j] + D * (means[j] * means[j] + variances[j]);
        A[j] -= K * K * variances[i] + D * (means[i] * means[i] + variances[i]);
      }
    };
    const step = (T: number, weight: number): number => {
      if (T === 0 && (linear.length > 0 || priors.hasTerms())) throw new Error("amp at T = 0 counts the states without violated factors, and the energy has terms of single variables or of pairs: give a positive T");
      fieldsOfFactors(T);
      fieldsOfVariables(T);
      previous.set(means);
      let change = 0;
      for (let i = 0; i < N; i++) {
        const law = priors.law(i, A[i], B[i], T);
        const m = weight * means[i] + (1 - weight) * law.mean;
        change = Math.max(change, Math.abs(m - means[i]));
        means[i] = m;
        const own = priors.values(i);
        variances[i] = own ? (own[1] - m) * (m - own[0]) : weight * variances[i] + (1 - weight) * law.variance;
        const middle = own ? (own[0] + own[1]) / 2 : 0;
        if (!own) state[i] = m;
        else if (m !== middle) state[i] = m > middle ? own[1] : own[0];
      }
      if (!Number.isFinite(change)) throw new Error("amp diverged: the fields are no numbers; a larger damping helps");
      return change;
    };
    const T = (): number => scheduleValue(given["T"]!, Math.max(0, now.done - 1), amount);
    return {
      step: () => {
        if (now.converged) return false;
        const at = scheduleValue(given["T"]!, now.done, amount);
        if (now.done === 0) {
          // Of a real variable the first variance is that of its own terms, if they have one.
          for (let i = 0; i < N; i++) if (!isDiscrete[i] && priors.curvature(i) > 0 && at > 0 && at < Infinity) variances[i] = at / priors.curvature(i);
        }
        const change = step(at, given["damping"] as number);
        now.done++;
        now.converged = typeof given["T"] === "number" && change <= (given["tolerance"] as number);
        return true;
      },
      energy: () => model.energy(state),
      memory: memoryOf(now, [means, variances, previous, A, B, ...terms.flatMap((t) => [t.slope])]),
      converged: () => now.converged || typeof given["T"] !== "number",
      marginals: () => ({ means, sites: priors.nodes() }),
      quantities: () => {
        // At a fixed point ω = Σ a m + b − V g, so that (ω − Σ a m − b)²/2V = V g²/2.
        fieldsOfFactors(T());
        let [logZ, energy] = [0, constant];
        for (const { P, averages, present, variance, slope } of terms) {
          for (let a = 0; a < P; a++) {
            if (present[a] === 0) continue;
            logZ += averages.logZ[a] + (variance[a] * slope[a] * slope[a]) / 2;
            energy += averages.energy[a];
          }
        }
        for (let p = 0; p < linear.length; p++) {
          const [K, D, i, j] = [linear[p] / T(), square[p] / T(), first[p], second[p]];
          const [pair, spread] = [K * means[i] * means[j] + (D * (means[i] ** 2 + variances[i]) * (means[j] ** 2 + variances[j])) / 2, K * K * variances[i] * variances[j]];
          logZ += pair + spread / 2;
          if (T() < Infinity) energy -= T() * (pair + spread);
        }
        for (let i = 0; i < N; i++) {
          const law = priors.law(i, A[i], B[i], T());
          logZ += law.logZ + (A[i] * (means[i] ** 2 + variances[i])) / 2 - B[i] * means[i];
          energy += law.energy;
        }
        if (T() === 0) return { free_energy: energy, entropy: logZ, internal_energy: energy };
        return { free_energy: T() === Infinity ? -Infinity : constant - T() * logZ, entropy: T() === Infinity ? logZ : logZ + (energy - constant) / T(), internal_energy: energy };
      },
    };
  },
};
