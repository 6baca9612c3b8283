import type { CompiledModel, EvaluationNoise, Observable } from "../model.ts";
import type { Sites } from "./sites.ts";

/** What message passing knows instead of a state. */
export interface Marginals {
  /** Expectation of each entry of the state; those of the other copies may follow. */
  readonly means: Float64Array;
  /** Probabilities of the values of each variable, where these are finitely many. */
  readonly sites?: { readonly sites: Sites; readonly probabilities: Float64Array };
}

/** The expectation of an observable that is linear in single sites; of any other one its value at the state. */
export function expectation(model: CompiledModel, observable: Observable, state: Float64Array, { means, sites: known }: Marginals, noise: EvaluationNoise): Float64Array {
  const kind = model.factorGraph?.linear[observable.name];
  const at = state.slice();
  at.set(means);
  if (kind === "affine") return observable.evaluate(at, noise);
  if (kind === undefined || !known) return observable.evaluate(state, noise);
  // Σ_i f_i(x_i): one variable after the other takes each of its values.
  const { sites, probabilities } = known;
  at.set(state.subarray(0, sites.count));
  const base = observable.evaluate(at, noise);
  const result = base.slice();
  for (let i = 0; i < sites.count; i++) {
    for (let k = sites.first[i]; k < sites.first[i + 1]; k++) {
      if (sites.values[k] === state[i]) continue;
      at[i] = sites.values[k];
      observable.evaluate(at, noise).forEach((value, e) => { result[e] += probabilities[k] * (value - base[e]); });
    }
    at[i] = state[i];
  }
  return result;
}
