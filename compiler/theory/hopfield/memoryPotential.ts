/**
 * The replica-symmetric potential of associative memories with the diagonal of the couplings, H = −(1/2N) Σ_μ (Σ_i ξ_μi s_i)² − h Σ_i ξ_1i s_i, patterns of
 * variance 1, per variable, χ = β(1 − q) (D. Amit, H. Gutfreund, H. Sompolinsky, Ann. Phys. 173, 30 (1987)):
 *   φ = −βm²/2 − (α/2) [log(1 − χ) − βq/(1 − χ)] − αβ r χ/2 + E ∫Dz log 2cosh β(√(αr) z + ξ(m + h))
 * At T = 0 it is φ/β = −e:
 *   −e = −m²/2 + α/(2(1 − χ)) − α r χ/2 + E ∫Dz |√(αr) z + ξ(m + h)|
 * Without a load (α = 0) m alone is left. E is the mean over an entry ξ of the retrieved pattern.
 */
import type { Expression } from "../../ir/expression.ts";
import { build as b } from "../../library/ops/index.ts";
import type { Hopfield } from "../../library/recognisers/hopfield.ts";
import { Averages } from "../averages.ts";
import { add, half, logTwoCosh, mul, num, prepare, scalar } from "../derivedPotential.ts";
import type { Prepared } from "../derivedPotential.ts";

export interface MemoryForm { readonly distribution: Hopfield["distribution"]; readonly loaded: boolean; readonly ground: boolean }

export function memoryPotential({ distribution, loaded, ground }: MemoryForm): Prepared {
  return prepare(`hopfield ${distribution} ${loaded} ${ground}`, () => {
    const averages = new Averages();
    const beta = scalar("β"), alpha = scalar("α"), chi = scalar("χ"), r = scalar("r"), one = num(1), m = scalar("m");
    const signal = b.add(m, scalar("h"));
    const noise = loaded ? mul(alpha, r) : num(0), gap = b.sub(one, chi);
    /** E over ξ of a function of the variance of a Gaussian field and its shift. */
    const over = (f: (variance: Expression, shift: Expression) => Expression): Expression =>
      distribution === "Sign" ? f(noise, signal) : f(b.add(noise, mul(signal, signal)), num(0));
    const field = (variance: Expression, shift: Expression, f: (x: Expression) => Expression): Expression =>
      variance === num(0) ? f(mul(beta, shift)) : averages.gauss("z", (z) => f(mul(beta, b.add(mul(b.sqrt(variance), z), shift))));
    const outputs = new Map<string, Expression>();
    const orders = ["m", ...(loaded ? ["χ", "r"] : [])].map((name) => ({ name }));
    if (ground) {
      const absolute = (variance: Expression, shift: Expression): Expression => {
        if (variance === num(0)) return b.abs(shift);
        const y = b.div(shift, b.sqrt(mul(num(2), variance)));
        return b.add(mul(shift, b.erf(y)), mul(b.sqrt(mul(num(2 / Math.PI), variance)), b.exp(b.neg(mul(y, y)))));
      };
      const patterns = loaded ? b.sub(b.div(alpha, mul(num(2), gap)), mul(half, alpha, r, chi)) : num(0);
      outputs.set("entropy", loaded ? mul(num(-0.5), alpha, b.add(b.log1p(b.neg(chi)), b.div(chi, gap))) : num(0));
      return { averages, inputs: ["α", "h"], orders, value: add(mul(num(-0.5), m, m), patterns, over(absolute)), outputs };
    }
    const patterns = loaded ? b.sub(mul(num(-0.5), alpha, b.sub(b.log1p(b.neg(chi)), b.div(b.sub(beta, chi), gap))), mul(half, alpha, beta, r, chi)) : num(0);
    const value = add(mul(num(-0.5), beta, m, m), patterns, over((variance, shift) => field(variance, shift, logTwoCosh)));
    outputs.set("energy", b.neg(averages.derivative(value, "β")));
    const squared = over((variance, shift) => field(variance, shift, (x) => b.pow(b.tanh(x), num(2))));
    outputs.set("q", squared);
    if (loaded) outputs.set("replicon", b.sub(one, mul(alpha, b.pow(b.div(beta, gap), num(2)), over((variance, shift) => field(variance, shift, (x) => b.pow(b.sub(one, b.pow(b.tanh(x), num(2))), num(2)))))));
    return { averages, inputs: ["β", "α", "h"], orders, value, outputs };
  });
}
