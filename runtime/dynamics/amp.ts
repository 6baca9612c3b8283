import { createFieldAverages } from "../messagePassing/fieldAverages.ts";
import { createSites } from "../messagePassing/sites.ts";
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
 * Generalised approximate message passing (Rangan 2011; Zdeborová, Krzakala, Adv. Phys. 2016, alg. 1) for energies Σ_a ℓ_a(Σ_i a_i x_i + b) of
 * spins: with means m and v = 1 − m², V_a = Σ a² v, ω_a = Σ a m + b − V_a g_a, then with g and g' at (ω, V): m = tanh(Σ_a a g_a − m Σ_a a² g'_a). A step is one
 * iteration; it ends when no mean changes by more than the tolerance. The free energy is that of Bethe at these fields.
 */
export const amp: Dynamics = {
  name: "amp",
  doc: "Approximate message passing for generalised linear energies: belief propagation of dense factors with one field a factor and one mean a variable.",
  parameters: [temperature, damping, tolerance],
  needs: ["factorGraph", "fields"],
  domains: ["spin"],
  units: ["steps"],
  stationary: false,
  quantities: ["free_energy", "entropy"],
  create: (model, state, { arguments: given, amount }) => {
    const { factorGraph, dimension: N } = model;
    if (!factorGraph) throw new Error(`internal: ${model.name} was compiled without its factor graph`);
    const sites = createSites(model.state);
    const matrices = rows(model);
    const terms = factorGraph.terms.filter((t) => t.field).map((term, k) => {
      const P = term.energies.length;
      return { P, matrix: matrices[k]!, offsets: term.field!.offsets.slice(), energies: term.energies, values: term.field!.values, run: term.run, present: term.present, omega: new Float64Array(P), variance: new Float64Array(P), slope: new Float64Array(P), ...createFieldAverages(term) };
    });
    const means = Float64Array.from(state, (s) => 0.1 * s);
    const fields = new Float64Array(N);
    const now = { done: 0, converged: false };
    /** Curvatures Σ_a a² g', from the last iteration. */
    const curvatures = new Float64Array(N);
    const energyOf = (at: Float64Array): number => terms.reduce((sum, { P, matrix, offsets, values, energies, run, present }) => {
      for (let a = 0; a < P; a++) {
        values[a] = offsets[a];
        for (let i = 0; i < N; i++) values[a] += matrix[a * N + i] * at[i];
      }
      run();
      return sum + energies.reduce((s, e, a) => (present[a] === 0 ? s : s + e), 0);
    }, 0);
    const reference = new Float64Array(N).fill(1);
    const constant = model.energy(reference) - energyOf(reference);

    /** ω, V and the averages of all factors at the means; slopes are those of the iteration before. */
    const fieldsOfFactors = (T: number): void => {
      for (const { P, matrix, offsets, omega, variance, slope, compute } of terms) {
        for (let a = 0; a < P; a++) {
          let [mean, V] = [offsets[a], 0];
          for (let i = 0, e = a * N; i < N; i++, e++) {
            mean += matrix[e] * means[i];
            V += matrix[e] * matrix[e] * (1 - means[i] * means[i]);
          }
          omega[a] = mean - V * slope[a];
          variance[a] = V;
        }
        compute(omega, variance, T);
      }
    };
    const step = (T: number, weight: number): number => {
      fieldsOfFactors(T);
      const next = new Float64Array(N);
      curvatures.fill(0);
      for (const { P, matrix, slope, averages } of terms) {
        for (let a = 0; a < P; a++) {
          const [g, curvature] = [averages.slope[a], averages.curvature[a]];
          slope[a] = g;
          for (let i = 0, e = a * N; i < N; i++, e++) {
            next[i] += matrix[e] * g;
            curvatures[i] += matrix[e] * matrix[e] * curvature;
          }
        }
      }
      let change = 0;
      for (let i = 0; i < N; i++) {
        fields[i] = next[i] - means[i] * curvatures[i];
        const m = weight * means[i] + (1 - weight) * Math.tanh(fields[i]);
        change = Math.max(change, Math.abs(m - means[i]));
        means[i] = m;
        if (m !== 0) state[i] = m > 0 ? 1 : -1;
      }
      if (!Number.isFinite(change)) throw new Error("amp diverged: the fields are no numbers; a larger damping helps");
      return change;
    };
    const T = (): number => scheduleValue(given["T"]!, Math.max(0, now.done - 1), amount);
    const probabilities = new Float64Array(2 * N);
    return {
      step: () => {
        if (now.converged) return false;
        const change = step(scheduleValue(given["T"]!, now.done, amount), given["damping"] as number);
        now.done++;
        now.converged = typeof given["T"] === "number" && change <= (given["tolerance"] as number);
        return true;
      },
      energy: () => model.energy(state),
      memory: memoryOf(now, [means, fields, curvatures, ...terms.flatMap((t) => [t.slope])]),
      converged: () => now.converged || typeof given["T"] !== "number",
      marginals: () => {
        for (let i = 0; i < N; i++) {
          probabilities[2 * i] = (1 - means[i]) / 2;
          probabilities[2 * i + 1] = (1 + means[i]) / 2;
        }
        return { means, sites: { sites, probabilities } };
      },
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
        for (let i = 0; i < N; i++) {
          const B = fields[i];
          // Parts with the curvatures cancel for spins: s² = m² + v = 1.
          logZ += Math.abs(B) + Math.log1p(Math.exp(-2 * Math.abs(B))) - B * means[i];
        }
        if (T() === 0) return { free_energy: energy, entropy: logZ };
        return { free_energy: T() === Infinity ? -Infinity : constant - T() * logZ, entropy: T() === Infinity ? logZ : logZ + (energy - constant) / T() };
      },
    };
  },
};
