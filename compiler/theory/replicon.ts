/**
 * Stability of replica-symmetric states of generalised linear energies against replica symmetry breaking (de Almeida and Thouless 1978):
 * the free entropy to second order in overlaps that differ from replica to replica, δq, and behind random features δp. With A the
 * response ⟨(∂⟨w⟩/∂h)²⟩ of a weight ((1 − q)² of real ones), e = Σ_y ∫Dz P(y|z) L''² that of a pattern, and λ = 1 − q, v = p_d − p:
 *
 *   −4 φ₂ = δq²/A − α e (μ*² δq + μ1² δp)² + 2δ [(v/λ³ − 1/(2λ²)) δq² − δq δp/λ² + δp²/(2v²)],
 *
 * in units of δq = √A, δp = v/√δ. The replicon is what is left of δq² when δp follows it: without features 1 − α e A, and behind many
 * inputs that share little with them (δ → ∞) too. Where δp alone is unstable, which comes after, it is the coefficient of δp².
 */
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { add, mul, num } from "./derivedPotential.ts";
import type { Equivalence } from "./gaussianEquivalence.ts";

/** A, α e, and behind features also λ, v and δ. */
interface Responses { readonly weight: Expression; readonly patterns: Expression; readonly features?: { readonly equivalence: Equivalence; readonly gap: Expression; readonly hiddenGap: Expression; readonly ratio: Expression } }

export function repliconOf({ weight, patterns, features }: Responses): Expression {
  if (!features) return b.sub(num(1), mul(patterns, weight));
  const { equivalence: { linear, noise }, gap, hiddenGap: v, ratio } = features;
  const square = mul(gap, gap), mu1 = num(linear * linear);
  const qq = add(num(1), mul(ratio, b.div(weight, square), b.sub(b.div(mul(num(2), v), gap), num(1))), b.neg(mul(patterns, num(noise * noise), weight)));
  const pp = b.sub(num(1), b.div(mul(patterns, mu1, mu1, v, v), ratio));
  const qp = mul(v, b.sqrt(b.div(weight, ratio)), b.add(b.div(ratio, square), mul(patterns, num(noise), mu1)));
  return b.select(b.lt(num(0), pp), b.sub(qq, b.div(mul(qp, qp), pp)), pp);
}
