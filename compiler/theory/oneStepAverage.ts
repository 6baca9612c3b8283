/**
 * The average over a field that one step of replica symmetry breaking leaves: with L the log weight of a field u,
 *
 *   J = ε ∫Dρ(u) log ∫Dz exp(L(u + √(εD) z)/ε),    ρ Gaussian of mean μ and variance v, times 2Φ(…) where a teacher gives labels,
 *
 * ε = 1/m of the Parisi parameter m. In terms of ε and D = m(q1 − q0) everything has a limit m → ∞: ε = 0 is
 *
 *   J = ∫Dρ(u) max over x of [−(x − u)²/(2D) + L(x)],
 *
 * and the integral is done over x with u = x − D L'(x), so that nothing is maximised; where u(x) falls the maximiser jumps, and the
 * points between are left out (equal areas). Derivatives follow from the heat equation ∂G/∂s² = ½(G'' + m G'²) of G = log ∫…/m.
 */
import type { OneStepAverages, OneStepQuestion } from "./oneStepField.ts";
import { outerOf } from "./oneStepField.ts";
import { largestTerm } from "./oneStepLargest.ts";
import { nested } from "./oneStepNested.ts";

/** Undefined where a variance isn't positive or the maximiser jumps in several places. */
export function oneStepAverage(question: OneStepQuestion, cdf: (x: number) => number): OneStepAverages | undefined {
  const outer = outerOf(question, cdf);
  if (!outer || question.epsilon < 0) return undefined;
  if (question.epsilon === 0) return largestTerm(question, outer);
  return question.spread > 0 ? nested(question, outer) : undefined;
}

