/**
 * State evolution of approximate message passing for the Gibbs weight exp(−E/T) of a generalised linear energy with independent inputs:
 * overlaps q of two posterior samples and r with the teacher, at load α, are iterated as the algorithm's are,
 *
 *   q̂ = −2α ∂G/∂q,  r̂ = α ∂G/∂r,   G(q, r) = Σ_y ∫Dz P(y|z) log ∫Dv exp(−ℓ(√q z + √(1 − q) v; y)/T)
 *   spins:   q = E tanh²(√q̂ z + r̂ t),  r = E t tanh(√q̂ z + r̂ t),   t the teacher's entry
 *   sphere:  (1 − q)² (q̂ + r̂²) = q,  r = (1 − q) r̂
 *
 * from the uninformative start q = r = 0 and from the teacher. Donoho, Maleki and Montanari, PNAS 106, 18914 (2009); Rangan, ISIT (2011);
 * Javanmard and Montanari, Inf. Inference 2, 115 (2013); Barbier et al., PNAS 116, 5451 (2019). Fixed points are saddle points of the
 * replica-symmetric free entropy; where student and teacher agree in all (Nishimori) q = r, and two of them are a hard phase.
 */
import { fixedPointOf } from "./messageFixedPoint.ts";
import { short } from "./shortNumber.ts";
import { solvedLater } from "./solvedLater.ts";
import { lossText, systemNotes, teacherOf } from "./generalisedLinearSystem.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { Prediction, Theory } from "./prediction.ts";
import { informative, iterationsText, predictionOf, whereStartsLead } from "./twoStarts.ts";

/** Starts: without information up to what breaks a symmetry, and next to the teacher. */
const LITTLE = 1e-6, MUCH = 1 - 1e-4;

export function stateEvolution(system: GeneralisedLinearSystem): Theory | { readonly refused: string } {
  const { energy, load, T } = system;
  if (system.equivalence) return { refused: "features stand in front of the weights: state evolution is for independent inputs" };
  if (!(T >= 0)) return { refused: `the temperature ${T} is negative` };
  const teacher = teacherOf(energy) !== undefined;
  return solvedLater("state_evolution()", "large-N", () => {
    const starts = { uninformative: fixedPointOf(system, LITTLE), informative: fixedPointOf(system, MUCH) };
    const predict = (quantity: string): Prediction => {
      const found = predictionOf(starts, quantity, teacher ? `it predicts no ${quantity}` : `it predicts no ${quantity}: there is no teacher`, ({ change }) => (T === 0 ? "near the capacity there may be no fixed point" : "q changes by " + String(change)));
      return "refused" in found || Number.isFinite(found.value) ? found : { refused: `${quantity} is not finite here` };
    };
    const r = predict("r");
    return {
      method: "state_evolution()", status: "large-N",
      assumptions: [
        ...systemNotes(system),
        whereStartsLead(starts),
      ],
      quantities: [...Object.keys(starts.uninformative.values), ...Object.keys(starts.informative.values).map(informative)].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
      predict,
      ...(teacher ? { magnetisation: "refused" in r ? r : { value: r.value * system.overlapUnit, residual: r.residual }, direction: teacherOf(energy)!.array } : {}),
      perPattern: () => ({ load, fresh: starts.uninformative.values["fresh"]! }), inputs: energy.inputs,
      equations: [
        lossText(system),
        energy.weights.domain === "gaussian" ? `G = ${teacher ? "Σ_y ∫Dz P(y|z)" : "∫Dz"} log ∫Dv exp(−ℓ(√q z + √w v)/T)${teacher ? ",  r̂ = α ∂G/∂r" : ""},  α = ${short(load)}` : `q̂ = −2α ∂G/∂q${teacher ? ",  r̂ = α ∂G/∂r" : ""},  α = ${short(load)},  G = ${teacher ? "Σ_y ∫Dz P(y|z)" : "∫Dz"} log ∫Dv exp(−ℓ(√q z + √(1 − q) v)/T)${T === 0 ? ", T → 0" : ""}`,
        energy.weights.domain === "gaussian" ? `w = 1/(2λ/T + v̂),  q = ${teacher ? "r² + " : ""}w² q̂${teacher ? ",  r = w r̂" : ""},  v̂ = −2α ∂G/∂q,  q̂ = 2α (∂G/∂w − ∂G/∂q),  w the variance of a weight` : energy.weights.domain === "spin" ? `q = 𝔼 tanh²(√q̂ z${teacher ? " + r̂ t" : ""})${teacher ? ",  r = 𝔼 t tanh(√q̂ z + r̂ t)" : ""}` : `(1 − q)² (q̂${teacher ? " + r̂²" : ""}) = q${teacher ? ",  r = (1 − q) r̂" : ""}`,
        ...(teacher ? ["mse = 1 − 2r + q,  generalisation = arccos(r/√q)/π"] : []),
        iterationsText(starts),
      ],
    };
  });
}
