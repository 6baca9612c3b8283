import type { CompiledModel, FactorTerm } from "../model.ts";
import { createFieldAverages } from "./fieldAverages.ts";
import { LARGEST_FIELD, plainFieldKernels } from "./fieldKernels.ts";
import type { Sites } from "./sites.ts";
import type { MessageGroup } from "./tableMessages.ts";
import { vectorFieldKernels } from "./vectorFieldKernels.ts";

/**
 * Messages of factors that depend on many two-valued variables through one field Σ_i a_i x_i + b (relaxed belief propagation; Braunstein, Zecchina 2006;
 * Rangan 2010): the field without x_i is Gaussian with the cavity's mean ω and variance V, and the logarithm of the message is expanded to second order
 * in a_i: u_{a→i} = c_i g(ω) − c_i² m_{i→a} g'(ω), with c_i = a_i times half the distance of the two values, g = ∂ log Z/∂ω, and messages ∝ exp(±u).
 * All messages are computed from the same beliefs. They begin with a slight bias of the beliefs towards `state`.
 */
export function createFieldMessages(model: CompiledModel, sites: Sites, term: FactorTerm, state: Float64Array, bias: number): MessageGroup {
  const { field, energies, present, run } = term;
  if (!field) throw new Error("internal: a term without a field");
  const [P, N] = [energies.length, sites.count];
  for (let i = 0; i < N; i++) if (sites.first[i + 1] - sites.first[i] !== 2) throw new Error("a factor couples many variables with more than two values: no Gaussian form of its messages is known here");
  const half = Float64Array.from({ length: N }, (_, i) => (sites.values[sites.first[i] + 1] - sites.values[sites.first[i]]) / 2);
  const middle = Float64Array.from({ length: N }, (_, i) => (sites.values[sites.first[i] + 1] + sites.values[sites.first[i]]) / 2);
  const kernels = vectorFieldKernels(P, N) ?? plainFieldKernels(P, N);
  const { stride, messages, coefficients, cavity, means, variances, totals, added } = kernels;
  // Of variables that are ±1.
  const offsets = field.offsets.slice();
  field.coefficients.forEach((matrix, k) => {
    const { offset, length } = model.state[k];
    for (let a = 0; a < P; a++) for (let i = 0; i < length; i++) {
      coefficients[a * stride + offset + i] = matrix[a * length + i] * half[offset + i];
      offsets[a] += matrix[a * length + i] * middle[offset + i];
    }
  });
  // A belief with mean `bias` towards the state, in equal parts from all factors.
  for (let a = 0; a < P; a++) for (let i = 0; i < N; i++) messages[a * stride + i] = (Math.atanh(bias) / P) * Math.sign(state[i] - middle[i]);
  const { averages, compute } = createFieldAverages(term);

  /** Cavity means, and from them mean and variance of each field. */
  const gather = (): void => {
    for (let i = 0; i < N; i++) {
      const k = sites.first[i];
      totals[i] = sites.zeros[k] === 0 && sites.zeros[k + 1] === 0 ? (sites.sums[k + 1] - sites.sums[k]) / 2 : sites.zeros[k] > 0 ? LARGEST_FIELD : -LARGEST_FIELD;
    }
    means.set(offsets);
    variances.fill(0);
    kernels.gather();
  };
  /** Beliefs with what `change` has added to each field. */
  const shared = <T>(change: () => T): T => {
    added.fill(0);
    const result = change();
    for (let i = 0; i < N; i++) {
      sites.sums[sites.first[i] + 1] += added[i];
      sites.sums[sites.first[i]] -= added[i];
    }
    return result;
  };
  const logCosh2 = (x: number): number => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x)));
  return {
    messages,
    contribute: () => { shared(kernels.contribute); },
    sweep: (T, damping) => {
      gather();
      compute(means, variances, T);
      kernels.slopes.set(averages.slope);
      kernels.curvatures.set(averages.curvature);
      return shared(() => kernels.send(1 - damping));
    },
    bethe: (T) => {
      gather();
      compute(means, variances, T);
      let [logZ, energy] = [0, 0];
      for (let a = 0; a < P; a++) {
        if (present[a] === 0) continue;
        logZ += averages.logZ[a];
        energy += averages.energy[a];
        // Messages exp(±u) are not normalised: Σ_x μ_{i→a}(x) exp(u x).
        for (let i = 0, e = a * stride; i < N; i++, e++) {
          const h = Math.atanh(Math.max(-1 + 1e-15, Math.min(1 - 1e-15, cavity[e])));
          logZ -= logCosh2(h + messages[e]) - logCosh2(h);
        }
      }
      return { logZ, energy };
    },
    energy: (at) => {
      for (let a = 0; a < P; a++) {
        field.values[a] = offsets[a];
        for (let i = 0, e = a * stride; i < N; i++, e++) field.values[a] += (coefficients[e] * (at[i] - middle[i])) / half[i];
      }
      run();
      return energies.reduce((sum, e, a) => (present[a] === 0 ? sum : sum + e), 0);
    },
  };
}
